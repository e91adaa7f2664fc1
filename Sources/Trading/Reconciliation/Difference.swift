import Market
import Numerics

/// What a venue's account and our books do not agree on.
public enum Difference: Hashable, Sendable {
  case cash(CurrencyID, ours: Cash, venue: Cash)
  case position(InstrumentID, ours: Quantity, venue: Quantity)
  /// We think that it works, and the venue does not name it: what became of it is unknown.
  case missing(OrderID)
  /// The venue works an order that we never made.
  case strange(Order)
  /// The venue has it with other terms.
  case terms(OrderID, ours: OrderTerms, venue: OrderTerms)
  /// More was filled than the venue says.
  case overfilled(OrderID, ours: Quantity, venue: Quantity)
  /// The worth that the venue states is not that of the cash and positions it states.
  case equity(stated: Cash, counted: Cash)
}

/// The outcome of looking at a venue's statement.
public struct Reconciliation: Sendable {
  /// What the statement tells that no report had: to be journalled and taken like any message.
  public internal(set) var messages: [VenueMessage] = []
  /// The account once those are taken.
  public internal(set) var account: Account
  /// What then still differs.
  public internal(set) var differences: [Difference] = []
  /// What would make the books the venue's; empty where nothing differs. They are entered on request
  /// only.
  public internal(set) var adoption: [Posting] = []

  public var agrees: Bool { differences.isEmpty }
}
