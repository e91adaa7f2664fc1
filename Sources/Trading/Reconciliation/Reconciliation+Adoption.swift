import Market
import Numerics
import Runtime

/// Why the venue's account is not taken over.
public enum AdoptionRefusal: DiagnosedError, Equatable {
  case equity(stated: Cash, counted: Cash)
  case noPrice(Symbol)

  public var diagnosis: Diagnosis {
    switch self {
    case .equity(let stated, let counted):
      Diagnosis(
        place: "reconciliation",
        finding: "the venue says the account is worth \(stated), but what it lists is \(counted)",
        remedy: "ask the venue for its statement again; nothing was adopted", exitCode: .refused)
    case .noPrice(let symbol):
      Diagnosis(
        place: "reconciliation", finding: "no price of \(symbol), of which the venue holds more",
        remedy: "adopt once a price is known", exitCode: .refused)
    }
  }
}

extension Reconciliation {
  /// Why these differences may not be adopted, or `nil`.
  public var refusal: AdoptionRefusal? {
    for difference in differences {
      switch difference {
      case .equity(let stated, let counted): return .equity(stated: stated, counted: counted)
      case .position(let id, _, _) where account.mark(id) == nil:
        return .noPrice(account.table[id].symbol)
      default: continue
      }
    }
    return nil
  }

  /// Postings after which positions and cash are the venue's. What a position gains comes in at its last
  /// price, what it loses goes out at its cost, and the other side of all of it is an account of its own.
  mutating func prepareAdoption(_ statement: VenueStatement) throws(LedgerError) {
    guard refusal == nil else { return }
    var ledger = account.ledger
    for difference in differences {
      switch difference {
      case .position(let id, let ours, let venue):
        guard let mark = account.mark(id) else { continue }
        adoption.append(try ledger.adopt(id, from: ours, to: venue, at: mark, statement.time))
      case .cash(let currency, let ours, let venue):
        adoption.append(try ledger.adopt(currency, from: ours, to: venue, statement.time))
      default: continue
      }
    }
  }
}

extension Ledger {
  fileprivate mutating func adopt(
    _ id: InstrumentID, from ours: Quantity, to venue: Quantity, at mark: Price, _ time: Timestamp
  ) throws(LedgerError) -> Posting {
    let currency = currency(of: id)
    let posting = try exact { () throws(FixedPointError) in
      let change = try venue.subtracting(ours)
      let cost = try costOfAdopting(change, of: id, at: mark)
      return Posting(
        .adoption, at: time, change: Posting.Change(id, change),
        Posting.Line(.holdings(id), currency, cost),
        Posting.Line(.adopted(currency), currency, try cost.negated()))
    }
    try post(posting)
    return posting
  }

  private func costOfAdopting(
    _ change: Quantity, of id: InstrumentID, at mark: Price
  ) throws(FixedPointError) -> Cash {
    let held = position(id)
    let after = try held.adding(change)
    func worth(_ quantity: Quantity) throws(FixedPointError) -> Cash {
      try CashAmount(price: mark, quantity: quantity, multiplier: multiplier(of: id)).cash
    }
    guard held.sign * change.sign < 0 else { return try worth(change) }
    if after.isZero || after.sign == held.sign {
      return try cost(of: change.negated(), in: id).negated()
    }
    return try worth(after).subtracting(cost(id))
  }

  fileprivate mutating func adopt(
    _ currency: CurrencyID, from ours: Cash, to venue: Cash, _ time: Timestamp
  ) throws(LedgerError) -> Posting {
    let posting = try exact { () throws(FixedPointError) in
      let change = try venue.subtracting(ours)
      return Posting(
        .adoption, at: time, Posting.Line(.cash(currency), currency, change),
        Posting.Line(.adopted(currency), currency, try change.negated()))
    }
    try post(posting)
    return posting
  }
}
