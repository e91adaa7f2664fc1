import Foundation
import Market
import Runtime
import TestKit
import Testing

@Suite("martinet paper") struct PaperVerbTests {
  private static func settings(from day: String = "20230601") -> [String] {
    [
      "--data", Package.path("Samples/daily"), "--symbols", "NVDA,AMD", "--timerange", day + "-",
    ] + strategy
  }
  private static let strategy = [
    "--strategy", "sma_cross", "--set", "sma_cross.fast=3", "--set", "sma_cross.slow=9",
  ]

  private func run(_ folder: String, from day: String = "20230601") throws -> Command {
    try Binary.run(
      ["paper", "run", "--folder", folder + "/account", "--json"] + Self.settings(from: day),
      in: folder)
  }

  private func journal(_ folder: String) throws -> String {
    let shown = try Binary.run(
      ["journal", "show", folder + "/account", "--from", "0", "--json"], in: folder)
    #expect(shown.status == 0, "\(shown.errors)")
    return shown.output
  }

  @Test("An account trades, stands still where there is nothing new, and is judged after its trial")
  func story() throws {
    let folder = try ScratchFolder("paper")
    let first = try run(folder.path)
    #expect(first.status == 0, "\(first.errors)")
    let report = try first.object
    let days = try #require(report["days"] as? [[String: Any]])
    #expect(days.count > 50 && report["instants"] as? Int == days.count)
    #expect((report["fills"] as? Int ?? 0) > 5)
    #expect((report["criteria"] as? [Any])?.count == 4 && report["go"] is Bool)
    let written = try journal(folder.path)
    let again = try run(folder.path).object
    #expect(again["instants"] as? Int == 0)
    #expect(try journal(folder.path) == written)
    let account = ["--folder", folder.path("account"), "--json"]
    let history = try Binary.run(["paper", "history"] + account, in: folder.path)
    let fills = try JSONSerialization.jsonObject(with: Data(history.output.utf8)) as? [Any]
    #expect(fills?.count == report["fills"] as? Int)
    let status = try Binary.run(["paper", "status"] + account, in: folder.path).object
    #expect(status["running"] as? Bool == false)
    let verdict = try Binary.run(["paper", "report"] + account, in: folder.path)
    #expect(verdict.status == (report["go"] as? Bool == true ? 0 : 3))
    #expect(FileManager.default.fileExists(atPath: folder.path("account/verdict.json")))
    let same = try Binary.run(
      ["report", "differences", "--data", Package.path("Samples/daily")] + account,
      in: folder.path)
    #expect(same.status == 0, "\(same.errors)")
    let causes = try #require(try same.object["causes"] as? [String: String])
    #expect(causes.count == 6 && causes.values.allSatisfy { $0 == "0" }, "\(causes)")
    let stop = try Binary.run(["paper", "stop"] + account, in: folder.path).object
    #expect(stop["running"] as? Bool == false)
  }

  @Test("Killed at random instants, it ends as if nothing had happened, and sends nothing twice")
  func killed() throws {
    // So many bars that the account is still trading when it is killed for the last time.
    let kills = FuzzBudget.inputs(usual: 10, nightly: 200)
    let day = FuzzBudget.isNightly ? "20000601" : "20230601"
    let calm = try ScratchFolder("paper-calm")
    #expect(try run(calm.path, from: day).status == 0)
    let expected = try journal(calm.path)
    let folder = try ScratchFolder("paper-killed")
    var random = SeededGenerator(seed: 11)
    var killed = 0
    for _ in 0..<kills {
      let process = try begin(["--pace", "30"] + Self.settings(from: day), in: folder)
      usleep(UInt32.random(in: 200_000...1_000_000, using: &random))
      if process.isRunning {
        kill(process.processIdentifier, SIGKILL)
        killed += 1
      }
      process.waitUntilExit()
    }
    #expect(killed == kills)
    let end = try run(folder.path, from: day)
    #expect(end.status == 0, "\(end.errors)")
    // The last of them was killed while there was something left to do.
    let left = try end.object["instants"] as? Int
    #expect((left ?? 0) > 0)
    let written = try journal(folder.path)
    #expect(written == expected)
    let orders = written.split(separator: "\n").filter { $0.contains("\"submitted\"") }
    #expect(orders.count > 5 && Set(orders).count == orders.count)
  }

  /// A process that trades, its output thrown away.
  private func begin(_ words: [String], in folder: ScratchFolder) throws -> Process {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Binary.path)
    process.arguments = ["paper", "run", "--folder", folder.path("account")] + words
    process.environment = ["MARTINET_STATE": folder.path("state"), "LC_ALL": "C.UTF-8"]
    process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
    (process.standardOutput, process.standardError) = (FileHandle.nullDevice, nil)
    try process.run()
    return process
  }

  /// Looks at the account until it is as it should be; half a minute at most.
  private func wait(
    _ folder: ScratchFolder, until isSo: ([String: Any]) -> Bool
  ) throws -> [String: Any] {
    var status: [String: Any] = [:]
    for _ in 0..<100 {
      let shown = try Binary.run(
        ["paper", "status", "--folder", folder.path("account"), "--json"], in: folder.path)
      status = shown.status == 0 ? try shown.object : [:]
      if isSo(status) { break }
      usleep(300_000)
    }
    return status
  }

  private func days(_ status: [String: Any]) -> Int { (status["days"] as? [Any])?.count ?? -1 }

  @Test(
    "Following a folder it takes bars as they come, stops when asked to, and goes on where it was")
  func follow() throws {
    let folder = try ScratchFolder("paper-follow")
    try FileManager.default.createDirectory(
      atPath: folder.path("bars"), withIntermediateDirectories: true)
    let source = Package.path("Samples/daily")
    try FileManager.default.copyItem(
      atPath: source + "/source.yaml", toPath: folder.path("bars/source.yaml"))
    let lines = try String(contentsOfFile: source + "/NVDA.csv", encoding: .utf8)
      .split(separator: "\n")
    func fill(without last: Int) throws {
      try (lines.dropLast(last).joined(separator: "\n") + "\n").write(
        toFile: folder.path("bars/NVDA.csv"), atomically: true, encoding: .utf8)
    }
    let settings =
      ["--data", folder.path("bars"), "--symbols", "NVDA", "--timerange", "20230601-"]
      + Self.strategy
    try fill(without: 60)
    let first = try begin(["--follow", "1"] + settings, in: folder)
    defer { if first.isRunning { first.terminate() } }
    let begun = try wait(folder) { days($0) > 100 && $0["running"] as? Bool == true }
    #expect(begun["running"] as? Bool == true)
    try fill(without: 30)
    let filled = try wait(folder) { days($0) == days(begun) + 30 }
    #expect(days(filled) == days(begun) + 30)
    // A second process is kept out of the account while the first one trades.
    let other = try Binary.run(
      ["paper", "run", "--folder", "account"] + settings, in: folder.path)
    #expect(other.status != 0 && other.isExplained, "\(other.errors)")
    let asked = try Binary.run(["paper", "stop", "--folder", "account", "--json"], in: folder.path)
    #expect(try asked.object["asked"] as? Bool == true)
    first.waitUntilExit()
    #expect(first.terminationReason == .exit && first.terminationStatus == 0)
    // What came while nobody traded is taken by the next process, after what there was.
    try fill(without: 10)
    let second = try begin(["--follow", "1"] + settings, in: folder)
    defer { if second.isRunning { second.terminate() } }
    let caughtUp = try wait(folder) { days($0) == days(begun) + 50 }
    #expect(days(caughtUp) == days(begun) + 50 && caughtUp["running"] as? Bool == true)
    #expect(caughtUp["feed_silent"] as? Bool == false)
    _ = try Binary.run(["paper", "stop", "--folder", "account"], in: folder.path)
    second.waitUntilExit()
    #expect(second.terminationStatus == 0)
    let calm = try ScratchFolder("paper-follow-calm")
    let whole = try Binary.run(
      ["paper", "run", "--folder", calm.path("account")] + settings,
      in: calm.path)
    #expect(whole.status == 0, "\(whole.errors)")
    #expect(try journal(folder.path) == journal(calm.path))
  }

  @Test("Following a store it takes what martinet data update brings") func store() throws {
    let folder = try ScratchFolder("paper-store")
    let now = SystemTime().now
    let today = Zone.newYork.date(at: now)
    let rows = YahooPlayback.rising(
      try TradingCalendar.nasdaq.sessions(in: today.advanced(by: -60)...today)
        .filter { $0.close <= now }.map { $0.open.nanoseconds / Timestamp.nanosecondsPerSecond })
    func data(_ verb: String, _ rows: [YahooPlayback.Row]) throws -> Command {
      let server = try PlaybackServer { YahooPlayback("NVDA", rows).answer(to: $0) }
      return try Binary.run(
        ["data", verb, "--symbols", "NVDA", "--to", "sqlite:bars.db", "--base-url", server.base],
        in: folder.path)
    }
    let fetched = try data("fetch", Array(rows.dropLast(3)))
    #expect(fetched.status == 0, "\(fetched.errors)")
    let process = try begin(
      ["--follow", "1", "--data", "sqlite:bars.db", "--strategy", "buy_and_hold"], in: folder)
    defer { if process.isRunning { process.terminate() } }
    let begun = try wait(folder) { days($0) == rows.count - 3 }
    #expect(days(begun) == rows.count - 3 && begun["fills"] as? Int == 1)
    let updated = try data("update", rows)
    #expect(updated.status == 0, "\(updated.errors)")
    let seen = try wait(folder) { days($0) == rows.count }
    #expect(days(seen) == rows.count && seen["running"] as? Bool == true)
    _ = try Binary.run(["paper", "stop", "--folder", "account"], in: folder.path)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
  }

  @Test("A folder without an account, and symbols that are gone, are explained") func refused()
    throws
  {
    let folder = try ScratchFolder("paper-refused")
    let none = try Binary.run(
      ["paper", "status", "--folder", folder.path("none")], in: folder.path)
    #expect(none.status == 2 && none.isExplained)
  }

  @Test("What an account on paper would not hear of is refused") func actions() throws {
    let folder = try ScratchFolder("paper-notices")
    try "time,symbol,notice\n2023-07-03T14:00:00Z,NVDA,halted\n".write(
      toFile: folder.path("halts.csv"), atomically: true, encoding: .utf8)
    let run = try Binary.run(
      ["paper", "run", "--folder", folder.path("account"), "--notices", folder.path("halts.csv")]
        + Self.settings(), in: folder.path)
    #expect(run.status != 0 && run.isExplained && run.errors.contains("--notices"), "\(run.errors)")
    #expect(!FileManager.default.fileExists(atPath: folder.path("account/paper.json")))
  }
}
