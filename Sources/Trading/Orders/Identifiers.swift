/// The place of an instrument in a run's `InstrumentTable`.
public struct InstrumentID: Hashable, Comparable, Sendable, BitwiseCopyable {
  public let index: Int32

  @inlinable public init(_ index: Int) { self.index = Int32(index) }
  @inlinable public var place: Int { Int(index) }
  @inlinable public static func < (a: Self, b: Self) -> Bool { a.index < b.index }
}

/// The place of a currency in a run's `InstrumentTable`; the account's own is the first.
public struct CurrencyID: Hashable, Comparable, Sendable, BitwiseCopyable {
  public let index: UInt8

  @inlinable public init(_ index: Int) { self.index = UInt8(index) }
  @inlinable public var place: Int { Int(index) }
  /// The currency in which the account is reckoned.
  public static let base = CurrencyID(0)
  @inlinable public static func < (a: Self, b: Self) -> Bool { a.index < b.index }
}

/// The number of an order: they count from 1 over the life of an account.
public struct OrderID: Hashable, Comparable, Sendable, BitwiseCopyable, CustomStringConvertible {
  public let number: UInt64

  @inlinable public init(_ number: UInt64) { self.number = number }
  public var description: String { "order \(number)" }
  @inlinable public static func < (a: Self, b: Self) -> Bool { a.number < b.number }
}

/// The name of one execution, by which it counts once however often it is reported.
///
/// A venue's own name is hashed to it by whoever speaks to the venue. One that no venue named is made
/// from the order and how much of it had been filled, so that it is the same at every start.
public struct ExecutionID: Hashable, Comparable, Sendable, BitwiseCopyable {
  public let high, low: UInt64

  @inlinable public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// Of an execution without a name: the order, and its filled quantity after this one.
  @inlinable public init(order: OrderID, cumulative steps: Int64) {
    self.init(high: order.number, low: UInt64(bitPattern: steps))
  }

  /// Of what must have been executed, although no report of it came: the order, and how much a venue's
  /// statement says was filled in all.
  public init(assumedOf order: OrderID, cumulative steps: Int64) {
    self.init(high: order.number | Self.assumed, low: UInt64(bitPattern: steps))
  }

  private static let assumed: UInt64 = 1 << 63

  /// Whether it is such a name of this order.
  func isAssumed(of order: OrderID) -> Bool { high == order.number | Self.assumed }

  @inlinable public static func < (a: Self, b: Self) -> Bool { (a.high, a.low) < (b.high, b.low) }
}

/// The place of what stands behind an order (strategy, model, certificate) in the run's table.
public struct ProvenanceID: Hashable, Sendable, BitwiseCopyable {
  public let index: UInt32

  @inlinable public init(_ index: Int) { self.index = UInt32(index) }
  @inlinable public var place: Int { Int(index) }
}

/// A timer that a strategy set, by the number it gave.
public struct TimerID: Hashable, Sendable, BitwiseCopyable {
  public let number: UInt32

  @inlinable public init(_ number: UInt32) { self.number = number }
}
