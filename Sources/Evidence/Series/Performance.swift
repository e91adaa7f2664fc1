import Foundation

/// Figures of a series of account values, one a bar, beginning with the capital put in.
///
/// Ratios are plain (0.1 is ten percent), drawdowns are at most zero, the risk-free rate is zero, and
/// returns compound. A figure that cannot be computed is `nil`.
public struct Performance: Sendable {
  public let values: [Double]
  public let barsPerYear: Double
  /// Value over previous value, minus one.
  public let returns: [Double]

  public init(values: [Double], barsPerYear: Double) {
    precondition(values.count > 1, "a series of values has at least one return")
    self.values = values
    self.barsPerYear = barsPerYear
    returns = (1..<values.count).map { values[$0] / values[$0 - 1] - 1 }
  }

  public var years: Double { Double(returns.count) / barsPerYear }

  public var totalReturn: Double { values[values.count - 1] / values[0] - 1 }

  public var annualReturn: Double {
    pow(values[values.count - 1] / values[0], 1 / years) - 1
  }

  public var annualVolatility: Double? {
    deviation(returns).map { $0 * barsPerYear.squareRoot() }
  }

  /// Mean over standard deviation (of the sample) of the bars' returns, times √(bars a year).
  public var sharpe: Double? {
    guard let deviation = deviation(returns), deviation > 0 else { return nil }
    return mean(returns) / deviation * barsPerYear.squareRoot()
  }

  /// Each value over the highest so far, minus one; without the capital at the beginning.
  public var drawdowns: [Double] {
    var peak = values[0]
    return values.dropFirst().map { value in
      peak = max(peak, value)
      return value / peak - 1
    }
  }

  public var maxDrawdown: Double { drawdowns.min() ?? 0 }

  /// The most bars from a peak until it was reached again, or until the end.
  public var longestDrawdownBars: Int {
    var longest = 0
    var current = 0
    for drawdown in drawdowns {
      current = drawdown < 0 ? current + 1 : 0
      longest = max(longest, current)
    }
    return longest
  }
}

func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

/// The standard deviation of a sample, `nil` for fewer than two values.
func deviation(_ values: [Double]) -> Double? {
  guard values.count > 1 else { return nil }
  let mean = mean(values)
  let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
  return (squares / Double(values.count - 1)).squareRoot()
}
