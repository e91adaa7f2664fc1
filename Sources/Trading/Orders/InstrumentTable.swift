import Market
import Numerics

/// The instruments of a run and their currencies, by small numbers.
public struct InstrumentTable: Sendable {
  public private(set) var instruments: [Instrument] = []
  /// The account's own first.
  public private(set) var currencies: [Currency]
  private var currencyOf: [CurrencyID] = []
  private var places: [Symbol: Int] = [:]

  public init(base: Currency = .usd) { currencies = [base] }

  /// The number of an instrument, which is added where it was not there; `nil` where another instrument
  /// of that symbol is.
  public mutating func add(_ instrument: Instrument) -> InstrumentID? {
    if let place = places[instrument.symbol] {
      return instruments[place] == instrument ? InstrumentID(place) : nil
    }
    places[instrument.symbol] = instruments.count
    instruments.append(instrument)
    currencyOf.append(id(adding: instrument.currency))
    return InstrumentID(instruments.count - 1)
  }

  private mutating func id(adding currency: Currency) -> CurrencyID {
    if let place = currencies.firstIndex(of: currency) { return CurrencyID(place) }
    currencies.append(currency)
    return CurrencyID(currencies.count - 1)
  }

  public var count: Int { instruments.count }
  public subscript(id: InstrumentID) -> Instrument { instruments[id.place] }
  public subscript(symbol: Symbol) -> InstrumentID? { places[symbol].map(InstrumentID.init) }
  /// What prices and quantities of its orders are multiples of.
  func grid(of id: InstrumentID) -> (tick: Price, lot: Quantity) {
    (instruments[id.place].tickSize, instruments[id.place].lotSize)
  }
  public func currency(of id: InstrumentID) -> CurrencyID { currencyOf[id.place] }
  public func contains(_ id: InstrumentID) -> Bool { instruments.indices.contains(id.place) }
}
