import Foundation
import TestKit
import Testing

@Suite("martinet report") struct ReportVerbTests {
  private func backtest(_ line: String, in folder: ScratchFolder) throws -> Command {
    try Binary.run(
      ["backtest", "--data", Package.path("Samples/daily"), "--json"]
        + line.split(separator: " ").map(String.init), in: folder.path)
  }

  private func luck(_ run: Command) throws -> [String: Any] {
    #expect(run.status == 0, "\(run.errors)")
    return try #require(try run.object["deflation"] as? [String: Any])
  }

  @Test("every back-test is a trial that takes something off the next; the same again is none")
  func trials() throws {
    let folder = try ScratchFolder("trials")
    let line = "--strategy sma_cross --symbols NVDA --timerange 20150101-20191231"
    let first = try luck(backtest(line, in: folder))
    #expect(first["independent_trials"] as? Double == 1)
    #expect(try luck(backtest(line, in: folder))["independent_trials"] as? Double == 1)
    let second = try luck(backtest(line + " --set sma_cross.fast=7", in: folder))
    #expect(second["independent_trials"] as? Double == 2)
    // Other symbols, and days that lie apart, have trials of their own.
    let other = "--strategy sma_cross --symbols SPY --timerange 20150101-20191231"
    #expect(try luck(backtest(other, in: folder))["independent_trials"] as? Double == 1)
    let shown = try Binary.run("report trials --verify --json", in: folder.path)
    #expect(shown.status == 0, "\(shown.errors)")
    #expect(try shown.object["lines"] as? Int == 4)
    #expect((try shown.object["data"] as? [Any])?.count == 2)
    let table = try Binary.run("report trials --verify", in: folder.path)
    #expect(table.output.contains("NVDA") && table.output.contains("4 lines follow on each other"))
    #expect(table.output.split(separator: "\n").allSatisfy { $0.count <= 100 })
  }

  @Test("a run is held against another symbol, from the start or when its report is made anew")
  func benchmark() throws {
    let folder = try ScratchFolder("benchmark")
    let line = "--symbols NVDA --timerange 20150101-20191231"
    let run = try backtest(line + " --benchmark SPY --report a.html", in: folder)
    #expect(run.status == 0, "\(run.errors)")
    #expect(try run.object["benchmark"] as? String == "SPY")
    #expect((try run.object["verdict"] as? String)?.contains("holding SPY returned") == true)
    #expect(try backtest(line + " --report b.html", in: folder).status == 0)
    let data = Package.path("Samples/daily")
    let anew = try Binary.run(
      "report b.json --benchmark SPY --data \(data) --report c.html --json", in: folder.path)
    #expect(anew.status == 0, "\(anew.errors)")
    #expect(try anew.object["verdict"] as? String == run.object["verdict"] as? String)
    let page = try String(contentsOfFile: folder.path("c.html"), encoding: .utf8)
    #expect(page.contains("SPY, held"))
  }

  @Test(
    "a benchmark without data, or without the days, is refused in plain words; nothing is written",
    arguments: [
      ("--symbols NVDA --benchmark SPYX", "SPYX"),
      ("--symbols NVDA --timerange 20000103-20231231 --benchmark ARM", "it has bars from"),
      ("--symbols NVDA --benchmark S*Y", "not a symbol"),
    ])
  func noBenchmark(line: String, words: String) throws {
    let folder = try ScratchFolder("benchmark")
    let run = try backtest(line, in: folder)
    #expect(run.status != 0 && run.isExplained && run.errors.contains(words), "\(run.errors)")
    #expect(!FileManager.default.fileExists(atPath: folder.path("report.html")))
    #expect(!FileManager.default.fileExists(atPath: folder.path("state/trials.ledger")))
  }

  @Test("a line that was changed ends with exit code 3 and is named")
  func changed() throws {
    let folder = try ScratchFolder("trials")
    for fast in [5, 6, 7] {
      let run = try backtest("--symbols NVDA --set sma_cross.fast=\(fast)", in: folder)
      #expect(run.status == 0, "\(run.errors)")
    }
    let path = folder.path("state/trials.ledger")
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let lines = text.split(separator: "\n")
    let forged = [lines[0], lines[2]].joined(separator: "\n") + "\n"
    try forged.write(toFile: path, atomically: true, encoding: .utf8)
    let shown = try Binary.run("report trials --verify", in: folder.path)
    #expect(shown.status == 3 && shown.isExplained)
    #expect(shown.errors.contains("trials.ledger:2"))
  }

  @Test("figures are listed, and explained with formula and what others do otherwise")
  func metrics() throws {
    let list = try Binary.run("report metrics --json")
    #expect(list.status == 0)
    let all = try JSONSerialization.jsonObject(with: Data(list.output.utf8)) as? [[String: Any]]
    #expect((all?.count ?? 0) > 170)
    let one = try Binary.run("report metrics sharpe --explain")
    #expect(
      one.output.contains("= mean x ÷ s(x) × √N") && one.output.contains("QuantStats: Sharpe"))
    #expect(one.output.split(separator: "\n").allSatisfy { $0.count <= 100 })
    let wrong = try Binary.run("report metrics sharp")
    #expect(wrong.status == 2 && wrong.errors.contains("sharpe"))
    let page = try Binary.run("report metrics --markdown")
    #expect(
      page.output == (try String(contentsOfFile: Package.path("docs/METRICS.md"), encoding: .utf8)))
  }
}

@Suite("martinet report RUN") struct RunPageTests {
  private func run(_ line: String, in folder: ScratchFolder) throws -> Command {
    try Binary.run(
      line.split(separator: " ").map(String.init), in: folder.path)
  }

  @Test(
    "what a back-test wrote makes a page again, alone and beside another; trades in three forms")
  func pages() throws {
    let folder = try ScratchFolder("pages")
    let data = Package.path("Samples/daily")
    for (symbol, name) in [("QQQ", "a"), ("SPY", "b")] {
      let made = try run(
        "backtest --data \(data) --symbols \(symbol) --report \(name).html --trades \(name).parquet --trades \(name).json.json --json",
        in: folder)
      #expect(made.status == 0, "\(made.errors)")
      let returns = try String(contentsOfFile: folder.path("\(name)-returns.csv"), encoding: .utf8)
        .split(separator: "\n").dropFirst()
      let grown = returns.reduce(1.0) {
        $0 * (1 + (Double($1.split(separator: ",")[1]) ?? .nan))
      }
      let total = try #require(try made.object["return"] as? Double)
      #expect(abs(grown - 1 - total) < 1e-9)
      let count = try #require(try made.object["trades"] as? Int)
      let csv = try String(contentsOfFile: folder.path("\(name)-trades.csv"), encoding: .utf8)
      #expect(csv.split(separator: "\n").count == count + 1)
      let rows = try JSONSerialization.jsonObject(
        with: Data(contentsOf: URL(fileURLWithPath: folder.path("\(name).json.json"))))
      #expect((rows as? [Any])?.count == count)
      let parquet = try Data(contentsOf: URL(fileURLWithPath: folder.path("\(name).parquet")))
      #expect(parquet.prefix(4) == Data("PAR1".utf8))
    }
    let one = try run("report a.json --report again.html --open=false", in: folder)
    #expect(one.status == 0 && one.output.hasSuffix("report  again.html\n"), "\(one.errors)")
    let two = try run("report a.html b.json --open=false --json", in: folder)
    #expect(two.status == 0, "\(two.errors)")
    #expect(try two.object["report"] as? String == "comparison.html")
    let page = try String(contentsOfFile: folder.path("comparison.html"), encoding: .utf8)
    #expect(page.contains("2 runs side by side"))
  }

  @Test(
    "what is no run is explained on two lines",
    arguments: [
      ("report", 2, "no run is named"), ("report none.json", 2, "none.json"),
      ("report x.json", 1, "is no report of a run"), ("report trails", 2, "trails"),
      ("backtest --trades x.txt --data DATA --symbols QQQ", 2, ".parquet"),
    ])
  func wrong(line: String, status: Int32, words: String) throws {
    let folder = try ScratchFolder("pages")
    try "{\"a\": 1}".write(toFile: folder.path("x.json"), atomically: true, encoding: .utf8)
    let run = try run(line.replacing("DATA", with: Package.path("Samples/daily")), in: folder)
    #expect(run.status == status && run.isExplained, "\(run.errors)")
    #expect(run.errors.contains(words), "\(run.errors)")
  }
}
