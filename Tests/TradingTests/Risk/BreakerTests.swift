import Market
import Numerics
import Runtime
import Testing
import Trading

/// Breakers on an account of 100,000 that holds 500 of A, bought at 100, unless said otherwise.
@Suite("Breakers") struct BreakerTests {
  typealias Run = Engine<ActingStrategy, QueueFeed, SimulatedVenue, MemoryJournal>

  /// Days of a week from Monday 1970-01-12, one bar a day at noon.
  private func bar(_ day: Int64, _ price: Double, of place: Int = 0) -> MarketEvent {
    let noon = Timestamp(nanoseconds: (11 + day) * Timestamp.nanosecondsPerDay + 43_200_000_000_000)
    return MarketEvent(
      time: noon, instrument: InstrumentID(place),
      content: .bar(
        Bar(
          start: Timestamp(nanoseconds: noon.nanoseconds - 60_000_000_000), end: noon,
          knownAt: noon,
          open: price, high: price, low: price, close: price, volume: 1_000_000),
        SeriesID(place), []))
  }

  /// Buys 500 of A at the first bar and then does what `acts` says of the number of bars known.
  private func run(
    _ limits: RiskBench, _ prices: [Double],
    _ acts: @escaping @Sendable (Int, inout Desk) -> Void = { _, _ in }
  ) throws -> Run {
    var strategy = ActingStrategy()
    strategy.closed = { bar, count, desk in
      guard bar.instrument.place == 0 else { return }
      if count == 1 { desk.submit(RiskBench.buy(500)) }
      acts(count, &desk)
    }
    let table = try limits.table()
    let events = prices.enumerated().flatMap {
      [bar(Int64($0.offset), $0.element), bar(Int64($0.offset), 50, of: 1)]
    }
    var engine = try EngineBench.engine(
      strategy, events, table, venue: EngineBench.venue(table) { $0.isContinuous = true },
      gate: try limits.gate())
    try engine.run()
    return engine
  }

  private func acts(_ engine: Run) throws -> [String] {
    try engine.journal.records().compactMap { record in
      if case .operated(let act, let by, let reason, _) = record {
        "\(act) / \(by) / \(reason)"
      } else {
        nil
      }
    }
  }

  @Test("a day's loss: 5,000 of 100,000 is borne, a cent more is not; only exits leave then")
  func daily() throws {
    let bench = RiskBench { $0.dailyLoss.part = .part(0.05) }
    let borne = try run(bench, [100, 100, 90])
    #expect(borne.record.breakers.isEmpty)
    let engine = try run(bench, [100, 100, 89.99, 89.99]) { count, desk in
      guard count == 3 else { return }
      desk.submit(RiskBench.buy(1))
      desk.submit(RiskBench.sell(100))
    }
    #expect(engine.record.breakers.map(\.limit) == [.dailyLoss])
    #expect(engine.record.denials.map(\.denial.code) == [.dailyLoss])
    #expect(engine.desk.account.position(InstrumentID(0)) == Quantity(whole: 400))
    #expect(
      try acts(engine) == [
        "trip daily_loss / gate / reduce: too much was lost today: 5.0%, allowed 5.0%"
      ])
  }

  @Test("amounts count as well as parts: 50 a day") func dailyAmount() throws {
    let bench = RiskBench { $0.dailyLoss.amount = Cash(whole: 50) }
    #expect(try run(bench, [100, 100, 99.9]).record.breakers.isEmpty)
    let engine = try run(bench, [100, 100, 99.89])
    #expect(engine.record.breakers.map(\.denial.code) == [.dailyLossAmount])
  }

  @Test("a day begins with what the day before ended with; a week on Monday") func weekly() throws {
    let bench = RiskBench {
      $0.dailyLoss.part = .part(0.05)
      $0.weeklyLoss.part = .part(0.1)
    }
    // 4.5% of the day before, day after day; 10% of the week are lost on the third.
    let engine = try run(bench, [100, 100, 91, 83, 75, 75])
    #expect(engine.record.breakers.map(\.limit) == [.weeklyLoss])
    // Over the weekend a new week begins: from Friday's 95,500 it is 8.6%.
    #expect(
      try run(bench, [100, 100, 100, 100, 91, 91, 91, 82.2, 74.5]).record.breakers.isEmpty)
  }

  @Test("the drawdown is from the best, and closes everything at the next price") func drawdown()
    throws
  {
    let bench = RiskBench {
      $0.drawdown.part = .part(0.1)
      $0.drawdown.action = .flatten
    }
    let engine = try run(bench, [100, 100, 120, 98, 98])
    // From 110,000 the limit is 99,000, which is 98 a share.
    #expect(engine.record.breakers.isEmpty)
    let closed = try run(bench, [100, 100, 120, 97.9, 97, 97]) { count, desk in
      if count == 5 { desk.submit(RiskBench.buy(1, 1)) }
    }
    #expect(closed.record.breakers.map(\.limit) == [.drawdown])
    #expect(closed.desk.account.position(InstrumentID(0)).isZero)
    #expect(closed.record.fills.last?.price == .at(97))
    #expect(closed.record.denials.map(\.denial.code) == [.drawdown])
    try closed.desk.account.ledger.audit(fills: closed.record.fills)
  }

  @Test("one name's loss stops that name and no other") func singleName() throws {
    let bench = RiskBench { $0.singleName.part = .part(0.08) }
    let engine = try run(bench, [100, 100, 91.9, 91.9]) { count, desk in
      guard count == 3 else { return }
      desk.submit(RiskBench.buy(1))
      desk.submit(RiskBench.buy(1, 1))
    }
    #expect(engine.record.breakers.map(\.name) == ["single_name 0"])
    #expect(engine.record.denials.map(\.denial.code) == [.singleName])
    #expect(engine.desk.account.position(InstrumentID(1)) == Quantity(whole: 1))
  }

  @Test("below 80% of what it began with the account is closed") func capital() throws {
    let bench = RiskBench { $0.capital.least = .part(0.8) }
    #expect(try run(bench, [100, 100, 60, 60]).record.breakers.isEmpty)
    let engine = try run(bench, [100, 100, 59.99, 59])
    #expect(engine.record.breakers.map(\.limit) == [.capital])
    #expect(engine.desk.account.position(InstrumentID(0)).isZero)
  }

  @Test("what would enlarge a position is taken back when a breaker trips; an exit waits on")
  func cancels() throws {
    let bench = RiskBench { $0.dailyLoss.part = .part(0.05) }
    let engine = try run(bench, [100, 100, 89, 89]) { count, desk in
      guard count == 2 else { return }
      for intent in [
        RiskBench.buy(1, 0, .limit(.at(50))), RiskBench.sell(500, 0, .limit(.at(200))),
        RiskBench.buy(1, 1, .limit(.at(10))),
      ] {
        var waiting = intent
        waiting.timeInForce = .untilCancelled
        desk.submit(waiting)
      }
    }
    let open = engine.desk.account.orders.open.compactMap {
      engine.desk.account.orders[$0]?.order.intent
    }
    #expect(open.map(\.side) == [.sell])
  }

  @Test("a person lets it trade again, from there on; by itself it does so only where it may")
  func recovery() throws {
    let bench = RiskBench { $0.drawdown.part = .part(0.1) }
    var engine = try run(bench, [100, 100, 79, 79])
    #expect(!engine.gate.memory.breakers.isEmpty)
    let act = OperatorAct(.resume, by: "A. Turing", reason: "looked into it")
    try engine.operate(act, at: EngineBench.at(60 * 24 * 30))
    #expect(engine.gate.memory.breakers.isEmpty && engine.gate.memory.best == Cash(whole: 89_500))
    #expect(try acts(engine).last == "resume / A. Turing / looked into it")
    var automatic = bench
    automatic.limits.drawdown.recovery = .automatic
    let recovered = try run(automatic, [100, 100, 79, 99])
    #expect(recovered.gate.memory.breakers.isEmpty)
    #expect(try acts(recovered).map { $0.prefix(16) } == ["trip drawdown / ", "recover drawdown"])
  }

  @Test(
    "an order limit that halts does so at its first breach: all waiting orders go, nothing leaves")
  func haltingLimit() throws {
    let bench = RiskBench {
      $0.order.mostQuantity = Quantity(whole: 500)
      $0.order.action = .halt
    }
    let engine = try run(bench, [100, 100, 100, 100]) { count, desk in
      if count == 2 {
        desk.submit(RiskBench.sell(500, 0, .limit(.at(200))))
        desk.submit(RiskBench.buy(501))
      }
      if count == 3 { desk.submit(RiskBench.sell(500)) }
    }
    #expect(engine.record.breakers.map(\.limit) == [.order])
    #expect(engine.record.denials.map(\.denial.code) == [.orderQuantity, .halted])
    #expect(engine.desk.account.orders.open.isEmpty)
    #expect(engine.desk.account.position(InstrumentID(0)) == Quantity(whole: 500))
  }

  @Test("a person can have everything closed, although nothing else leaves") func flatten() throws {
    var engine = try run(RiskBench(), [100, 100])
    let now = engine.desk.now
    try engine.operate(OperatorAct(.flatten, by: "G. Hopper", reason: "bug"), at: now)
    for day in 2..<4 { engine.feed.append(bar(Int64(day), 101)) }
    try engine.run()
    #expect(engine.desk.account.position(InstrumentID(0)).isZero)
    #expect(engine.gate.isHalted)
  }

  @Test("other limits while it runs are journalled with who wanted them; bad ones change nothing")
  func change() throws {
    var engine = try run(RiskBench { $0.position.most = .part(0.5) }, [100, 100])
    var limits = engine.gate.limits
    limits.position.most = .part(0.6)
    let now = engine.desk.now
    try engine.change(limits, by: "K. Johnson", reason: "more room", at: now)
    #expect(engine.gate.limits.position.most == .part(0.6))
    limits.sector.most = .part(0.4)
    #expect(throws: EngineError.self) {
      try engine.change(limits, by: "K. Johnson", reason: "none", at: now)
    }
    #expect(engine.gate.limits.sector.most == nil)
    let changes = try engine.journal.records().compactMap { record -> RiskLimits? in
      if case .changed("risk_limits", let text, _) = record {
        return try RiskLimits(JSON(parsing: Array(text.utf8), source: "journal"))
      }
      return nil
    }
    #expect(changes.map(\.position.most) == [.part(0.5), .part(0.6)])
  }

  @Test("money that comes or goes is no profit and no loss") func deposits() throws {
    let bench = RiskBench {
      $0.dailyLoss.part = .part(0.05)
      $0.drawdown.part = .part(0.05)
    }
    let table = try bench.table()
    let withdrawal = VenueBooking(
      id: ExecutionID(high: 9, low: 9), time: bar(0, 100).time, instrument: nil, currency: .base,
      kind: .deposit, cash: Cash(whole: -20_000))
    var venue = ScriptedVenue()
    venue.due = [(at: withdrawal.time, message: .booking(withdrawal))]
    var engine = try EngineBench.engine(
      ActingStrategy(), [bar(0, 100), bar(0, 50, of: 1), bar(1, 100)], table, venue: venue,
      gate: try bench.gate())
    try engine.run()
    #expect(engine.desk.account.equity == Cash(whole: 80_000))
    #expect(engine.record.breakers.isEmpty)
    #expect(engine.gate.memory.best == Cash(whole: 80_000))
  }

  @Test("what a gate remembers goes over a restart, and a breaker stays tripped") func memory()
    throws
  {
    let bench = RiskBench { $0.dailyLoss.part = .part(0.05) }
    let engine = try run(bench, [100, 100, 89])
    let text = engine.gate.memory.json.text()
    let read = try RiskMemory(JSON(parsing: Array(text.utf8), source: "snapshot"))
    #expect(read == engine.gate.memory && read.breakers.count == 1)
    var again = try bench.gate()
    try again.resume(from: read)
    let verdict = again.review(
      RiskBench.order(RiskBench.buy(1)), of: try bench.account(), at: RiskBench.now)
    #expect(Answer(verdict) == .stays(.dailyLoss))
    #expect(throws: RiskMemoryError.self) { try RiskMemory(["start": "1"]) }
    var other = bench
    other.prices = [1]
    var small = try other.gate()
    #expect(throws: RiskMemoryError.self) { try small.resume(from: read) }
  }
}
