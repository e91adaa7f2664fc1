import Features
import Foundation
import Market
import MarketData
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
    let demo = try Demo(
      frame: frame, data: "Samples/daily, adjusted for splits, not for dividends", library: library)
    #expect(demo.proof.isClean, "\(demo.proof.sentence)")
    #expect(demo.evidence.result.bars == 6084)
    #expect(demo.evidence.result.trades.count > 20)
    let html = demo.sheet.page.html()
    #expect(html.utf8.count < 1_500_000)
  }

  @Test(
    "Its page complains of nothing in a browser, draws its charts and fits a phone",
    .needs(.chromium))
  func page() throws {
    let folder = try ScratchFolder("demo")
    let library = try? String(
      contentsOfFile: Package.path(".deps/js/lightweight-charts.js"), encoding: .utf8)
    let demo = try Demo(
      frame: HandFrames.walk(bars: 1500, drift: 0.002, seed: 12), data: "a random walk",
      library: library)
    try AtomicFile.write(demo.sheet.page.html(), to: folder.path("report.html"))
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
        "Exposure, turnover and costs", "Where it came from", "Orders that were refused",
        "Luck and fragility", "All figures", "How this was made",
      ])
    #expect(
      try page.evaluate("document.querySelectorAll('.figures > div').length", as: Int.self) == 8)
    let drawn = try page.evaluate("document.querySelectorAll('.live canvas').length", as: Int.self)
    #expect((drawn > 0) == (library != nil))
  }
}
