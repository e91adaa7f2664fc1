import Evidence
import Features
import Foundation
import Market
import Numerics
import Runtime
import TestKit
import Testing
import Trading

@Suite("Reports of runs") struct RunReportTests {
  static func sheet(
    bars: Int = 900, seed: UInt64 = 3, symbols: [String] = ["AAA", "BBB"], fast: Int = 5
  ) throws -> TearSheet {
    let frames = try symbols.enumerated().map {
      try HandFrames.walk($1, bars: bars, drift: 0.0005, seed: seed + UInt64($0))
    }
    var settings = BacktestSettings()
    settings.resamples = 200
    let evidence = try Appraisal(
      frames: frames, strategy: SMACross(fast: fast, slow: 20), settings: settings)
    let estimate = try #require(SharpeEstimate(returns: evidence.performance.returns))
    var sheet = TearSheet(
      evidence: evidence, frames: frames, proof: nil, data: "random <walks> & more", library: nil,
      sectors: [try #require(Symbol("AAA")): "chips"])
    sheet.report.deflation = Deflation(estimate, trials: 12, deviation: 0.01, barsPerYear: 252)
    return sheet
  }

  @Test("What is written as JSON is read again to the same bytes, and gives the same page")
  func roundTrip() throws {
    let sheet = try Self.sheet()
    let text = sheet.report.json.text()
    let read = try RunReport(JSON(parsing: Array(text.utf8), source: "r.json"), file: "r.json")
    #expect(read.json.text() == text)
    var bare = sheet
    (bare.frames, bare.fills) = ([], [])
    #expect(TearSheet(read).page.html() == bare.page.html())
  }

  @Test("A report of before its verdict was in parts is read, with the verdict as one text")
  func beforeParts() throws {
    let report = try Self.sheet().report
    let text = report.json.text()
    let start = try #require(text.firstRange(of: "\"verdict_parts\":{"))
    let end = try #require(text[start.upperBound...].firstRange(of: "},"))
    let old = text[..<start.lowerBound] + text[end.upperBound...]
    let read = try RunReport(JSON(parsing: Array(old.utf8), source: "r.json"), file: "r.json")
    #expect(read.verdict.text == report.verdict.text && read.strategy == report.strategy)
    #expect(TearSheet(read).page.html().contains(escaped(report.verdict.text)))
  }

  @Test("A file that is damaged is refused in plain words, never half understood")
  func damage() throws {
    let text = try Self.sheet(bars: 60).report.json.text()
    func refusal(_ text: String) -> Diagnosis? {
      do {
        _ = try RunReport(JSON(parsing: Array(text.utf8), source: "r.json"), file: "r.json")
        return nil
      } catch let error as any DiagnosedError {
        return error.diagnosis
      } catch { return Diagnosis(place: "", finding: "", remedy: "") }
    }
    for (old, new, words) in [
      ("\"format\":1", "\"format\":2", "format"), ("\"equity\"", "\"equality\"", "equity"),
      ("\"calendar\":\"NYSE\"", "\"calendar\":\"MARS\"", "calendar"),
      ("\"doubled_costs\":[", "\"doubled_costs\":[1,", "doubled_costs"),
      ("\"time_ns\":[", "\"time_ns\":[0,", "one length"),
      ("\"exposure\":[", "\"exposure\":[\"x\",", "exposure"),
      ("\"symbol\":\"AAA\"", "\"symbol\":\"A A\"", "symbol"), ("\"seed\"", "\"sed\"", "seed"),
    ] {
      let broken = text.replacing(old, with: new, maxReplacements: 1)
      #expect(broken != text)
      let said = try #require(refusal(broken), "\(old)")
      #expect((said.finding + said.remedy).contains(words), "\(said)")
    }
    var random = SeededGenerator(seed: 9)
    let whole = Array(text.utf8)
    for _ in 0..<300 {
      var bytes = whole
      for _ in 0..<3 {
        bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(
          in: 32..<127, using: &random)
      }
      _ = refusal(String(decoding: bytes, as: UTF8.self))
    }
  }

  @Test("Daily returns compound to the whole, also of bars shorter than a day")
  func dailyReturns() throws {
    let report = try Self.sheet().report
    let grown = report.dailyReturns.reduce(1) { $0 * (1 + $1.value) }
    #expect(abs(grown - 1 - report.performance.totalReturn) < 1e-12)
    let held = report.dailyBenchmark.reduce(report.benchmark[0]) { $0 * (1 + $1.value) }
    #expect(abs(held - report.benchmark[report.benchmark.count - 1]) < 1e-6)
    #expect(report.dailyReturns.count == report.series.count)
  }

  @Test("The page has every figure of the catalogue, and the reason where one has no value")
  func everyFigure() throws {
    let sheet = try Self.sheet()
    let html = sheet.page.html()
    for (metric, value) in MetricCatalogue.values(of: sheet.report.series) {
      #expect(html.contains(">" + escaped(metric.title)), "\(metric.key)")
      if case .undefined(let reason) = value { #expect(html.contains(escaped(reason))) }
    }
    #expect(html.contains("random &lt;walks&gt; &amp; more") && !html.contains("<walks>"))
    for section in ["By symbol", "By sector", "By timeframe", "By side", "By time held"] {
      #expect(html.contains(section), "\(section)")
    }
    #expect(html.contains("chips") && html.contains("independent trials on record"))
  }

  private func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
      .replacing("\"", with: "&quot;").replacing("'", with: "&#39;")
  }

  @Test("What is drawn needs at least some bars, and says so where there are few")
  func short() throws {
    let html = try Self.sheet(bars: 30).page.html()
    #expect(html.contains("too few") && html.contains("too short to judge"))
  }

  @Test("Ten years of days of one symbol make a page under 1.5 MB, the charting library included")
  func size() throws {
    var sheet = try Self.sheet(bars: 2520, symbols: ["AAA"], fast: 2)
    sheet.library = try? String(
      contentsOfFile: Package.path(".deps/js/lightweight-charts.js"), encoding: .utf8)
    let size = sheet.page.html().utf8.count
    #expect(size < 1_500_000, "\(size)")
  }

  @Test(
    "No page overflows or complains in a browser, from a phone to a desk, light and dark",
    .needs(.chromium), arguments: [360, 768, 1600])
  func inBrowser(width: Int) throws {
    let folder = try ScratchFolder("reports")
    var sheet = try Self.sheet(bars: 700)
    sheet.library = try? String(
      contentsOfFile: Package.path(".deps/js/lightweight-charts.js"), encoding: .utf8)
    try AtomicFile.write(sheet.page.html(), to: folder.path("run.html"))
    let others = try [4, 8].map { try Self.sheet(seed: 50, symbols: ["AAA"], fast: $0).report }
    try AtomicFile.write(
      Comparison([sheet.report] + others).page.html(), to: folder.path("runs.html"))
    let browser = try Browser()
    defer { browser.stop() }
    for (file, charts) in [("run.html", 9), ("runs.html", 3)] {
      let page = try browser.open(file: folder.path(file), width: width)
      #expect(page.errors.isEmpty, "\(page.errors)")
      #expect(try page.sidewaysOverflow() == 0, "\(file)")
      // One drawing of each chart is shown, and it has a size.
      let drawn = try page.evaluate(
        "[...document.querySelectorAll('svg')].filter(s => s.getBoundingClientRect().height > 20).length",
        as: Int.self)
      #expect(drawn >= charts, "\(file): \(drawn)")
      // Behind every fold there is a table that fits, too.
      _ = try page.evaluate(
        "document.querySelectorAll('details').forEach(d => d.open = true), 1", as: Int.self)
      #expect(try page.sidewaysOverflow() == 0, "\(file), opened")
    }
  }

  @Test("The best of several runs is named with what luck says of it")
  func comparison() throws {
    let runs = try [3, 5, 8].map { try Self.sheet(symbols: ["AAA"], fast: $0).report }
    let best = try #require(
      runs.max { ($0.performance.sharpe ?? 0) < ($1.performance.sharpe ?? 0) })
    let verdict = Comparison(runs).verdict
    #expect(verdict.hasPrefix("\(best.strategy) has the highest Sharpe ratio"))
    #expect(verdict.contains("900 common days") && verdict.contains("cannot be told apart"))
    // All trials on record count, whatever the difference says.
    var (unlucky, worse) = (best, best)
    let estimate = try #require(SharpeEstimate(returns: best.performance.returns))
    unlucky.deflation = Deflation(estimate, trials: 5000, deviation: 0.2, barsPerYear: 252)
    unlucky.sharpeWarning = "cannot be told from luck"
    let account = worse.series.record.values.enumerated().map { $1 * pow(0.99, Double($0)) }
    var record = worse.series.record
    record.values = account
    worse.series = try RunSeries(record)
    let told = Comparison([unlucky, worse]).verdict
    #expect(told.contains("more than luck explains. Yet the ratio of"), "\(told)")
    #expect(told.contains("cannot be told from luck: counting all trials on record"), "\(told)")
    unlucky.sharpeWarning = nil
    #expect(Comparison([unlucky, worse]).verdict.contains("explains; counting all"))
    unlucky.deflation = nil
    #expect(Comparison([unlucky, worse]).verdict.contains("if no other runs were tried"))
    // The same run twice is told apart by number.
    let page = Comparison([best, best]).page.html()
    #expect(
      page.contains("\(best.strategy) (2)") && page.contains("1 sma_cr…")
        && page.contains("2 sma_cr…"))
  }
}
