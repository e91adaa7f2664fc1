import Market
import Numerics
import Runtime
import Testing
import Trading

@Suite("Runs are functions") struct SameRunTests {
  private func settings() -> BacktestSettings {
    var settings = BacktestSettings()
    settings.resamples = 100
    return settings
  }

  @Test("the same run writes the same journal, on one thread and on several at once")
  func digests() throws {
    let frame = try HandFrames.walk(bars: 300, seed: 4)
    let digests = try (0..<2).map { _ in
      try Backtest.run(
        frames: [frame], strategy: SMACross(fast: 3, slow: 9), settings: settings(),
        journal: MemoryJournal()
      ).journal.digest()
    }
    #expect(digests[0] == digests[1])
    let jobs = try (2..<22).map {
      BacktestJob(
        frames: [frame], strategy: try SMACross(fast: $0, slow: 30), settings: settings())
    }
    let one = Backtest.runAll(jobs, on: Pool(threads: 1))
    let three = Backtest.runAll(jobs, on: Pool(threads: 3))
    #expect(one.count == jobs.count)
    for (a, b) in zip(one, three) {
      #expect(try a.get().fills == b.get().fills && a.get().equity == b.get().equity)
    }
  }

  @Test("a journal in memory reads back as it was written") func journal() throws {
    let frame = try HandFrames.walk(bars: 60, seed: 4)
    let journal = try Backtest.run(
      frames: [frame], strategy: SMACross(fast: 3, slow: 9), settings: settings(),
      journal: MemoryJournal()
    ).journal
    var again = MemoryJournal()
    for record in try journal.records() { again.append(record) }
    #expect(again.digest() == journal.digest())
    #expect(try journal.records().count > 10)
  }

  @Test("captured market data, played again, leads to the same journal") func capture() throws {
    var strategy = ActingStrategy()
    strategy.closed = { bar, count, desk in
      desk.submit(
        OrderIntent(
          count % 3 == 0 ? .sell : .buy, Quantity(whole: Int64(count)), of: bar.instrument,
          type: count % 2 == 0 ? .market : .limit(Price(steps: 10 * Price.stepsPerUnit)),
          timeInForce: .untilCancelled))
    }
    let table = try EngineBench.table("A", "B")
    let events =
      (0..<20).flatMap { minute in
        (0..<2).map { EngineBench.bar(minute, 9 + Double(minute % 4), of: $0) }
      } + [
        MarketEvent(
          time: EngineBench.at(30), instrument: InstrumentID(0),
          content: .action(.split(ratio: Rate(steps: 2 * Rate.stepsPerUnit)))),
        MarketEvent(
          time: EngineBench.at(31), instrument: InstrumentID(1), content: .status(.halted)),
      ]
    var live = try EngineBench.engine(
      strategy, events, table, venue: EngineBench.venue(table))
    var feed = live.feed
    var capture = ByteWriter()
    var batch: [MarketEvent] = []
    repeat {
      feed.next(into: &batch)
      for event in batch { event.write(to: &capture) }
    } while !batch.isEmpty
    try live.run()
    var again = try EngineBench.engine(
      strategy, [], table, venue: EngineBench.venue(table))
    again.feed = try QueueFeed(captured: capture.bytes)
    try again.run()
    #expect(live.record.fills.count > 10)
    #expect(live.journal.digest() == again.journal.digest())
    #expect(throws: JournalError.self) {
      try QueueFeed(captured: Array(capture.bytes.dropLast()))
    }
  }
}
