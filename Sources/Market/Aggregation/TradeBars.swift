import Numerics
import Runtime

/// Makes bars of equal trading out of trades, as these come in.
///
/// Trades of one instant are never parted: a bar that one of them ends has all of them, and goes to
/// the nanosecond after it, when that can be known. So bars never overlap.
public struct TradeBars: Sendable {
  public let symbol: Symbol
  private let measure: ActivityMeasure
  private var bars: ActivityBars
  private var instant: Instant?
  private var lastKnown = Timestamp(nanoseconds: .min)

  /// Of the bars it makes.
  public static let columns = BarRow.plainColumns + ["vwap", "trade_count"]

  /// The trades of one instant, together.
  private struct Instant: Sendable {
    let time: Timestamp
    var knownAt: Timestamp
    var open, high, low, close: Double
    var volume, value, count: Double
    var amount: Int128

    mutating func add(_ trade: Trade, _ amount: Int128) {
      let price = Double(trade.price)
      let quantity = Double(trade.quantity)
      (high, low, close) = (max(high, price), min(low, price), price)
      volume += quantity
      value += price * quantity
      count += 1
      // One amount is below 2¹²⁶; so is the sum kept, or two of them would leave 128 bits.
      self.amount = min(self.amount + amount, (1 << 126) - 1)
      knownAt = max(knownAt, trade.knownAt)
    }

    var row: BarRow {
      let end = Timestamp(nanoseconds: time.nanoseconds + 1)
      return BarRow(
        start: time, end: end, knownAt: max(end, knownAt),
        values: [open, high, low, close, volume, value / volume, count])
    }
  }

  public init(symbol: Symbol, by measure: ActivityMeasure) throws(FrameError) {
    self.symbol = symbol
    self.measure = measure
    bars = try ActivityBars(symbol: symbol, by: measure, columns: Self.columns)
  }

  /// Takes the next trade; gives the bar that the trades before it ended, if they did.
  public mutating func add(_ trade: Trade) throws(FrameError) -> BarRow? {
    guard trade.price.steps > 0, trade.quantity.steps > 0 else {
      throw .emptyTrade(symbol: symbol, time: trade.time)
    }
    guard trade.time >= instant?.time ?? trade.time, trade.knownAt >= lastKnown,
      trade.time.nanoseconds < .max
    else { throw .tradeOutOfOrder(symbol: symbol, time: trade.time) }
    let bar = try advance(to: trade.time)
    lastKnown = trade.knownAt
    let amount = measure.amount(of: trade)
    let price = Double(trade.price)
    var now =
      instant
      ?? Instant(
        time: trade.time, knownAt: trade.knownAt, open: price, high: price, low: price,
        close: price, volume: 0, value: 0, count: 0, amount: 0)
    now.add(trade, amount)
    instant = now
    return bar
  }

  /// Says that every trade before `time` has been handed in; gives the bar that is over, if one is.
  public mutating func advance(to time: Timestamp) throws(FrameError) -> BarRow? {
    guard let now = instant, now.time < time else { return nil }
    instant = nil
    return try bars.add(now.row, counting: now.amount)
  }
}

extension Frame {
  /// Bars of equal trading made of trades in order of time; what is left at the end makes no bar.
  ///
  /// - Parameter nominal: what the frame calls its interval, as bars of trading have no length.
  public init(
    symbol: Symbol, trades: some Sequence<Trade>, by measure: ActivityMeasure,
    nominal: BarInterval = BarInterval(count: 1, unit: .second)
  ) throws(FrameError) {
    var stream = try TradeBars(symbol: symbol, by: measure)
    var rows: [BarRow] = []
    for trade in trades {
      if let bar = try stream.add(trade) { rows.append(bar) }
    }
    if let bar = try stream.advance(to: Timestamp(nanoseconds: .max)) { rows.append(bar) }
    try self.init(rows, symbol: symbol, interval: nominal, columns: TradeBars.columns)
  }
}
