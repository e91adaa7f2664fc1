import Market
import Numerics
import Runtime
import TestKit
import Testing
import Trading

@Suite("A journal of market data") struct MarketJournalTests {
  /// Events of every kind.
  private static func event(_ number: Int) -> MarketEvent {
    let time = Timestamp(seconds: Int64(number))
    let price = Price(steps: Int64(number + 1) * 1_000_000)
    let side = Quote.Side(price: price, quantity: .step)
    let contents: [MarketEvent.Content] = [
      .bar(
        Bar(
          start: time, end: time, knownAt: time, open: 1.5, high: .nan, low: -0.0, close: 2,
          volume: 3), SeriesID(3), [.first, .last]),
      .trade(
        Market.Trade(
          time: time, knownAt: time, price: price, quantity: .step, venue: 81, conditions: 7)),
      .quote(Quote(time: time, knownAt: time, bid: side, ask: nil)),
      .book(
        BookEvent(
          time: time, knownAt: time, kind: .executedHidden, side: .ask, price: price, orderID: 9)),
      .action(.split(ratio: Rate(steps: 5))), .action(.dividend(price)),
      .action(.delisted(at: price)), .sessionOpened, .sessionClosed, .status(.halted),
      .status(.resumed), .status(.noBands), .status(.bands(lower: .step, upper: price)),
      .status(.borrowable(.step)),
    ]
    return MarketEvent(
      time: time, instrument: InstrumentID(number % 5),
      content: contents[number % contents.count])
  }

  private func bytes(_ event: MarketEvent) -> [UInt8] {
    var writer = ByteWriter()
    event.write(to: &writer)
    return writer.bytes
  }

  @Test("Every kind of event comes back in order, every bit of it, over a restart") func inOrder()
    throws
  {
    let folder = try TemporaryFolder()
    for round in 0..<2 {
      let journal = try Journal(FolderDisk(folder.path("market")), identity: 1)
      #expect(journal.next == UInt64(round) * 1000)
      for number in 0..<1000 { try journal.append(Self.event(round * 1000 + number)) }
      try journal.commit()
      try journal.close()
    }
    var count = 0
    let disk = FolderDisk(reading: folder.path("market"))
    _ = try JournalReader(disk).read { stored throws(JournalError) in
      // By bytes, because a price that is no number equals nothing.
      let event = try stored.decodedEvent()
      #expect(bytes(event) == bytes(Self.event(count)))
      count += 1
    }
    #expect(count == 2000)
  }
}
