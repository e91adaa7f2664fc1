import Market
import Numerics
import Runtime

/// Where an order stands.
public enum OrderState: UInt8, CaseIterable, Sendable, BitwiseCopyable {
  /// Journalled and perhaps sent: the venue has said nothing yet.
  case sent
  /// The venue has it.
  case working
  /// All of it was filled.
  case filled
  /// The venue says that nothing more will be filled.
  case ended
  case rejected
  /// The gate let it not out.
  case denied
  /// The venue was asked and has not answered: only the venue can say.
  case unknown

  /// Nothing more is expected; a late execution is booked nevertheless.
  public var isOver: Bool {
    switch self {
    case .filled, .ended, .rejected, .denied: true
    case .sent, .working, .unknown: false
    }
  }
}

/// An order and all that has been reported of it.
public struct OrderRecord: Hashable, Sendable, BitwiseCopyable {
  public var order: Order
  public internal(set) var state = OrderState.sent
  public internal(set) var filled = Quantity.zero
  public internal(set) var end: OrderEnd?
  public internal(set) var rejection: Rejection?
  /// A cancel was sent and not yet answered.
  public internal(set) var awaitsCancel = false
  /// The terms of a replacement that was sent and not yet answered.
  public internal(set) var replacement: OrderTerms?

  /// The venue has spoken of it.
  var isKnownToVenue = false
  /// The venue was asked for its orders and did not name it.
  var isInDoubt = false
  /// Executions up to this much in all were taken from a statement: reports of them that come late are
  /// not counted again.
  var assumed = Quantity.zero
  /// Price × quantity of all that was filled, in steps of both.
  var worth: Int128 = 0
  /// When the terms it has now were agreed on.
  var termsTime = Timestamp(nanoseconds: .min)

  public init(_ order: Order) { self.order = order }

  /// Its terms are not those it was made with.
  public var wasReplaced: Bool { termsTime.nanoseconds > .min }

  /// The state that follows from what was reported, in whatever order it came.
  var stateOfReports: OrderState {
    if filled >= order.intent.quantity { return .filled }
    if end != nil { return .ended }
    if rejection != nil { return .rejected }
    if isInDoubt { return .unknown }
    return isKnownToVenue || !filled.isZero ? .working : .sent
  }

  public var remaining: Quantity {
    Quantity(steps: max(0, order.intent.quantity.steps - filled.steps))
  }
}
