import Evidence
import Features
import Market
import Numerics
import Runtime
import TestKit
import Testing
import Trading

@Suite("Strategies of rules") struct RuleRunTests {
  private func strategy(_ lines: String, symbols: String = "TEST") throws -> ConditionStrategy {
    ConditionStrategy(try RuleFileTests.rules("name: r\nsymbols: [\(symbols)]\n" + lines))
  }

  @Test("A rule of two averages trades as the strategy in Swift does, fill by fill")
  func sameAsSwift() throws {
    let frame = try HandFrames.walk(bars: 800, seed: 5)
    let rules = try strategy(
      """
      entry: "mean(close, 10) > mean(close, 30)"
      exit: "mean(close, 10) <= mean(close, 30)"
      """)
    let own = try rules.run(on: frame)
    let built = try SMACross(fast: 10, slow: 30).run(on: frame)
    #expect(own.fills.count > 20)
    #expect(own.fills.map(\.time) == built.fills.map(\.time))
    #expect(own.fills.map(\.quantity) == built.fills.map(\.quantity))
    #expect(own.equity.last == built.equity.last)
  }

  @Test("Bars before the first day count as history")
  func history() throws {
    let frame = try HandFrames.walk(bars: 400, seed: 6)
    let rules = try strategy(
      "entry: \"close > mean(close, 100)\"\nexit: \"close < mean(close, 100)\"")
    let range = try TimeRange(parsing: "20000901-")
    let late = try rules.run(on: frame) {
      $0.range = range
    }
    #expect(late.fills.first.map { late.day($0.time).description < "2000-10-10" } == true)
  }

  @Test("The exit goes first, and an entry that holds with it buys nothing")
  func exitFirst() throws {
    // Falls below 90 after rising above 100: both hold between.
    let frame = try HandFrames.frame(closes: [100, 101, 102, 95, 96, 99, 103, 104, 104])
    let result = try strategy("entry: \"close > 98\"\nexit: \"close < 100\"").run(on: frame)
    // In after 100, out after 95; 99 meets both and does nothing; in again after 103.
    #expect(result.fills.map { $0.quantity.isNegative } == [false, true, false])
    #expect(result.fills.map { result.day($0.time).description.suffix(2) } == ["02", "05", "08"])
  }

  @Test("A stop sells at its price within the bar, and buys back only on a fresh signal")
  func stop() throws {
    var rows = [100.0, 100, 100].map { flat($0) }
    // Bought at 100; the stop is at 90.
    rows.append(BarValues(open: 98, high: 99, low: 85, close: 95, volume: 1000))
    rows += [95.0, 96, 97, 0.5, 50, 50].map { flat($0 == 0.5 ? 40 : $0) }
    let result = try strategy("entry: \"close > 45\"\nexit: \"close < 1\"\nstop: 0.1")
      .run(on: HandFrames.frame(rows))
    #expect(result.fills.map { Double($0.price).rounded() } == [100, 90, 50])
    #expect(result.fills[1].reason == .stopReached)
    // 95 to 97 still meet the entry; only after 40 has failed it does 50 buy again.
    #expect(result.day(result.fills[2].time).description == "2000-01-10")
  }

  @Test("A profit is taken at its limit, and the stop beside it is withdrawn")
  func takeProfit() throws {
    var rows = [100.0, 100].map { flat($0) }
    rows.append(BarValues(open: 105, high: 125, low: 104, close: 118, volume: 1000))
    rows += [118.0, 80, 80].map { flat($0) }
    let result = try strategy(
      "entry: \"close == 100\"\nexit: \"close < 1\"\nstop: 0.1\ntake_profit: 0.2"
    ).run(on: HandFrames.frame(rows))
    #expect(result.fills.map { Double($0.price).rounded() } == [100, 120])
    #expect(result.trades.count == 1 && !result.trades[0].isOpen)
  }

  @Test("Shorts are sold first and bought back, with their stop above")
  func shorts() throws {
    var rows = [100.0, 90, 90].map { flat($0) }
    rows.append(BarValues(open: 91, high: 120, low: 90, close: 95, volume: 1000))
    rows.append(flat(95))
    let result = try strategy(
      """
      short_entry: "close < 92"
      short_exit: "close > 200"
      stop: 0.1
      """
    ).run(on: HandFrames.frame(rows)) { $0.leverage = 1 }
    #expect(result.fills.map { $0.quantity.isNegative } == [true, false])
    #expect(abs(Double(result.fills[1].price) - 99) < 0.1)
  }

  @Test("The size is a part of the symbol's share, and none without a number buys nothing")
  func size() throws {
    let frame = try HandFrames.frame(closes: [100, 101, 102, 103, 104, 105])
    let half = try strategy("entry: \"close > 1\"\nexit: \"close < 1\"\nsize: 0.5").run(on: frame)
    let whole = try strategy("entry: \"close > 1\"\nexit: \"close < 1\"").run(on: frame)
    let ratio = Double(half.fills[0].quantity) / Double(whole.fills[0].quantity)
    #expect(abs(ratio - 0.5) < 0.01)
    // Known from the fourth bar on only.
    let late = try strategy(
      "entry: \"close > 1\"\nexit: \"close < 1\"\nsize: \"close / ref(close, 3) / 2\""
    ).run(on: frame)
    #expect(late.day(late.fills[0].time).description == "2000-01-05")
  }

  @Test("Rules that hold together at every bar are refused before the run, with the count")
  func neverEnters() throws {
    let rules = try RuleFileTests.rules(
      "name: r\nsymbols: [TEST]\nentry: \"rsi(5) < 30\"\nexit: \"rsi(5) < 40\"")
    let frame = try HandFrames.walk(bars: 300, seed: 8)
    do throws(RuleError) {
      _ = try rules.checked(over: [frame])
      Issue.record("this was let through")
    } catch {
      #expect(error.diagnosis.finding.contains("exit holds too"))
    }
  }

  @Test("The proof tries every rule and finds nothing")
  func proof() throws {
    let rules = try RuleFileTests.rules(RuleFileTests.valid)
    let verdict = try rules.checked(over: [HandFrames.walk(bars: 300, seed: 9)])
    #expect(verdict.isClean && verdict.columns == ["entry", "exit", "stop"])
    #expect(verdict.compared > 10_000)
  }

  @Test("Names of one's own stand for what they were given, in any order")
  func definitions() throws {
    let frame = try HandFrames.walk(bars: 500, seed: 5)
    let plain = try strategy(
      "entry: \"mean(close, 10) > mean(close, 30)\"\nexit: \"mean(close, 10) <= mean(close, 30)\"")
    let named = try strategy(
      """
      parameters: {fast: 10}
      define:
        up: "margin > 0"
        margin: "mean(close, fast) - mean(close, 30)"
      entry: up
      exit: not up
      """)
    let (one, other) = (try plain.run(on: frame), try named.run(on: frame))
    #expect(one.fills.count > 10 && one.fills == other.fills)
  }

  @Test("The calendar is that of the exchange's wall: in on Mondays, out on Thursdays")
  func calendar() throws {
    let frame = try HandFrames.walk(bars: 200, seed: 5)
    let result = try strategy("entry: \"day_of_week == 0\"\nexit: \"day_of_week == 3\"")
      .run(on: frame)
    #expect(result.fills.count > 50)
    for fill in result.fills {
      // Decided at the close before the fill.
      #expect(result.day(fill.time).weekday == (fill.quantity.isNegative ? .friday : .tuesday))
    }
  }

  @Test("A week's bar counts when it is over, and bars before the first day make it too")
  func longerBars() throws {
    // In winter, when these bars end with their sessions.
    let frame = try HandFrames.walk(bars: 90, seed: 12)
    let rules = try strategy(
      "entry: \"close > timeframe(close, '1w')\"\nexit: \"close < timeframe(close, '1w')\"")
    let whole = try rules.run(on: frame)
    let range = try TimeRange(parsing: "20000221-")
    let late = try rules.run(on: frame) { $0.range = range }
    #expect(whole.fills.count > 8)
    let close = try #require(frame["close"])
    var sides: [Int64: Bool] = [:]
    for row in 8..<frame.count {
      // 2000-01-03 was a Monday; the last weekday before this week's Monday, or today's if it is over.
      let day = CivilDate(dayNumber: 10957 + Int32(row))
      let back = day.weekday.rawValue >= 5 ? day.weekday.rawValue - 5 : day.weekday.rawValue + 2
      sides[frame.knownAt[row]] = close[row] > close[row - back]
    }
    for result in [whole, late] {
      for order in result.decided where !order.order.intent.signedQuantity.isZero {
        let isUp = try #require(sides[order.order.createdAt.nanoseconds] as Bool?)
        #expect(isUp == (order.order.intent.side == .buy), "\(order.order.createdAt)")
      }
    }
    #expect(late.day(try #require(late.fills.first).time).description < "2000-03-05")
  }

  @Test("A rank among symbols is taken when the bars of all of them are known")
  func ranks() throws {
    let frames = try (0..<3).map {
      try HandFrames.walk("S\($0)", bars: 150, seed: 40 + UInt64($0))
    }
    let rules = try strategy(
      "entry: \"rank(returns(close, 5)) == 1\"\nexit: \"rank(returns(close, 5)) < 1\"",
      symbols: "S0, S1, S2")
    let result = try Backtest.run(frames: frames, strategy: rules, settings: BacktestSettings())
    #expect(result.fills.count > 30)
    let closes = try frames.map { try #require($0["close"]) }
    for order in result.decided {
      let row = frames[0].knownAt.firstRow(from: order.order.createdAt.nanoseconds)
      let returns = closes.map { $0[row] / $0[row - 5] - 1 }
      let best = try #require(returns.max())
      let own = returns[order.order.intent.instrument.place]
      #expect((own == best) == (order.order.intent.side == .buy), "row \(row)")
    }
    // One bar late it is the same rule: what it is told is late for all of them.
    #expect(
      try Appraisal(frames: frames, strategy: rules, settings: BacktestSettings())
        .fragility.performance(.delayedBar)?.totalReturn.isFinite == true)
  }

  @Test("The proof takes calendar, longer bars, ranks and names, and finds nothing")
  func wideProof() throws {
    let rules = try RuleFileTests.rules(
      """
      name: r
      symbols: [S0, S1, S2]
      define: {strong: "rank(returns(close, 5)) > 0.4"}
      entry: "strong and close > timeframe(mean(close, 3), '1w')"
      exit: "day_of_month < 4 or not strong"
      """)
    let frames = try (0..<3).map {
      try HandFrames.walk("S\($0)", bars: 90, seed: 40 + UInt64($0))
    }
    #expect(try rules.checked(over: frames).isClean)
  }

  private func flat(_ price: Double) -> BarValues {
    BarValues(open: price, high: price, low: price, close: price, volume: 1000)
  }
}

@Suite("Ranked selection") struct RankStrategyTests {
  /// The rule of Qlib's `TopkDropout`, written from its description without our shortcuts.
  private func model(_ scores: [Double], _ held: Set<Int>, top: Int, drop: Int) -> Set<Int> {
    func sorted(_ places: some Sequence<Int>) -> [Int] {
      places.sorted { scores[$0] == scores[$1] ? $0 < $1 : scores[$0] > scores[$1] }
    }
    let others = sorted(scores.indices.filter { !held.contains($0) })
    let best = others.prefix(max(0, drop + top - held.count))
    let last = sorted(held.union(best)).suffix(drop)
    let sold = held.intersection(last)
    let bought = others.prefix(max(0, sold.count + top - held.count))
    return held.subtracting(sold).union(bought)
  }

  @Test("Over random worlds, what is held is what the description says, bar after bar")
  func sameAsDescription() throws {
    for seed in 1...6 as ClosedRange<UInt64> {
      let count = 5 + Int(seed % 3)
      let frames = try (0..<count).map {
        try HandFrames.walk("S\($0)", bars: 80, seed: seed * 100 + UInt64($0))
      }
      let (top, drop) = (1 + Int(seed % 3), 1)
      let names = (0..<count).map { "S\($0)" }.joined(separator: ", ")
      let rules = try RuleFileTests.rules(
        "name: r\nsymbols: [\(names)]\nrank: \"returns(close, 10)\"\ntop: \(top)\n")
      let strategy = try #require(RankStrategy(rules))
      var settings = BacktestSettings()
      settings.resamples = 100
      let result = try Backtest.run(frames: frames, strategy: strategy, settings: settings)
      // What is held after each day's open.
      var position = [Int64](repeating: 0, count: count)
      var fills = result.fills[...]
      var held: Set<Int> = []
      for row in 10..<79 {
        let scores = try frames.map { frame in
          let close = try #require(frame["close"])
          return close[row] / close[row - 10] - 1
        }
        held = model(scores, held, top: top, drop: drop)
        let next = frames[0].end[row + 1]
        while let fill = fills.first, fill.time.nanoseconds <= next {
          position[fill.instrument.place] += fill.quantity.steps
          fills.removeFirst()
        }
        #expect(Set(position.indices.filter { position[$0] != 0 }) == held, "row \(row)")
      }
    }
  }

  @Test("Four symbols over four days, worked by hand: two are held, one a day may be exchanged")
  func byHand() throws {
    // Ranked by their close. Day 1: D and C lead. Day 2: B passes C. Day 3: A leads and C is second, yet
    // only the last, D, is exchanged, for A. Day 4: of A, B and the best of the others, D, none held is last.
    let closes: [String: [Double]] = [
      "A": [10, 10, 50, 50, 50, 50], "B": [20, 35, 20, 20, 20, 20],
      "C": [30, 30, 45, 10, 10, 10], "D": [40, 40, 15, 15, 15, 15],
    ]
    let frames = try closes.keys.sorted().map {
      try HandFrames.frame(closes: closes[$0] ?? [], name: $0)
    }
    let rules = try RuleFileTests.rules(
      "name: r\nsymbols: [A, B, C, D]\nrank: \"close\"\ntop: 2\ndrop: 1\n")
    var settings = BacktestSettings()
    settings.initialCash = Cash(steps: 1000 * Cash.stepsPerUnit)
    let result = try Backtest.run(
      frames: frames, strategy: try #require(RankStrategy(rules)), settings: settings)
    let acts = result.fills.map { fill in
      "\(result.day(fill.time).description.suffix(2)) "
        + (fill.quantity.isNegative ? "sells " : "buys ") + result.symbol(of: fill).text
    }
    #expect(
      acts.sorted() == [
        "02 buys C", "02 buys D", "03 buys B", "03 sells C", "04 buys A", "04 sells D",
      ])
  }

  @Test("The account is divided among those that are held, not among all")
  func shares() throws {
    let frames = try (0..<8).map {
      try HandFrames.walk("S\($0)", bars: 60, seed: 70 + UInt64($0))
    }
    let names = (0..<8).map { "S\($0)" }.joined(separator: ", ")
    let rules = try RuleFileTests.rules(
      "name: r\nsymbols: [\(names)]\nrank: \"returns(close, 5)\"\ntop: 2\n")
    var settings = BacktestSettings()
    settings.resamples = 100
    let result = try Backtest.run(
      frames: frames, strategy: try #require(RankStrategy(rules)), settings: settings)
    #expect(result.equity[30...].allSatisfy { $0.exposure > 0.85 && $0.exposure <= 1.001 })
  }
}
