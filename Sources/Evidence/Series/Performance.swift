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
    returns = values.withUnsafeBufferPointer { values in
      [Double](unsafeUninitializedCapacity: values.count - 1) { returns, count in
        for row in 1..<values.count {
          returns.initializeElement(at: row - 1, to: values[row] / values[row - 1] - 1)
        }
        count = values.count - 1
      }
    }
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
    guard returns.count > 1 else { return nil }
    let n = Double(returns.count)
    let mean = Vector.sum(returns.span) / n
    let deviation = (Self.squares(of: returns, about: mean) / (n - 1)).squareRoot()
    guard deviation > SharpeEstimate.leastDeviation, deviation.isFinite else { return nil }
    return mean / deviation * barsPerYear.squareRoot()
  }

  /// In four registers of eight, whose order the count alone decides.
  private static func squares(of values: [Double], about mean: Double) -> Double {
    values.withUnsafeBytes { bytes in
      typealias Lanes = SIMD8<Double>
      let center = Lanes(repeating: mean)
      var sums = (Lanes.zero, Lanes.zero, Lanes.zero, Lanes.zero)
      func square(_ row: Int) -> Lanes {
        let distance = bytes.loadUnaligned(fromByteOffset: 8 * row, as: Lanes.self) - center
        return distance * distance
      }
      var row = 0
      while row + 32 <= values.count {
        sums.0 += square(row)
        sums.1 += square(row + 8)
        sums.2 += square(row + 16)
        sums.3 += square(row + 24)
        row += 32
      }
      var rest = 0.0
      for value in values[row...] { rest += (value - mean) * (value - mean) }
      return ((sums.0 + sums.1) + (sums.2 + sums.3)).sum() + rest
    }
  }

  /// Each value over the highest so far, minus one; without the capital at the beginning.
  public var drawdowns: [Double] { DrawdownEpisode.drawdowns(of: values) }

  /// The least of them: within a peak's time the least value has it.
  public var maxDrawdown: Double {
    var (peak, low, worst) = (values[0], values[0], 0.0)
    for value in values {
      if value > peak {
        if low < peak { worst = min(worst, low / peak - 1) }
        (peak, low) = (value, value)
      } else {
        low = min(low, value)
      }
    }
    return low < peak ? min(worst, low / peak - 1) : worst
  }

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
