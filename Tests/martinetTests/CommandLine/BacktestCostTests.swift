import Foundation
import TestKit
import Testing

@Suite("martinet backtest: costs, actions, journal and memory") struct BacktestCostTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder("costs") }

  private func backtest(_ line: String, data: String = "Samples/daily") throws -> Command {
    try Binary.run(
      ["backtest", "--data", Package.path(data)] + line.split(separator: " ").map(String.init),
      in: folder.path)
  }

  private func figure(_ key: String, _ line: String, data: String = "Samples/daily") throws
    -> Double
  {
    let run = try backtest(line + " --json", data: data)
    #expect(run.status == 0, "\(run.errors)")
    return try run.object[key] as? Double ?? .nan
  }

  @Test("Commission, slippage, leverage and borrowing are flags and settings alike") func flags()
    throws
  {
    let days = "--symbols NVDA --timerange 20180101-20211231"
    let line = "-s sma_cross " + days
    let plain = try figure("fees", line + " --fee 0.001")
    let broker = try figure("fees", line + " --commission ib_fixed")
    let setting = try figure("fees", line + " --set costs.commission=ib_fixed")
    #expect(broker == setting && broker != plain)
    let slipped = try figure("return", line + " --slippage 0.005")
    let still = try figure("return", line)
    #expect(slipped < still)
    let short = days + " --rules " + Package.path("Samples/rules/reversal.yaml")
    if FileManager.default.fileExists(atPath: Package.path("Samples/rules/reversal.yaml")) {
      _ = try figure("return", short + " --leverage 1 --borrow-rate 0.03")
    }
    let run = try backtest(line + " --borrow-rate 0.03")
    #expect(run.status == 2 && run.isExplained && run.errors.contains("leverage"), "\(run.errors)")
    let unknown = try backtest(line + " --commission ib_fixd")
    #expect(unknown.status == 2 && unknown.errors.contains("ib_fixed"), "\(unknown.errors)")
    let page = try String(contentsOfFile: folder.path("report.html"), encoding: .utf8)
    #expect(page.contains("half-spread"))
  }

  @Test("Splits and dividends of factor files make whole what prices as traded are not")
  func actions()
    throws
  {
    // Bars of an hour, before and after AAPL's dividends of 2016; its price falls by each of them.
    let line = "-s buy_and_hold --symbols SPY --timerange 20160104-20161231"
    let without = try figure("return", line, data: "Samples/hourly")
    let with = try figure(
      "return", line + " --actions " + Package.path("Samples/factors"), data: "Samples/hourly")
    // About 2% a year.
    #expect(with - without > 0.01 && with - without < 0.03)
    // Four shares for each in August of 2020: 102.70 became 25.68, which ended at 122.15.
    let apple = "-s buy_and_hold --symbols AAPL --trades trades.csv"
    let split = try figure(
      "return", apple + " --actions " + Package.path("Samples/factors"), data: "Samples/hourly")
    #expect(split > 3.5 && split < 3.9)
    let trades = try String(contentsOfFile: folder.path("trades.csv"), encoding: .utf8)
    #expect(trades.contains(",3700.0,25.675134,122.15,"))
    let twice = try backtest(
      "-s buy_and_hold --symbols NVDA --actions " + Package.path("Samples/factors"))
    #expect(
      twice.status == 3 && twice.isExplained && twice.errors.contains("adjust"), "\(twice.errors)")
    let nowhere = try backtest(line + " --actions nowhere", data: "Samples/hourly")
    #expect(nowhere.status != 0 && nowhere.isExplained, "\(nowhere.errors)")
  }

  @Test("Halts of a file reach the venue, and a wrong line is named") func halts() throws {
    try "time,symbol,notice\n2016-01-04T00:00:00Z,SPY,halted\n".write(
      toFile: folder.path("halts.csv"), atomically: true, encoding: .utf8)
    let line = "-s buy_and_hold --symbols SPY --timerange 20160104-20161231 --notices halts.csv"
    let halted = try backtest(line, data: "Samples/hourly")
    #expect(halted.status == 1 && halted.isExplained && halted.errors.contains("no trade"))
    try "2016-01-04T00:00:00Z,SPY,halt\n".write(
      toFile: folder.path("halts.csv"), atomically: true, encoding: .utf8)
    let wrong = try backtest(line, data: "Samples/hourly")
    #expect(wrong.status == 3 && wrong.isExplained, "\(wrong.errors)")
    #expect(wrong.errors.contains("halts.csv:1") && wrong.errors.contains("halted"))
  }

  @Test(
    "A journal is kept where it is asked for, reads back whole, and is never mixed with another")
  func journal() throws {
    let line = "-s sma_cross --symbols NVDA --timerange 20180101-20191231"
    let run = try backtest(line + " --journal runs/journal --record runs/whole --json")
    #expect(run.status == 0, "\(run.errors)")
    func digest(_ place: String) throws -> String {
      let check = try Binary.run(["journal", "verify", place, "--json"], in: folder.path)
      #expect(check.status == 0, "\(check.errors)")
      let shown = try Binary.run(["journal", "show", place, "--json"], in: folder.path)
      return shown.output
    }
    let alone = try digest("runs/journal")
    let whole = try digest("runs/whole")
    #expect(alone.count > 500 && alone == whole)
    let replay = try Binary.run(["prove", "replay", "--run", "runs/whole"], in: folder.path)
    #expect(replay.status == 0, "\(replay.output)")
    for flag in ["--journal runs/journal", "--record runs/whole"] {
      let again = try backtest("\(line) \(flag) --report never.html")
      #expect(again.status == 3 && again.isExplained, "\(again.errors)")
    }
    #expect(!FileManager.default.fileExists(atPath: folder.path("never.html")))
  }

  @Test("A ceiling on memory is kept: refused before it is met where that can be told")
  func memory() throws {
    let line = "-s sma_cross --symbols NVDA --timerange 20180101-20191231"
    let enough = try backtest(line + " --memory-limit 4GB --json")
    #expect(enough.status == 0, "\(enough.errors)")
    for limit in ["20MB", "20MiB"] {
      let little = try backtest(line + " --memory-limit \(limit) --report never.html")
      #expect(little.status == 1 && little.isExplained, "\(little.errors)")
      #expect(little.errors.contains("memory_limit") && little.errors.contains("--memory-limit"))
    }
    #expect(!FileManager.default.fileExists(atPath: folder.path("never.html")))
    let wrong = try backtest(line + " --memory-limit much")
    #expect(wrong.status == 2 && wrong.isExplained, "\(wrong.errors)")
  }
}
