import Market
import Numerics
import Runtime
import Testing
import Trading

@Suite("Restarts") struct RestartTests {
  /// Buys and sells in turn.
  private func strategy() -> ActingStrategy {
    var strategy = ActingStrategy()
    strategy.closed = { bar, count, desk in
      desk.submit(
        OrderIntent(
          count % 3 == 0 ? .sell : .buy, Quantity(whole: Int64(count)), of: bar.instrument,
          type: count % 4 == 0 ? .limit(Price(steps: Price.stepsPerUnit)) : .market,
          timeInForce: .untilCancelled))
    }
    return strategy
  }

  @Test("A saved account comes back whole, and a byte less is refused") func saved() throws {
    let table = try EngineBench.table("A", "B")
    var engine = try EngineBench.engine(
      strategy(), (0..<9).map { EngineBench.bar($0, 10 + Double($0)) }, table,
      venue: EngineBench.venue(table))
    try engine.run()
    let account = engine.desk.account
    #expect(account.orders.open.count > 1 && !account.position(InstrumentID(0)).isZero)
    let again = try Account(table, saved: account.saved)
    #expect(again.agrees(with: account) && again.saved == account.saved)
    #expect(again.equity == account.equity && again.mark(InstrumentID(0)) == Price(whole: 18))
    for count in [0, 1, 10, account.saved.count - 1] {
      #expect(throws: JournalError.self) {
        try Account(table, saved: Array(account.saved.prefix(count)))
      }
    }
    // Of other instruments.
    #expect(throws: JournalError.self) {
      try Account(try EngineBench.table("A"), saved: account.saved)
    }
  }

  @Test("A close that is no number makes a bar impossible, though the rest of it is none")
  func close() throws {
    var strategy = ActingStrategy()
    strategy.closed = { _, _, desk in
      desk.submit(OrderIntent(.buy, Quantity(whole: 1), of: InstrumentID(0)))
    }
    let table = try EngineBench.table("A")
    let time = EngineBench.at(1)
    let bar = Bar(
      start: EngineBench.at(0), end: time, knownAt: time, open: 10, high: 10, low: 10, close: .nan,
      volume: 1)
    let event = MarketEvent(
      time: time, instrument: InstrumentID(0), content: .bar(bar, SeriesID(0), []))
    var engine = try EngineBench.engine(
      strategy, [event], table, venue: EngineBench.venue(table))
    try engine.run()
    #expect(engine.desk.account.orders.records.isEmpty)
  }

  @Test(
    "What is held without a price stops no run, and nothing that opens leaves until there is one")
  func heldWithoutPrice() throws {
    var strategy = ActingStrategy()
    strategy.closed = { bar, _, desk in
      guard bar.instrument == InstrumentID(0) else { return }
      desk.submit(OrderIntent(.buy, Quantity(whole: 1), of: bar.instrument))
    }
    let table = try EngineBench.table("A", "B")
    var venue = ScriptedVenue()
    // Shares of a split of what was bought before anybody listened.
    venue.due = [
      (
        EngineBench.at(0),
        .booking(
          VenueBooking(
            id: ExecutionID(high: 0, low: 1), time: EngineBench.at(0), instrument: InstrumentID(1),
            currency: .base, kind: .split, cash: .zero, quantity: Quantity(whole: 71)))
      )
    ]
    var limits = RiskLimits.research
    limits.order.mostQuantity = Quantity(whole: 10)
    var engine = try EngineBench.engine(
      strategy,
      [
        EngineBench.bar(0, 10), EngineBench.bar(1, 10), EngineBench.bar(1, 20, of: 1),
        EngineBench.bar(2, 10),
      ], table, venue: venue,
      gate: RiskGate(limits, table, equity: Cash(whole: 100_000), zone: .utc))
    try engine.run()
    #expect(engine.record.denials.map(\.denial.code) == [.noPrice])
    #expect(engine.venue.taken.count == 2)
    #expect(engine.record.equity.map(\.equity) == [Cash(whole: 101_420), Cash(whole: 101_420)])
  }

  @Test(
    "A split that is booked when more was sold than held turns the position, and the books bear it")
  func lateSplit() throws {
    for rule in CostRule.allCases {
      let table = try EngineBench.table("A")
      var ledger = Ledger(table, costRule: rule)
      func fill(_ whole: Int64, _ number: UInt64) -> Fill {
        let order = Order(
          id: OrderID(number),
          intent: OrderIntent(
            whole > 0 ? .buy : .sell, Quantity(whole: abs(whole)), of: InstrumentID(0)),
          createdAt: EngineBench.at(0))
        return Fill(
          Execution(
            id: ExecutionID(high: number, low: 1), quantity: Quantity(whole: abs(whole)),
            cumulative: Quantity(whole: abs(whole)), price: Price(whole: 10),
            reference: Price(whole: 10), commission: .zero, reason: .nextOpen), of: order,
          at: EngineBench.at(1))
      }
      // 100 became 200, of which 150 were sold before anybody said so.
      try ledger.book(fill(100, 1))
      try ledger.book(fill(-150, 2))
      try ledger.book(
        VenueBooking(
          id: ExecutionID(high: 0, low: 1), time: EngineBench.at(2), instrument: InstrumentID(0),
          currency: .base, kind: .split, cash: .zero, quantity: Quantity(whole: 100)))
      #expect(ledger.position(InstrumentID(0)) == Quantity(whole: 50))
      #expect(ledger.cost(InstrumentID(0)).isZero)
      try ledger.checkSums()
    }
  }
}

extension Price {
  fileprivate init(whole: Int64) { self.init(steps: whole * Price.stepsPerUnit) }
}
