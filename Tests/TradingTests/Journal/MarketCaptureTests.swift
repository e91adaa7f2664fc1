import Market
import Numerics
import Runtime
import TestKit
import Testing
import Trading

@Suite("Market capture") struct MarketCaptureTests {
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

  @Test("Everything that was added is on the disk when it is closed, in order, every bit of it")
  func inOrder() throws {
    let folder = try TemporaryFolder()
    for round in 0..<2 {
      let capture = try MarketCapture(
        FolderDisk(folder.path("market")), identity: 1, eventsMost: 100, pause: 1)
      for number in 0..<1000 { try capture.add(Self.event(round * 1000 + number)) }
      try capture.close()
      #expect(capture.written == UInt64(round + 1) * 1000)
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

  @Test("A disk that fails is told to whoever adds, and nothing waits for ever")
  func failing() throws {
    let disk = SimulatedDisk()
    let capture = try MarketCapture(disk, identity: 1, eventsMost: 10, pause: 1)
    disk.capacity = 0
    var told: JournalError?
    for number in 0..<100_000 where told == nil {
      do throws(JournalError) { try capture.add(Self.event(number)) } catch { told = error }
    }
    #expect(told == .file(.diskFull(path: "segment-00000001")))
    #expect(throws: JournalError.self) { try capture.close() }
  }
}
