import Numerics

/// A Sharpe ratio as an estimate, of one bar, with what decides how far off it may be.
///
/// Bailey and López de Prado, The Sharpe Ratio Efficient Frontier (2012), equations 4 to 11, after
/// Mertens, Comments on Variance of the IID Estimator in Lo (2002).
public struct SharpeEstimate: Hashable, Sendable {
  /// Mean over standard deviation, not annualised.
  public let sharpe: Double
  public let skewness: Double
  /// 3 for a normal distribution.
  public let kurtosis: Double
  public let count: Int

  public init(sharpe: Double, skewness: Double, kurtosis: Double, count: Int) {
    precondition(count > 1, "one bar has no Sharpe ratio")
    self.sharpe = sharpe
    self.skewness = skewness
    self.kurtosis = kurtosis
    self.count = count
  }

  /// Returns are quotients less 1: what is below a few units of the last place of 1 is rounding.
  static let leastDeviation = 1e-15

  /// Of returns; `nil` where there are fewer than two or they do not vary.
  public init?(returns: Span<Double>) { self.init(StreamingMoments(returns)) }

  public init?(_ moments: StreamingMoments) {
    guard moments.count > 1 else { return nil }
    let deviation = moments.deviation()
    guard deviation > Self.leastDeviation, deviation.isFinite else { return nil }
    self.init(
      sharpe: moments.mean / deviation, skewness: moments.skewness,
      kurtosis: moments.excessKurtosis + 3, count: moments.count)
  }

  public init?(returns: [Double]) { self.init(returns: returns.span) }

  /// The standard error of the ratio where the true one is `sharpe`.
  public var standardError: Double { (variance(of: sharpe) / Double(count - 1)).squareRoot() }

  private func variance(of sharpe: Double) -> Double {
    // Not below 0 for the moments of any sample: γ₄ ≥ 1 + γ₃².
    max(0, 1 - skewness * sharpe + (kurtosis - 1) / 4 * sharpe * sharpe)
  }

  /// The probabilistic Sharpe ratio: how likely the true ratio is above `threshold`.
  public func chance(above threshold: Double) -> Double {
    let error = standardError
    guard error > 0 else { return sharpe > threshold ? 1 : sharpe < threshold ? 0 : 0.5 }
    return NormalDistribution.standard.cumulative((sharpe - threshold) / error)
  }

  /// The least number of bars with which the same ratio would be above `threshold` at a chance of
  /// `confidence` (equation 11); `nil` where it is not above it.
  public func minimumCount(above threshold: Double, confidence: Double = 0.95) -> Double? {
    guard sharpe > threshold, confidence > 0.5, confidence < 1 else { return nil }
    let distance = Self.quantile(confidence) / (sharpe - threshold)
    return 1 + variance(of: sharpe) * distance * distance
  }

  /// How likely a true ratio of `sharpe` would be found to be above `threshold` at `confidence` with so
  /// many bars of such moments: the power of the test.
  public func power(ofTrue sharpe: Double, above threshold: Double, confidence: Double = 0.95)
    -> Double
  {
    let root = Double(count - 1).squareRoot()
    let atThreshold = variance(of: threshold).squareRoot() / root
    let atTruth = variance(of: sharpe).squareRoot() / root
    guard atTruth > 0 else { return sharpe > threshold ? 1 : 0 }
    let critical = threshold + Self.quantile(confidence) * atThreshold
    return NormalDistribution.standard.survival((critical - sharpe) / atTruth)
  }

  private static func quantile(_ chance: Double) -> Double {
    // Chances lie between 0 and 1, so that nothing is refused.
    do { return try NormalDistribution.standard.quantile(chance) } catch { return .nan }
  }
}
