import Features
import Market
import Numerics
import Runtime

/// The steps of the path from bars to a judged strategy and a day on paper, with settings that need no
/// explanation.
public enum Demo {
  /// Ten years to learn from and two to trade by it, again and again: three kinds of model in seconds.
  public static var trainings: WalkForward.Plan {
    var plan = WalkForward.Plan()
    (plan.train, plan.test) = (2520, 504)
    return plan
  }

  /// The program's own two: moving averages, and a rotation into what rose.
  public static func strategies() throws(BacktestError) -> [StrategyRecipe] {
    [
      .shipped(
        SMACross.id, try StrategyCatalogue.values(["fast": 20, "slow": 100], of: SMACross.self)),
      .shipped(
        MomentumRotation.id,
        try StrategyCatalogue.values(["lookback": 126, "top": 2], of: MomentumRotation.self)),
    ]
  }

  /// Costs as always, and a limit: no symbol takes more than 60% of the account.
  public static var limited: BacktestSettings {
    var settings = BacktestSettings()
    settings.limits.position.most = .percent(60)
    return settings
  }

  /// Moving averages of one symbol, chosen anew every half year on the three years before.
  public static func walk(_ frame: Frame) throws(BacktestError) -> WalkForward {
    let base = try StrategyCatalogue.values([:], of: SMACross.self)
    let grid = try SweepGrid(
      parsing: "fast=10|20|40,slow=60|100|160|220", of: SMACross.self, base: base, seed: 1)
    return try WalkForward(
      WalkForward.Plan(), grid: grid, frames: [frame], settings: limited)
  }

  /// Some days replayed on paper at a venue that is slower and dearer than the model, judged as any account
  /// is, and why they ended elsewhere.
  public struct Paper: Sendable {
    public let report: PaperReport
    public let account: DifferenceAccount

    /// Two averages of minutes trade `frame` on paper in `path`: orders reach the venue after 90 seconds,
    /// and each fill costs a basis point more than the model says.
    public init(_ frame: Frame, at path: String) throws {
      try PaperFolder.begin(
        at: path, frames: [frame],
        recipe: .shipped(
          SMACross.id, StrategyCatalogue.values(["fast": 10, "slow": 40], of: SMACross.self)),
        settings: BacktestSettings(),
        venue: PaperVenue(
          delay: .seconds(90), halfSpreadBasisPoints: 0.5, commissionBasisPoints: 0.5),
        trialSessions: 5)
      let folder = try PaperFolder(at: path)
      _ = try PaperRun.run(folder, PaperRun.Options(), killSwitch: nil, clock: SystemTime()) {
        [frame]
      }
      report = try PaperReport(folder)
      account = try folder.differences(from: [frame])
    }

    /// Each cause and what it took, the largest first.
    public var causes: [(name: String, amount: Cash)] {
      DifferenceAccount.Cause.allCases.map { (name: $0.rawValue, amount: account.amount($0)) }
        .filter { !$0.amount.isZero }
        .sorted { abs($0.amount.steps) > abs($1.amount.steps) }
    }
  }
}
