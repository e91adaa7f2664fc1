import Features
import Market
import Numerics
import Runtime

/// The steps of the path from bars to a judged strategy and a day on paper, with settings that need no
/// explanation.
public enum Demo {
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
      WalkForward.Plan(), grid: grid, strategy: SMACross.self, frames: [frame], settings: limited)
  }

  /// Some days replayed at a venue that is slower and dearer than the model, and why they ended elsewhere.
  public struct Paper: Sendable {
    public let frame: Frame
    public let orders: Int
    public let account: DifferenceAccount

    /// Two averages of minutes trade `frame` on paper: orders reach the venue after 90 seconds, each fill
    /// costs half a basis point more than the model says, and commission half as much again.
    public init(_ frame: Frame) throws(BacktestError) {
      var settings = BacktestSettings()
      settings.resamples = 100
      let strategy = try SMACross(fast: 10, slow: 40)
      var actual = settings
      actual.halfSpreadBasisPoints += 0.5
      actual.commissionBasisPoints *= 1.5
      let costs = try actual.costModel()
      let journal = try Backtest.record(
        frames: [frame], strategy: strategy, settings: settings, journal: MemoryJournal()
      ) { table, rules in
        var rules = rules
        rules.costs = costs
        rules.orderDelay = 90_000_000_000
        return SimulatedVenue(table, cash: settings.initialCash, rules: rules)
      }
      let records: [JournalRecord]
      do { records = try journal.records() } catch { throw .engine(.journal(error)) }
      orders = records.count { if case .submitted = $0 { true } else { false } }
      account = try DifferenceAccount(
        modelled: [frame], seen: [frame], strategy: strategy, settings: settings,
        day: RecordedDay(records))
      self.frame = frame
    }

    /// Each cause and what it took, the largest first.
    public var causes: [(name: String, amount: Cash)] {
      DifferenceAccount.Cause.allCases.map { (name: $0.rawValue, amount: account.amount($0)) }
        .filter { !$0.amount.isZero }
        .sorted { abs($0.amount.steps) > abs($1.amount.steps) }
    }
  }
}
