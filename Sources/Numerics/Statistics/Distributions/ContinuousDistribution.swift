import Glibc

/// A distribution of a number.
///
/// Values agree with references to 1e-12 relative for shapes up to 10⁸, in the far tails as well:
/// `survival` is the upper tail for itself and not 1 − `cumulative`, and `quantile(upper:)` its
/// inverse.
public protocol ContinuousDistribution: Sendable {
  func density(_ x: Double) -> Double
  /// P(X ≤ x).
  func cumulative(_ x: Double) -> Double
  /// P(X > x).
  func survival(_ x: Double) -> Double
  /// The x with P(X ≤ x) = the chance.
  func quantile(_ chance: Double) throws(StatisticsError) -> Double
  /// The x with P(X > x) = the chance.
  func quantile(upper chance: Double) throws(StatisticsError) -> Double
}

enum Chance {
  static func check(_ chance: Double) throws(StatisticsError) {
    guard chance >= 0, chance <= 1 else {
      throw .parameter(
        operation: "quantile", name: "chance", value: chance, allowed: "a number from 0 to 1")
    }
  }

  static func checkPositive(
    _ value: Double, _ name: String, of operation: String
  ) throws(StatisticsError) {
    guard value > 0, value.isFinite else {
      throw .parameter(
        operation: operation, name: name, value: value, allowed: "a positive finite number")
    }
  }

  /// Ratios of two such shapes are still numbers.
  private static let shapes = 1e-150...1e150

  static func checkShape(
    _ value: Double, _ name: String, of operation: String
  ) throws(StatisticsError) {
    guard shapes.contains(value) else {
      throw .parameter(
        operation: operation, name: name, value: value,
        allowed: "a number from \(shapes.lowerBound) to \(shapes.upperBound)")
    }
  }
}

/// Where a distribution of positive numbers reaches a chance.
struct PositiveQuantile {
  /// P(X ≤ x) and P(X > x).
  let tails: (Double) -> (lower: Double, upper: Double)
  let density: (Double) -> Double
  let start: Double

  /// Newton steps on the logarithm of the tail that is asked for, over log x, within a bracket that
  /// every step makes smaller.
  func find(_ chance: Double, isUpper: Bool) -> Double {
    if chance == 0 { return isUpper ? .infinity : 0 }
    if chance == 1 { return isUpper ? 0 : .infinity }
    if chance > 0.5 { return find(1 - chance, isUpper: !isUpper) }
    var low = 0.0
    var high = Double.infinity
    var x = start
    var expansion = 2.0
    for _ in 0..<400 {
      let tails = tails(x)
      let tail = isUpper ? tails.upper : tails.lower
      if tail == chance { return x }
      if (tail > chance) == isUpper { low = x } else { high = x }
      let slope = density(x) * x / tail
      let step = log(tail / chance) / slope
      let next = x * exp(isUpper ? step : -step)
      let last = x
      // NaN, where a tail is 0, fails the comparison.
      if next > low, next < high, next / x < 1e6, x / next < 1e6 {
        x = next
      } else if high == .infinity {
        x *= expansion
        expansion = min(expansion * expansion, 1e60)
      } else if low == 0 {
        x /= expansion
        expansion = min(expansion * expansion, 1e60)
      } else {
        x = (low * high).squareRoot()
        if x == 0 || x == .infinity { x = low.squareRoot() * high.squareRoot() }
      }
      if x == 0 || x == .infinity || (x - last).magnitude <= 2 * x.ulp { return x }
    }
    return x
  }
}
