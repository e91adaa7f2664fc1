import Market
import Runtime

/// What has been sent lately: how many messages in the last second, and which orders.
struct OrderTraffic: Sendable {
  /// An order as it is compared with others.
  private struct Likeness: Equatable {
    var instrument: InstrumentID
    var side: Side
    var quantity: Quantity
    var type: OrderType
  }

  private static let rememberedOrders = 64

  /// The instants of the last messages, in a ring as long as the most of a second.
  private var messages: [Int64]
  private var nextMessage = 0
  private var orders: [(likeness: Likeness, at: Int64)] = []
  private var nextOrder = 0

  init(mostPerSecond: Int?) {
    messages = Array(repeating: .min, count: mostPerSecond ?? 0)
    orders.reserveCapacity(Self.rememberedOrders)
  }

  /// Whether as many messages as are allowed were sent within the second before `now`.
  func isFull(at now: Timestamp) -> Bool {
    guard !messages.isEmpty else { return false }
    // The oldest in the ring is the one that would be overwritten.
    let oldest = messages[nextMessage]
    return oldest != .min && now.nanoseconds &- oldest < Timestamp.nanosecondsPerSecond
  }

  mutating func noteMessage(at now: Timestamp) {
    guard !messages.isEmpty else { return }
    messages[nextMessage] = now.nanoseconds
    nextMessage = nextMessage + 1 == messages.count ? 0 : nextMessage + 1
  }

  /// Whether the same order was let out less than `window` nanoseconds ago.
  func hasLike(_ intent: OrderIntent, within window: Int64, of now: Timestamp) -> Bool {
    let likeness = Self.likeness(intent)
    for order in orders where now.nanoseconds &- order.at < window {
      if order.likeness == likeness { return true }
    }
    return false
  }

  mutating func note(_ intent: OrderIntent, at now: Timestamp) {
    let entry = (Self.likeness(intent), now.nanoseconds)
    if orders.count < Self.rememberedOrders {
      orders.append(entry)
    } else {
      orders[nextOrder] = entry
      nextOrder = (nextOrder + 1) % Self.rememberedOrders
    }
  }

  private static func likeness(_ intent: OrderIntent) -> Likeness {
    Likeness(
      instrument: intent.instrument, side: intent.side, quantity: intent.quantity,
      type: intent.type)
  }
}
