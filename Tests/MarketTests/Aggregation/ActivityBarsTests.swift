import Market
import Numerics
import Runtime
import TestKit
import Testing

@Suite("Bars of equal trading") struct ActivityBarsTests {
  private let symbol: Symbol

  init() throws { symbol = try Symbol(parsing: "ABC") }

  private func trade(_ second: Int64, _ price: String, _ quantity: String) throws -> Trade {
    let time = Timestamp(seconds: 1_700_000_000 + second)
    return Trade(
      time: time, knownAt: time, price: try Price(parsing: price),
      quantity: try Quantity(parsing: quantity))
  }

  private func randomTrades(_ count: Int, seed: UInt64) -> [Trade] {
    var generator = SeededGenerator(seed: seed)
    var time: Int64 = 1_700_000_000_000_000_000
    var known = time
    return (0..<count).map { _ in
      // A third of the trades share their instant with the one before.
      if Int.random(in: 0..<3, using: &generator) > 0 {
        time += .random(in: 1...2_000_000_000, using: &generator)
      }
      known = max(known, time + .random(in: 0...1_000_000, using: &generator))
      return Trade(
        time: Timestamp(nanoseconds: time), knownAt: Timestamp(nanoseconds: known),
        price: Price(steps: .random(in: 1_00000000...900_00000000, using: &generator)),
        quantity: Quantity(steps: .random(in: 1...5000_00000000, using: &generator)))
    }
  }

  @Test("a bar of so many trades has the open, high, low, close, volume and mean price of them")
  func byTrades() throws {
    let trades = try [
      trade(0, "10", "1"), trade(1, "12", "2"), trade(2, "9", "3"), trade(3, "11", "4"),
      trade(4, "10", "1"),
    ]
    let bars = try Frame(symbol: symbol, trades: trades, by: .trades(2))
    #expect(bars.count == 2)
    #expect(bars["open"].map(Array.init) == [10, 9])
    #expect(bars["high"].map(Array.init) == [12, 11])
    #expect(bars["low"].map(Array.init) == [10, 9])
    #expect(bars["close"].map(Array.init) == [12, 11])
    #expect(bars["volume"].map(Array.init) == [3, 7])
    #expect(bars["trade_count"].map(Array.init) == [2, 2])
    #expect(bars["vwap"].map(Array.init) == [34.0 / 3, 71.0 / 7])
    #expect(bars.start[0] == trades[0].time.nanoseconds)
    #expect(bars.end[0] == trades[1].time.nanoseconds + 1)
  }

  @Test(
    "what a trade has beyond the size counts towards the next bar, and whole sizes are forgotten")
  func remainder() throws {
    // Sums: 60, 110 (bar, rest 10), 190 → 90, 100 (bar, rest 0), 350 (bar, rest 50), 50 + 50 (bar).
    let trades = try ["60", "50", "80", "10", "350", "50", "99"].enumerated().map {
      try trade(Int64($0.offset), "1", $0.element)
    }
    let bars = try Frame(
      symbol: symbol, trades: trades, by: .volume(Quantity(parsing: "100")))
    #expect(bars["volume"].map(Array.init) == [110, 90, 350, 50])
  }

  @Test("money is counted exactly: tenths of a cent add up to a bar without a step too few")
  func exactValue() throws {
    // Thirty trades of 0.1 at 0.1 are 0.30 exactly; in binary fractions the sum falls short.
    let trades = try (0..<30).map { try trade(Int64($0), "0.1", "0.1") }
    let bars = try Frame(symbol: symbol, trades: trades, by: .value(Cash(parsing: "0.3")))
    #expect(bars.count == 1 && bars["trade_count"]?[0] == 30)
    #expect((0..<30).reduce(0) { sum, _ in sum + 0.1 * 0.1 } != 0.3)
  }

  @Test(
    "trades: one by one or all at once, the bars are the same, in order, and add up",
    arguments: 0..<8)
  func streamed(seed: UInt64) throws {
    let trades = randomTrades(FuzzBudget.inputs(usual: 3000, nightly: 1_000_000), seed: seed)
    for measure in try [
      ActivityMeasure.trades(7), .volume(Quantity(parsing: "20000")),
      .value(Cash(parsing: "1000000")),
    ] {
      let batch = try Frame(symbol: symbol, trades: trades, by: measure)
      var stream = try TradeBars(symbol: symbol, by: measure)
      var rows: [BarRow] = []
      for (index, trade) in trades.enumerated() {
        if let bar = try stream.add(trade) { rows.append(bar) }
        // The clock may go on as far as the next trade.
        if index % 5 == 0, index + 1 < trades.count,
          let bar = try stream.advance(to: trades[index + 1].time)
        {
          rows.append(bar)
        }
      }
      if let bar = try stream.advance(to: Timestamp(nanoseconds: .max)) { rows.append(bar) }
      let streamed = try Frame(
        rows, symbol: symbol, interval: batch.interval, columns: batch.names)
      #expect(areIdentical(batch, streamed), "\(measure)")
      #expect(batch.count > 10)
      for row in 0..<batch.count {
        // Whatever was known when the bar was had been given to it.
        #expect(batch.knownAt[row] >= batch.end[row])
        #expect(batch["trade_count"]?[row].isFinite == true)
      }
      let inBars = batch["trade_count"]?.reduce(0, +) ?? 0
      #expect(Int(inBars) <= trades.count)
      let ended = trades.filter { $0.time.nanoseconds < batch.end.last ?? 0 }
      #expect(Int(inBars) == ended.count)
    }
  }

  @Test("bars reach a multiple of the size exactly when the plain total does", arguments: 0..<4)
  func multiples(seed: UInt64) throws {
    let trades = randomTrades(2000, seed: seed)
    let size = try Quantity(parsing: "30000")
    let bars = try Frame(symbol: symbol, trades: trades, by: .volume(size))
    // Over instants, because trades of one instant stay together.
    var (total, ends): (Int128, [Int64]) = (0, [])
    for (time, group) in Dictionary(grouping: trades, by: \.time).sorted(by: { $0.key < $1.key }) {
      let before = total / Int128(size.steps)
      total += group.reduce(0) { $0 + Int128($1.quantity.steps) }
      if total / Int128(size.steps) > before { ends.append(time.nanoseconds + 1) }
    }
    #expect(Array(bars.end) == ends)
  }

  @Test("of finer bars: one by one or all at once, the bars are the same", arguments: 0..<6)
  func fromBars(seed: UInt64) throws {
    let fine = try RandomBars.frame(
      .minute, sessions: RandomBars.oddSessions(2010 + Int(seed)), seed: seed)
    for measure in try [
      ActivityMeasure.trades(300), .volume(Quantity(parsing: "500000")),
      .value(Cash(parsing: "25000000")),
    ] {
      let batch = try fine.resampled(by: measure)
      var stream = try ActivityBars(symbol: fine.symbol, by: measure, columns: fine.names)
      let rows = try fine.rows(of: fine.names).compactMap { try stream.add($0) }
      let streamed = try Frame(
        rows, symbol: fine.symbol, interval: fine.interval, columns: fine.names)
      #expect(areIdentical(batch, streamed))
      #expect(batch.count > 10 && batch.count < fine.count)
    }
    let plain = try fine.selecting(BarRow.plainColumns)
    #expect(throws: FrameError.self) { try plain.resampled(by: .trades(3)) }
    // Without a mean price the close stands for it.
    #expect(try plain.resampled(by: .value(Cash(parsing: "25000000"))).count > 10)
  }

  @Test("trades out of order, or of nothing, are refused")
  func refuses() throws {
    var stream = try TradeBars(symbol: symbol, by: .trades(1))
    _ = try stream.add(trade(5, "1", "1"))
    let (early, empty) = (try trade(4, "1", "1"), try trade(6, "1", "0"))
    let late = #expect(throws: FrameError.self) { try stream.add(early) }
    #expect(late == .tradeOutOfOrder(symbol: symbol, time: early.time))
    let nothing = #expect(throws: FrameError.self) { try stream.add(empty) }
    #expect(nothing == .emptyTrade(symbol: symbol, time: empty.time))
    for error in [late, nothing] {
      #expect(error?.diagnosis.place.hasPrefix("ABC, trade at 2023-11-14T22:13:2") == true)
    }
    // The largest there are do not leave the range.
    let huge = Trade(
      time: Timestamp(seconds: 1_800_000_000), knownAt: Timestamp(seconds: 1_800_000_000),
      price: Price(steps: .max), quantity: Quantity(steps: .max))
    var byValue = try TradeBars(symbol: symbol, by: .value(Cash(parsing: "1")))
    for _ in 0..<5 { #expect(try byValue.add(huge) == nil) }
    #expect(try byValue.advance(to: Timestamp(nanoseconds: .max))?.values[6] == 5)
  }
}
