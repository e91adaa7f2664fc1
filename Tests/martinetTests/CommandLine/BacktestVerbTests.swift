import Foundation
import TestKit
import Testing

@Suite("martinet backtest, demo, prove and features") struct BacktestVerbTests {
  private func backtest(_ line: String, in folder: ScratchFolder) throws -> Command {
    try Binary.run(
      ["backtest", "--data", Package.path("Samples/daily")]
        + line.split(separator: " ").map(String.init), in: folder.path)
  }

  @Test("prints the figures as JSON and writes the page") func json() throws {
    let folder = try ScratchFolder("backtest")
    let run = try backtest("--strategy sma_cross --symbols NVDA --json", in: folder)
    #expect(run.status == 0, "\(run.errors)")
    let figures = try run.object
    for key in [
      "start", "end", "bars", "trades", "return", "sharpe", "max_drawdown", "fees", "report",
    ] {
      #expect(figures[key] != nil && !(figures[key] is NSNull), "\(key)")
    }
    #expect((figures["max_drawdown"] as? Double ?? 1) <= 0)
    let report = try #require(figures["report"] as? String)
    let page = try String(contentsOfFile: folder.path(report), encoding: .utf8)
    #expect(page.hasPrefix("<!doctype html>"))
    #expect(page.utf8.count < 1_500_000)
  }

  @Test("prints the same bytes every time") func sameBytes() throws {
    let folder = try ScratchFolder("backtest")
    let line = "-s sma_cross --pairs SPY --timerange 20150101-20191231 --json"
    let first = try backtest(line, in: folder)
    let page = try Data(contentsOf: URL(fileURLWithPath: folder.path("report.html")))
    let second = try backtest(line, in: folder)
    #expect(first.output == second.output)
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder.path("report.html"))) == page)
  }

  @Test("for a person it prints a table and, last, where the page lies") func text() throws {
    let folder = try ScratchFolder("backtest")
    let run = try backtest("--symbols NVDA --report out/nvda.html", in: folder)
    #expect(run.status == 0, "\(run.errors)")
    let lines = run.output.split(separator: "\n")
    #expect(lines.allSatisfy { $0.count <= 100 && $0.last != " " })
    #expect(lines.last?.hasPrefix("report  out/nvda.html   next: martinet ") == true)
    #expect(FileManager.default.fileExists(atPath: folder.path("out/nvda.html")))
  }

  @Test("files, --set and flags lie over each other in this order") func layers() throws {
    let folder = try ScratchFolder("backtest")
    try "symbols: [SPY]\ncosts: {commission_bps: 50}\n".write(
      toFile: folder.path("run.yaml"), atomically: true, encoding: .utf8)
    func fees(_ line: String) throws -> Double {
      let run = try backtest("-c run.yaml --timerange 20200101-20201231 --json " + line, in: folder)
      #expect(run.status == 0, "\(run.errors)")
      return try run.object["fees"] as? Double ?? .nan
    }
    let file = try fees("")
    let set = try fees("--set costs.commission_bps=5")
    let flag = try fees("--set costs.commission_bps=5 --fee 0.0001")
    #expect(file > 5 * set && set > 3 * flag && flag > 0)
  }

  @Test(
    "without bars or trades it does not end well, and names the days there are",
    arguments: [
      ("--symbols NVDA --timerange 20300101-", "2000-01-03 to 2024-03-08"),
      ("--symbols NVDA --timerange -19991231", "2000-01-03 to 2024-03-08"),
      (
        "--symbols NVDA --timerange -20000131 --set sma_cross.slow=5000",
        "2000-01-03 to 2000-01-31"
      ),
    ])
  func nothing(line: String, dates: String) throws {
    let folder = try ScratchFolder("backtest")
    let run = try backtest(line, in: folder)
    #expect(run.status == 1, "\(run.output)")
    #expect(run.isExplained, "\(run.errors)")
    #expect(run.errors.contains(dates), "\(run.errors)")
    #expect(!FileManager.default.fileExists(atPath: folder.path("report.html")))
  }

  @Test(
    "what is wrong is explained on two lines, with the nearest known word",
    arguments: [
      ("-s smacross", 2, "sma_cross"), ("--symbols NVDX", 2, "NVDA"),
      ("--symbols NVDA,NVDA", 2, "twice"), ("--interval 7x", 2, "5min"),
      ("--timerange 2024", 2, "20240101-20240630"), ("--symbols A*B", 2, "as in NVDA"),
      ("--timerange 20240230-", 2, "--timerange"), ("--fee much", 2, "0.001"),
      ("--fee 1e999", 2, "0.001"), ("--symbols NVDA -i 1h", 2, "--data"),
      ("--symbols NVDA --set account.initial_cash=99999999999999999999999", 2, "initial_cash"),
      ("--symbols NVDA --report /proc/none/x.html", 1, "/proc"),
    ])
  func wrong(line: String, status: Int32, hint: String) throws {
    let run = try backtest(line, in: try ScratchFolder("backtest"))
    #expect(run.status == status, "\(run.errors)")
    #expect(run.isExplained, "\(run.errors)")
    #expect(run.errors.contains(hint), "\(run.errors)")
  }

  @Test("a folder without bars and a file without a column are explained") func badData() throws {
    let folder = try ScratchFolder("backtest")
    for (text, hint) in [
      (nil, "no file of bars"), ("timestamp,open\n2024-01-02,1\n", "\"high\" is missing"),
    ] {
      if let text {
        try text.write(toFile: folder.path("X.csv"), atomically: true, encoding: .utf8)
      }
      let run = try Binary.run("backtest --data .", in: folder.path)
      #expect([1, 2].contains(run.status))
      #expect(run.isExplained, "\(run.errors)")
      #expect(run.errors.contains(hint), "\(run.errors)")
    }
  }

  @Test("what a file does not say is asked for, flag by flag, and a week is no proof of anything")
  func declarations() throws {
    let folder = try ScratchFolder("backtest")
    var text = "time,open,high,low,last,volume\n"
    for day in 4...8 {
      for bar in 0..<78 {
        let minutes = 9 * 60 + 30 + bar * 5
        let time = String(format: "%02d:%02d:00", minutes / 60, minutes % 60)
        let price = 100 + Double(bar % 20) / 10
        text += "2024-03-0\(day) \(time),\(price),\(price),\(price),\(price),100\n"
      }
    }
    try text.write(toFile: folder.path("X.csv"), atomically: true, encoding: .utf8)
    var line = "backtest --data . --set sma_cross.fast=5 --set sma_cross.slow=20"
    for (asked, answer) in [
      ("--columns close=NAME", "--columns close=last"),
      ("--zone America/New_York", "--zone America/New_York"),
      ("--stamp start", "--stamp start"),
    ] {
      let run = try Binary.run(line, in: folder.path)
      #expect(run.status != 0 && run.errors.contains(asked), "\(run.errors)")
      line += " " + answer
    }
    let run = try Binary.run(line, in: folder.path)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.replacing("\n", with: " ").contains("too short to judge"))
  }

  @Test("the demo works from another folder too, and ends with its page") func demo() throws {
    let folder = try ScratchFolder("demo")
    let run = try Binary.run(["demo"], in: folder.path, limit: 300)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.hasSuffix("report  demo/report.html\n"))
    for step in ["checked ", "sealed ", "rules ", "traded ", "chosen ", "limited ", "replayed "] {
      #expect(run.output.contains("\n" + step), "\(step)")
    }
    #expect(FileManager.default.fileExists(atPath: folder.path("demo/comparison.html")))
    #expect(run.output.split(separator: "\n").allSatisfy { $0.count <= 100 })
    #expect(run.output.contains("proved    11 columns looked at no later bar"))
    #expect(FileManager.default.fileExists(atPath: folder.path("demo/report.html")))
  }

  @Test("features are listed with what they need") func features() throws {
    let output = try Binary.run("features list --json").output
    let listed = try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [[String: Any]]
    #expect((listed ?? []).count > 400)
    for feature in listed ?? [] {
      let keys: Set = ["name", "set", "family", "formula", "lookback", "unit"]
      #expect(Set(feature.keys) == keys && (feature["lookback"] as? Int ?? -1) >= 0)
    }
    let described = try Binary.run("features describe rsi_14 --json").object
    #expect(described["lookback"] as? Int == 14)
    #expect(try Binary.run("features describe rsi_41").errors.contains("did you mean"))
    #expect(try Binary.run("features list").output.contains("sma_20"))
  }
}

@Suite("martinet backtest --rules") struct RulesVerbTests {
  private func backtest(_ rules: String, _ line: String = "") throws -> (Command, ScratchFolder) {
    let folder = try ScratchFolder("rules")
    try rules.write(toFile: folder.path("r.yaml"), atomically: true, encoding: .utf8)
    let words = [
      "backtest", "--rules", "r.yaml", "--data", Package.path("Samples/daily"),
    ]
    return (
      try Binary.run(words + line.split(separator: " ").map(String.init), in: folder.path), folder
    )
  }

  private let rules = """
    name: short one
    symbols: [QQQ]
    parameters: {bars: {value: 50, from: 10, to: 200}}
    entry: "close > mean(close, bars)"
    exit: "close < mean(close, bars)"
    """

  @Test("the rules' own symbols are traded, proved first, and the page says so") func run() throws {
    let (run, folder) = try backtest(rules, "--json")
    #expect(run.status == 0, "\(run.errors)")
    let figures = try run.object
    #expect(figures["symbols"] as? [String] == ["QQQ"])
    #expect(figures["strategy"] as? String == "short one")
    let page = try String(
      contentsOfFile: folder.path(try #require(figures["report"] as? String)), encoding: .utf8)
    #expect(page.contains("2 columns looked at no later bar"))
  }

  @Test("another parameter is another result, and an unknown one is refused") func parameters()
    throws
  {
    let one = try backtest(rules, "--json").0.object["return"] as? Double
    let other = try backtest(rules, "--json --parameters bars=100").0.object["return"] as? Double
    #expect(one != nil && other != nil && one != other)
    let unknown = try backtest(rules, "--parameters bras=100").0
    #expect(unknown.status == 2 && unknown.isExplained)
    #expect(unknown.errors.contains("did you mean bars?"), "\(unknown.errors)")
    let strategyHasNone = try backtest(rules, "--parameters bars=300").0
    #expect(strategyHasNone.status == 2 && strategyHasNone.errors.contains("range"))
  }

  @Test("a rule that looks ahead ends with exit code 3, its cause named, and nothing is written")
  func looksAhead() throws {
    let (run, folder) = try backtest(
      rules.replacing("close > mean(close, bars)", with: "ref(close, -1) > mean(close, bars)"))
    #expect(run.status == 3 && run.isExplained, "\(run.errors)")
    #expect(
      run.errors.contains("r.yaml:4:") && run.errors.contains("looks ahead: it reads the next bar"))
    #expect(!FileManager.default.fileExists(atPath: folder.path("report.html")))
  }

  @Test("what is recorded by rules replays to the byte, the file not needed any more")
  func replays() throws {
    let (run, folder) = try backtest(rules, "--record kept")
    #expect(run.status == 0, "\(run.errors)")
    try FileManager.default.removeItem(atPath: folder.path("r.yaml"))
    let replay = try Binary.run("prove replay --run kept", in: folder.path)
    #expect(replay.status == 0, "\(replay.errors)\(replay.output)")
  }
}
