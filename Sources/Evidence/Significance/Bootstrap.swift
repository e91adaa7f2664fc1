import Foundation
import Numerics

/// Where figures lie in 95 of 100 histories that might have been, from the stationary bootstrap
/// (Politis and Romano, 1994): histories are put together from blocks of the real one whose lengths
/// are random around a mean, so that what follows on what within a block stays as it was. Strategy
/// and benchmark are drawn alike, so that they can be compared.
public struct Bootstrap: Sendable {
  public let sharpe, annualReturn, annualVolatility, maxDrawdown: ClosedRange<Double>
  /// Of the strategy's Sharpe ratio minus the benchmark's.
  public let sharpeDifference: ClosedRange<Double>
  public let resamples: Int
  public let meanBlock: Double
  public let seed: UInt64

  /// Both series have as many bars; the mean block is the cube root of their number.
  public init(_ strategy: Performance, against benchmark: Performance, resamples: Int, seed: UInt64)
  {
    precondition(strategy.returns.count == benchmark.returns.count, "compared bar by bar")
    precondition(resamples > 0, "at least one history")
    let count = strategy.returns.count
    let meanBlock = max(1, cbrt(Double(count)).rounded())
    self.meanBlock = meanBlock
    self.resamples = resamples
    self.seed = seed
    var random = RandomStream(seed: seed, purpose: "bootstrap")
    let logs = strategy.returns.map { log1p($0) }
    var rows = [Int](repeating: 0, count: count)
    let draws = (0..<resamples).map { _ in
      var span = rows.mutableSpan
      // The mean block lies between 1 and the number of bars, so that nothing is refused.
      do {
        try Resampling.stationary(meanLength: meanBlock).draw(
          into: &span, of: count, from: &random)
      } catch { preconditionFailure("blocks of \(meanBlock) of \(count) bars") }
      return Draw(strategy.returns, logs, benchmark.returns, rows)
    }
    let year = strategy.barsPerYear
    sharpe = Self.interval(draws.map { $0.strategy.sharpe * year.squareRoot() })
    annualReturn = Self.interval(draws.map { exp($0.logSum * year / Double(count)) - 1 })
    annualVolatility = Self.interval(draws.map { $0.strategy.deviation * year.squareRoot() })
    maxDrawdown = Self.interval(draws.map { expm1($0.deepestLog) })
    sharpeDifference = Self.interval(
      draws.map { ($0.strategy.sharpe - $0.benchmark.sharpe) * year.squareRoot() })
  }

  /// The true Sharpe ratio a year that a run like this would show to be above zero in 80 of 100 cases: what
  /// the interval can see at all. An interval of 95% is 3.92 standard errors wide.
  public var detectableSharpe: Double {
    (sharpe.upperBound - sharpe.lowerBound) / 3.919_927_969_080_108 * 2.801_585_218_113_326_3
  }

  /// From the 2.5th to the 97.5th of a hundred.
  private static func interval(_ values: [Double]) -> ClosedRange<Double> {
    let sorted = values.sorted()
    let last = Double(sorted.count - 1)
    return sorted[Int((0.025 * last).rounded(.down))]...sorted[Int((0.975 * last).rounded(.up))]
  }
}

/// Sums over one resampled history.
private struct Draw {
  struct Moments {
    var count = 0.0, sum = 0.0, squares = 0.0

    var deviation: Double {
      (max(0, squares - sum * sum / count) / max(1, count - 1)).squareRoot()
    }
    /// A history without movement has no luck in it either way.
    var sharpe: Double { deviation > 0 ? sum / count / deviation : 0 }

    mutating func add(_ value: Double) {
      count += 1
      sum += value
      squares += value * value
    }
  }

  var strategy = Moments()
  var benchmark = Moments()
  var logSum = 0.0
  var deepestLog = 0.0

  init(_ returns: [Double], _ logs: [Double], _ others: [Double], _ rows: [Int]) {
    var peak = 0.0
    for row in rows {
      strategy.add(returns[row])
      benchmark.add(others[row])
      logSum += logs[row]
      peak = max(peak, logSum)
      deepestLog = min(deepestLog, logSum - peak)
    }
  }
}
