import Evidence
import Features
import Foundation
import Market
import Numerics
import Runtime
import Testing
import Trading

@Suite("Appraisal") struct AppraisalTests {
  @Test("Figures of a series worked by hand")
  func performance() throws {
    let series = Performance(values: [100, 110, 99, 99, 118.8], barsPerYear: 4)
    #expect(abs(series.totalReturn - 0.188) < 1e-15)
    #expect(abs(series.annualReturn - 0.188) < 1e-15)
    #expect(abs(series.maxDrawdown + 0.1) < 1e-15)
    #expect(series.longestDrawdownBars == 2)
    // Returns 0.1, −0.1, 0, 0.2: mean 0.05, squares 0.05, so a variance of 1/60.
    let sharpe: Double = 0.05 * 60.0.squareRoot() * 2
    #expect(abs(try #require(series.sharpe) - sharpe) < 1e-12)
    let volatility: Double = (1.0 / 60).squareRoot() * 2
    #expect(abs(try #require(series.annualVolatility) - volatility) < 1e-15)
    let flat = Performance(values: [1, 1, 1], barsPerYear: 252)
    #expect(flat.sharpe == nil && flat.maxDrawdown == 0 && flat.annualReturn == 0)
  }

  @Test("The bootstrap repeats itself for a seed, holds the figure, and knows strong from none")
  func bootstrap() throws {
    func evidence(drift: Double, seed: UInt64 = 1) throws -> Appraisal {
      var settings = BacktestSettings()
      settings.resamples = 400
      settings.seed = seed
      return try Appraisal(
        frames: [HandFrames.walk(bars: 1000, drift: drift, seed: 11)],
        strategy: SMACross(fast: 5, slow: 20), settings: settings)
    }
    let none = try evidence(drift: 0)
    let again = try evidence(drift: 0)
    let otherSeed = try evidence(drift: 0, seed: 2)
    #expect(none.bootstrap.sharpe == again.bootstrap.sharpe)
    #expect(none.bootstrap.sharpe != otherSeed.bootstrap.sharpe)
    #expect(none.bootstrap.sharpe.contains(try #require(none.performance.sharpe)))
    #expect(none.bootstrap.annualReturn.contains(none.performance.annualReturn))
    #expect(none.bootstrap.maxDrawdown.upperBound <= 0)
    #expect(!none.isMoreThanLuck && none.verdict.text.contains("cannot be told from luck"))
    let strong = try evidence(drift: 0.01)
    #expect(strong.isMoreThanLuck && strong.verdict.text.contains("more than luck"))
  }

  @Test(
    "On walks without drift, a Sharpe ratio is called more than luck about as often as promised")
  func calibration() throws {
    var alarms = 0
    for seed in 0..<60 as Range<UInt64> {
      var settings = BacktestSettings()
      settings.resamples = 200
      settings.halfSpreadBasisPoints = 0
      settings.commissionBasisPoints = 0
      // The mean of exp of the noise is taken off, so that holding earns nothing on average.
      let frame = try HandFrames.walk(bars: 500, drift: -0.00015, seed: 1000 + seed)
      let evidence = try Appraisal(
        frames: [frame], strategy: SMACross(fast: 5, slow: 20), settings: settings)
      alarms += evidence.isMoreThanLuck ? 1 : 0
    }
    // 2.5 in 100 are promised; 60 tries with 8 or more would happen once in ten thousand.
    #expect(alarms < 8, "\(alarms) of 60")
  }

  @Test("A price that halves from one bar to the next is doubted first of all")
  func splitInTheData() throws {
    var rows = HandFrames.walkRows(bars: 200, seed: 9)
    #expect(try evidence(rows).jumps.isEmpty)
    for row in 120..<200 {
      rows[row].open /= 2
      rows[row].high /= 2
      rows[row].low /= 2
      rows[row].close /= 2
    }
    let doubted = try evidence(rows)
    #expect(doubted.jumps.map(\.day.description) == ["2000-04-30"])
    #expect(doubted.verdict.text.hasPrefix("TEST moved −"))
    #expect(doubted.json(report: nil)["warnings"] != [])
  }

  private func evidence(_ rows: [BarValues]) throws -> Appraisal {
    try Appraisal(
      frames: [HandFrames.frame(rows)], strategy: SMACross(fast: 5, slow: 20),
      settings: BacktestSettings())
  }

  @Test("Another symbol is a benchmark: its account at each bar, named in verdict, JSON and page")
  func benchmark() throws {
    let frames = try ["AAA", "BBB", "INDEX"].enumerated().map {
      try HandFrames.walk($1, bars: 400, drift: 0.001, seed: 40 + UInt64($0))
    }
    var settings = BacktestSettings()
    settings.initialCash = Cash(steps: 5000 * Cash.stepsPerUnit)
    settings.range = try TimeRange(parsing: "20000301-20001215")
    let evidence = try Appraisal(
      frames: Array(frames[..<2]), strategy: SMACross(fast: 5, slow: 20), settings: settings,
      against: frames[2])
    let held = try Backtest.run(
      frames: [frames[2]], strategy: BuyAndHold(), settings: settings)
    #expect(evidence.benchmark.values == [5000] + held.equity.map { Double($0.equity) })
    #expect(evidence.verdict.text.contains("Buying and holding INDEX returned"))
    #expect(evidence.json(report: nil)["benchmark"] == "INDEX")
    #expect(MetricCatalogue.number("benchmark_return", of: evidence.series) != nil)
    var sheet = TearSheet(
      evidence: evidence, frames: frames, proof: nil, data: "walks", library: nil)
    #expect(sheet.page.html().contains("INDEX, held"))
    // A report that is read again can be held against something else, and back.
    let before = sheet.report.json.text()
    try sheet.report.compare(with: Benchmark(frames[1], beside: sheet.report))
    #expect(sheet.report.verdict.text.contains("Buying and holding BBB returned"))
    try sheet.report.compare(with: Benchmark(frames[2], beside: sheet.report))
    #expect(sheet.report.json.text() == before)
  }

  @Test("A benchmark that does not cover the days is refused, with the days that it has")
  func shortBenchmark() throws {
    let frame = try HandFrames.walk(bars: 300, seed: 1)
    let short = try HandFrames.walk("INDEX", bars: 200, seed: 2)
    let error = #expect(throws: BacktestError.self) {
      try Appraisal(
        frames: [frame], strategy: SMACross(fast: 5, slow: 20), settings: BacktestSettings(),
        against: short)
    }
    #expect(error?.diagnosis.place == "benchmark INDEX")
    #expect(error?.diagnosis.finding.contains("2000-01-01 to 2000-07-18") == true)
  }

  @Test("Costs lower the result, doubled costs more so")
  func costs() throws {
    let frame = try HandFrames.walk(bars: 500, seed: 4)
    var free = BacktestSettings()
    free.halfSpreadBasisPoints = 0
    free.commissionBasisPoints = 0
    let strategy = try SMACross(fast: 3, slow: 9)
    let without = try Appraisal(frames: [frame], strategy: strategy, settings: free)
    let with = try Appraisal(frames: [frame], strategy: strategy, settings: BacktestSettings())
    #expect(with.performance.totalReturn < without.performance.totalReturn)
    #expect(with.doubledCosts.totalReturn < with.performance.totalReturn)
    #expect(with.result.fees > .zero && without.result.fees == .zero)
  }

  @Test("The JSON has the figures people look for, drawdown at most zero")
  func json() throws {
    let evidence = try Appraisal(
      frames: [HandFrames.walk(bars: 300, seed: 9)], strategy: SMACross(fast: 5, slow: 20),
      settings: BacktestSettings())
    let json = evidence.json(report: "demo/report.html")
    for key in ["start", "end", "bars", "trades", "return", "sharpe", "max_drawdown", "fees"] {
      #expect(json[key] != nil && json[key] != .null, "\(key)")
    }
    #expect(json["report"] == "demo/report.html")
    #expect(json["bars"] == 300)
    guard case .number(let drawdown) = json["max_drawdown"] else {
      Issue.record("max_drawdown is a number")
      return
    }
    #expect(drawdown <= 0)
  }

  @Test("How many bars a year has follows from interval and calendar, and is said")
  func annualisation() throws {
    let nyse = Annualisation(interval: .day, calendar: .nyse)
    #expect(nyse.barsPerYear == 252)
    #expect(nyse.statement == "252 bars a year (NYSE, 1d)")
    let hourly = Annualisation(interval: .hour, calendar: .nyse)
    #expect(hourly.barsPerYear == 252 * 7)
    #expect(throws: BacktestError.self) {
      try BuyAndHold().run(on: HandFrames.walk(bars: 9, seed: 1)) { $0.calendar = "MOON" }
    }
  }
}
