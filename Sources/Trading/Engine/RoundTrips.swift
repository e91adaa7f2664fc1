import Market
import Numerics
import Runtime

/// From a position's first unit to its last: bought and sold, or sold short and bought back.
public struct RoundTrip: Hashable, Sendable {
  public let symbol: Symbol
  public let entry, exit: Timestamp
  /// In all; below zero where it was sold short.
  public let quantity: Quantity
  /// Mean prices, spread and slippage included.
  public let entryPrice, exitPrice: Double
  public let fees: Cash
  /// After fees, and what holding it brought and cost besides: dividends, and what borrowing was charged.
  public let profit: Cash
  /// Profit over what was paid, or got, at entry.
  public let profitRatio: Double
  public let bars: Int
  /// What it would have lost at its worst price (at most zero) and gained at its best (at least zero), by
  /// the bars' ranges from its entry on and its exit.
  public internal(set) var adverse = 0.0
  public internal(set) var favourable = 0.0
  /// Rows of the frame between entry and exit; the exit's own bar counts where it is still open.
  let rows: Range<Int>
  let splits: [SplitRow]
  /// Still held at the end; then valued at the last close.
  public let isOpen: Bool
}

/// A split within a round trip: quantity and prices are those of the shares after it.
struct SplitRow: Hashable, Sendable {
  /// The first with prices of the new shares.
  let row: Int
  /// New shares for each old one.
  let ratio: Double
}

/// Round trips, made from the fills of one instrument.
struct TradeBook {
  /// What opened and what closed the position under way.
  private struct Side {
    var quantity = Quantity.zero
    var worth = Cash.zero

    mutating func add(_ quantity: Quantity, _ worth: Cash) throws(FixedPointError) {
      self.quantity = try self.quantity.adding(quantity)
      self.worth = try self.worth.adding(worth)
    }
  }

  private let id: InstrumentID
  private let instrument: Instrument
  private(set) var trades: [RoundTrip] = []
  private var held = Quantity.zero
  private var opened = Side()
  private var closed = Side()
  private var fees = Cash.zero
  /// Dividends and the like, while it is held.
  private var income = Cash.zero
  private var splits: [SplitRow] = []
  private var entry = Timestamp(nanoseconds: 0)
  private var openedAtBar = 0

  init(_ place: Int, _ table: InstrumentTable) {
    id = InstrumentID(place)
    instrument = table[id]
  }

  mutating func add(_ fill: Fill, bar: Int) throws(FixedPointError) {
    let fee = try fill.commission.adding(fill.taxes)
    let isClosing = held.sign * fill.quantity.sign < 0
    let after = try held.adding(fill.quantity)
    guard isClosing, after.sign == fill.quantity.sign else {
      try take(fill.quantity, fill, fee: fee, bar: bar)
      return
    }
    // Through zero: one trip ends, another begins; the fee is the first one's.
    try take(held.negated(), fill, fee: fee, bar: bar)
    try take(after, fill, fee: .zero, bar: bar)
  }

  private mutating func take(
    _ quantity: Quantity, _ fill: Fill, fee: Cash, bar: Int
  ) throws(FixedPointError) {
    let worth = try instrument.value(of: quantity, at: fill.price).cash
    if held.isZero { (entry, openedAtBar) = (fill.time, bar) }
    if held.sign * quantity.sign < 0 {
      try closed.add(quantity, worth)
    } else {
      try opened.add(quantity, worth)
    }
    held = try held.adding(quantity)
    fees = try fees.adding(fee)
    if held.isZero { try end(at: fill.time, bar: bar, isOpen: false) }
  }

  /// Money and shares without an order: what comes in is the position's, and shares of a split make those
  /// that were bought before as many more.
  mutating func add(_ booking: VenueBooking, bar: Int) throws(FixedPointError) {
    guard !held.isZero else { return }
    let after = try held.adding(booking.quantity)
    guard !after.isZero else {
      // Paid out.
      try closed.add(booking.quantity, booking.cash.negated())
      held = after
      return try end(at: booking.time, bar: bar, isOpen: false)
    }
    income = try income.adding(booking.cash)
    guard booking.kind == .split else { return }
    splits.append(SplitRow(row: bar, ratio: Double(after) / Double(held)))
    opened.quantity = try opened.quantity.scaled(by: after.steps, over: held.steps)
    closed.quantity = try after.subtracting(opened.quantity)
    held = after
  }

  /// Values what is still held at `price`.
  mutating func close(at price: Price, time: Timestamp, bar: Int) throws(FixedPointError) {
    guard !held.isZero else { return }
    let rest = try held.negated()
    try closed.add(rest, instrument.value(of: rest, at: price).cash)
    try end(at: time, bar: bar, isOpen: true)
  }

  private mutating func end(at exit: Timestamp, bar: Int, isOpen: Bool) throws(FixedPointError) {
    // Both worths are signed: what was bought is positive, what was sold negative.
    let profit = try opened.worth.adding(closed.worth).negated().adding(income)
      .subtracting(fees)
    trades.append(
      RoundTrip(
        symbol: instrument.symbol, entry: entry, exit: exit, quantity: opened.quantity,
        entryPrice: Double(opened.worth) / Double(opened.quantity),
        exitPrice: Double(closed.worth) / Double(closed.quantity), fees: fees, profit: profit,
        profitRatio: Double(profit) / abs(Double(opened.worth)), bars: bar - openedAtBar,
        rows: openedAtBar..<(isOpen ? bar + 1 : bar), splits: splits, isOpen: isOpen))
    (opened, closed) = (Side(), Side())
    (fees, income) = (.zero, .zero)
    splits.removeAll()
  }
}
