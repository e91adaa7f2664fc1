import Market
import Numerics
import Runtime
import Synchronization
import Testing
import Trading

@Suite("Engine") struct EngineTests {
  /// What callbacks were called, in order.
  final class Diary: Sendable {
    private let lines = Mutex<[String]>([])
    func note(_ line: String) { lines.withLock { $0.append(line) } }
    var all: [String] { lines.withLock { $0 } }
  }

  private func buy(_ whole: Int64, _ id: Int = 0, _ type: OrderType = .market) -> OrderIntent {
    OrderIntent(
      .buy, Quantity(whole: whole), of: InstrumentID(id), type: type,
      timeInForce: .untilCancelled)
  }

  @Test("At one instant: the bar that ended, then timers, and a fill before the bar it came with")
  func oneInstant() throws {
    let diary = Diary()
    var strategy = ActingStrategy()
    strategy.started = { desk in
      desk.setTimer(TimerID(7), at: EngineBench.at(2))
      desk.submit(
        OrderIntent(
          .buy, Quantity(whole: 1), of: InstrumentID(0), timeInForce: .untilCancelled))
    }
    strategy.closed = { bar, count, desk in
      diary.note("bar \(bar.instrument.index) \(count) known \(desk.account.equity)")
    }
    strategy.filled = { fill, _ in diary.note("fill \(fill.price)") }
    strategy.timed = { timer, desk in
      diary.note("timer \(timer.number) \(desk.histories[0].count)")
    }
    let table = try EngineBench.table("A", "B")
    var engine = try EngineBench.engine(
      strategy,
      [
        EngineBench.bar(0, 10), EngineBench.bar(0, 20, of: 1), EngineBench.bar(1, 12),
        EngineBench.bar(1, 21, of: 1),
      ], table, venue: EngineBench.venue(table))
    try engine.run()
    #expect(
      diary.all == [
        "fill 10", "bar 0 1 known 100000", "bar 1 1 known 100000", "bar 0 2 known 100002",
        "bar 1 2 known 100002", "timer 7 2",
      ])
  }

  @Test("A bar that is known late is seen late, and fills no order made before it was known")
  func knownLate() throws {
    let diary = Diary()
    var strategy = ActingStrategy()
    strategy.closed = { bar, _, desk in
      diary.note("\(bar.bar.close) at \(desk.now == bar.bar.knownAt)")
      if bar.bar.close == 10 {
        desk.submit(
          OrderIntent(
            .buy, Quantity(whole: 1), of: InstrumentID(0), timeInForce: .untilCancelled))
      }
    }
    let table = try EngineBench.table("A")
    // Ends at minute 1, known at minute 2: the bar from 1 to 2 began before the order.
    var engine = try EngineBench.engine(
      strategy,
      [
        EngineBench.bar(0, 10, late: EngineBench.minute), EngineBench.bar(1, 11, late: 1),
        EngineBench.bar(2, 12),
      ], table, venue: EngineBench.venue(table))
    try engine.run()
    #expect(diary.all == ["10.0 at true", "11.0 at true", "12.0 at true"])
    #expect(engine.record.fills.map(\.price.description) == ["12"])
  }

  @Test("What a sale brings at an instant pays for a purchase at the same instant")
  func salesFirst() throws {
    var strategy = ActingStrategy()
    strategy.started = { desk in
      desk.submit(OrderIntent(.buy, Quantity(whole: 5), of: InstrumentID(0)))
      desk.submit(OrderIntent(.sell, Quantity(whole: 10), of: InstrumentID(1)))
    }
    let table = try EngineBench.table("A", "B")
    var engine = try EngineBench.engine(
      strategy, [EngineBench.bar(0, 20), EngineBench.bar(0, 10, of: 1)], table,
      venue: EngineBench.venue(table, cash: .zero, positions: [.zero, Quantity(whole: 10)]))
    try engine.run()
    #expect(engine.record.fills.map(\.quantity) == [Quantity(whole: -10), Quantity(whole: 5)])
  }

  @Test("Bars of another length are seen, but fill and value nothing")
  func information() throws {
    let diary = Diary()
    var strategy = ActingStrategy()
    strategy.started = { desk in
      desk.submit(
        OrderIntent(
          .buy, Quantity(whole: 1), of: InstrumentID(0), type: .limit(Price(steps: 1_000_000_000)),
          timeInForce: .untilCancelled))
    }
    strategy.closed = { bar, _, desk in diary.note("\(bar.series.index) \(bar.bar.close)") }
    let table = try EngineBench.table("A")
    var engine = try EngineBench.engine(
      strategy,
      [
        EngineBench.bar(0, 12), EngineBench.bar(0, 5, series: 1, place: .information),
        EngineBench.bar(1, 12),
      ], table, venue: EngineBench.venue(table), series: [0, 0])
    try engine.run()
    #expect(diary.all == ["0 12.0", "1 5.0", "0 12.0"])
    #expect(engine.record.fills.isEmpty)
    #expect(engine.desk.account.mark(InstrumentID(0))?.description == "12")
    #expect(engine.record.equity.count == 2)
  }

  @Test("Prices that cannot be are left out: no fill, no mark, no call")
  func unsound() throws {
    let diary = Diary()
    var strategy = ActingStrategy()
    strategy.started = { desk in
      desk.submit(
        OrderIntent(.buy, Quantity(whole: 1), of: InstrumentID(0), timeInForce: .untilCancelled))
    }
    strategy.closed = { bar, _, _ in diary.note("\(bar.bar.close)") }
    let table = try EngineBench.table("A")
    let bad = [Double.nan, -5, 0, .infinity, 1e300]
    var engine = try EngineBench.engine(
      strategy,
      bad.enumerated().map { EngineBench.bar(Int64($0.offset), $0.element) }
        + [EngineBench.bar(9, 10)], table, venue: EngineBench.venue(table))
    try engine.run()
    #expect(diary.all == ["10.0"])
    #expect(engine.record.fills.map(\.price.description) == ["10"])
  }

  @Test("An average true range stop follows at its multiple, on the tick grid")
  func averageTrueRangeStop() throws {
    var strategy = ActingStrategy()
    strategy.closed = { bar, count, desk in
      guard count == 4, let trail = desk.trail(multiple: 2, bars: 2, of: bar.series) else { return }
      desk.submit(
        OrderIntent(
          .sell, Quantity(whole: 1), of: InstrumentID(0), type: .trailing(trail),
          timeInForce: .untilCancelled))
    }
    let table = try EngineBench.table("A")
    // Closes 10, 11, 13, 12: true ranges 1, 2, 1; mean of the first two 1.5, then (1.5 + 1) / 2.
    var engine = try EngineBench.engine(
      strategy,
      [10, 11, 13, 12].enumerated().map { EngineBench.bar(Int64($0.offset), $0.element) },
      table, venue: EngineBench.venue(table, positions: [Quantity(whole: 1)]))
    try engine.run()
    let order = try #require(engine.desk.account.orders.records.first?.order)
    #expect(order.intent.type == .trailing(.amount(Price(steps: 250_000_000))))
  }

  @Test(
    "An operator's halt cancels what waits, lets nothing out, and stands in the journal; resume ends it"
  )
  func halt() throws {
    var strategy = ActingStrategy()
    strategy.closed = { bar, _, desk in
      desk.submit(
        OrderIntent(
          .buy, Quantity(whole: 1), of: InstrumentID(0), type: .limit(Price(steps: 100_000_000)),
          timeInForce: .untilCancelled))
    }
    let table = try EngineBench.table("A")
    var engine = try EngineBench.engine(
      strategy, (0..<3).map { EngineBench.bar($0, 10) }, table, venue: EngineBench.venue(table))
    try engine.run(until: EngineBench.at(1))
    #expect(engine.venue.statement(at: EngineBench.at(1)).working.count == 1)
    let act = OperatorAct(.halt, by: "R. Singh", reason: "test")
    try engine.operate(act, at: EngineBench.at(1))
    #expect(engine.venue.statement(at: EngineBench.at(1)).working.isEmpty)
    try engine.run(until: EngineBench.at(2))
    #expect(engine.record.denials.map(\.denial.code) == [.halted])
    try engine.operate(OperatorAct(.resume, by: "R. Singh", reason: "over"), at: EngineBench.at(2))
    try engine.run()
    #expect(engine.desk.account.orders.open.count == 1)
    let acts = try engine.journal.records().compactMap { record -> String? in
      if case .operated(let act, let by, _, _) = record { "\(act) \(by)" } else { nil }
    }
    #expect(acts == ["halt R. Singh", "resume R. Singh"])
  }
}
