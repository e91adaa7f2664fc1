import Market
import Numerics
import Runtime
import TestKit
import Testing
import Trading

@Suite("What venues report, in any order and any number of times") struct ReportTests {
  private let symbolTable: InstrumentTable
  init() throws { symbolTable = try EngineBench.table("A") }

  private func execution(
    _ number: UInt64, _ quantity: Int64, of order: UInt64 = 1, cumulative: Int64
  ) -> VenueMessage {
    let price = Price(steps: 10 * Price.stepsPerUnit)
    return .report(
      VenueReport(
        order: OrderID(order), time: EngineBench.at(1),
        content: .executed(
          Execution(
            id: ExecutionID(high: order, low: number), quantity: Quantity(whole: quantity),
            cumulative: Quantity(whole: cumulative), price: price, reference: price,
            commission: .zero, reason: .venue))))
  }

  private func report(_ content: VenueReport.Content, of order: UInt64 = 1) -> VenueMessage {
    .report(VenueReport(order: OrderID(order), time: EngineBench.at(1), content: content))
  }

  private func run(
    _ messages: [VenueMessage]
  ) throws -> Engine<ActingStrategy, QueueFeed, ScriptedVenue, MemoryJournal> {
    var strategy = ActingStrategy()
    strategy.started = { desk in
      desk.submit(OrderIntent(.buy, Quantity(whole: 60), of: InstrumentID(0)))
    }
    var venue = ScriptedVenue()
    venue.due = messages.map { (EngineBench.at(1), $0) }
    var engine = try EngineBench.engine(strategy, [], symbolTable, venue: venue)
    try engine.run()
    return engine
  }

  @Test("three partial fills are three quantities, never the sum so far")
  func partialFills() throws {
    let engine = try run([
      report(.accepted), execution(1, 10, cumulative: 10), execution(2, 20, cumulative: 30),
      execution(3, 30, cumulative: 60),
    ])
    #expect(engine.desk.account.position(InstrumentID(0)) == Quantity(whole: 60))
    #expect(engine.desk.account.orders[OrderID(1)]?.state == .filled)
  }

  @Test("a fill counts once, however often it is reported, and in whatever state the order is")
  func anyState() throws {
    let end = report(.ended(.cancelled))
    let fill = execution(1, 10, cumulative: 10)
    for messages in [
      [fill, fill, end], [end, fill, fill], [fill, end, fill], [report(.rejected(.halted)), fill],
    ] {
      let engine = try run(messages)
      #expect(engine.desk.account.position(InstrumentID(0)) == Quantity(whole: 10))
      #expect(engine.record.repeated == messages.count { $0 == fill } - 1)
    }
  }

  @Test("every order of reports, with any of them twice, leads to one state of order and books")
  func permutations() throws {
    let messages = [
      report(.accepted), execution(1, 10, cumulative: 10), execution(2, 20, cumulative: 30),
      report(.ended(.cancelled)),
    ]
    let first = try run(messages)
    for order in permutations(of: Array(0..<messages.count)) {
      for repeated in 0..<messages.count {
        let engine = try run((order + [repeated]).map { messages[$0] })
        #expect(
          engine.desk.account.orders[OrderID(1)] == first.desk.account.orders[OrderID(1)])
        #expect(engine.desk.account.ledger == first.desk.account.ledger)
      }
    }
  }

  private func permutations(of items: [Int]) -> [[Int]] {
    items.isEmpty
      ? [[]]
      : items.indices.flatMap { place in
        var rest = items
        let first = rest.remove(at: place)
        return permutations(of: rest).map { [first] + $0 }
      }
  }

  @Test("a report of an order that was never made changes nothing and is counted")
  func unknown() throws {
    let engine = try run([execution(1, 10, of: 99, cumulative: 10)])
    #expect(engine.record.unknownOrders == 1)
    #expect(engine.desk.account.position(InstrumentID(0)).isZero)
  }

  @Test("an order without an answer stays sent: nobody assumes that it was filled or not")
  func silence() throws {
    let engine = try run([])
    #expect(engine.desk.account.orders[OrderID(1)]?.state == .sent)
    #expect(engine.desk.account.orders.open == [OrderID(1)])
  }

  @Test("nothing reaches a venue before the journal has it")
  func journalFirst() throws {
    let engine = try run([])
    let submitted = try engine.journal.records().contains { record in
      if case .submitted(let order) = record { order.id == OrderID(1) } else { false }
    }
    #expect(submitted && engine.venue.taken.count == 1)
  }

  @Test("orders that no venue could take never leave, and each denial says why")
  func denials() throws {
    let wrong: [(OrderIntent, DenialCode)] = [
      (OrderIntent(.buy, Quantity(whole: 1), of: InstrumentID(7)), .unknownInstrument),
      (OrderIntent(.buy, .zero, of: InstrumentID(0)), .quantityNotPositive),
      (OrderIntent(.buy, Quantity(whole: -1), of: InstrumentID(0)), .quantityNotPositive),
      (OrderIntent(.buy, .step, of: InstrumentID(0)), .offLot),
      (
        OrderIntent(.buy, Quantity(whole: 1), of: InstrumentID(0), type: .limit(.step)), .offTick
      ),
      (
        OrderIntent(.buy, Quantity(whole: 1), of: InstrumentID(0), type: .stop(.zero)),
        .priceNotPositive
      ),
      (
        OrderIntent(
          .buy, Quantity(whole: 1), of: InstrumentID(0),
          type: .trailing(.part(Rate(steps: Rate.stepsPerUnit)))), .priceNotPositive
      ),
    ]
    var strategy = ActingStrategy()
    strategy.started = { desk in for (intent, _) in wrong { desk.submit(intent) } }
    let engine = try EngineBench.engine(strategy, [], symbolTable, venue: ScriptedVenue())
    #expect(engine.record.denials.map(\.denial.code) == wrong.map(\.1))
    #expect(engine.venue.taken.isEmpty)
    #expect(engine.desk.account.orders.records.allSatisfy { $0.state == .denied })
  }
}
