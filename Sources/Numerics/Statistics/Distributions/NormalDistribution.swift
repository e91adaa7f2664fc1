import Glibc

/// The normal distribution.
public struct NormalDistribution: ContinuousDistribution {
  public let mean: Double
  public let deviation: Double

  public static let standard = NormalDistribution()

  private init() {
    mean = 0
    deviation = 1
  }

  public init(mean: Double, deviation: Double) throws(StatisticsError) {
    try Chance.checkPositive(deviation, "deviation", of: "normal")
    guard mean.isFinite else {
      throw .parameter(operation: "normal", name: "mean", value: mean, allowed: "a finite number")
    }
    self.mean = mean
    self.deviation = deviation
  }

  public func density(_ x: Double) -> Double {
    let z = (x - mean) / deviation
    return exp(-0.5 * z * z) / deviation * 0.39894228040143268
  }

  public func cumulative(_ x: Double) -> Double { Self.upperTail((mean - x) / deviation) }

  public func survival(_ x: Double) -> Double { Self.upperTail((x - mean) / deviation) }

  public func quantile(_ chance: Double) throws(StatisticsError) -> Double {
    try Chance.check(chance)
    return mean + deviation * Self.standardQuantile(chance)
  }

  public func quantile(upper chance: Double) throws(StatisticsError) -> Double {
    try Chance.check(chance)
    return mean - deviation * Self.standardQuantile(chance)
  }

  private static func upperTail(_ z: Double) -> Double { 0.5 * erfc(z * 0.5.squareRoot()) }

  /// A rough start, and Halley steps on the logarithm of the tail, each of which triples the digits.
  private static func standardQuantile(_ chance: Double) -> Double {
    if chance == 0 { return -.infinity }
    if chance == 1 { return .infinity }
    if chance == 0.5 { return 0 }
    let isUpper = chance > 0.5
    let tail = isUpper ? 1 - chance : chance
    // Abramowitz and Stegun 26.2.23: off by at most 4.5e-4.
    let t = (-2 * log(tail)).squareRoot()
    var z =
      t - (2.515517 + t * (0.802853 + t * 0.010328))
      / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)))
    if tail > 0.45 { z = (0.5 - tail) * 2.5066282746310002 }
    for _ in 0..<3 {
      let value = upperTail(z)
      let hazard = exp(-0.5 * z * z) * 0.39894228040143268 / value
      let error = log1p((value - tail) / tail) / hazard
      z += error / (1 + 0.5 * error * (hazard - z))
    }
    return isUpper ? z : -z
  }
}
