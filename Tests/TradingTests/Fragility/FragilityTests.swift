import Evidence
import Features
import Foundation
import Market
import Numerics
import Runtime
import Testing
import Trading

@Suite("Fragility") struct FragilityTests {
  private var settings: BacktestSettings {
    var settings = BacktestSettings()
    settings.resamples = 100
    settings.initialCash = Cash(steps: 5000 * Cash.stepsPerUnit)
    return settings
  }

  private func appraisal(
    _ rows: [BarValues], _ strategy: some Strategy,
    change: (inout BacktestSettings) -> Void = { _ in }
  ) throws -> Appraisal {
    var settings = settings
    change(&settings)
    return try Appraisal(
      frames: [HandFrames.frame(rows)], strategy: strategy, settings: settings)
  }

  /// Down for three bars and up for three, with opens at the close before.
  private func saw(_ bars: Int, step: Double = 0.02) -> [BarValues] {
    var close = 100.0
    return (0..<bars).map { bar in
      let open = close
      close *= bar % 6 < 3 ? 1 / (1 + step) : 1 + step
      return BarValues(
        open: open, high: max(open, close), low: min(open, close), close: close, volume: 1e9)
    }
  }

  @Test("every assumption has its case, the worst is the worst, and JSON has all of them")
  func cases() throws {
    let found = try appraisal(
      HandFrames.walkRows(bars: 500, seed: 4), SMACross(fast: 3, slow: 9))
    #expect(found.fragility.cases.map(\.assumption) == Assumption.allCases)
    let worst = try #require(found.fragility.worst)
    for one in found.fragility.cases {
      #expect(worst.performance.totalReturn <= one.performance.totalReturn)
      #expect(one.performance.totalReturn != found.performance.totalReturn, "\(one.assumption)")
    }
    let json = found.json(report: nil)["fragility"]
    #expect(json?["cases"]?.elements?.count == Assumption.allCases.count)
    #expect(json?["worst"]?["case"]?.string == worst.assumption.rawValue)
    #expect(json?["break_even_bps"]?.double == found.fragility.breakEvenBasisPoints)
  }

  @Test("a tick worse costs, a tick better brings, on every fill")
  func ticks() throws {
    let found = try appraisal(
      HandFrames.walkRows(bars: 400, seed: 8), SMACross(fast: 3, slow: 9))
    let worse = try #require(found.fragility.performance(.worseTick)).totalReturn
    let better = try #require(found.fragility.performance(.betterTick)).totalReturn
    #expect(worse < found.performance.totalReturn && found.performance.totalReturn < better)
  }

  @Test("one bar late turns a gain that lives off the next bar into a loss")
  func late() throws {
    // Buys after two rises and sells after two falls: one bar later it is too late.
    let found = try appraisal(saw(600), SMACross(fast: 1, slow: 2)) {
      $0.halfSpreadBasisPoints = 0
      $0.commissionBasisPoints = 0
    }
    let late = try #require(found.fragility.performance(.delayedBar)).totalReturn
    #expect(found.performance.totalReturn > 1, "\(found.performance.totalReturn)")
    #expect(late < found.performance.totalReturn / 10, "\(late)")
  }

  @Test("filled at the deciding close: the price of the close, worked by hand")
  func sameClose() throws {
    let closes: [Double] = [10, 10, 10, 12, 13, 11, 9, 9]
    let rows = closes.map {
      BarValues(open: $0 + 0.5, high: $0 + 1, low: $0, close: $0, volume: 1e9)
    }
    let result = try SMACross(fast: 2, slow: 3).run(on: HandFrames.frame(rows)) {
      $0.fillsAtDecidingClose = true
      $0.halfSpreadBasisPoints = 0
      $0.commissionBasisPoints = 0
    }
    #expect(result.fills.map(\.price.description) == ["12", "11"])
    #expect(result.fills.allSatisfy { $0.reason == .decidingClose })
    let open = try SMACross(fast: 2, slow: 3).run(on: HandFrames.frame(rows)) {
      $0.halfSpreadBasisPoints = 0
    }
    #expect(open.fills.map(\.price.description) == ["13.5", "9.5"])
  }

  @Test(
    "at the break-even cost nothing is gained, a little below it something is",
    arguments: [4, 8, 15])
  func breakEven(seed: UInt64) throws {
    let rows = HandFrames.walkRows(bars: 800, drift: 0.002, seed: seed)
    let strategy = try SMACross(fast: 3, slow: 9)
    let found = try appraisal(rows, strategy)
    let most = try #require(found.fragility.breakEvenBasisPoints)
    #expect(most > found.fragility.costBasisPoints)
    func gain(_ costs: Double) throws -> Double {
      try appraisal(rows, strategy) {
        $0.halfSpreadBasisPoints = costs / 2
        $0.commissionBasisPoints = costs / 2
      }.performance.totalReturn
    }
    let (at, below) = (try gain(most), try gain(most * 0.8))
    #expect(abs(at) < abs(found.performance.totalReturn) / 5, "\(most) bp: \(at)")
    #expect(below > at && below > 0)
    // What loses when trading is free has none.
    let falling = try appraisal(
      HandFrames.walkRows(bars: 800, drift: -0.01, seed: seed), BuyAndHold())
    #expect(falling.fragility.breakEvenBasisPoints == nil)
  }

  @Test("the whole of it takes no more than ten times one run")
  func cost() throws {
    let frame = try HandFrames.frame(HandFrames.walkRows(bars: 4000, seed: 4))
    let strategy = AnyStrategy(try SMACross(fast: 5, slow: 20))
    // Of this thread, so that other tests beside it do not count.
    func processorNanoseconds() -> Double {
      var time = timespec()
      clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
      return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
    }
    func nanoseconds(_ work: () throws -> Void) rethrows -> Double {
      var best = Double.infinity
      for _ in 0..<5 {
        let start = processorNanoseconds()
        try work()
        best = min(best, processorNanoseconds() - start)
      }
      return best
    }
    let base = try Backtest.run(frames: [frame], strategy: strategy, settings: settings)
    let one = try nanoseconds {
      _ = try Backtest.run(frames: [frame], strategy: strategy, settings: settings)
    }
    let pool = Pool(threads: 1)
    let all = try nanoseconds {
      _ = try Fragility(
        of: base, frames: [frame], strategy: strategy, barsPerYear: 252, on: pool)
    }
    #expect(one + all < 10 * one, "\(1 + all / one) times")
  }
}

@Suite("Diagnosis of a run") struct ObservationTests {
  private func observations(
    _ rows: [BarValues], _ strategy: some Strategy,
    change: (inout BacktestSettings) -> Void = { _ in }
  ) throws -> [Observation.Kind] {
    var settings = BacktestSettings()
    settings.resamples = 100
    settings.initialCash = Cash(steps: 5000 * Cash.stepsPerUnit)
    change(&settings)
    let found = try Appraisal(
      frames: [HandFrames.frame(rows)], strategy: strategy, settings: settings)
    for observation in found.observations {
      #expect(!observation.evidence.isEmpty && observation.sentence.contains("To do: "))
    }
    #expect(found.json(report: nil)["diagnosis"]?.elements?.count == found.observations.count)
    return found.observations.map(\.kind)
  }

  private func bars(_ closes: [Double], volume: Double = 1e9) -> [BarValues] {
    closes.indices.map { row in
      let open = closes[max(0, row - 1)]
      return BarValues(
        open: open, high: max(open, closes[row]), low: min(open, closes[row]), close: closes[row],
        volume: volume)
    }
  }

  @Test("no trades: what became of the orders, and what to do")
  func noTrades() throws {
    let poor = #expect(throws: BacktestError.self) {
      try observations(bars([900, 900, 900, 950, 990, 1200, 1300]), Stubborn())
    }
    #expect(
      poor?.diagnosis.finding.contains("orders were not filled") == true,
      "\(String(describing: poor))")
    #expect(poor?.diagnosis.finding.contains("unaffordable") == true)
  }

  /// Orders more than the account can pay for, whatever the desk's sizing would say.
  private struct Stubborn: Strategy {
    let name = "stubborn"
    let warmUp = 1
    mutating func onBar(_ bar: BarOfSeries, _ desk: inout Desk) {
      desk.submit(
        OrderIntent(
          .sell, Quantity(steps: Quantity.stepsPerUnit), of: bar.instrument))
      desk.submit(
        OrderIntent(
          .buy, Quantity(steps: 1_000_000 * Quantity.stepsPerUnit), of: bar.instrument,
          timeInForce: .fillOrKill))
    }
  }

  @Test("few trades: below thirty, and not from thirty on")
  func fewTrades() throws {
    let few = try observations(HandFrames.walkRows(bars: 200, seed: 4), SMACross(fast: 5, slow: 30))
    #expect(few.contains(.fewTrades))
    let many = try observations(HandFrames.walkRows(bars: 900, seed: 4), SMACross(fast: 2, slow: 4))
    #expect(!many.contains(.fewTrades))
  }

  @Test("one trade makes the result")
  func oneTrade() throws {
    // Small gains, and one that dwarfs them.
    var closes: [Double] = []
    for wave in 0..<6 {
      let rise = wave == 3 ? 1.4 : 1.02
      for _ in 0..<4 { closes.append((closes.last ?? 100) * rise) }
      for _ in 0..<4 { closes.append((closes.last ?? 100) * 0.99) }
    }
    #expect(try observations(bars(closes), SMACross(fast: 1, slow: 2)).contains(.oneTrade))
    let even = (0..<240).map { 100 * exp(0.1 * sin(Double($0) / 3) + 0.001 * Double($0)) }
    #expect(try !observations(bars(even), SMACross(fast: 1, slow: 4)).contains(.oneTrade))
  }

  @Test("costs eat it")
  func costs() throws {
    let waves = (0..<400).map { 100 * exp(0.02 * sin(Double($0) / 3)) }
    #expect(
      try observations(bars(waves), SMACross(fast: 1, slow: 3)) {
        $0.commissionBasisPoints = 150
      }.contains(.costs))
    #expect(
      try !observations(bars(waves), SMACross(fast: 1, slow: 3)) {
        ($0.commissionBasisPoints, $0.halfSpreadBasisPoints) = (0.1, 0.1)
      }.contains(.costs))
  }

  @Test("too good to be true: a ratio nobody has, or a gain that one bar of delay ends")
  func tooGood() throws {
    let smooth = (0..<400).map { 100 * exp(0.003 * Double($0) + 0.0001 * Double($0 % 3)) }
    #expect(try observations(bars(smooth), BuyAndHold()).contains(.tooGood))
    #expect(
      try !observations(HandFrames.walkRows(bars: 600, seed: 4), SMACross(fast: 5, slow: 20))
        .contains(.tooGood))
  }

  @Test("fills at limits that a queue may not give")
  func limitFills() throws {
    #expect(
      try observations(HandFrames.walkRows(bars: 300, seed: 6), Limits()).contains(.limitFills))
    #expect(
      try !observations(HandFrames.walkRows(bars: 300, seed: 6), SMACross(fast: 3, slow: 9))
        .contains(.limitFills))
  }

  /// Waits below the market to buy one share, and above it to sell one.
  private struct Limits: Strategy {
    let name = "limits"
    let warmUp = 1
    mutating func onBar(_ bar: BarOfSeries, _ desk: inout Desk) {
      let held = !desk.account.position(bar.instrument).isZero
      let cents = Int64((bar.bar.close * (held ? 1.005 : 0.995) * 100).rounded())
      desk.submit(
        OrderIntent(
          held ? .sell : .buy, Quantity(steps: Quantity.stepsPerUnit), of: bar.instrument,
          type: .limit(Price(steps: cents * Price.stepsPerUnit / 100))))
    }
  }

  @Test("traded on prices that had stopped")
  func stalePrices() throws {
    var rows = HandFrames.walkRows(bars: 300, seed: 4)
    #expect(try !observations(rows, SMACross(fast: 3, slow: 9)).contains(.stalePrices))
    // Flat for a while: averages meet, and it trades on nothing.
    for row in 100..<140 {
      let close = rows[99].close
      rows[row] = BarValues(open: close, high: close, low: close, close: close, volume: 1000)
    }
    let flat = rows
    #expect(try observations(flat, Always()).contains(.stalePrices))
  }

  /// One share in, one share out, every bar.
  private struct Always: Strategy {
    let name = "always"
    let warmUp = 1
    mutating func onBar(_ bar: BarOfSeries, _ desk: inout Desk) {
      let held = !desk.account.position(bar.instrument).isZero
      desk.submit(
        OrderIntent(
          held ? .sell : .buy, Quantity(steps: Quantity.stepsPerUnit), of: bar.instrument))
    }
  }

  @Test("exposure never used")
  func idleMoney() throws {
    let rows = HandFrames.walkRows(bars: 300, seed: 4)
    #expect(try observations(rows, Always()).contains(.idleMoney))
    #expect(try !observations(rows, SMACross(fast: 3, slow: 9)).contains(.idleMoney))
  }
}

@Suite("What the engine tells figures") struct RunFiguresTests {
  @Test("orders, participation and excursions worked by hand, and no figure of them is missing")
  func figures() throws {
    // Bought at 12 (row 4's open), seen at 15 and 8, sold at 11 (row 7's open).
    let prices: [(open: Double, high: Double, low: Double, close: Double)] = [
      (10, 10, 10, 10), (10, 10, 10, 10), (10, 10, 10, 10), (12, 12, 12, 12), (12, 15, 11, 14),
      (14, 14, 8, 11), (9, 11, 9, 9), (11, 20, 5, 9),
    ]
    let rows = prices.map {
      BarValues(open: $0.open, high: $0.high, low: $0.low, close: $0.close, volume: 10_000)
    }
    var settings = BacktestSettings()
    settings.halfSpreadBasisPoints = 0
    settings.resamples = 100
    let found = try Appraisal(
      frames: [HandFrames.frame(rows)], strategy: SMACross(fast: 2, slow: 3), settings: settings)
    let trade = try #require(found.result.trades.first)
    let size = Double(trade.quantity)
    #expect(trade.favourable == 3 * size && trade.adverse == -4 * size)
    #expect(found.result.orders.orders == 2 && found.result.orders.cancelledEntries == 0)
    #expect(found.result.orders.hash?.count == 64)
    #expect(found.result.participation?.share == size / 10_000)
    for key in [
      "orders", "rejected_signals", "entry_timeouts", "exit_timeouts", "cancelled_entries",
      "cancelled_entry_orders", "replaced_entry_orders", "mean_adverse", "mean_favourable",
      "largest_adverse", "largest_favourable", "capacity",
    ] {
      #expect(MetricCatalogue.number(key, of: found.series) != nil, "\(key)")
    }
  }
}
