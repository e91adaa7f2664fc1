import Numerics
import Runtime

/// One exchange of an instrument for money, as the venue reported it.
public struct Trade: Hashable, Sendable, BitwiseCopyable {
  /// When the venue says it happened, and when it could first be acted on here.
  public var time: Timestamp
  public var knownAt: Timestamp
  public var price: Price
  /// Above zero.
  public var quantity: Quantity
  /// The exchange's letter in ASCII, as the feed writes it; zero where it says nothing.
  public var venue: UInt8
  /// The feed's own bits for the conditions of the sale.
  public var conditions: UInt32

  public init(
    time: Timestamp, knownAt: Timestamp, price: Price, quantity: Quantity, venue: UInt8 = 0,
    conditions: UInt32 = 0
  ) {
    self.venue = venue
    self.conditions = conditions
    self.time = time
    self.knownAt = knownAt
    self.price = price
    self.quantity = quantity
  }
}

/// The best prices at which one could buy and sell at an instant, and how much.
public struct Quote: Hashable, Sendable, BitwiseCopyable {
  /// One side of it.
  public struct Side: Hashable, Sendable, BitwiseCopyable {
    public var price: Price
    public var quantity: Quantity

    public init(price: Price, quantity: Quantity) {
      self.price = price
      self.quantity = quantity
    }
  }

  public var time: Timestamp
  public var knownAt: Timestamp
  /// `nil` where nobody buys, or nobody sells, or the feed tells of the other side only.
  public var bid: Side?
  public var ask: Side?
  /// The exchange's letter in ASCII, as the feed writes it; zero where it says nothing.
  public var venue: UInt8

  public init(
    time: Timestamp, knownAt: Timestamp, bid: Side?, ask: Side?, venue: UInt8 = 0
  ) {
    self.venue = venue
    self.time = time
    self.knownAt = knownAt
    self.bid = bid
    self.ask = ask
  }

  /// Someone would pay more than another asks, which happens between venues and in bad data.
  public var isCrossed: Bool {
    guard let bid, let ask else { return false }
    return bid.price > ask.price
  }

  /// What crossing the market costs, or `nil` with one side only.
  public var spread: Price? {
    guard let bid, let ask else { return nil }
    let (spread, overflow) = ask.price.subtractingReportingOverflow(bid.price)
    return overflow ? nil : spread
  }
}
