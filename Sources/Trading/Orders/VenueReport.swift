import Market
import Numerics
import Runtime

/// What a venue says about one order.
public struct VenueReport: Hashable, Sendable, BitwiseCopyable {
  public var order: OrderID
  /// When it happened at the venue.
  public var time: Timestamp
  public var content: Content

  public enum Content: Hashable, Sendable, BitwiseCopyable {
    /// It works from now on.
    case accepted
    case rejected(Rejection)
    /// A stop was reached.
    case triggered
    case executed(Execution)
    case replaced(OrderTerms)
    case replaceRejected(Rejection)
    case cancelRejected(Rejection)
    /// Nothing more of it will be filled.
    case ended(OrderEnd)
  }

  public init(order: OrderID, time: Timestamp, content: Content) {
    self.order = order
    self.time = time
    self.content = content
  }
}

/// One exchange of a quantity for money.
public struct Execution: Hashable, Sendable, BitwiseCopyable {
  public var id: ExecutionID
  /// Of this execution alone, above zero.
  public var quantity: Quantity
  /// What the order has of it in all.
  public var cumulative: Quantity
  public var price: Price
  /// The market's price before spread and slippage: a price of the bar, quote or trade.
  public var reference: Price
  public var commission: Cash
  /// Duties and levies of the state and the exchange.
  public var taxes: Cash
  public var reason: FillReason

  public init(
    id: ExecutionID, quantity: Quantity, cumulative: Quantity, price: Price, reference: Price,
    commission: Cash, taxes: Cash = .zero, reason: FillReason
  ) {
    self.id = id
    self.quantity = quantity
    self.cumulative = cumulative
    self.price = price
    self.reference = reference
    self.commission = commission
    self.taxes = taxes
    self.reason = reason
  }
}

/// Why an order is over although not all of it was filled.
public enum OrderEnd: UInt8, CaseIterable, Sendable, BitwiseCopyable {
  /// Someone asked.
  case cancelled
  /// Its session or auction is over.
  case expired
  /// It could not be filled at once.
  case notFilledAtOnce
  /// The account cannot pay for the rest.
  case unaffordable
  /// There is nothing to borrow for the rest.
  case nothingToBorrow
  /// Another order of its group was filled or is over.
  case otherOfGroup
  /// The instrument trades no more.
  case delisted
  /// The venue says no more than that it is over.
  case unspecified
}

/// Why a venue refuses an order, a replacement or a cancel.
public enum Rejection: UInt8, CaseIterable, Sendable, BitwiseCopyable {
  case unknownOrder, alreadyOver, duplicateNumber
  case badQuantity, offLot, badPrice, offTick
  case buyingPower, nothingToBorrow, shortNotAllowed
  case marketClosed, halted, outsideBands, delisted
  case badLink, notSupported, unspecified
}
