import Foundation
import TestKit
import Testing

@Suite("martinet risk") struct RiskVerbTests {
  private static let limits = Package.path("production/config/risk_limits.yaml")

  @Test("kill, show and resume: who did what and why is kept") func story() throws {
    let folder = try ScratchFolder("risk")
    func risk(_ words: String...) throws -> Command {
      try Binary.run(["risk"] + words, in: folder.path)
    }
    #expect(try risk("show", "--json").object["stopped"] as? Bool == false)
    let kill = try risk("kill", "--by", "A. Name", "--reason", "orders without end", "--json")
    #expect(kill.status == 0, "\(kill.errors)")
    #expect(FileManager.default.fileExists(atPath: folder.path("state/risk/kill")))
    let shown = try risk("show", "--json").object
    #expect(shown["stopped"] as? Bool == true)
    #expect((shown["stopped_by"] as? [String: String])?["by"] == "A. Name")
    #expect(try risk("show").output.contains("stopped by A. Name: orders without end"))
    for words in [["resume"], ["resume", "--by", "B"], ["resume", "--by", " ", "--reason", "x"]] {
      let refused = try Binary.run(["risk"] + words, in: folder.path)
      #expect(refused.status == 2 && refused.isExplained, "\(words)")
    }
    #expect(FileManager.default.fileExists(atPath: folder.path("state/risk/kill")))
    #expect(try risk("resume", "--by", "B. Name", "--reason", "mended").status == 0)
    let after = try risk("show", "--json").object
    #expect(after["stopped"] as? Bool == false)
    let acts = try #require(after["acts"] as? [[String: String]])
    #expect(acts.map { $0["act"] } == ["halt", "resume"])
    #expect(acts.map { $0["reason"] } == ["orders without end", "mended"])
  }

  @Test("stopping works where nothing can be written but the file itself") func killWithoutList()
    throws
  {
    let folder = try ScratchFolder("risk-list")
    try FileManager.default.createDirectory(
      atPath: folder.path("state/risk/acts.jsonl"), withIntermediateDirectories: true)
    let kill = try Binary.run("risk kill", in: folder.path)
    #expect(kill.status == 1 && kill.isExplained)
    #expect(kill.errors.contains("stopped, but not noted down"))
    #expect(try Binary.run("risk show --json", in: folder.path).object["stopped"] as? Bool == true)
  }

  @Test("show prints limits with their origin, overlays included") func show() throws {
    let folder = try ScratchFolder("risk-show")
    let run = try Binary.run(["risk", "show", "-c", Self.limits, "--env", "prod"], in: folder.path)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("prod.yaml:4"))
    let json = try Binary.run(
      ["risk", "show", "-c", Self.limits, "--env", "prod", "--json"], in: folder.path
    ).object
    let position = (json["limits"] as? [String: Any])?["position"] as? [String: Any]
    #expect(position?["max_amount"] as? Double == 1000 && position?["max_part"] as? Double == 0.4)
  }

  @Test("limits that contradict each other are refused with file, line and remedy") func refused()
    throws
  {
    let folder = try ScratchFolder("risk-refused")
    try "leverage:\n  allowed: false\n  max_gross: 1.6\n".write(
      toFile: folder.path("limits.yaml"), atomically: true, encoding: .utf8)
    let run = try Binary.run("risk show -c limits.yaml", in: folder.path)
    #expect(run.status == 2 && run.isExplained)
    #expect(run.errors.hasPrefix("error: limits.yaml:3:14: leverage.max_gross: 1.6 would allow"))
  }

  private func backtest(_ folder: ScratchFolder, _ settings: String) throws -> Command {
    try settings.write(toFile: folder.path("run.yaml"), atomically: true, encoding: .utf8)
    return try Binary.run(
      [
        "backtest", "--data", Package.path("Samples/daily"), "--symbols", "NVDA", "-c", "run.yaml",
        "--json",
      ], in: folder.path)
  }

  @Test("a back-test obeys the limits of its settings, and without any none") func backtest() throws
  {
    let folder = try ScratchFolder("risk-backtest")
    let free = try backtest(folder, "strategy: buy_and_hold\n").object
    #expect(free["risk"] == nil)
    let limited = try backtest(
      folder,
      """
      strategy: buy_and_hold
      risk: {files: [limits.yaml]}
      """)
    #expect(limited.status == 2 && limited.errors.contains("no such file"))
    try "position: {max_part: 0.2}\n".write(
      toFile: folder.path("limits.yaml"), atomically: true, encoding: .utf8)
    let run = try backtest(folder, "strategy: buy_and_hold\nrisk: {files: [limits.yaml]}\n")
    #expect(run.status == 0, "\(run.errors)")
    let figures = try run.object
    let risk = try #require(figures["risk"] as? [String: Any])
    #expect((risk["reduced"] as? [String: Int])?["position"] == 1)
    #expect((figures["exposure"] as? Double ?? 1) < (free["exposure"] as? Double ?? 0))
  }

  @Test("limits under which nothing leaves are no result, and the first denial says why")
  func allDenied() throws {
    let folder = try ScratchFolder("risk-denied")
    let run = try backtest(folder, "strategy: buy_and_hold\nrisk: {profile: production}\n")
    #expect(run.status == 3 && run.errors.contains("too few days are known"), "\(run.errors)")
    let sector = try backtest(
      folder, "symbols: [SPY]\nstrategy: buy_and_hold\nrisk: {profile: engine}\n")
    #expect(sector.status == 3 && sector.errors.contains("NVDA has no sector"), "\(sector.errors)")
  }

  @Test("a run under limits replays to the same journal") func replay() throws {
    let folder = try ScratchFolder("risk-replay")
    try "position: {max_part: 0.2}\ndrawdown: {max_part: 0.1, action: flatten}\n".write(
      toFile: folder.path("limits.yaml"), atomically: true, encoding: .utf8)
    let run = try Binary.run(
      [
        "backtest", "--data", Package.path("Samples/daily"), "--symbols", "NVDA", "--record", "run",
        "--set", "risk.files=limits.yaml", "--json",
      ], in: folder.path)
    #expect(run.status == 0, "\(run.errors)")
    let replay = try Binary.run("prove replay --run run --json", in: folder.path)
    #expect(replay.status == 0, "\(replay.errors)")
  }

  @Test("exits and sizes come from settings, and a run with them replays to the same journal")
  func exitsAndSizes() throws {
    let folder = try ScratchFolder("risk-exits")
    try "exits: {stop_ranges: 2, max_bars: 20}\nsize: {rule: volatility_target}\n".write(
      toFile: folder.path("run.yaml"), atomically: true, encoding: .utf8)
    let run = try Binary.run(
      [
        "backtest", "--data", Package.path("Samples/daily"), "--symbols", "NVDA", "-c", "run.yaml",
        "--record", "run", "--json",
      ], in: folder.path)
    #expect(run.status == 0, "\(run.errors)")
    let figures = try run.object
    #expect((figures["strategy"] as? String)?.hasSuffix("with exits") == true)
    // NVDA moves far more than 15% a year: most of the account stays in cash.
    #expect((figures["exposure"] as? Double ?? 1) < 0.4)
    let replay = try Binary.run("prove replay --run run --json", in: folder.path)
    #expect(replay.status == 0, "\(replay.errors)")
  }
}
