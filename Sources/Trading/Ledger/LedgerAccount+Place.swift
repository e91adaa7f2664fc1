extension LedgerAccount {
  /// Where an account's balance lies: each currency has one of every kind, each instrument one.
  enum Place {
    case currency(CurrencyID, kind: Int)
    case instrument(InstrumentID)
  }

  static let kindsOfCurrency = 11

  @inline(__always) var place: Place {
    switch self {
    case .cash(let currency): .currency(currency, kind: 0)
    case .unsettled(let currency): .currency(currency, kind: 1)
    case .commission(let currency): .currency(currency, kind: 2)
    case .taxes(let currency): .currency(currency, kind: 3)
    case .borrowing(let currency): .currency(currency, kind: 4)
    case .dividends(let currency): .currency(currency, kind: 5)
    case .realised(let currency): .currency(currency, kind: 6)
    case .capital(let currency): .currency(currency, kind: 7)
    case .conversion(let currency): .currency(currency, kind: 8)
    case .rounding(let currency): .currency(currency, kind: 9)
    case .adopted(let currency): .currency(currency, kind: 10)
    case .holdings(let instrument): .instrument(instrument)
    }
  }
}
