import Market
import Numerics
import Runtime

/// An order as the simulated venue keeps it.
struct RestingOrder: Sendable {
  var order: Order
  var arrivedAt: Timestamp
  /// How much of it may be filled: of an exit, what its entry has been filled less what other exits took.
  var allowed: Quantity
  var filled = Quantity.zero
  var traded = TradedSoFar()
  /// What stands before it at its price, where quotes have told.
  var ahead: Quantity?
  /// When a cancel came while a bar may have been under way.
  var cancelledAt: Timestamp?
  /// When its terms were last told to have changed.
  var changedAt: Timestamp?
  /// When its stop was reached.
  var triggeredAt: Timestamp?
  /// Of a trailing stop: the best price since it came.
  var best: Price?
  /// The session in which it first could be filled.
  var liveSession: Int?
  var joined = Joined.before
  var isOver = false

  /// When an exit's entry was filled: the bar under way has no open for it, or only its stop counts.
  enum Joined { case before, atOpen, within }

  init(_ order: Order, arrivedAt: Timestamp) {
    self.order = order
    self.arrivedAt = arrivedAt
    allowed = order.link?.waitsForEntry == true ? .zero : order.intent.quantity
  }

  var isTriggered: Bool { triggeredAt != nil }
  var side: Side { order.intent.side }
  var type: OrderType { order.intent.type }
  var isBuy: Bool { order.intent.side == .buy }

  /// What could still be filled.
  var open: Quantity {
    Quantity(
      steps: max(0, min(order.intent.quantity.steps, allowed.steps) - filled.steps))
  }

  /// Whether its day is under way: an order for the open waits for a session to begin.
  func isLive(in place: SessionPlace) -> Bool {
    if case .atOpen = type { return place.contains(.first) }
    return true
  }

  /// Where a stop is now; `nil` for orders without one, and for a trailing stop without a price.
  func stopLevel() throws(FixedPointError) -> Price? {
    switch type {
    case .stop(let stop), .stopLimit(let stop, _): return stop
    case .trailing(let trail):
      guard let best else { return nil }
      let distance =
        switch trail {
        case .amount(let amount): amount
        case .part(let part): try Price.product(best, part).value
        }
      return isBuy ? try best.adding(distance) : try best.subtracting(distance)
    default: return nil
    }
  }

  /// The worst price it takes, or `nil` for any.
  var limit: Price? {
    switch type {
    case .limit(let limit), .stopLimit(_, let limit): limit
    case .atOpen(let limit), .atClose(let limit): limit
    case .market, .stop, .trailing: nil
    }
  }

  /// Whether `price` is at its limit or better.
  func accepts(_ price: Price) -> Bool {
    guard let limit else { return true }
    return isBuy ? price <= limit : price >= limit
  }

  /// Whether a market at `price` has reached the stop.
  func isReached(_ stop: Price, by price: Price) -> Bool {
    isBuy ? price >= stop : price <= stop
  }
}

/// What the simulated venue keeps of one instrument.
struct InstrumentBook: Sendable {
  var orders: [RestingOrder] = []
  var isHalted = false
  /// Between sessions, where the feed tells of them.
  var isClosed = false
  var quote: Quote?
  var isDelisted = false
  var bands: (lower: Price, upper: Price)?
  /// Shares that may be sold short; without limit where nothing is said.
  var borrowable: Quantity?
  var lastClose = Double.nan
  /// When it was last heard of.
  var lastSeen: Timestamp?
  var session = 0
  /// Of what is short: the day until which borrowing was paid.
  var borrowedSince: Timestamp?
  /// The bar under way.
  var bar = BarPrices()
}

/// The bar under way, exact, and what is left of its volume.
struct BarPrices: Sendable {
  var start = Timestamp(nanoseconds: 0)
  var end = Timestamp(nanoseconds: 0)
  var open = Price.zero, high = Price.zero, low = Price.zero, close = Price.zero
  var volume = Double.nan
  var range = 0.0
  /// Without limit where nobody counts the volume.
  var left: Quantity?
  var place: SessionPlace = []

  init() {}

  init(_ bar: Bar, _ place: SessionPlace, share: Double) throws(FixedPointError) {
    start = bar.start
    end = bar.end
    open = try Price(nearest: bar.open)
    high = try Price(nearest: bar.high)
    low = try Price(nearest: bar.low)
    close = try Price(nearest: bar.close)
    volume = bar.volume
    range = bar.high / bar.low - 1
    if bar.volume.isFinite {
      left = try Quantity(nearest: min(bar.volume * share, 9e10), rounding: .down)
    }
    self.place = place
  }
}
