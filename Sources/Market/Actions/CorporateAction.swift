import Runtime

/// Something a company did that changes what one of its shares is worth without changing its value.
///
/// Actions are kept as events with the time they became known; price factors follow from them, so
/// that factors of different days are never mixed.
public struct CorporateAction: Hashable, Sendable {
  public enum Kind: Hashable, Sendable {
    /// New shares for each old one: 10 for a split of ten to one, 0.125 for a reverse one to eight.
    case split(ratio: Double)
    /// Money paid for one share as it was on that day, in the currency of its price.
    case dividend(amount: Double)
    /// From that day on the share trades under this symbol.
    case renamed(to: Symbol)
    /// The last day of trading.
    case delisted
  }

  public let symbol: Symbol
  /// The first session at whose open the price no longer includes it; the last of a delisting.
  public let date: CivilDate
  /// When it could first be acted on; the session's open where nothing better is known.
  public let knownAt: Timestamp
  public let kind: Kind

  public init(symbol: Symbol, date: CivilDate, knownAt: Timestamp, kind: Kind) {
    self.symbol = symbol
    self.date = date
    self.knownAt = knownAt
    self.kind = kind
  }
}
