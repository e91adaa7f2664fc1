import Features
import Foundation
import Market
import MarketData
import Numerics
import Runtime
import TestKit
import Testing
import Trading

@Suite("The path from a file to a page") struct DemoTests {
  @Test("Samples/daily/NVDA.csv becomes proof, trades, figures and a page under 1.5 MB")
  func samples() throws {
    let symbol = try #require(Symbol("NVDA"))
    let folder = try DataFolder(path: Package.path("Samples/daily"))
    let frame = try folder.load(symbol)
    let library = try? String(
      contentsOfFile: Package.path(".deps/js/lightweight-charts.js"), encoding: .utf8)
    let proof = try LookAheadProof.run(features: Catalogue.starter, frames: [frame])
    #expect(proof.isClean, "\(proof.sentence)")
    let evidence = try Appraisal(
      frames: [frame], strategy: SMACross(fast: 20, slow: 50), settings: BacktestSettings())
    #expect(evidence.result.bars == 6084)
    #expect(evidence.result.trades.count > 20)
    let html = TearSheet(
      evidence: evidence, frames: [frame], proof: proof, data: "Samples/daily", library: library
    ).page.html()
    #expect(html.utf8.count < 1_500_000)
  }

  @Test(
    "Its page complains of nothing in a browser, draws its charts and fits a phone",
    .needs(.chromium))
  func page() throws {
    let folder = try ScratchFolder("demo")
    let library = try? String(
      contentsOfFile: Package.path(".deps/js/lightweight-charts.js"), encoding: .utf8)
    let frame = try HandFrames.walk(bars: 1500, drift: 0.002, seed: 12)
    let sheet = TearSheet(
      evidence: try Appraisal(
        frames: [frame], strategy: SMACross(fast: 20, slow: 50), settings: BacktestSettings()),
      frames: [frame], proof: nil, data: "a random walk", library: library)
    try AtomicFile.write(sheet.page.html(), to: folder.path("report.html"))
    let browser = try Browser()
    defer { browser.stop() }
    let page = try browser.open(file: folder.path("report.html"), width: 360)
    #expect(try page.sidewaysOverflow() == 0)
    #expect(page.errors.isEmpty, "\(page.errors)")
    let headings = try page.evaluate(
      "[...document.querySelectorAll('h2')].map(h => h.textContent)", as: [String].self)
    #expect(
      headings == [
        "Equity and drawdown", "Through time", "Months and days", "Price and trades",
        "Exposure, turnover and costs", "Where it came from", "Limits",
        "Luck and fragility", "All figures", "How this was made",
      ])
    #expect(
      try page.evaluate("document.querySelectorAll('.figures > div').length", as: Int.self) == 8)
    let drawn = try page.evaluate("document.querySelectorAll('.live canvas').length", as: Int.self)
    #expect((drawn > 0) == (library != nil))
  }

  @Test("Days on paper end elsewhere than the model, and the causes sum to the difference exactly")
  func paper() throws {
    let symbol = try #require(Symbol("SPY"))
    let frame = try DataFolder(path: Package.path("Samples/minute")).load(
      symbols: [symbol], days: TimeRange(parsing: "20131007-20131011"))[0]
    let folder = try ScratchFolder("demo-paper")
    let paper = try Demo.Paper(frame, at: folder.path("paper"))
    #expect(paper.report.fills.count > 20 && !paper.account.total.isZero)
    #expect(paper.report.days.count == 5 && paper.report.criteria.count == 4)
    #expect(paper.causes.reduce(0) { $0 + $1.amount.steps } == paper.account.total.steps)
    // Slower, dearer, and the same bars and decisions.
    let causes = Set(paper.causes.map(\.name))
    #expect(
      causes.isSuperset(of: ["timing", "fee"]) && causes.isDisjoint(with: ["data", "signal"]))
  }
}
