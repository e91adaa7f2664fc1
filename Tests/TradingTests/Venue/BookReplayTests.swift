import Market
import Numerics
import TestKit
import Testing
import Trading

@Suite("Replay of a book") struct BookReplayTests {
  private static let millisecond: Int64 = 1_000_000

  /// An event half a millisecond on its way to us.
  private func event(
    _ time: Double, _ kind: BookTape.Event.Kind, _ tick: Int32, _ quantity: Int64
  ) -> BookTape.Event {
    let at = Int64(time * Double(Self.millisecond))
    return BookTape.Event(
      time: at, knownAt: at + Self.millisecond / 2, kind: kind, tick: tick, quantity: quantity)
  }

  /// Buys one at the best bid, once, and notes what it sees.
  private struct Once: BookStrategy {
    var seen: [Int32?] = []

    mutating func wake(_ desk: inout BookDesk) {
      seen.append(desk.book.bestBid)
      if seen.count == 1, let bid = desk.book.bestBid { desk.quote(.buy, at: bid, 1) }
    }
  }

  private func play(_ events: [BookTape.Event]) -> BookReplay<Once> {
    var settings = BookReplay<Once>.Settings()
    settings.interval = 10 * Self.millisecond
    var replay = BookReplay(Once(), ticks: 1...1000, settings: settings)
    replay.run(BookTape(events, tickSize: Price(steps: Price.stepsPerUnit)))
    return replay
  }

  @Test("an order is on its way for a millisecond: what trades before it comes is not its own")
  func delay() {
    let book = [event(0, .bid, 98, 10), event(0, .ask, 102, 10)]
    let late = play(book + [event(10.5, .sold, 98, 11), event(30, .ask, 102, 9)])
    #expect(late.fills.isEmpty)
    // Eleven at a price where ten stood ahead.
    let served = play(book + [event(12, .sold, 98, 11), event(30, .ask, 102, 9)])
    #expect(
      served.fills == [
        BookFill(
          id: 1, side: .buy, tick: 98, quantity: 1, reason: .queueReached,
          time: 12 * Self.millisecond)
      ])
  }

  @Test("the strategy sees the book as it was known by then, not as it was at the exchange")
  func knowledge() {
    let replay = play([
      event(0, .bid, 98, 10), event(0, .ask, 102, 10), event(9.8, .bid, 99, 5),
      event(25, .bid, 97, 1),
    ])
    #expect(replay.strategy.seen == [98, 99])
  }

  /// Quotes at random places and takes everything back now and then.
  private struct Restless: BookStrategy {
    var random: SeededGenerator
    var ticks: [UInt64: Int32] = [:]

    mutating func wake(_ desk: inout BookDesk) {
      guard let bid = desk.book.bestBid, let ask = desk.book.bestAsk else { return }
      if Bool.random(using: &random) { desk.cancelAll() }
      let away = Int32.random(in: 0...3, using: &random)
      let buy = desk.quote(.buy, at: bid - away, Int64.random(in: 1...5, using: &random))
      let sell = desk.quote(.sell, at: ask + away, Int64.random(in: 1...5, using: &random))
      (ticks[buy], ticks[sell]) = (bid - away, ask + away)
    }
  }

  private func tape(seed: UInt64, count: Int) -> [BookTape.Event] {
    var random = SeededGenerator(seed: seed)
    var middle: Int32 = 500
    return (0..<count).map { index in
      middle += Int32.random(in: -1...1, using: &random)
      let kind: BookTape.Event.Kind =
        [.bid, .ask, .bid, .ask, .bought, .sold][Int.random(in: 0..<6, using: &random)]
      let away = Int32.random(in: 1...8, using: &random)
      let tick = kind == .bid ? middle - away : kind == .ask ? middle + away : middle
      return event(
        Double(index) / 2, kind, tick, Int64.random(in: 0...20, using: &random))
    }
  }

  @Test(
    "random tapes: fills at the order's own price, never more than it asked, the same every time",
    arguments: 1...6 as ClosedRange<UInt64>)
  func random(seed: UInt64) {
    let events = tape(seed: seed, count: 4000)
    let tape = BookTape(events, tickSize: Price(steps: Price.stepsPerUnit))
    var settings = BookReplay<Restless>.Settings()
    settings.interval = 5 * Self.millisecond
    settings.queue = seed.isMultiple(of: 2) ? .proportional : .cautious
    func run() -> BookReplay<Restless> {
      var replay = BookReplay(
        Restless(random: SeededGenerator(seed: seed)), ticks: 1...1000, settings: settings)
      replay.run(tape)
      return replay
    }
    let replay = run()
    #expect(replay.fills.count > 20)
    var filled: [UInt64: Int64] = [:]
    for fill in replay.fills {
      filled[fill.id, default: 0] += fill.quantity
      #expect(replay.strategy.ticks[fill.id] == fill.tick && fill.quantity > 0)
    }
    #expect(filled.values.allSatisfy { $0 <= 5 })
    #expect(zip(replay.fills, replay.fills.dropFirst()).allSatisfy { $0.time <= $1.time })
    #expect(run().fills == replay.fills)
  }

  @Test("the ladder's best prices are those of a plain search, whatever comes")
  func ladder() {
    var ladder = DepthLadder(ticks: 1...60)
    var random = SeededGenerator(seed: 3)
    var (bids, asks): ([Int32: Int64], [Int32: Int64]) = ([:], [:])
    for _ in 0..<20_000 {
      let tick = Int32.random(in: 1...60, using: &random)
      let quantity = Int64.random(in: 0...2, using: &random)
      // A plain book that never crosses: what would cross is not tried.
      if Bool.random(using: &random) {
        if quantity > 0, let ask = asks.keys.min(), tick >= ask { continue }
        bids[tick] = quantity == 0 ? nil : quantity
        ladder.setBid(tick, quantity)
      } else {
        if quantity > 0, let bid = bids.keys.max(), tick <= bid { continue }
        asks[tick] = quantity == 0 ? nil : quantity
        ladder.setAsk(tick, quantity)
      }
      #expect(ladder.bestBid == bids.keys.max() && ladder.bestAsk == asks.keys.min())
    }
    ladder.setBid(61, 5)
    #expect(ladder.outside == 1)
  }
}
