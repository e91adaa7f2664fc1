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
    if let path = ProcessInfo.processInfo.environment["MARTINET_TEST_PAGE"] {
      try AtomicFile.write(html, to: path)
      try AtomicFile.write(demo.evidence.json(report: path).text(pretty: true), to: path + ".json")
    }
  }
}
