import Features
import Foundation
import Market
import Numerics
import Runtime
import TestKit
import Testing
import Trading

@Suite("Runs without events") struct VectorTests {
  /// A market of the sort that finds faults: gaps, prices that repeat, little volume, missing volume.
  private struct Hostile {
    var random: SeededGenerator

    mutating func rows() -> [BarValues] {
      let count = Int.random(in: 30...260, using: &random)
      let scale: Double = [0.0003, 0.05, 1.0, 130.0, 40_000.0].randomElement(using: &random) ?? 1
      let grid: Double = [1e-8, 0.01, 0.0, 0.5].randomElement(using: &random) ?? 0
      let step = Double.random(in: 0.001...0.08, using: &random)
      let scarce = Int.random(in: 0..<4, using: &random) == 0
      var close = scale
      func onGrid(_ price: Double) -> Double {
        grid > 0 ? max(grid, (price / grid).rounded() * grid) : price
      }
      return (0..<count).map { _ in
        let gap = Int.random(in: 0..<20, using: &random) == 0 ? 5.0 : 1
        let open = onGrid(close * exp(gap * Double.random(in: -step...step, using: &random)))
        close = onGrid(open * exp(Double.random(in: -step...step, using: &random)))
        let volume: Double =
          Int.random(in: 0..<30, using: &random) == 0
          ? .nan : scarce ? Double.random(in: 0...3e5, using: &random) : 1e12
        return BarValues(
          open: open, high: max(open, close) * 1.01, low: min(open, close) * 0.99, close: close,
          volume: volume)
      }
    }

    mutating func settings() -> BacktestSettings {
      var settings = BacktestSettings()
      let cash: Double =
        [1.0, 97.0301, 100_000.0, 12_345_678.9, 5e9, 4.5e10].randomElement(using: &random) ?? 1
      settings.initialCash = Cash(steps: Int64(cash * Double(Cash.stepsPerUnit)))
      settings.halfSpreadBasisPoints = [0.0, 2.0, 33.3, 250.0].randomElement(using: &random) ?? 0
      settings.commissionBasisPoints =
        [0.0, 1.0, 10.0, 777.7, 1000].randomElement(using: &random) ?? 0
      settings.cashReserve = [0.0, 0.05, 0.5].randomElement(using: &random) ?? 0
      settings.isContinuous = Bool.random(using: &random)
      if Bool.random(using: &random) {
        let first = CivilDate(year: 2000, month: 1, day: Int.random(in: 1...25, using: &random))
        do { settings.range = try TimeRange(first: first, last: nil) } catch {}
      }
      return settings
    }

    mutating func rule() throws -> any LongFlatStrategy {
      let length = Int.random(in: 1...12, using: &random)
      switch Int.random(in: 0..<3, using: &random) {
      case 0:
        return try SMACross(fast: length, slow: length + Int.random(in: 1...20, using: &random))
      case 1:
        return MeanReversion(
          bars: length + 1, width: Double.random(in: 0...2, using: &random), rsiBars: length,
          rsiBelow: 70)
      default:
        return Breakout(entry: length, exit: Int.random(in: 1...12, using: &random))
      }
    }
  }

  /// What the engine does, in the words of a vectorised run; no trades are no fills.
  private func engine(
    _ frame: Frame, _ rule: any LongFlatStrategy, _ settings: BacktestSettings
  ) throws -> (fills: [VectorRun.Fill], equity: [Cash])? {
    let run = Result { () throws(BacktestError) in
      try Backtest.run(frames: [frame], strategy: AnyStrategy(rule), settings: settings)
    }
    if case .failure(.noTrades) = run { return nil }
    let result = try run.get()
    let fills = result.fills.map { fill in
      VectorRun.Fill(
        row: (0..<frame.count).first { frame.start[$0] == fill.time.nanoseconds } ?? -1,
        quantity: fill.quantity, price: fill.price, commission: fill.commission)
    }
    return (fills, result.equity.map(\.equity))
  }

  @Test("every fill and every value of the account is the engine's to the step, on hostile markets")
  func sameAsEngine() throws {
    var hostile = Hostile(random: SeededGenerator(seed: 20_261_126))
    var (compared, left) = (0, 0)
    let isNightly = ProcessInfo.processInfo.environment["MARTINET_NIGHTLY"] == "1"
    for _ in 0..<(isNightly ? 20_000 : 200) {
      let frame = try HandFrames.frame(hostile.rows())
      let settings = hostile.settings()
      let rule = try hostile.rule()
      let market = try VectorMarket(frame, settings)
      guard let run = market.run(rule) else {
        left += 1
        continue
      }
      let equity = market.equity(of: run)
      #expect(run.finalEquity == equity.last)
      guard let truth = try engine(frame, rule, settings) else {
        #expect(run.isIdle && Set(equity) == [settings.initialCash])
        continue
      }
      compared += 1
      guard market.fills(of: run) == truth.fills, equity == truth.equity else {
        Issue.record("\(rule.name) differs from the engine with \(settings)")
        return
      }
    }
    #expect(compared > 70, "\(compared) were compared, \(left) left to the engine")
    #expect(left > 5, "scarce volume is the engine's business")
  }

  @Test(
    "minutes of real sessions: what is decided at the last bar is filled at the next day's first")
  func sessions() throws {
    let minute: Int64 = 60_000_000_000
    // 9:30 to 16:00 in New York on two winter days, with an hour before the open on each.
    let days: [Int64] = [1_704_205_800_000_000_000, 1_704_292_200_000_000_000]
    let starts = days.flatMap { day in (-60..<390).map { day + Int64($0) * minute } }
    let rows = HandFrames.walkRows(bars: starts.count, seed: 3)
    let symbol = try Symbol(parsing: "TEST")
    let frame = Frame(
      symbol: symbol, interval: .minute, start: Column(starts),
      end: Column(starts.map { $0 + minute }), knownAt: Column(starts.map { $0 + minute }),
      columns: [
        "open": Column(rows.map(\.open)), "high": Column(rows.map(\.high)),
        "low": Column(rows.map(\.low)), "close": Column(rows.map(\.close)),
        "volume": Column(rows.map { _ in 1e12 }),
      ])
    let settings = BacktestSettings()
    var compared = 0
    let market = try VectorMarket(frame, settings)
    for slow in 2..<60 {
      let rule = try SMACross(fast: 1, slow: slow)
      // A decision before the open waits for it: only the engine knows how.
      guard let run = market.run(rule) else { continue }
      let truth = try #require(try engine(frame, rule, settings))
      #expect(market.fills(of: run) == truth.fills && market.equity(of: run) == truth.equity)
      compared += 1
    }
    let regular = Frame(
      symbol: symbol, interval: .minute, start: frame.start.slice(60..<450),
      end: frame.end.slice(60..<450), knownAt: frame.knownAt.slice(60..<450),
      columns: [
        "open": try #require(frame["open"]).slice(60..<450),
        "high": try #require(frame["high"]).slice(60..<450),
        "low": try #require(frame["low"]).slice(60..<450),
        "close": try #require(frame["close"]).slice(60..<450),
        "volume": try #require(frame["volume"]).slice(60..<450),
      ])
    let plain = try VectorMarket(regular, settings)
    for slow in 2..<60 {
      let rule = try SMACross(fast: 1, slow: slow)
      let run = try #require(plain.run(rule))
      let truth = try #require(try engine(regular, rule, settings))
      #expect(plain.fills(of: run) == truth.fills && plain.equity(of: run) == truth.equity)
      compared += 1
    }
    #expect(compared >= 58)
  }

  @Test("whatever limits, exits or sizes a position otherwise is left to the engine")
  func unsupported() throws {
    let frame = try HandFrames.walk(bars: 200, seed: 3)
    let rule = try SMACross(fast: 3, slow: 8)
    var plain = BacktestSettings()
    plain.initialCash = Cash(steps: 5000 * Cash.stepsPerUnit)
    #expect(try VectorMarket(frame, plain).run(rule) != nil)
    let changes: [(inout BacktestSettings) -> Void] = [
      { $0.limits = .production }, { $0.exits = ExitPlan() }, { $0.leverage = 2 },
      { $0.size.name = .fixedFraction },
    ]
    for change in changes {
      var settings = plain
      change(&settings)
      #expect(try VectorMarket(frame, settings).run(rule) == nil)
    }
  }

  @Test(
    "crosses compared in blocks of shared means are what the rule says bar by bar, at any length")
  func sharedMeans() throws {
    var settings = BacktestSettings()
    settings.isContinuous = true
    for bars in [50, 63, 64, 65, 1100, 4095, 9000] {
      let frame = try HandFrames.frame(HandFrames.walkRows(bars: bars, seed: UInt64(bars)))
        .adding(Column(repeating: .nan, count: bars), as: "volume")
      let searched = Searchable(SMACross.self)
      let runner = try SweepRunner(
        frames: [frame],
        grid: SweepGrid(parsing: "fast=1,slow=2", of: searched, base: searched.standard, seed: 1),
        settings: settings)
      let market = try VectorMarket(frame, settings)
      let pairs = [
        (1, 2), (14, 41), (40, 300), (27, 300), (7, 8), (3, 700), (2, 3), (1, 64), (5, 9),
      ]
      let values = pairs.map { fast, slow in
        var values = searched.standard
        (values["fast"], values["slow"]) = (Double(fast), Double(slow))
        return values
      }
      let together = try runner.trades(of: values) { $0 }
      for (pair, run) in zip(pairs, together) {
        let alone = try market.run(SMACross(fast: pair.0, slow: pair.1))
        #expect(alone != nil && run == alone, "\(pair), \(bars)")
      }
      #expect(try runner.trades(of: values, on: Pool(threads: 1)) { $0 } == together)
    }
  }

  @Test("with much money and small charges it is the account in parts of shares of a plain loop")
  func partsOfShares() throws {
    let closes = HandFrames.walkRows(bars: 6000, seed: 8).map { ($0.close * 256).rounded() / 256 }
    let frame = try HandFrames.frame(closes: closes).adding(
      Column(repeating: .nan, count: closes.count), as: "volume")
    var settings = BacktestSettings()
    settings.initialCash = Cash(steps: 100_000_000 * Cash.stepsPerUnit)
    (settings.halfSpreadBasisPoints, settings.cashReserve) = (0, 0)
    (settings.fillsAtDecidingClose, settings.isContinuous) = (true, true)
    let market = try VectorMarket(frame, settings)
    for (fast, slow) in [(2, 9), (5, 20), (10, 50), (7, 100)] {
      var (cash, shares, bought) = (1.0, 0.0, 0)
      for row in slow - 1..<closes.count - 1 {
        let short = closes[(row - fast + 1)...row].reduce(0, +) * Double(slow)
        let long = closes[(row - slow + 1)...row].reduce(0, +) * Double(fast)
        if short > long, shares == 0 {
          (shares, cash, bought) = (cash / (closes[row] * 1.0001), 0, bought + 1)
        } else if short <= long, shares > 0 {
          (cash, shares) = (shares * closes[row] * 0.9999, 0)
        }
      }
      let growth = cash + shares * (closes.last ?? 0)
      let run = try #require(market.run(SMACross(fast: fast, slow: slow)))
      #expect(run.purchases == bought)
      #expect(abs(Double(run.finalEquity) / 1e8 / growth - 1) < 2e-5)
    }
  }
}
