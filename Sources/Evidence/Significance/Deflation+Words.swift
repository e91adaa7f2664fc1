import Foundation
import Runtime

extension Deflation {
  /// What was tried, how far luck would carry the best of it, and what that leaves. What to conclude is
  /// for a verdict to say, which knows more than this.
  public func sentence(barsPerYear: Double) -> String {
    let year = barsPerYear.squareRoot()
    let tried =
      trials > 1
      ? "\(NumberText.fixed(trials, decimals: trials < 10 ? 1 : 0)) independent trials are on record "
        + "for these bars; by luck alone the best of so many would have a Sharpe ratio of "
        + "\(NumberText.ratio(threshold * year)) a year"
      : "It is the first trial on record for these bars, and is held against a Sharpe ratio of 0"
    return "\(tried). That this one is truly above that has a chance of "
      + "\(Self.words(chance)). A true ratio of 1 a year would be found in "
      + "\(Self.words(power)) of runs as long as this."
  }

  /// A chance is never quite all or nothing.
  public static func words(_ chance: Double) -> String {
    chance > 0.9995
      ? "over \(NumberText.percent(0.999))"
      : chance < 0.0005 ? "under \(NumberText.percent(0.001))" : NumberText.percent(chance)
  }

  /// From what `json` wrote; `nil` where it is none.
  public init?(_ json: JSON, barsPerYear: Double) {
    let year = barsPerYear.squareRoot()
    guard let trials = json["independent_trials"]?.double,
      let luck = json["luck_sharpe"]?.double, let chance = json["deflated_sharpe"]?.double,
      let power = json["power_at_sharpe_1"]?.double, let deviation = json["deviation"]?.double
    else { return nil }
    self.init(
      threshold: luck / year, trials: trials, deviation: deviation / year, chance: chance,
      minimumCount: json["minimum_bars"]?.double, power: power)
  }

  /// In plain numbers; ratios of a year.
  public func json(barsPerYear: Double) -> JSON {
    let year = barsPerYear.squareRoot()
    return [
      "independent_trials": JSON(trials), "luck_sharpe": JSON(threshold * year),
      "deviation": JSON(deviation * year),
      "deflated_sharpe": JSON(chance), "significant": JSON(isSignificant),
      "minimum_bars": JSON(minimumCount), "power_at_sharpe_1": JSON(power),
    ]
  }
}
