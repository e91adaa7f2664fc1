import Market
import Numerics
import Runtime

/// Why, and at which of a bar's prices, something was filled.
public enum FillReason: UInt8, CaseIterable, Sendable, BitwiseCopyable {
  // At the first price of a bar.
  case nextOpen = 0
  case openingAuction
  /// The open was at the limit or better.
  case limitAtOpen
  /// The open was at the stop or beyond it: filled at the open, not at the stop.
  case gapThroughStop
  // Within a bar.
  /// The price went beyond the limit: filled at the limit.
  case throughLimit
  /// The price met the limit exactly, and the rules count that.
  case touchedLimit
  case stopReached
  // At the last price of a bar.
  case closingAuction
  // Against quotes, trades and books.
  case crossedSpread
  /// A trade at a worse price than the order's went by.
  case tradedThrough
  /// Everyone ahead in the queue was served.
  case queueReached
  /// The venue gave none.
  case venue
  /// The close that led to the order, which is over by then: only where the rules say so.
  case decidingClose

  /// Somewhere between a bar's open and its close.
  public var isWithinBar: Bool {
    self == .throughLimit || self == .touchedLimit || self == .stopReached
  }
}

/// An execution as the books take it.
public struct Fill: Hashable, Sendable, BitwiseCopyable {
  public let order: OrderID
  public let instrument: InstrumentID
  /// Above zero where bought.
  public let quantity: Quantity
  public let orderedAt: Timestamp
  public let time: Timestamp
  public let execution: Execution

  public init(_ execution: Execution, of order: Order, at time: Timestamp) {
    self.order = order.id
    instrument = order.intent.instrument
    quantity = Quantity(
      steps: order.intent.side == .buy
        ? execution.quantity.steps : 0 &- execution.quantity.steps)
    orderedAt = order.createdAt
    self.time = time
    self.execution = execution
  }

  public var price: Price { execution.price }
  public var reason: FillReason { execution.reason }
  public var commission: Cash { execution.commission }
  public var taxes: Cash { execution.taxes }
}
