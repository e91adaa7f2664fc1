import Numerics
import Runtime

public enum AssetClass: String, CaseIterable, Sendable {
  case equity, fund, index, future, option, currency, crypto, bond
}

/// Something that can be traded at one venue, and the grid its orders must keep to.
public struct Instrument: Hashable, Sendable {
  public let symbol: Symbol
  public let assetClass: AssetClass
  /// The venue's own name: "NASDAQ"; where it has a trading calendar, the calendar's.
  public let venue: String
  public let currency: Currency
  /// Prices of orders are multiples of it.
  public let tickSize: Price
  /// Quantities of orders are multiples of it.
  public let lotSize: Quantity
  /// Units of the underlying in one contract; 1 for shares.
  public let multiplier: Int64

  public init(
    symbol: Symbol, assetClass: AssetClass = .equity, venue: String, currency: Currency = .usd,
    tickSize: Price = Price(steps: Price.stepsPerUnit / 100),
    lotSize: Quantity = Quantity(steps: Quantity.stepsPerUnit), multiplier: Int64 = 1
  ) throws(InstrumentError) {
    guard tickSize > .zero else {
      throw .sizeNotPositive(symbol, what: "tick size", found: tickSize.description)
    }
    guard lotSize > .zero else {
      throw .sizeNotPositive(symbol, what: "lot size", found: lotSize.description)
    }
    guard multiplier > 0 else {
      throw .sizeNotPositive(symbol, what: "multiplier", found: String(multiplier))
    }
    self.symbol = symbol
    self.assetClass = assetClass
    self.venue = venue
    self.currency = currency
    self.tickSize = tickSize
    self.lotSize = lotSize
    self.multiplier = multiplier
  }

  /// What `quantity` is worth at `price`, with what cash cannot hold.
  public func value(
    of quantity: Quantity, at price: Price, rounding: Rounding = .halfEven
  ) throws(FixedPointError) -> CashAmount {
    try CashAmount(
      price: price, quantity: quantity, multiplier: multiplier, rounding: rounding)
  }
}

/// What can be wrong with an instrument, a currency or a symbol.
public enum InstrumentError: DiagnosedError, Equatable {
  case sizeNotPositive(Symbol, what: String, found: String)
  case unknownCurrency(code: String)
  /// Characters are counted from 1.
  case badSymbol(text: String, character: Int)
  case symbolLength(text: String)

  public var diagnosis: Diagnosis {
    switch self {
    case .sizeNotPositive(let symbol, let what, let found):
      Diagnosis(
        place: "\(symbol), \(what)", finding: "\(found) is not above zero",
        remedy: "look it up in the venue's contract specification", exitCode: .wrongUsage)
    case .unknownCurrency(let code):
      Diagnosis(
        place: "currency \(Excerpt.quoted(code, longest: 40))", finding: "no known currency",
        remedy: (Words.nearest(to: code, among: Currency.all.map(\.code))
          .map { "did you mean \($0)? " } ?? "")
          + "known: " + Currency.all.map(\.code).joined(separator: ", "),
        exitCode: .wrongUsage)
    case .badSymbol(let text, let character):
      Diagnosis(
        place: "symbol \(Excerpt.quoted(text, longest: 40))",
        finding: "character \(character) is in no exchange's symbols",
        remedy: "use letters, digits and . - _ ^ = & / only, as BRK.B or ^VIX",
        exitCode: .wrongUsage)
    case .symbolLength(let text):
      Diagnosis(
        place: "symbol \(Excerpt.quoted(text, longest: 40))",
        finding: text.isEmpty ? "it is empty" : "it is longer than \(Symbol.longest) characters",
        remedy: "write the symbol as the exchange does, as NVDA", exitCode: .wrongUsage)
    }
  }
}
