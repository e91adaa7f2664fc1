import Market
import Numerics

/// By which rules a simulated venue fills; docs/FILL_RULES.md says what follows from them.
public struct VenueRules: Sendable {
  public var costs: CostModel
  /// The part of a bar's volume that one account can have.
  public var volumeShare = 1.0
  /// A limit that the price only touches is filled; otherwise the price must go beyond it.
  public var touchFills = false
  /// Nanoseconds until an order reaches the venue, and until its word reaches us.
  public var orderDelay: Int64 = 0
  public var reportDelay: Int64 = 0
  public var buyingPower = BuyingPower.cash(settlementSessions: 0)
  /// Of a year, on the value of what is sold short.
  public var borrowRate = Rate.zero
  /// No trade further from the last session's close than this part of it; sessions without a close before
  /// them have no bands.
  public var priceBand: Rate?
  /// Market orders are filled by the next bar as others are, but at the close before it.
  public var fillsAtDecidingClose = false
  /// Bars know no sessions: nothing opens, closes or expires with a day.
  public var isContinuous = false

  public init(costs: CostModel) { self.costs = costs }

  /// What an account may buy, and whether it may sell what it has not.
  public enum BuyingPower: Hashable, Sendable {
    /// Money there is; what was sold pays for purchases so many sessions later. No short sales.
    case cash(settlementSessions: Int)
    /// Positions worth up to so many times the account; short sales of what can be borrowed.
    case margin(leverage: Rate)
  }
}
