import Foundation
import Numerics

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

  public var totalReturn: Double { last / values[0] - 1 }

  public var annualReturn: Double { Growth.raised(from: values[0], to: last, by: 1 / years) }

  public var annualVolatility: Double? {
    returns.count > 1
      ? StreamingMoments(returns.span).deviation() * barsPerYear.squareRoot() : nil
  }

  /// Mean over standard deviation (of the sample) of the bars' returns, times √(bars a year).
  public var sharpe: Double? {
    SharpeEstimate(returns: returns).map { $0.sharpe * barsPerYear.squareRoot() }
  }

  /// Each value over the highest so far, minus one; without the capital at the beginning.
  public var drawdowns: [Double] { DrawdownEpisode.drawdowns(of: values) }

  public var maxDrawdown: Double { drawdowns.min() ?? 0 }

  /// The most bars from a peak until it was reached again, or until the end.
  public var longestDrawdownBars: Int {
    DrawdownEpisode.all(in: drawdowns).reduce(0) { max($0, $1.bars) }
  }

  private var last: Double { values[values.count - 1] }
}

enum Growth {
  /// (last ÷ first)^power − 1.
  static func raised(from first: Double, to last: Double, by power: Double) -> Double {
    pow(last / first, power) - 1
  }
}
