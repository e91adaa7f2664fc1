import Features
import Market
import Numerics
import Runtime
import Testing
import Trading

@Suite("Back-test") struct BacktestTests {
  @Test("A decision at a close is filled at the next open, with costs, to the last step of cash")
  func handWorked() throws {
    // The mean of two is above that of three first at row 3 (12 and 10 against 12, 10 and 10),
    // and below at row 5 (11.5 against 11.67).
    let frame = try HandFrames.frame(closes: [10, 10, 10, 12, 12, 11, 9, 9])
    let result = try SMACross(fast: 2, slow: 3).run(on: frame) {
      $0.initialCash = Cash(steps: 10_000 * Cash.stepsPerUnit)
      $0.halfSpreadBasisPoints = 10
      $0.commissionBasisPoints = 5
      $0.cashReserve = 0.1
    }
    try #require(result.fills.count == 2)
    let (buy, sell) = (result.fills[0], result.fills[1])
    #expect(buy.time.nanoseconds == frame.start[4])
    #expect(buy.orderedAt.nanoseconds == frame.knownAt[3])
    // Sized at the close: 9000 less two steps over 12.006 is 749.6 shares.
    #expect(buy.quantity == Quantity(steps: 749 * Quantity.stepsPerUnit))
    #expect(buy.price.description == "12.012")
    // 749 × 12.012 = 8996.988; five basis points are 4.498494, rounded up.
    #expect(buy.commission.description == "4.4985")
    #expect(sell.time.nanoseconds == frame.start[6])
    #expect(sell.price.description == "10.989")
    // 749 × 10.989 = 8230.761; five basis points are 4.1153805.
    #expect(sell.commission.description == "4.1154")
    // 10000 − 8996.988 − 4.4985 + 8230.761 − 4.1154
    #expect(result.ledger.cash().description == "9225.1591")
    #expect(result.equity.last?.equity == result.ledger.cash())
    #expect(result.fees.description == "8.6139")
    #expect(result.ledger.balance(.realised(.base)).description == "766.227")
    #expect(result.trades.map(\.profit.description) == ["-774.8409"])
    #expect(result.trades.map(\.bars) == [2])
    #expect(result.bars == 8)
  }

  @Test(
    "Whatever comes after a bar, fills and equity up to it are the same", arguments: [60, 61, 150])
  func noLookAhead(cut: Int) throws {
    let rows = HandFrames.walkRows(bars: 200, seed: 5)
    let truth = try SMACross(fast: 5, slow: 20).run(on: HandFrames.frame(rows))
    let end = try HandFrames.frame(rows).knownAt[cut]
    for factor in [0.5, 3] {
      let altered = rows.enumerated().map { row, bar in
        row <= cut
          ? bar
          : BarValues(
            open: bar.open * factor, high: bar.high * factor * 2, low: bar.low * factor / 2,
            close: bar.close * factor * (row % 2 == 0 ? 1.4 : 0.7), volume: 1)
      }
      let other = try SMACross(fast: 5, slow: 20).run(on: HandFrames.frame(altered))
      #expect(Array(other.equity[...cut]) == Array(truth.equity[...cut]))
      #expect(
        other.fills.filter { $0.time.nanoseconds <= end }
          == truth.fills.filter { $0.time.nanoseconds <= end })
      #expect(other.equity.last != truth.equity.last)
    }
  }

  @Test(
    "Every fill lies within its bar, widened by the half-spread, and cash is never below zero",
    arguments: 1...8 as ClosedRange<UInt64>)
  func invariants(seed: UInt64) throws {
    let frame = try HandFrames.walk(bars: 400, seed: seed)
    let result = try SMACross(fast: 3, slow: 9).run(on: frame) { $0.cashReserve = 0 }
    #expect(result.fills.count > 20)
    var held = Quantity.zero
    for fill in result.fills {
      let row = try #require((0..<frame.count).first { frame.start[$0] == fill.time.nanoseconds })
      let price = Double(fill.price)
      #expect(price <= (frame["high"]?[row] ?? 0) * 1.0002 + 1e-8)
      #expect(price >= (frame["low"]?[row] ?? .infinity) * 0.9998 - 1e-8)
      #expect(fill.time >= fill.orderedAt)
      held = try held.adding(fill.quantity)
      #expect(!held.isNegative)
    }
    #expect(held == result.ledger.position(InstrumentID(0)))
    #expect(result.equity.allSatisfy { $0.exposure >= -1e-12 && $0.exposure <= 1 })
    let books: [LedgerAccount] = [
      .cash(.base), .holdings(InstrumentID(0)), .commission(.base), .capital(.base),
      .realised(.base),
    ]
    #expect(books.reduce(0) { $0 + result.ledger.balance($1).steps } == 0)
    #expect(
      try SMACross(fast: 3, slow: 9).run(on: frame) { $0.cashReserve = 0 }.fills == result.fills)
  }

  @Test("When the open has run away, no more is bought than cash pays for, and the fill says so")
  func gapUp() throws {
    var rows = [10.0, 10, 10, 12, 12].map { close in
      BarValues(open: close, high: close, low: close, close: close, volume: 1e6)
    }
    rows[4] = BarValues(open: 20, high: 21, low: 19, close: 20, volume: 1e6)
    let result = try SMACross(fast: 2, slow: 3).run(on: HandFrames.frame(rows))
    #expect(result.fills.map(\.reason) == [.nextOpen])
    #expect(!result.ledger.cash().isNegative)
    // Another share would not be paid.
    #expect(Double(result.ledger.cash()) < 20.01)
    #expect(result.trades.map(\.isOpen) == [true])
  }

  @Test("Bars before the days asked for serve as history")
  func range() throws {
    let frame = try HandFrames.walk(bars: 300, drift: 0.01, seed: 3)
    let first = try #require(CivilDate(year: 2000, month: 4, day: 10))
    let days = try TimeRange(first: first, last: nil)
    let result = try SMACross(fast: 5, slow: 50).run(on: frame) { $0.range = days }
    #expect(result.start.utcDate == first)
    #expect(result.fills.first?.orderedAt == result.start)
    #expect(result.bars == 200)
  }

  @Test("Two symbols share one account, and its books still balance")
  func twoSymbols() throws {
    let frames = [
      try HandFrames.walk("A", bars: 200, seed: 1), try HandFrames.walk("B", bars: 150, seed: 2),
    ]
    let result = try Backtest.run(
      frames: frames, strategy: SMACross(fast: 5, slow: 20), settings: BacktestSettings())
    #expect(Set(result.fills.map { result.symbol(of: $0).text }) == ["A", "B"])
    #expect(result.bars == 200)
    #expect(result.equity.allSatisfy { $0.exposure <= 1 })
    #expect(throws: BacktestError.twice(frames[0].symbol)) {
      try Backtest.run(
        frames: [frames[0], frames[0]], strategy: BuyAndHold(), settings: BacktestSettings())
    }
  }
}

@Suite("Back-tests that have no result say why") struct BacktestRefusalTests {
  @Test("No bars on the days asked for: the days there are")
  func noBars() throws {
    let frame = try HandFrames.walk(bars: 10, seed: 1)
    let day = try #require(CivilDate(year: 2024, month: 1, day: 1))
    let days = try TimeRange(first: day, last: nil)
    let error = #expect(throws: BacktestError.self) {
      try BuyAndHold().run(on: frame) { $0.range = days }
    }
    #expect(error?.diagnosis.finding.contains("2000-01-01 to 2000-01-10") == true)
    #expect(error?.diagnosis.remedy.contains("20000101-20000110") == true)
    let empty = #expect(throws: BacktestError.self) {
      try BuyAndHold().run(on: HandFrames.frame([]))
    }
    #expect(empty?.diagnosis.finding == "there are no bars at all")
  }

  @Test("No trades: the days and what the strategy would have needed")
  func noTrades() throws {
    let error = #expect(throws: BacktestError.self) {
      try SMACross(fast: 5, slow: 20).run(on: HandFrames.walk(bars: 15, seed: 1))
    }
    #expect(error?.diagnosis.place == "2000-01-01 to 2000-01-15")
    #expect(error?.diagnosis.finding.contains("it needs 20 before it can decide") == true)
    #expect(error?.diagnosis.exitCode == .failed)
  }

  @Test("Symbols with bars of different lengths, by name")
  func mixedIntervals() throws {
    let daily = try HandFrames.walk("A", bars: 50, seed: 1)
    let other = try HandFrames.walk("B", bars: 50, seed: 1)
    let weekly = Frame(
      symbol: other.symbol, interval: .week, start: other.start, end: other.end,
      knownAt: other.knownAt, columns: [:])
    #expect(throws: BacktestError.mixedIntervals(other.symbol, .week, expected: .day)) {
      try Backtest.run(
        frames: [daily, weekly], strategy: BuyAndHold(), settings: BacktestSettings())
    }
  }

  @Test("Settings that cannot be meant")
  func settings() throws {
    #expect(throws: BacktestError.self) { try SMACross(fast: 50, slow: 20) }
    #expect(throws: BacktestError.self) { try SMACross(fast: 0, slow: 20) }
    let frame = try HandFrames.walk(bars: 50, seed: 1)
    let wrong: [(inout BacktestSettings) -> Void] = [
      { $0.cashReserve = 1 }, { $0.cashReserve = .nan }, { $0.commissionBasisPoints = -1 },
      { $0.halfSpreadBasisPoints = .infinity }, { $0.initialCash = .zero },
      { $0.resamples = 0 },
    ]
    for change in wrong {
      #expect(throws: BacktestError.self) { try BuyAndHold().run(on: frame, change: change) }
    }
  }

  @Test(
    "A bar whose prices cannot be, with its day", arguments: [0, -1, Double.nan, .infinity, 1e300])
  func badBar(close: Double) throws {
    var rows = HandFrames.walkRows(bars: 50, seed: 1)
    rows[20].close = close
    let error = #expect(throws: BacktestError.self) {
      try BuyAndHold().run(on: HandFrames.frame(rows))
    }
    #expect(error?.diagnosis.finding.isEmpty == false)
  }
}
