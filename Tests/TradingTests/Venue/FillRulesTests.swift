import Market
import Numerics
import Runtime
import Testing
import Trading

@Suite("Fill rules, as docs/FILL_RULES.md has them") struct FillRulesTests {
  @Test("the page has its rows, numbered from one, each with what it becomes") func page() {
    #expect(RuleCase.all.count >= 60)
    #expect(RuleCase.all.map(\.number) == Array(1...RuleCase.all.count))
    #expect(RuleCase.all.allSatisfy { !$0.becomes.isEmpty && !$0.market.isEmpty })
  }

  @Test("a row becomes what it says", arguments: RuleCase.all) func row(row: RuleCase) throws {
    guard !row.has("book") else {
      #expect(try row.playBook() == row.becomes)
      return
    }
    let engine = try row.run()
    let isNumbered = engine.desk.account.orders.records.count > 1
    #expect(
      engine.journal.words(charges: row.showsCharges, numbered: isNumbered) == row.becomes)
    try row.checkInvariants(engine)
  }
}

typealias RuleEngine = Engine<RuleStrategy, QueueFeed, SimulatedVenue, WordJournal>

extension RuleCase {
  func run() throws -> RuleEngine {
    var table = InstrumentTable()
    guard let symbol = Symbol("TEST") else { throw Unreadable(text: "TEST") }
    _ = table.add(try Instrument(symbol: symbol, venue: "NYSE"))
    let holds = try Self.quantity(value("holds") ?? "0")
    let cash = try Cash(parsing: value("cash") ?? "100000")
    var engine = Engine(
      strategy: RuleStrategy(orders), feed: QueueFeed(try events()),
      venue: SimulatedVenue(table, cash: cash, positions: [holds], rules: try rules()),
      journal: WordJournal(), gate: RiskGate(),
      desk: Desk(
        account: Account(table, try ledger(table, cash, holds)),
        histories: [BarHistory(of: InstrumentID(0))],
        sizing: Sizing(share: Rate(steps: Rate.stepsPerUnit), costs: CostModel())))
    try engine.start(
      RunHeader(
        startedAt: Self.start, seed: 1, settings: "", code: "", instruments: "TEST",
        strategy: "rule"))
    try engine.run()
    return engine
  }

  /// Books with that much cash, and shares that were bought for one each.
  private func ledger(
    _ table: InstrumentTable, _ cash: Cash, _ holds: Quantity
  ) throws -> Ledger {
    var ledger = Ledger(table)
    let price = Price(steps: Price.stepsPerUnit)
    let paid = try CashAmount(price: price, quantity: holds).cash
    try ledger.book(
      VenueBooking(
        id: ExecutionID(high: 0, low: 0), time: Self.start, instrument: nil, currency: .base,
        kind: .deposit, cash: cash.adding(paid)))
    guard !holds.isZero else { return ledger }
    let order = Order(
      id: OrderID(0), intent: OrderIntent(.buy, holds, of: InstrumentID(0)), createdAt: Self.start)
    try ledger.book(
      Fill(
        Execution(
          id: ExecutionID(high: 0, low: 1), quantity: holds, cumulative: holds, price: price,
          reference: price, commission: .zero, reason: .venue), of: order, at: Self.start))
    return ledger
  }

  /// Whatever the row is about: books and venue agree, no bar gave more than its volume, and every
  /// price is one of its bar but for declared costs.
  func checkInvariants(_ engine: RuleEngine) throws {
    let ledger = engine.desk.account.ledger
    let statement = engine.venue.statement(at: engine.desk.now)
    #expect(statement.cash == [ledger.cash()])
    #expect(statement.positions == [ledger.position(InstrumentID(0))])
    try ledger.checkSums()
    guard !market.contains("quote"), !market.contains("trade") else { return }
    let bars = try events().compactMap { event -> Bar? in
      if case .bar(let bar, _, _) = event.content { bar } else { nil }
    }
    for bar in bars {
      let fills = engine.record.fills.filter { $0.isOf(bar) }
      let filled = fills.reduce(0) { $0 + abs(Double($1.quantity)) }
      #expect(!(filled > bar.volume))
      for fill in fills {
        let reference = Double(fill.execution.reference)
        #expect(reference >= bar.low - 1e-9 && reference <= bar.high + 1e-9)
      }
    }
    #expect(engine.record.fills.allSatisfy { fill in bars.contains(where: fill.isOf) })
  }
}

extension Fill {
  /// Fills at an open carry its time, all others the end of their bar.
  fileprivate func isOf(_ bar: Bar) -> Bool {
    let isAtEnd = reason.isWithinBar || reason == .closingAuction
    return time == (isAtEnd ? bar.end : bar.start)
  }
}
