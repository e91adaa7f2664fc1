import Features
import Market
import Numerics
import Runtime

/// A wish to buy (positive) or sell (negative) at the next open.
public struct NextOpenOrder: Hashable, Sendable {
  public let symbol: Symbol
  public let quantity: Quantity
  /// The close of the bar that led to it; only a price newer than this can fill it.
  public let createdAt: Timestamp
}

/// What was bought or sold, when, at which price and for which fee.
public struct NextOpenFill: Hashable, Sendable {
  public enum Reason: String, Sendable {
    case nextOpen = "next open"
    /// The cash there was did not pay for all that was asked.
    case cutToCash = "next open, cut to the cash there was"
  }

  public let symbol: Symbol
  public let quantity: Quantity
  public let price: Price
  public let fee: Cash
  public let orderedAt: Timestamp
  public let time: Timestamp
  public let reason: Reason

  public init(
    symbol: Symbol, quantity: Quantity, price: Price, fee: Cash, orderedAt: Timestamp,
    time: Timestamp, reason: Reason
  ) {
    self.symbol = symbol
    self.quantity = quantity
    self.price = price
    self.fee = fee
    self.orderedAt = orderedAt
    self.time = time
    self.reason = reason
  }
}

/// What trading costs, always on: half the spread on each side, and a commission on what changes
/// hands.
public struct Costs: Hashable, Sendable {
  public let halfSpread: Rate
  public let commission: Rate

  public init(halfSpreadBasisPoints: Double, commissionBasisPoints: Double) throws(BacktestError) {
    halfSpread = try Self.rate(halfSpreadBasisPoints, "half_spread_bps")
    commission = try Self.rate(commissionBasisPoints, "commission_bps")
  }

  private static func rate(_ basisPoints: Double, _ key: String) throws(BacktestError) -> Rate {
    guard (0...1000).contains(basisPoints) else {
      throw .setting(key, "\(basisPoints)", expected: "basis points from 0 to 1000")
    }
    do { return try Rate(nearest: basisPoints / 10_000) } catch { throw .amount(error) }
  }
}
