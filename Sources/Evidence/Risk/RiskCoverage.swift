import Foundation
import Numerics

/// Whether a value at risk was passed as often as it says, and not in clusters.
///
/// Kupiec, Techniques for Verifying the Accuracy of Risk Measurement Models (1995); Christoffersen,
/// Evaluating Interval Forecasts (1998), sections 2 to 4.
public struct RiskCoverage: Hashable, Sendable {
  public struct Test: Hashable, Sendable {
    /// The likelihood ratio.
    public let statistic: Double
    /// Of one as large, where the value at risk is right: by the χ² distribution.
    public let chance: Double
  }

  public let count: Int
  public let hits: Int
  /// How often it should be passed: 0.05.
  public let rate: Double
  /// Is it passed as often as said?
  public let unconditional: Test
  /// Does a hit make the next more likely? `nil` where there are no two hits to tell.
  public let independence: Test?
  /// Both at once, on two degrees of freedom; `nil` where independence is.
  public let conditional: Test?
  /// How likely the first test finds a model that is passed twice as often as it says, at 5%.
  public let power: Double

  /// - Parameters:
  ///   - hits: for each bar whether the loss was beyond the value at risk
  public init(hits: [Bool], rate: Double) throws(RiskError) {
    guard rate > 0, rate < 1 else {
      throw .parameter("rate", "\(rate)", expected: "a part between 0 and 1")
    }
    guard hits.count >= 2 else {
      throw .parameter("bars", "\(hits.count)", expected: "at least 2")
    }
    let (n, x) = (hits.count, hits.count { $0 })
    count = n
    self.hits = x
    self.rate = rate
    let first = Self.kupiec(hits: x, of: n, rate: rate)
    unconditional = try Self.test(first, freedom: 1)
    let second = Self.independence(hits)
    independence = try second.map { value throws(RiskError) in try Self.test(value, freedom: 1) }
    conditional = try second.map { value throws(RiskError) in
      try Self.test(first + value, freedom: 2)
    }
    power = Self.power(of: n, rate: rate, true: min(2 * rate, 0.999))
  }

  private static func test(_ statistic: Double, freedom: Double) throws(RiskError) -> Test {
    do {
      let chance = try ChiSquaredDistribution(freedom: freedom).survival(max(0, statistic))
      return Test(statistic: max(0, statistic), chance: chance)
    } catch { throw .statistics(error) }
  }

  /// k ln p + (m − k) ln (1 − p), where 0 ln 0 is 0.
  private static func likelihood(_ k: Int, of m: Int, _ p: Double) -> Double {
    (k > 0 ? Double(k) * log(p) : 0) + (m > k ? Double(m - k) * log1p(-p) : 0)
  }

  static func kupiec(hits x: Int, of n: Int, rate: Double) -> Double {
    2 * (likelihood(x, of: n, Double(x) / Double(n)) - likelihood(x, of: n, rate))
  }

  /// The ratio for a chain whose next hit depends on the last against one that does not.
  private static func independence(_ hits: [Bool]) -> Double? {
    var pairs = [[0, 0], [0, 0]]
    for (a, b) in zip(hits, hits.dropFirst()) { pairs[a ? 1 : 0][b ? 1 : 0] += 1 }
    let (calm, stirred) = (pairs[0][0] + pairs[0][1], pairs[1][0] + pairs[1][1])
    guard calm > 0, stirred > 0 else { return nil }
    let total = pairs[0][1] + pairs[1][1]
    let together = likelihood(
      total, of: calm + stirred, Double(total) / Double(calm + stirred))
    let apart =
      likelihood(pairs[0][1], of: calm, Double(pairs[0][1]) / Double(calm))
      + likelihood(pairs[1][1], of: stirred, Double(pairs[1][1]) / Double(stirred))
    return 2 * (apart - together)
  }

  /// The chance of a Kupiec statistic above χ²'s 95% where hits have the chance `true`: the sum over
  /// all counts of hits, so nothing is approximated.
  static func power(of n: Int, rate: Double, true p: Double) -> Double {
    let critical = 3.841_458_820_694_124
    var (power, logChance) = (0.0, Double(n) * log1p(-p))
    for x in 0...n {
      if x > 0 { logChance += log(Double(n - x + 1) / Double(x)) + log(p) - log1p(-p) }
      if kupiec(hits: x, of: n, rate: rate) > critical { power += exp(logChance) }
    }
    return min(1, power)
  }
}
