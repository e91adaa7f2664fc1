import Foundation
import TestKit
import Testing

@Suite("martinet paper") struct PaperVerbTests {
  private static let settings = [
    "--data", Package.path("Samples/daily"), "--symbols", "NVDA,AMD", "--timerange", "20230601-",
    "--strategy", "sma_cross", "--set", "sma_cross.fast=3", "--set", "sma_cross.slow=9",
  ]

  private func run(_ folder: String, _ words: [String] = []) throws -> Command {
    try Binary.run(
      ["paper", "run", "--folder", folder + "/account", "--json"] + Self.settings + words,
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
    let calm = try ScratchFolder("paper-calm")
    #expect(try run(calm.path).status == 0)
    let expected = try journal(calm.path)
    let folder = try ScratchFolder("paper-killed")
    var random = SeededGenerator(seed: 11)
    var kills = 0
    for _ in 0..<FuzzBudget.inputs(usual: 10, nightly: 200) {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: Binary.path)
      process.arguments =
        ["paper", "run", "--folder", folder.path("account"), "--pace", "30"] + Self.settings
      process.environment = ["MARTINET_STATE": folder.path("state"), "LC_ALL": "C.UTF-8"]
      (process.standardOutput, process.standardError) = (FileHandle.nullDevice, nil)
      try process.run()
      usleep(UInt32.random(in: 400_000...1_600_000, using: &random))
      if process.isRunning {
        kill(process.processIdentifier, SIGKILL)
        kills += 1
      }
      process.waitUntilExit()
    }
    #expect(kills > 3)
    let end = try run(folder.path)
    #expect(end.status == 0, "\(end.errors)")
    let written = try journal(folder.path)
    #expect(written == expected)
    let orders = written.split(separator: "\n").filter { $0.contains("\"submitted\"") }
    #expect(orders.count > 5 && Set(orders).count == orders.count)
  }

  @Test("A folder without an account, and symbols that are gone, are explained") func refused()
    throws
  {
    let folder = try ScratchFolder("paper-refused")
    let none = try Binary.run(
      ["paper", "status", "--folder", folder.path("none")], in: folder.path)
    #expect(none.status == 2 && none.isExplained)
  }
}
