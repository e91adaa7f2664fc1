/// `ReturnSummary` of eight runs at once, one a lane of a register: what a sweep does 10⁵ times.
///
/// All eight hold positions in the same asset. Nothing is divided and nothing branches; drawdowns are
/// compared as products and divided once at the end.
@frozen public struct LaneSummary: Sendable {
  public typealias Lanes = SIMD8<Double>

  /// What a change of position costs, as parts of its value, and what a bar of short holding costs.
  @usableFromInline let rate, sale, borrow: Double
  @usableFromInline var count = 0
  @usableFromInline var held = Lanes.zero
  @usableFromInline var value = Lanes(repeating: 1)
  @usableFromInline var peak = Lanes(repeating: 1)
  /// Value and peak where their quotient was least.
  @usableFromInline var worstValue = Lanes(repeating: 1)
  @usableFromInline var worstPeak = Lanes(repeating: 1)
  @usableFromInline var sum = Lanes.zero
  @usableFromInline var squares = Lanes.zero
  @usableFromInline var turnover = Lanes.zero

  public init(costs: CostRates, barsPerYear: Double) {
    rate = costs.halfSpread + costs.commission
    sale = rate + costs.saleTax
    borrow = costs.borrow / barsPerYear
  }

  /// A bar: what was held earns `assetReturn`, then `position` is taken.
  @inlinable @inline(__always)
  public mutating func add(position: Lanes, assetReturn: Double) {
    let change = position - held
    let isSale = change .< 0
    let size = change.replacing(with: -change, where: isSale)
    let price = Lanes(repeating: rate).replacing(with: sale, where: isSale)
    let short = held.replacing(with: 0, where: held .> 0)
    let result = held * assetReturn - size * price + short * borrow
    count += 1
    held = position
    turnover += size
    sum += result
    squares += result * result
    value *= 1 + result
    peak = peak.replacing(with: value, where: value .> peak)
    let isWorse = value * worstPeak .< worstValue * peak
    worstValue = worstValue.replacing(with: value, where: isWorse)
    worstPeak = worstPeak.replacing(with: peak, where: isWorse)
  }

  public subscript(lane: Int) -> ReturnSummary {
    ReturnSummary(
      count: count, value: value[lane], maxDrawdown: worstValue[lane] / worstPeak[lane] - 1,
      turnover: turnover[lane], sum: sum[lane], squares: squares[lane])
  }
}
