import Numerics
import Runtime

/// One change of an order book, as the venue reported it.
public struct BookEvent: Hashable, Sendable, BitwiseCopyable {
  public enum Kind: UInt8, CaseIterable, Sendable, BitwiseCopyable {
    /// The total quantity at a price is now this; zero where nobody is left.
    case level
    /// The same, as part of a picture of the whole book, which begins with `cleared`.
    case snapshot
    /// What was known of the book holds no more.
    case cleared
    /// An order was added, made smaller, taken away, or met another one in part or whole.
    case added
    case reduced
    case deleted
    case executed
    /// Someone met an order that the book does not show.
    case executedHidden
    /// Trading outside the book: an auction.
    case crossed
    case halted
    case resumed
  }

  public enum Side: UInt8, CaseIterable, Sendable, BitwiseCopyable { case bid, ask, none }

  /// When the venue says it happened, and when it could first be acted on here.
  public var time: Timestamp
  public var knownAt: Timestamp
  public var kind: Kind
  public var side: Side
  public var price: Price
  public var quantity: Quantity
  /// The order's number at the venue; zero where the feed tells levels only.
  public var orderID: Int64
  /// The venue's number of the update it belongs to; zero where there is none.
  public var sequence: Int64

  public init(
    time: Timestamp, knownAt: Timestamp, kind: Kind, side: Side = .none, price: Price = .zero,
    quantity: Quantity = .zero, orderID: Int64 = 0, sequence: Int64 = 0
  ) {
    self.time = time
    self.knownAt = knownAt
    self.kind = kind
    self.side = side
    self.price = price
    self.quantity = quantity
    self.orderID = orderID
    self.sequence = sequence
  }
}

/// The quantity at each price on both sides, as events of levels leave it.
public struct LevelBook: Sendable {
  public private(set) var bids: [Price: Quantity] = [:]
  public private(set) var asks: [Price: Quantity] = [:]

  public init() {}

  /// Events of single orders change nothing here.
  public mutating func apply(_ event: BookEvent) {
    switch (event.kind, event.side) {
    case (.cleared, _):
      bids.removeAll()
      asks.removeAll()
    case (.level, .bid), (.snapshot, .bid):
      bids[event.price] = event.quantity == .zero ? nil : event.quantity
    case (.level, .ask), (.snapshot, .ask):
      asks[event.price] = event.quantity == .zero ? nil : event.quantity
    default: break
    }
  }

  public var bestBid: Quote.Side? {
    bids.max { $0.key < $1.key }.map { Quote.Side(price: $0.key, quantity: $0.value) }
  }

  public var bestAsk: Quote.Side? {
    asks.min { $0.key < $1.key }.map { Quote.Side(price: $0.key, quantity: $0.value) }
  }
}
