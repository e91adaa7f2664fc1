import Market
import Numerics
import Runtime
import TestKit
import Testing
import Trading

@Suite("Replay of a journal") struct AccountFoldTests {
  @Test("Records of a back-test, cut anywhere, give the account that the engine had")
  func fold() throws {
    let frame = try HandFrames.walk(bars: 300, seed: 5)
    var settings = BacktestSettings()
    settings.resamples = 100
    let (result, journal) = try Backtest.run(
      frames: [frame], strategy: try SMACross(fast: 5, slow: 20), settings: settings,
      journal: MemoryJournal())
    #expect(result.fills.count > 4)
    var table = InstrumentTable()
    _ = table.add(try Instrument(symbol: frame.symbol, venue: "NYSE"))
    var ledger = Ledger(table)
    try ledger.book(
      VenueBooking(
        id: ExecutionID(high: .max, low: 0), time: Timestamp(seconds: 0), instrument: nil,
        currency: .base, kind: .deposit, cash: settings.initialCash))
    var account = Account(table, ledger)
    var expected: [Posting] = []
    var filled = 0
    for record in try journal.records() {
      try account.replay(record, expecting: &expected)
      if case .told(.report(let report)) = record, case .executed = report.content { filled += 1 }
      // Replayed so far, its executions are its fills so far.
      #expect(throws: Never.self) { try account.ledger.audit(fills: result.fills.prefix(filled)) }
    }
    #expect(expected.isEmpty && account.ledger == result.ledger)
    #expect(account.orders.open.isEmpty || account.orders.records.count > result.fills.count)
  }

  @Test("A posting that the records do not lead to is refused")
  func alteredPosting() throws {
    let story = try VenueStory()
    var account = try story.account()
    var expected: [Posting] = []
    try account.replay(.told(.report(story.reports[1])), expecting: &expected)
    let base = CurrencyID.base
    let other = Posting(
      .deposit, at: Timestamp(seconds: 1), Posting.Line(.cash(base), base, Cash(steps: 1)),
      Posting.Line(.capital(base), base, Cash(steps: -1)))
    #expect(throws: EngineError.self) {
      try account.replay(.posted(other), expecting: &expected)
    }
  }
}
