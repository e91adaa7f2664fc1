import Market
import Numerics
import Runtime

/// Takes orders and says what becomes of them.
public protocol Venue: Sendable {
  /// Takes what the gate approved.
  mutating func take(_ ticket: Ticket, into messages: inout [VenueMessage]) throws(EngineError)
  /// Sees the market: events of one time and rank. A venue of the real world does nothing here.
  mutating func observe(_ batch: [MarketEvent], into messages: inout [VenueMessage])
    throws(EngineError)
  /// When it has something to say by itself, or `nil`.
  var nextDue: Timestamp? { get }
  /// Says what is due by `now`.
  mutating func advance(to now: Timestamp, into messages: inout [VenueMessage]) throws(EngineError)
}

/// What a venue says.
public enum VenueMessage: Hashable, Sendable, BitwiseCopyable {
  case report(VenueReport)
  case booking(VenueBooking)
}

/// Money or shares that came or went without an order, as the venue booked them.
public struct VenueBooking: Hashable, Sendable, BitwiseCopyable {
  /// Counts once, like an execution.
  public var id: ExecutionID
  public var time: Timestamp
  public var instrument: InstrumentID?
  public var currency: CurrencyID
  public var kind: Kind
  /// Received where positive.
  public var cash: Cash
  /// Change of the position.
  public var quantity: Quantity

  public enum Kind: UInt8, CaseIterable, Sendable, BitwiseCopyable {
    case deposit, dividend, split, borrowing, interest, delisting
  }

  public init(
    id: ExecutionID, time: Timestamp, instrument: InstrumentID?, currency: CurrencyID, kind: Kind,
    cash: Cash, quantity: Quantity = .zero
  ) {
    self.id = id
    self.time = time
    self.instrument = instrument
    self.currency = currency
    self.kind = kind
    self.cash = cash
    self.quantity = quantity
  }
}

/// What a venue says it holds for us: the other side of a reconciliation.
public struct VenueStatement: Hashable, Sendable {
  public struct WorkingOrder: Hashable, Sendable, BitwiseCopyable {
    public var order: Order
    public var filled: Quantity
    /// Of what was filled, where the venue says it.
    public var averagePrice: Price?

    public init(_ order: Order, filled: Quantity, averagePrice: Price? = nil) {
      self.order = order
      self.filled = filled
      self.averagePrice = averagePrice
    }
  }

  public var time: Timestamp
  /// By currency and by instrument, in their order.
  public var cash: [Cash]
  public var positions: [Quantity]
  public var working: [WorkingOrder]
  /// What it still tells of single orders: executions and ends of the day.
  public var reports: [VenueReport]
  /// What it says that the account is worth.
  public var equity: Cash?

  public init(
    time: Timestamp, cash: [Cash], positions: [Quantity], working: [WorkingOrder],
    reports: [VenueReport] = [], equity: Cash? = nil
  ) {
    self.time = time
    self.cash = cash
    self.positions = positions
    self.working = working
    self.reports = reports
    self.equity = equity
  }
}
