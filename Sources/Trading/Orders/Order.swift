import Market
import Numerics
import Runtime

/// What a strategy asks for, before it has a number or anyone has looked at it.
public struct OrderIntent: Hashable, Sendable, BitwiseCopyable {
  public var instrument: InstrumentID
  public var side: Side
  /// Above zero.
  public var quantity: Quantity
  public var type: OrderType
  public var timeInForce: TimeInForce
  /// Also before the open and after the close, where the market trades then.
  public var outsideHours: Bool
  public var provenance: ProvenanceID?
  /// Of the signal behind it, 0 to 1.
  public var confidence: Double?
  /// Width of the signal's interval over its middle.
  public var intervalWidth: Double?

  public init(
    _ side: Side, _ quantity: Quantity, of instrument: InstrumentID, type: OrderType = .market,
    timeInForce: TimeInForce = .day, outsideHours: Bool = false, provenance: ProvenanceID? = nil,
    confidence: Double? = nil, intervalWidth: Double? = nil
  ) {
    self.instrument = instrument
    self.side = side
    self.quantity = quantity
    self.type = type
    self.timeInForce = timeInForce
    self.outsideHours = outsideHours
    self.provenance = provenance
    self.confidence = confidence
    self.intervalWidth = intervalWidth
  }

  /// Above zero to buy, below to sell.
  public var signedQuantity: Quantity {
    Quantity(steps: side == .buy ? quantity.steps : 0 &- quantity.steps)
  }
}

/// An intent with a number, a time and its place among others.
public struct Order: Hashable, Sendable, BitwiseCopyable {
  public let id: OrderID
  /// What is asked for now; a replacement changes quantity and type.
  public var intent: OrderIntent
  /// The clock when it was made; only a price newer than this fills it.
  public let createdAt: Timestamp
  public let link: OrderLink?

  public init(id: OrderID, intent: OrderIntent, createdAt: Timestamp, link: OrderLink? = nil) {
    self.id = id
    self.intent = intent
    self.createdAt = createdAt
    self.link = link
  }
}

/// What binds an order to others.
public struct OrderLink: Hashable, Sendable, BitwiseCopyable {
  public enum Role: UInt8, CaseIterable, Sendable, BitwiseCopyable {
    /// The first of a bracket; the other two wait for its fills.
    case entry
    case takeProfit
    case stopLoss
    /// One of several of which a fill of one takes its quantity from the others.
    case alternative
  }

  /// The number of the group's first order.
  public let group: OrderID
  public let role: Role

  public init(group: OrderID, role: Role) {
    self.group = group
    self.role = role
  }

  /// Waits until the group's entry has been filled.
  public var waitsForEntry: Bool { role == .takeProfit || role == .stopLoss }
}

/// What a replacement may change.
public struct OrderTerms: Hashable, Sendable, BitwiseCopyable {
  /// In all, what has been filled included.
  public var quantity: Quantity
  public var type: OrderType

  public init(quantity: Quantity, type: OrderType) {
    self.quantity = quantity
    self.type = type
  }
}
