import Foundation
import Numerics

/// Position × return, after costs: the one definition of what a series of positions earned.
///
/// `position[t]` is the part of the account held from the close of bar t, on what was known then; it
/// earns what the price does in bar t + 1. Changing it costs `CostRates.cost(ofChange:)`, paid at once.
/// Between changes the part is held constant, as research has it; the engine's shares drift instead,
/// which is the difference of second order between both.
///
///     r[t] = position[t − 1] × (close[t] ÷ close[t − 1] − 1) − cost(position[t] − position[t − 1])
///            − borrow ÷ N × max(−position[t − 1], 0),   position[−1] = 0
public enum PositionReturns {
  /// The account's returns, one a bar, after costs.
  public static func returns(
    positions: [Double], assetReturns: [Double], costs: CostRates, barsPerYear: Double
  ) -> [Double] {
    precondition(positions.count == assetReturns.count, "a position a bar")
    var held = 0.0
    let borrow = costs.borrow / barsPerYear
    return positions.indices.map { row in
      let change = positions[row] - held
      var result = held * assetReturns[row] - costs.cost(ofChange: change)
      if held < 0 { result += held * borrow }
      held = positions[row]
      return result
    }
  }

  /// What `returns` would be summed up to, without keeping it.
  ///
  /// One pass, nothing allocated. Sums are plain `Double`: the mean of 10⁵ bars holds 1e-13 of a bar's
  /// deviation.
  public static func summary(
    positions: UnsafeBufferPointer<Double>, assetReturns: UnsafeBufferPointer<Double>,
    costs: CostRates, barsPerYear: Double
  ) -> ReturnSummary {
    precondition(positions.count == assetReturns.count, "a position a bar")
    var summary = ReturnSummary()
    var held = 0.0
    let rate = costs.halfSpread + costs.commission
    let sale = rate + costs.saleTax
    let borrow = costs.borrow / barsPerYear
    for row in positions.indices {
      let position = positions[row]
      let change = position - held
      let cost = change >= 0 ? change * rate : -change * sale
      summary.add(held * assetReturns[row] - cost + min(held, 0) * borrow, change: change)
      held = position
    }
    return summary
  }

  public static func summary(
    positions: [Double], assetReturns: [Double], costs: CostRates, barsPerYear: Double
  ) -> ReturnSummary {
    positions.withUnsafeBufferPointer { positions in
      assetReturns.withUnsafeBufferPointer {
        summary(
          positions: positions, assetReturns: $0, costs: costs, barsPerYear: barsPerYear)
      }
    }
  }

  /// Close over previous close, minus one; the first bar has none and counts as 0.
  public static func assetReturns(closes: [Double]) -> [Double] {
    closes.indices.map { $0 == 0 ? 0 : closes[$0] / closes[$0 - 1] - 1 }
  }
}

/// Sums over the returns of one run: return, Sharpe ratio, drawdown and turnover in one pass.
public struct ReturnSummary: Hashable, Sendable {
  public private(set) var count = 0
  /// The account, having begun at 1.
  public private(set) var value = 1.0
  /// At most zero.
  public private(set) var maxDrawdown = 0.0
  /// All changes of position, each as a part of the account.
  public private(set) var turnover = 0.0
  private var sum = 0.0
  private var squares = 0.0
  private var peak = 1.0

  public init() {}

  public init(returns: [Double]) {
    for value in returns { add(value, change: 0) }
  }

  @inline(__always)
  mutating func add(_ result: Double, change: Double) {
    count += 1
    sum += result
    squares += result * result
    turnover += abs(change)
    value *= 1 + result
    peak = max(peak, value)
    maxDrawdown = min(maxDrawdown, value / peak - 1)
  }

  public var totalReturn: Double { value - 1 }
  public var mean: Double { sum / Double(count) }

  /// `nil` for fewer than two bars.
  public var deviation: Double? {
    guard count > 1 else { return nil }
    return (max(0, squares - sum * sum / Double(count)) / Double(count - 1)).squareRoot()
  }

  /// As the metric `sharpe` without a risk-free rate; `nil` where returns do not vary.
  public func sharpe(barsPerYear: Double) -> Double? {
    guard let deviation, deviation > 1e-15 else { return nil }
    return mean / deviation * barsPerYear.squareRoot()
  }

  /// As the metric `annual_return`; `nil` after ruin.
  public func annualReturn(barsPerYear: Double) -> Double? {
    guard value >= 0, count > 0 else { return nil }
    return pow(value, barsPerYear / Double(count)) - 1
  }
}
