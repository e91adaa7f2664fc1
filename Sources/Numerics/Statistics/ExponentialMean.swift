import Glibc

/// An average in which every step back counts less by the same factor: `pandas.ewm`.
///
/// NaN stands for a missing value: it ages what came before and changes nothing else. Adding
/// allocates nothing.
public struct ExponentialMean: Sendable {
  /// How a young average is weighed.
  public enum Start: Sendable {
    /// By the weights there are, as if nothing had been before (`adjust=True`).
    case adjusted
    /// As if the first value had been there for ever (`adjust=False`).
    case firstValue
  }

  /// The weight of the newest value in a long average.
  public let alpha: Double
  public let start: Start
  /// NaN before the first value.
  public private(set) var value = Double.nan
  private var weight = 1.0

  public init(alpha: Double, start: Start = .adjusted) throws(StatisticsError) {
    guard alpha > 0, alpha <= 1 else {
      throw .parameter(
        operation: "exponential mean", name: "alpha", value: alpha,
        allowed: "a number above 0 and up to 1")
    }
    self.alpha = alpha
    self.start = start
  }

  /// With the centre of mass of a plain average over so many values.
  public init(span: Double, start: Start = .adjusted) throws(StatisticsError) {
    guard span >= 1 else {
      throw .parameter(
        operation: "exponential mean", name: "span", value: span, allowed: "a number from 1 up")
    }
    try self.init(alpha: 2 / (span + 1), start: start)
  }

  /// With weights that halve in so many steps.
  public init(halfLife: Double, start: Start = .adjusted) throws(StatisticsError) {
    try Chance.checkPositive(halfLife, "half_life", of: "exponential mean")
    try self.init(alpha: -expm1(-log(2) / halfLife), start: start)
  }

  /// Takes the value in and returns the average with it.
  @discardableResult
  public mutating func add(_ next: Double) -> Double {
    guard !value.isNaN else {
      value = next
      return value
    }
    weight *= 1 - alpha
    guard !next.isNaN else { return value }
    let share = start == .adjusted ? 1 : alpha
    value = (weight * value + share * next) / (weight + share)
    weight = start == .adjusted ? weight + share : 1
    return value
  }

  /// The average after each of the values.
  public mutating func averages(of values: [Double]) -> [Double] { values.map { add($0) } }
}
