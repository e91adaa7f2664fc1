import Numerics

/// After how much trading a bar ends, where bars are not cut by the clock.
///
/// A bar ends with the trade, or the finer bar, by which the total since the beginning reaches the
/// next multiple of the size. Neither is ever cut in two: what it has beyond the multiple stays in
/// its own bar and counts towards the next one's end, so that bars have this size on average. One
/// that reaches several multiples ends one bar, and the whole multiples beyond are forgotten. Totals
/// are counted in whole steps, so that nothing is lost to rounding. Bars run on over nights.
public enum ActivityMeasure: Hashable, Sendable {
  /// A number of trades; of finer bars, by their column `trade_count`.
  case trades(Int)
  /// Shares, contracts or coins.
  case volume(Quantity)
  /// Money that changed hands; of finer bars, volume times `vwap`, or `close` where that is missing.
  case value(Cash)

  /// In whole trades, 10⁻⁸ of a share, or 10⁻¹⁶ of the currency.
  var size: Int128 {
    switch self {
    case .trades(let count): Int128(count)
    case .volume(let quantity): Int128(quantity.steps)
    case .value(let cash): Int128(cash.steps) * Self.valueStepsPerCashStep
    }
  }

  private static let valueStepsPerCashStep: Int128 = 1_000_000_000_000

  /// How much a trade counts.
  func amount(of trade: Trade) -> Int128 {
    switch self {
    case .trades: 1
    case .volume: Int128(trade.quantity.steps)
    case .value: Int128(trade.price.steps) * Int128(trade.quantity.steps)
    }
  }

  /// How much a finer bar counts, rounded to a step of 10⁻⁸ shares or 10⁻⁴ of the currency; nothing
  /// where that is not known.
  func amount(price: Double, volume: Double, trades: Double) -> Int128 {
    switch self {
    case .trades: Self.steps(trades, perUnit: 1)
    case .volume: Self.steps(volume, perUnit: 1e8)
    case .value: Self.steps(price * volume, perUnit: 1e4) * Self.valueStepsPerCashStep
    }
  }

  private static func steps(_ value: Double, perUnit: Double) -> Int128 {
    let steps = (value * perUnit).rounded(.toNearestOrEven)
    // Beyond 10²⁴ steps a value is nobody's trading, and times 10¹² it would leave 128 bits.
    return steps > 0 && steps < 1e24 ? Int128(steps) : 0
  }
}

/// Counts trading up to the next multiple of a size.
struct ActivityMeter: Sendable {
  private let size: Int128
  private var filled: Int128 = 0

  init(_ measure: ActivityMeasure) {
    precondition(measure.size > 0, "bars have a size")
    size = measure.size
  }

  /// Whether a multiple is reached. What is left is below one size, and an amount below 2¹²⁶, so the
  /// sum stays in range.
  mutating func add(_ amount: Int128) -> Bool {
    filled += amount
    guard filled >= size else { return false }
    filled %= size
    return true
  }
}
