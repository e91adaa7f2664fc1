import Market
import Numerics
import Runtime
import Synchronization
import Testing
import Trading

@Suite("Limits on an order") struct OrderLimitTests {
  typealias Bench = RiskBench

  @Test("a limit far beyond the last price is a slip; a patient one is not") func collar() throws {
    var bench = Bench { $0.order.collar = .part(0.05) }
    #expect(try bench.says(Bench.buy(1, 0, .limit(.at(105)))) == .leaves)
    #expect(try bench.says(Bench.buy(1, 0, .limit(.at(105.01)))) == .stays(.offMarket))
    #expect(try bench.says(Bench.buy(1, 0, .limit(.at(1)))) == .leaves)
    #expect(try bench.says(Bench.sell(1, 0, .limit(.at(95)))) == .leaves)
    #expect(try bench.says(Bench.sell(1, 0, .limit(.at(94.99)))) == .stays(.offMarket))
    // A stop-limit is measured from its stop, and a slip is one in an exit too.
    let stop = OrderType.stopLimit(stop: .at(80), limit: .at(77))
    #expect(try bench.says(Bench.sell(1, 0, stop)) == .leaves)
    bench.held = [10]
    #expect(try bench.says(Bench.sell(10, 0, .limit(.at(9)))) == .stays(.offMarket))
  }

  @Test("an order is so large and worth so much at most; it is refused, or made smaller")
  func size() throws {
    var bench = Bench {
      $0.order.mostQuantity = Quantity(whole: 100)
      $0.order.mostAmount = Cash(whole: 4000)
    }
    #expect(try bench.says(Bench.buy(101, 1)) == .stays(.orderQuantity))
    #expect(try bench.says(Bench.buy(80, 1)) == .leaves)
    #expect(try bench.says(Bench.buy(81, 1)) == .stays(.orderAmount))
    bench.limits.order.action = .reduce
    #expect(try bench.says(Bench.buy(500, 1)) == .leavesWith(80, .orderAmount))
  }

  @Test("messages: three a second, then none until a second after the first") func rate() throws {
    let bench = Bench { $0.messages.mostPerSecond = 3 }
    var gate = try bench.gate()
    let account = try bench.account()
    func at(_ milliseconds: Int64) -> Timestamp {
      Timestamp(nanoseconds: Bench.now.nanoseconds + milliseconds * 1_000_000)
    }
    var answers: [Answer] = []
    for (number, time) in [0, 100, 200, 300, 999, 1000, 1050, 1100].enumerated() {
      let order = Bench.order(Bench.buy(Int64(number + 1)), number: UInt64(number + 1))
      answers.append(Answer(gate.review(order, of: account, at: at(Int64(time)))))
    }
    let full = Answer.stays(.tooManyMessages)
    #expect(answers == [.leaves, .leaves, .leaves, full, full, .leaves, full, .leaves])
    // Cancels count, and leave always.
    for number in 1...9 { _ = gate.cancel(OrderID(UInt64(number)), at: at(3000)) }
    #expect(Answer(gate.review(Bench.order(Bench.buy(99)), of: account, at: at(3001))) == full)
  }

  @Test("the same order twice within a second is one too many") func duplicate() throws {
    let bench = Bench { $0.messages.duplicateWindow = .seconds(1) }
    var gate = try bench.gate()
    let account = try bench.account()
    func says(_ intent: OrderIntent, _ milliseconds: Int64) -> Answer {
      Answer(
        gate.review(
          Bench.order(intent), of: account,
          at: Timestamp(nanoseconds: Bench.now.nanoseconds + milliseconds * 1_000_000)))
    }
    #expect(says(Bench.buy(5), 0) == .leaves)
    #expect(says(Bench.buy(5), 999) == .stays(.duplicate))
    #expect(says(Bench.buy(6), 999) == .leaves)
    #expect(says(Bench.buy(5, 1), 999) == .leaves)
    #expect(says(Bench.buy(5, 0, .limit(.at(99))), 999) == .leaves)
    #expect(says(Bench.buy(5), 1000) == .leaves)
  }

  @Test("an old price, or none, opens nothing and closes all the same") func stale() throws {
    var bench = Bench { $0.data.oldest = .seconds(60) }
    bench.held = [10]
    bench.priceAge = 60_000_000_000
    #expect(try bench.says(Bench.buy(1)) == .leaves)
    bench.priceAge += 1
    #expect(try bench.says(Bench.buy(1)) == .stays(.stalePrice))
    #expect(try bench.says(Bench.sell(10)) == .leaves)
    bench = Bench { $0.data.oldest = .seconds(60) }
    bench.prices = [0, 50]
    #expect(try bench.says(Bench.buy(1)) == .stays(.noPrice))
  }

  @Test("a signal must be sure where it says how sure it is") func signal() throws {
    let bench = Bench {
      $0.signal.leastConfidence = 0.75
      $0.signal.mostWidth = 0.03
    }
    func asked(_ confidence: Double?, _ width: Double?) -> OrderIntent {
      var intent = Bench.buy(1)
      (intent.confidence, intent.intervalWidth) = (confidence, width)
      return intent
    }
    #expect(try bench.says(asked(nil, nil)) == .leaves)
    #expect(try bench.says(asked(0.75, 0.0299)) == .leaves)
    #expect(try bench.says(asked(0.7499, 0.01)) == .stays(.lowConfidence))
    #expect(try bench.says(asked(0.9, 0.03)) == .stays(.wideInterval))
    #expect(try bench.says(asked(.nan, 0.01)) == .stays(.lowConfidence))
    #expect(try bench.says(asked(0.9, .nan)) == .stays(.wideInterval))
  }

  @Test("orders that have left count as filled: four of 50 fill a position of 200") func waiting()
    throws
  {
    var strategy = ActingStrategy()
    strategy.closed = { bar, count, desk in
      guard count == 1, bar.instrument.place == 0 else { return }
      for _ in 0..<5 { desk.submit(RiskBench.buy(50, 0, .limit(.at(100)))) }
      desk.submit(RiskBench.sell(200, 0, .limit(.at(101))))
    }
    let bench = Bench {
      $0.position.most = .part(0.2)
      $0.leverage.shortSelling = false
    }
    let table = try bench.table()
    var engine = try EngineBench.engine(
      strategy, [EngineBench.bar(0, 100), EngineBench.bar(0, 50, of: 1)], table,
      venue: ScriptedVenue(), gate: try bench.gate())
    try engine.run()
    #expect(engine.venue.taken.count == 4)
    #expect(engine.record.denials.map(\.denial.code) == [.position, .shortSelling])
  }

  @Test("a replacement is judged as what it would come to, and is never made smaller")
  func replacement() throws {
    var strategy = ActingStrategy()
    strategy.closed = { bar, count, desk in
      if count == 1 { desk.submit(RiskBench.buy(150, 0, .limit(.at(100)))) }
      let terms = { OrderTerms(quantity: Quantity(whole: $0), type: .limit(.at(100))) }
      if count == 2 { desk.replace(OrderID(1), with: terms(201)) }
      if count == 3 { desk.replace(OrderID(1), with: terms(200)) }
      // The replacement may be in force already.
      if count == 4 { desk.submit(RiskBench.buy(1, 0, .limit(.at(100)))) }
    }
    let bench = Bench { $0.position.most = .part(0.2) }
    let table = try bench.table()
    let bars = (0..<4).map { EngineBench.bar($0, 100) }
    var engine = try EngineBench.engine(
      strategy, bars, table, venue: ScriptedVenue(), gate: try bench.gate())
    try engine.run()
    #expect(engine.venue.taken.count == 2)
    #expect(engine.record.denials.map(\.denial.code) == [.position])
    let denied = try engine.journal.records().filter { $0.kindName == "replace_denied" }
    #expect(denied.count == 1)
  }

  @Test("the exits of a bracket are no new positions, and go where their entry goes")
  func bracket() throws {
    var strategy = ActingStrategy()
    strategy.closed = { bar, count, desk in
      guard bar.instrument.place == 0 else { return }
      if count == 1 {
        desk.submitBracket(RiskBench.buy(300), takeProfit: .at(110), stopLoss: .stop(.at(90)))
      }
      if count == 2 {
        desk.submitBracket(RiskBench.buy(1, 1), takeProfit: .at(60), stopLoss: .stop(.at(40)))
      }
    }
    let bench = Bench {
      $0.position.most = .part(0.2)
      $0.leverage.shortSelling = false
    }
    let table = try bench.table()
    let bars = (0..<3).flatMap { [EngineBench.bar($0, 100), EngineBench.bar($0, 50, of: 1)] }
    var engine = try EngineBench.engine(
      strategy, bars, table, venue: EngineBench.venue(table), gate: try bench.gate())
    try engine.run()
    #expect(
      engine.record.reductions.map(\.denial.code) == [
        .position, .largerThanEntry, .largerThanEntry,
      ])
    #expect(engine.desk.account.position(InstrumentID(0)) == Quantity(whole: 200))
    #expect(engine.record.denials.isEmpty)
  }

  @Test("a strategy cannot put other books in the place of the account's") func otherDesk() throws {
    let saved = Mutex<Desk?>(nil)
    let table = try EngineBench.table("A")
    let ledger = Ledger(table)
    let forgeries: [@Sendable (Int, inout Desk) -> Void] = [
      { count, desk in
        desk = Desk(
          account: Account(table, ledger), histories: desk.histories, sizing: desk.sizing)
      },
      { count, desk in
        if count == 1 { saved.withLock { [desk] in $0 = desk } }
        if count == 2 { saved.withLock { if let old = $0 { desk = old } } }
      },
    ]
    for forge in forgeries {
      var strategy = ActingStrategy()
      strategy.closed = { _, count, desk in forge(count, &desk) }
      var engine = try EngineBench.engine(
        strategy, (0..<3).map { EngineBench.bar($0, 10) }, table, venue: ScriptedVenue())
      #expect(throws: EngineError.deskReplaced(strategy: "acting")) { try engine.run() }
    }
  }
}
