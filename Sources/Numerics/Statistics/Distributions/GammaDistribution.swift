import Glibc

/// The gamma distribution of a shape and a scale: mean shape · scale.
public struct GammaDistribution: ContinuousDistribution {
  public let shape: Double
  public let scale: Double

  public init(shape: Double, scale: Double = 1) throws(StatisticsError) {
    try Chance.checkShape(shape, "shape", of: "gamma")
    try Chance.checkPositive(scale, "scale", of: "gamma")
    self.shape = shape
    self.scale = scale
  }

  public func density(_ x: Double) -> Double {
    if x < 0 { return 0 }
    if x == 0 { return shape < 1 ? .infinity : shape == 1 ? 1 / scale : 0 }
    return shape * GammaFunction.powerTerm(shape, x / scale) / x
  }

  public func cumulative(_ x: Double) -> Double {
    x.isNaN ? x : GammaFunction.incomplete(shape, x / scale).lower
  }

  public func survival(_ x: Double) -> Double {
    x.isNaN ? x : GammaFunction.incomplete(shape, x / scale).upper
  }

  public func quantile(_ chance: Double) throws(StatisticsError) -> Double {
    try find(chance, isUpper: false)
  }

  public func quantile(upper chance: Double) throws(StatisticsError) -> Double {
    try find(chance, isUpper: true)
  }

  private func find(_ chance: Double, isUpper: Bool) throws(StatisticsError) -> Double {
    try Chance.check(chance)
    let shape = shape
    let search = PositiveQuantile(
      tails: { GammaFunction.incomplete(shape, $0) },
      density: { shape * GammaFunction.powerTerm(shape, $0) / $0 }, start: shape)
    return scale * search.find(chance, isUpper: isUpper)
  }
}

/// The χ² distribution: the sum of squares of standard normal numbers.
public struct ChiSquaredDistribution: ContinuousDistribution {
  public let freedom: Double
  private let gamma: GammaDistribution

  /// - Parameter freedom: degrees of freedom, not necessarily whole
  public init(freedom: Double) throws(StatisticsError) {
    try Chance.checkShape(freedom, "freedom", of: "chi-squared")
    self.freedom = freedom
    gamma = try GammaDistribution(shape: freedom / 2, scale: 2)
  }

  public func density(_ x: Double) -> Double { gamma.density(x) }
  public func cumulative(_ x: Double) -> Double { gamma.cumulative(x) }
  public func survival(_ x: Double) -> Double { gamma.survival(x) }
  public func quantile(_ chance: Double) throws(StatisticsError) -> Double {
    try gamma.quantile(chance)
  }
  public func quantile(upper chance: Double) throws(StatisticsError) -> Double {
    try gamma.quantile(upper: chance)
  }
}
