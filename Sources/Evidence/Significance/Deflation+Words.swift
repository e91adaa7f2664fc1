import Foundation
import Runtime

extension Deflation {
  /// What was tried, how far luck would carry the best of it, and what that leaves.
  public func sentence(barsPerYear: Double) -> String {
    let year = barsPerYear.squareRoot()
    let verdict = isSignificant ? "more than luck explains" : "cannot be told from luck"
    let tried =
      trials > 1
      ? "\(NumberText.fixed(trials, decimals: trials < 10 ? 1 : 0)) independent trials are on record "
        + "for these bars; by luck alone the best of so many would have a Sharpe ratio of "
        + "\(NumberText.ratio(threshold * year)) a year"
      : "It is the first trial on record for these bars, and is held against a Sharpe ratio of 0"
    return "\(tried). That this one is truly above that has a chance of "
      + "\(Self.words(chance)): \(verdict). A true ratio of 1 a year would be found in "
      + "\(Self.words(power)) of runs as long as this."
  }

  /// A chance is never quite all or nothing.
  private static func words(_ chance: Double) -> String {
    chance > 0.9995
      ? "over \(NumberText.percent(0.999))"
      : chance < 0.0005 ? "under \(NumberText.percent(0.001))" : NumberText.percent(chance)
  }

  /// In plain numbers; ratios of a year.
  public func json(barsPerYear: Double) -> JSON {
    let year = barsPerYear.squareRoot()
    return [
      "independent_trials": JSON(trials), "luck_sharpe": JSON(threshold * year),
      "deflated_sharpe": JSON(chance), "significant": JSON(isSignificant),
      "minimum_bars": JSON(minimumCount), "power_at_sharpe_1": JSON(power),
    ]
  }
}
