import Foundation
import TestKit
import Testing

@Suite("Strategies of one's own on the command line") struct GuestVerbTests {
  private func run(_ line: String, in folder: ScratchFolder, limit: Int = 120) throws -> Command {
    try Binary.run(
      line.replacing("SAMPLES", with: Package.path("Samples")).split(separator: " ").map(
        String.init),
      in: folder.path, environment: ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? ""],
      limit: limit)
  }

  @Test("a new strategy in Python is written, runs, and its proof stands on the page")
  func python() throws {
    let folder = try ScratchFolder("guest")
    let made = try run("new strategy Trend --language python", in: folder)
    #expect(
      made.status == 0 && made.output.contains("--process python3,Trend/Trend.py"), "\(made.errors)"
    )
    let line = "backtest --process python3,Trend/Trend.py --symbols QQQ --data SAMPLES/daily"
    let first = try run(line + " --timerange 20190101- --json", in: folder)
    #expect(first.status == 0, "\(first.errors)")
    #expect(try first.object["strategy"] as? String == "Trend")
    let pace = try #require(try first.object["process"] as? [String: Any])
    #expect(pace["bars"] as? Int == (try first.object["bars"] as? Int))
    #expect((pace["bars_per_second"] as? Double ?? 0) > 100)
    let page = try String(contentsOfFile: folder.path("report.html"), encoding: .utf8)
    #expect(page.contains("told again from the beginning"))
    #expect(try run("new strategy Trend", in: folder).status == 3)
  }

  @Test(
    "a new strategy in Swift is written and built, and the library trades",
    .enabled(if: FuzzBudget.isNightly, "builds a package: set MARTINET_NIGHTLY"))
  func swift() throws {
    let folder = try ScratchFolder("guest")
    let made = try run("new strategy Trend --json", in: folder, limit: 300)
    #expect(made.status == 0, "\(made.errors)")
    let command = try #require(try made.object["run"] as? String)
    let line = command.replacing("martinet ", with: "", maxReplacements: 1)
      .replacing("Samples", with: "SAMPLES")
    let traded = try run(line + " --timerange 20190101- --json", in: folder)
    #expect(traded.status == 0, "\(traded.errors)")
    #expect((try traded.object["trades"] as? Int ?? 0) > 0)
  }

  @Test(
    "what cannot be is refused on two lines, and nothing is written",
    arguments: [
      ("new strategy 1x", 2, "a letter first"), ("new strategy ../x", 2, "a letter first"),
      ("backtest --plugin none.so --symbols QQQ --data SAMPLES/daily", 1, "cannot be loaded"),
      ("backtest --process /none/x --symbols QQQ --data SAMPLES/daily", 1, "cannot be started"),
      ("backtest --process false --symbols QQQ --data SAMPLES/daily", 1, "exit code 1"),
      (
        "backtest --process x --plugin y --symbols QQQ --data SAMPLES/daily", 2, "more than one"
      ),
      (
        "backtest --rules SAMPLES/rules/trend.yaml -s breakout --data SAMPLES/daily", 2,
        "more than one"
      ),
      (
        "backtest --process sleep,100 --set process_seconds=0.3 --symbols QQQ --data SAMPLES/daily",
        1, "no answer within"
      ),
    ])
  func wrong(line: String, status: Int32, words: String) throws {
    let folder = try ScratchFolder("guest")
    let run = try run(line, in: folder)
    #expect(run.status == status && run.isExplained, "\(run.errors)")
    #expect(run.errors.contains(words), "\(run.errors)")
    #expect(!FileManager.default.fileExists(atPath: folder.path("report.html")))
  }

  @Test(
    "rules are proved, and trade on paper with the symbols of their file; a look ahead does neither"
  )
  func rulesElsewhere() throws {
    let folder = try ScratchFolder("guest")
    try """
    name: week
    symbols: [NVDA, MSFT]
    define: {strong: "rank(returns(close, 20)) > 0.5"}
    entry: "strong and close > timeframe(mean(close, 4), '1w')"
    exit: "not strong or day_of_week == 4"
    """.write(toFile: folder.path("week.yaml"), atomically: true, encoding: .utf8)
    let rest = " --rules week.yaml --data SAMPLES/daily --timerange 20230601- --json"
    let proved = try run("prove strategy --cuts 2" + rest, in: folder)
    #expect(proved.status == 0, "\(proved.errors)")
    #expect((try proved.object["orders"] as? Int ?? 0) > 10)
    let paper = try run("paper run --folder account" + rest, in: folder)
    #expect(paper.status == 0, "\(paper.errors)")
    let tested = try run("backtest" + rest, in: folder)
    #expect(tested.status == 0, "\(tested.errors)")
    let history = try run("paper history --folder account --json", in: folder)
    #expect(history.output.contains("NVDA") && history.output.contains("MSFT"))
    try String(contentsOfFile: folder.path("week.yaml"), encoding: .utf8)
      .replacing("'1w'", with: "'1w', 'unfinished'")
      .write(toFile: folder.path("week.yaml"), atomically: true, encoding: .utf8)
    for verb in ["prove strategy --cuts 2", "paper run --folder other", "backtest"] {
      let ahead = try run(verb + rest, in: folder)
      #expect(ahead.status == 3, "\(ahead.output)")
    }
    #expect(!FileManager.default.fileExists(atPath: folder.path("other")))
  }
}
