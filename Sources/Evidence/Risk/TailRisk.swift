import Foundation
import Numerics

/// The edge of the worst part of what may happen, and the mean beyond it: value at risk and expected
/// shortfall, both as returns: −0.02 is a loss of two percent.
public struct TailRisk: Hashable, Sendable {
  public let valueAtRisk: Double
  public let expectedShortfall: Double
  /// 0.95: worse things happen in five of a hundred bars.
  public let level: Double

  public init(valueAtRisk: Double, expectedShortfall: Double, level: Double) {
    self.valueAtRisk = valueAtRisk
    self.expectedShortfall = expectedShortfall
    self.level = level
  }

  /// Of what has happened: the quantile, and the mean of what is not above it.
  public static func historical(
    returns: [Double], level: Double = 0.95
  ) throws(RiskError) -> TailRisk {
    try check(level)
    let threshold: Double
    do { threshold = try Quantiles.exact(returns, at: [1 - level])[0] } catch {
      throw .statistics(error)
    }
    let (sum, count) = returns.reduce((0.0, 0)) { $1 <= threshold ? ($0.0 + $1, $0.1 + 1) : $0 }
    return TailRisk(
      valueAtRisk: threshold, expectedShortfall: sum / Double(count), level: level)
  }

  /// Of a normal distribution.
  public static func normal(
    mean: Double, deviation: Double, level: Double = 0.95
  ) throws(RiskError) -> TailRisk {
    try check(level)
    let standard = NormalDistribution.standard
    let z: Double
    do { z = try standard.quantile(1 - level) } catch { throw .statistics(error) }
    return TailRisk(
      valueAtRisk: mean + deviation * z,
      expectedShortfall: mean - deviation * standard.density(z) / (1 - level), level: level)
  }

  /// Of a portfolio of jointly normal returns.
  public static func parametric(
    weights: [Double], means: [Double], covariance: Matrix<Double>, level: Double = 0.95
  ) throws(RiskError) -> TailRisk {
    try check(weights, means, covariance)
    let mean = zip(weights, means).reduce(0) { $0 + $1.0 * $1.1 }
    return try normal(
      mean: mean, deviation: covariance.quadratic(weights).squareRoot(), level: level)
  }

  static func check(_ level: Double) throws(RiskError) {
    guard level > 0.5, level < 1 else {
      throw .parameter("level", "\(level)", expected: "a part between 0.5 and 1")
    }
  }

  static func check(
    _ weights: [Double], _ means: [Double], _ covariance: Matrix<Double>
  ) throws(RiskError) {
    let count = weights.count
    guard count > 0, means.count == count, covariance.rows == count, covariance.columns == count
    else {
      throw .sizes(weights: count, means: means.count, covariance: covariance.shape)
    }
    guard (weights + means).allSatisfy(\.isFinite), covariance.elements.allSatisfy(\.isFinite)
    else { throw .parameter("weights", "a missing value", expected: "finite numbers") }
  }
}

extension Matrix<Double> {
  /// wᵀ Σ w, which rounding does not make negative.
  func quadratic(_ weights: [Double]) -> Double {
    var sum = 0.0
    for row in 0..<rows {
      withRow(row) { values in
        var line = 0.0
        for column in values.indices { line += values[column] * weights[column] }
        sum += line * weights[row]
      }
    }
    return Swift.max(0, sum)
  }
}
