import Market
import Numerics
import Runtime

/// What the account was worth when a bar became known.
public struct EquityPoint: Hashable, Sendable, BitwiseCopyable {
  public let time: Timestamp
  public let equity: Cash
  /// The part of it that was in holdings.
  public let exposure: Double
}

/// What a run leaves behind, besides its journal.
public struct RunRecord: Sendable {
  public internal(set) var equity: [EquityPoint] = []
  public internal(set) var fills: [Fill] = []
  /// Money and shares that came or went without an order.
  public internal(set) var bookings: [VenueBooking] = []
  public internal(set) var denials: [(order: OrderID, denial: Denial)] = []
  /// Orders that left smaller than they were asked for.
  public internal(set) var reductions: [(order: OrderID, denial: Denial)] = []
  public internal(set) var breakers: [Breaker] = []
  /// Events of market data.
  public internal(set) var events = 0
  /// Executions that were reported again, and reports of orders that were never made.
  public internal(set) var repeated = 0
  public internal(set) var unknownOrders = 0

  mutating func add(_ account: Account, at time: Timestamp) {
    let held = Double(account.value.long.steps - account.value.short.steps)
    equity.append(
      EquityPoint(
        time: time, equity: account.equity, exposure: held / Double(account.equity.steps)))
  }
}
