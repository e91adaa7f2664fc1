import Market
import Numerics
import Runtime

extension Reconciliation {
  /// Compares an account with its venue's statement: a function of the two, which changes neither.
  ///
  /// Reports in the statement that we have not seen come first, then what it says of working orders, then
  /// positions and cash. Whatever was lost on the way, and in whatever order the rest came, the outcome is
  /// the same account. An order that the venue does not name is not taken for over: it is unknown until
  /// the venue says.
  public init(_ before: Account, with statement: VenueStatement) throws(EngineError) {
    account = before
    try takeReports(of: statement)
    for working in statement.working { try take(working, at: statement.time) }
    doubtMissing(statement)
    try compareHoldings(statement)
    guard !differences.isEmpty else { return }
    do throws(LedgerError) {
      try prepareAdoption(statement)
    } catch {
      throw .ledger(error)
    }
  }

  private mutating func take(_ report: VenueReport) throws(EngineError) {
    let message = VenueMessage.report(report)
    var after = account
    let taken = try after.take(message)
    // What is known already leaves no trace.
    guard after.orders[report.order] != account.orders[report.order] else { return }
    if case .unknownOrder = taken.effect { return }
    account = after
    messages.append(message)
  }

  /// In the order of the venue's clock, so that books do not depend on how a statement is sorted.
  private mutating func takeReports(of statement: VenueStatement) throws(EngineError) {
    let ordered = statement.reports.enumerated().sorted {
      ($0.element.time, $0.element.order, $0.offset)
        < ($1.element.time, $1.element.order, $1.offset)
    }
    for (_, report) in ordered { try take(report) }
  }

  private mutating func take(
    _ working: VenueStatement.WorkingOrder, at time: Timestamp
  ) throws(EngineError) {
    let id = working.order.id
    guard let known = account.orders[id] else {
      differences.append(.strange(working.order))
      return
    }
    try take(VenueReport(order: id, time: time, content: .accepted))
    if let execution = try assumed(working, known) {
      try take(VenueReport(order: id, time: time, content: .executed(execution)))
    }
    guard let now = account.orders[id] else { return }
    if now.filled > working.filled {
      differences.append(.overfilled(id, ours: now.filled, venue: working.filled))
    }
    let ours = OrderTerms(quantity: now.order.intent.quantity, type: now.order.intent.type)
    let theirs = OrderTerms(
      quantity: working.order.intent.quantity, type: working.order.intent.type)
    if ours != theirs, now.replacement == nil {
      differences.append(.terms(id, ours: ours, venue: theirs))
    }
  }

  /// What was filled of an order although no report of it came: named after the order and how much it has
  /// in all, so that it is the same at every start.
  private func assumed(
    _ working: VenueStatement.WorkingOrder, _ known: OrderRecord
  ) throws(EngineError) -> Execution? {
    let instrument = known.order.intent.instrument
    do throws(FixedPointError) {
      let missing = try working.filled.subtracting(known.filled)
      guard missing > .zero else { return nil }
      var price = account.mark(instrument)
      if let average = working.averagePrice {
        let worth = Int128(average.steps) * Int128(working.filled.steps) - known.worth
        let steps = Rounding.halfEven.divide(worth, by: Int128(missing.steps)).quotient
        price = Int64(exactly: steps).map(Price.init(steps:))
      }
      // Without any price it stays a difference of the position.
      guard let price, price > .zero else { return nil }
      return Execution(
        id: ExecutionID(assumedOf: working.order.id, cumulative: working.filled.steps),
        quantity: missing, cumulative: working.filled, price: price, reference: price,
        commission: .zero, reason: .venue)
    } catch {
      throw .amount(error)
    }
  }

  private mutating func doubtMissing(_ statement: VenueStatement) {
    let named = Set(statement.working.map(\.order.id))
    for id in account.orders.open where !named.contains(id) {
      account.orders.doubt(id)
      differences.append(.missing(id))
    }
  }

  private mutating func compareHoldings(_ statement: VenueStatement) throws(EngineError) {
    let ledger = account.ledger
    for (place, venue) in statement.positions.enumerated() where place < ledger.instrumentCount {
      let ours = ledger.position(InstrumentID(place))
      if ours != venue {
        differences.append(.position(InstrumentID(place), ours: ours, venue: venue))
      }
    }
    do throws(FixedPointError) {
      for (place, venue) in statement.cash.enumerated() where place < ledger.currencyCount {
        let currency = CurrencyID(place)
        let ours = try ledger.cash(currency).adding(ledger.balance(.unsettled(currency)))
        if ours != venue { differences.append(.cash(currency, ours: ours, venue: venue)) }
      }
    } catch {
      throw .amount(error)
    }
    if let stated = statement.equity { try compareEquity(stated, statement) }
  }

  /// A venue that doubles a position on the wire is found out by its own worth of the account.
  private mutating func compareEquity(
    _ stated: Cash, _ statement: VenueStatement
  ) throws(EngineError) {
    var sum = Int128.zero
    for (place, cash) in statement.cash.enumerated() where place < account.rates.count {
      sum += Int128(cash.steps) * Int128(account.rates[place].steps) / Int128(Rate.stepsPerUnit)
    }
    for (place, quantity) in statement.positions.enumerated() where !quantity.isZero {
      let id = InstrumentID(place)
      guard place < account.marks.count, let mark = account.mark(id) else { return }
      let worth =
        Int128(mark.steps) * Int128(quantity.steps)
        * Int128(account.ledger.multiplier(of: id)) / 1_000_000_000_000
      let rate = account.rates[account.table.currency(of: id).place]
      sum += worth * Int128(rate.steps) / Int128(Rate.stepsPerUnit)
    }
    guard let steps = Int64(exactly: sum) else { return }
    let counted = Cash(steps: steps)
    // Prices move between two looks at them: a twentieth is no doubled position.
    let tolerated = max(stated.steps.magnitude, steps.magnitude) / 20
    if (stated.steps - steps).magnitude > tolerated {
      differences.append(.equity(stated: stated, counted: counted))
    }
  }
}
