import Glibc

/// Student's t distribution.
public struct StudentDistribution: ContinuousDistribution {
  public let freedom: Double
  /// Of t² / (freedom + t²).
  private let beta: BetaDistribution

  /// - Parameter freedom: degrees of freedom, not necessarily whole
  public init(freedom: Double) throws(StatisticsError) {
    try Chance.checkShape(freedom, "freedom", of: "student")
    self.freedom = freedom
    beta = try BetaDistribution(0.5, freedom / 2)
  }

  public func density(_ t: Double) -> Double {
    let a = freedom / 2
    // 1 / (√freedom · B(a, ½)), through Stirling's formula and what it leaves.
    let rest =
      GammaFunction.stirlingRest(a + 0.5) - GammaFunction.stirlingRest(a)
    let peak = exp(a * log1p(0.5 / a) - 0.5 + rest) * 0.39894228040143268
    return peak * exp(-(a + 0.5) * log1p(t / freedom * t))
  }

  public func cumulative(_ t: Double) -> Double { survival(-t) }

  public func survival(_ t: Double) -> Double {
    if t.isNaN { return t }
    let odds = t / freedom * t
    if odds == .infinity { return t > 0 ? 0 : 1 }
    let outside = BetaFunction.incomplete(
      beta.first, beta.second, odds / (1 + odds), 1 / (1 + odds)
    ).upper
    return t > 0 ? outside / 2 : 1 - outside / 2
  }

  public func quantile(_ chance: Double) throws(StatisticsError) -> Double {
    -(try quantile(upper: chance))
  }

  public func quantile(upper chance: Double) throws(StatisticsError) -> Double {
    try Chance.check(chance)
    if chance > 0.5 { return -(try quantile(upper: 1 - chance)) }
    return (freedom * (try beta.odds(2 * chance, isUpper: true))).squareRoot()
  }
}
