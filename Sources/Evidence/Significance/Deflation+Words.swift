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
      + "\(NumberText.percent(chance, withSign: false)): \(verdict). A true ratio of "
      + "\(NumberText.ratio(assumed * year)) a year would be found in "
      + "\(NumberText.percent(power, withSign: false)) of such runs."
  }

  /// In plain numbers; ratios of a year.
  public func json(barsPerYear: Double) -> JSON {
    let year = barsPerYear.squareRoot()
    return [
      "independent_trials": JSON(trials), "luck_sharpe": JSON(threshold * year),
      "deflated_sharpe": JSON(chance), "significant": JSON(isSignificant),
      "minimum_bars": JSON(minimumCount), "power": JSON(power),
      "power_assumes_sharpe": JSON(assumed * year),
    ]
  }
}
