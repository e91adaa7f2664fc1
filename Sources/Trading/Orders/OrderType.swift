import Market

public enum Side: UInt8, CaseIterable, Sendable, BitwiseCopyable {
  case buy, sell

  @inlinable public var opposite: Side { self == .buy ? .sell : .buy }
}

/// At which prices an order may be filled.
public enum OrderType: Hashable, Sendable, BitwiseCopyable {
  case market
  case limit(Price)
  /// Becomes a market order when the price reaches it.
  case stop(Price)
  /// Becomes a limit order when the price reaches `stop`.
  case stopLimit(stop: Price, limit: Price)
  /// A stop that follows the best price so far at a distance.
  case trailing(Trail)
  /// In the session's opening auction only, at any price or at `limit` and better.
  case atOpen(limit: Price?)
  /// In the session's closing auction only.
  case atClose(limit: Price?)

  /// The prices it names, at most two.
  public var prices: [Price] {
    switch self {
    case .market, .trailing(.part), .atOpen(limit: nil), .atClose(limit: nil): []
    case .limit(let price), .stop(let price), .trailing(.amount(let price)),
      .atOpen(limit: let price?), .atClose(limit: let price?):
      [price]
    case .stopLimit(let stop, let limit): [stop, limit]
    }
  }
}

/// How far behind the best price a trailing stop is. A multiple of the average true range is an
/// amount by the time it is ordered: see `Desk`.
public enum Trail: Hashable, Sendable, BitwiseCopyable {
  case amount(Price)
  /// A part of the best price: 0.05 is five percent.
  case part(Rate)
}

/// How long an order waits.
public enum TimeInForce: UInt8, CaseIterable, Sendable, BitwiseCopyable {
  /// Until the session ends in which it became live.
  case day
  /// Until it is cancelled.
  case untilCancelled
  /// What can be filled at the first price it meets is; the rest is cancelled.
  case immediateOrCancel
  /// All of it at the first price it meets, or nothing.
  case fillOrKill
}
