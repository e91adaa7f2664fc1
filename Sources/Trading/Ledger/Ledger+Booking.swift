import Market
import Numerics
import Runtime

/// When the money of a trade counts as cash.
public enum TradeSettlement: UInt8, CaseIterable, Sendable, BitwiseCopyable {
  case atOnce
  /// It is owed until `settlement` is posted.
  case later
}

// What happened, as postings. Each is entered and handed back, for the journal.
extension Ledger {
  /// Books an execution: the position at its cost against cash, commission, taxes, and for what is
  /// closed the gain over what it had cost.
  @discardableResult
  public mutating func book(
    _ fill: Fill, settlement: TradeSettlement = .atOnce
  ) throws(LedgerError) -> Posting {
    guard isKnown(fill.instrument) else {
      throw .unknownAccount(.execution(fill.execution.id))
    }
    let posting = try exact { () throws(FixedPointError) in
      try self.posting(for: fill, settlement)
    }
    try post(posting)
    return posting
  }

  private func isKnown(_ instrument: InstrumentID) -> Bool {
    (0..<instrumentCount).contains(instrument.place)
  }

  private func posting(
    for fill: Fill, _ settlement: TradeSettlement
  ) throws(FixedPointError) -> Posting {
    let instrument = fill.instrument
    let currency = currency(of: instrument)
    let worth = try CashAmount(
      price: fill.price, quantity: fill.quantity, multiplier: multiplier(of: instrument))
    let cost = try costChange(of: fill, worth: worth.cash)
    let paid = try worth.cash.adding(fill.commission).adding(fill.taxes).negated()
    let money: LedgerAccount = settlement == .atOnce ? .cash(currency) : .unsettled(currency)
    let gain = try worth.cash.subtracting(cost)
    return Posting(
      .execution(fill.execution.id), at: fill.time,
      change: Posting.Change(instrument, fill.quantity), residue: worth.residue,
      Posting.Line(.holdings(instrument), currency, cost), Posting.Line(money, currency, paid),
      gain.isZero ? nil : Posting.Line(.realised(currency), currency, gain),
      fill.commission.isZero
        ? nil : Posting.Line(.commission(currency), currency, fill.commission),
      fill.taxes.isZero ? nil : Posting.Line(.taxes(currency), currency, fill.taxes))
  }

  /// What a fill adds to the cost of its position: what closes takes its part out, what opens brings
  /// its worth in, and what turns a position around does both.
  private func costChange(of fill: Fill, worth: Cash) throws(FixedPointError) -> Cash {
    let held = position(fill.instrument)
    guard held.sign * fill.quantity.sign < 0 else { return worth }
    let after = try held.adding(fill.quantity)
    if after.sign == held.sign || after.isZero {
      return try cost(of: fill.quantity.negated(), in: fill.instrument).negated()
    }
    let opened = try CashAmount(
      price: fill.price, quantity: after, multiplier: multiplier(of: fill.instrument))
    return try opened.cash.subtracting(cost(fill.instrument))
  }

  /// Books what the venue booked without an order.
  ///
  /// Cash paid in a split in place of part of a share lessens what the position cost; where it is more
  /// than that, the rest is a gain.
  @discardableResult
  public mutating func book(_ booking: VenueBooking) throws(LedgerError) -> Posting {
    guard booking.instrument.map(isKnown) != false, booking.currency.place < currencyCount else {
      throw .unknownAccount(.deposit)
    }
    let posting = try exact { () throws(FixedPointError) in try self.posting(for: booking) }
    try post(posting)
    return posting
  }

  private func posting(for booking: VenueBooking) throws(FixedPointError) -> Posting {
    let currency = booking.currency
    let received = booking.cash
    let cash = Posting.Line(.cash(currency), currency, received)
    func simple(_ cause: PostingCause, _ other: LedgerAccount) throws(FixedPointError) -> Posting {
      Posting(
        cause, at: booking.time, cash, Posting.Line(other, currency, try received.negated()))
    }
    guard let instrument = booking.instrument else {
      return switch booking.kind {
      case .deposit: try simple(.deposit, .capital(currency))
      default: try simple(.interest, .borrowing(currency))
      }
    }
    switch booking.kind {
    case .deposit: return try simple(.deposit, .capital(currency))
    case .interest: return try simple(.interest, .borrowing(currency))
    case .dividend: return try simple(.dividend(instrument), .dividends(currency))
    case .borrowing: return try simple(.borrowing(instrument), .borrowing(currency))
    case .split, .delisting:
      let returned = try returnedCost(of: booking, received, instrument)
      return Posting(
        booking.kind == .split ? .split(instrument) : .delisting(instrument), at: booking.time,
        change: Posting.Change(instrument, booking.quantity),
        Posting.Line(.holdings(instrument), currency, try returned.negated()), cash,
        Posting.Line(.realised(currency), currency, try returned.subtracting(received)))
    }
  }

  /// What a split or the end of an instrument takes out of the cost of its position. Booked late, when the
  /// books have other shares than the venue had, it may leave some, or turn them around.
  private func returnedCost(
    of booking: VenueBooking, _ received: Cash, _ instrument: InstrumentID
  ) throws(FixedPointError) -> Cash {
    let held = position(instrument)
    guard try held.adding(booking.quantity).sign == held.sign else { return cost(instrument) }
    if booking.kind == .split { return returnOfCost(received, instrument) }
    guard booking.quantity.sign == -held.sign else { return .zero }
    return try cost(of: booking.quantity.negated(), in: instrument)
  }

  /// As much of `received` as the position cost, on its side.
  private func returnOfCost(_ received: Cash, _ instrument: InstrumentID) -> Cash {
    let cost = cost(instrument)
    return cost.isNegative ? max(cost, min(received, .zero)) : min(cost, max(received, .zero))
  }

  /// Money of trades becomes cash.
  @discardableResult
  public mutating func settle(
    _ amount: Cash, _ currency: CurrencyID, at time: Timestamp
  ) throws(LedgerError) -> Posting {
    let owed = try exact { () throws(FixedPointError) in try amount.negated() }
    let posting = Posting(
      .settlement, at: time, Posting.Line(.cash(currency), currency, amount),
      Posting.Line(.unsettled(currency), currency, owed))
    try post(posting)
    return posting
  }

  /// Money of one currency becomes another's, at `rate` units of it for each.
  @discardableResult
  public mutating func convert(
    _ amount: Cash, from: CurrencyID, to: CurrencyID, at rate: Rate, time: Timestamp
  ) throws(LedgerError) -> Posting {
    let posting = try exact { () throws(FixedPointError) in
      let received = try CashAmount(amount, times: rate)
      return Posting(
        .conversion, at: time, residue: try received.residue.negated(),
        Posting.Line(.cash(from), from, try amount.negated()),
        Posting.Line(.conversion(from), from, amount),
        Posting.Line(.cash(to), to, received.cash),
        Posting.Line(.conversion(to), to, try received.cash.negated()))
    }
    try post(posting)
    return posting
  }

  /// Moves whole steps of cash that roundings have gathered to their account; `nil` where there are
  /// none. The gains then are what exact prices made, and the rounding account what the rest did.
  @discardableResult
  public mutating func settleRounding(
    _ currency: CurrencyID, at time: Timestamp
  ) throws(LedgerError) -> Posting? {
    let settled = CashAmount.settling(residue(currency))
    guard !settled.cash.isZero else { return nil }
    let posting = try exact { () throws(FixedPointError) in
      Posting(
        .rounding, at: time, residue: try settled.residue.subtracting(residue(currency)),
        Posting.Line(.rounding(currency), currency, try settled.cash.negated()),
        Posting.Line(.realised(currency), currency, settled.cash))
    }
    try post(posting)
    return posting
  }
}
