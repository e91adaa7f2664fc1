import Glibc

/// The beta distribution on [0, 1].
public struct BetaDistribution: ContinuousDistribution {
  public let first: Double
  public let second: Double

  public init(_ first: Double, _ second: Double) throws(StatisticsError) {
    try Chance.checkShape(first, "first shape", of: "beta")
    try Chance.checkShape(second, "second shape", of: "beta")
    self.first = first
    self.second = second
  }

  public func density(_ x: Double) -> Double {
    if x.isNaN { return x }
    if x < 0 || x > 1 { return 0 }
    if x == 0 { return first < 1 ? .infinity : first == 1 ? second : 0 }
    if x == 1 { return second < 1 ? .infinity : second == 1 ? first : 0 }
    return BetaFunction.powerTerm(first, second, x, 1 - x) / (x * (1 - x))
  }

  public func cumulative(_ x: Double) -> Double {
    x.isNaN ? x : BetaFunction.incomplete(first, second, x, 1 - x).lower
  }

  public func survival(_ x: Double) -> Double {
    x.isNaN ? x : BetaFunction.incomplete(first, second, x, 1 - x).upper
  }

  public func quantile(_ chance: Double) throws(StatisticsError) -> Double {
    share(try odds(chance, isUpper: false))
  }

  public func quantile(upper chance: Double) throws(StatisticsError) -> Double {
    share(try odds(chance, isUpper: true))
  }

  private func share(_ odds: Double) -> Double { odds == .infinity ? 1 : odds / (1 + odds) }

  /// The quantile as x / (1 − x), which keeps its digits at both ends.
  func odds(_ chance: Double, isUpper: Bool) throws(StatisticsError) -> Double {
    try Chance.check(chance)
    let (a, b) = (first, second)
    let search = PositiveQuantile(
      tails: { z in BetaFunction.incomplete(a, b, z / (1 + z), 1 / (1 + z)) },
      density: { z in BetaFunction.powerTerm(a, b, z / (1 + z), 1 / (1 + z)) / z },
      start: a / b)
    return search.find(chance, isUpper: isUpper)
  }
}

/// The F distribution: the ratio of two mean squares.
public struct FDistribution: ContinuousDistribution {
  public let numerator: Double
  public let denominator: Double
  private let beta: BetaDistribution

  /// - Parameters: the degrees of freedom of both
  public init(numerator: Double, denominator: Double) throws(StatisticsError) {
    try Chance.checkShape(numerator, "numerator", of: "F")
    try Chance.checkShape(denominator, "denominator", of: "F")
    self.numerator = numerator
    self.denominator = denominator
    beta = try BetaDistribution(numerator / 2, denominator / 2)
  }

  /// x as a share, and what it leaves of 1.
  private func shares(_ x: Double) -> (Double, Double) {
    let odds = numerator / denominator * x
    return odds == .infinity ? (1, 0) : (odds / (1 + odds), 1 / (1 + odds))
  }

  public func density(_ x: Double) -> Double {
    if x < 0 { return 0 }
    if x == 0 { return numerator < 2 ? .infinity : numerator == 2 ? 1 : 0 }
    let (share, rest) = shares(x)
    return BetaFunction.powerTerm(beta.first, beta.second, share, rest) / x
  }

  public func cumulative(_ x: Double) -> Double {
    if x.isNaN { return x }
    let (share, rest) = shares(x)
    return x <= 0 ? 0 : BetaFunction.incomplete(beta.first, beta.second, share, rest).lower
  }

  public func survival(_ x: Double) -> Double {
    if x.isNaN { return x }
    let (share, rest) = shares(x)
    return x <= 0 ? 1 : BetaFunction.incomplete(beta.first, beta.second, share, rest).upper
  }

  public func quantile(_ chance: Double) throws(StatisticsError) -> Double {
    try beta.odds(chance, isUpper: false) * (denominator / numerator)
  }

  public func quantile(upper chance: Double) throws(StatisticsError) -> Double {
    try beta.odds(chance, isUpper: true) * (denominator / numerator)
  }
}
