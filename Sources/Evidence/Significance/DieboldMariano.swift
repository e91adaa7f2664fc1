import Foundation
import Numerics

/// Whether one forecast's losses are less than another's: Diebold and Mariano, Comparing Predictive
/// Accuracy (1995), with the variance of overlapping forecasts and the correction for small samples of
/// Harvey, Leybourne and Newbold, Testing the Equality of Prediction Mean Squared Errors (1997).
public struct DieboldMariano: Hashable, Sendable {
  /// Negative where the first has less loss.
  public let statistic: Double
  /// Of a difference as large, either way, by Student's distribution with n − 1 degrees.
  public let chance: Double
  public let meanDifference: Double
  /// Of the mean difference, correction included.
  public let standardError: Double
  public let count: Int
  /// The difference of mean losses that this test finds in 80 of 100 cases at 5%.
  public let detectable: Double

  /// How the variance of the mean difference allows for differences that follow on each other.
  public enum Variance: Hashable, Sendable {
    /// All covariances up to the horizon − 1 at full weight, as the papers have it; where that is not
    /// above 0, Bartlett's weights.
    case rectangular
    /// Newey and West's weights up to the horizon − 1: never below 0.
    case bartlett
  }

  /// - Parameters:
  ///   - losses: of each forecast, one number each, in the order of time
  ///   - horizon: how many steps ahead forecasts reach
  public init(
    losses first: [Double], against second: [Double], horizon: Int = 1,
    variance: Variance = .rectangular
  ) throws(EvidenceError) {
    let n = first.count
    guard second.count == n else { throw .lengths("losses", second.count, bars: n) }
    guard horizon >= 1, n > 2 * horizon, n > 3 else {
      throw .parameter(
        "horizon", "\(horizon)", expected: "at least 1 and below half of the \(n) forecasts")
    }
    let differences = zip(first, second).map { $0 - $1 }
    if let row = differences.firstIndex(where: { !$0.isFinite }) {
      throw .notFinite("losses", row: row)
    }
    let mean = StreamingMoments(differences.span).mean
    let centred = differences.map { $0 - mean }
    func covariance(_ lag: Int) -> Double {
      (lag..<n).reduce(0) { $0 + centred[$1] * centred[$1 - lag] } / Double(n)
    }
    func longRun(_ weight: (Int) -> Double) -> Double {
      (1..<max(horizon, 1)).reduce(covariance(0)) { $0 + 2 * weight($1) * covariance($1) }
    }
    let bartlett = longRun { 1 - Double($0) / Double(horizon) }
    let full = longRun { _ in 1 }
    let spread = variance == .rectangular && full > 0 ? full : bartlett
    guard spread > 0 else {
      throw .parameter("losses", "their difference is constant", expected: "losses that vary")
    }
    let (count, h) = (Double(n), Double(horizon))
    let correction = ((count + 1 - 2 * h + h * (h - 1) / count) / count).squareRoot()
    standardError = (spread / count).squareRoot() / correction
    statistic = mean / standardError
    meanDifference = mean
    self.count = n
    do {
      let student = try StudentDistribution(freedom: count - 1)
      chance = 2 * student.survival(abs(statistic))
      let quantiles = try student.quantile(upper: 0.025) + student.quantile(upper: 0.2)
      detectable = quantiles * standardError
    } catch { throw .parameter("losses", "\(n)", expected: "at least 4 forecasts") }
  }
}
