import Foundation
import TestKit
import Testing

@Suite("martinet backtest --record and prove replay") struct ReplayVerbTests {
  private func run(_ line: String, in folder: ScratchFolder) throws -> Command {
    try Binary.run(line.split(separator: " ").map(String.init), in: folder.path)
  }

  private func record(_ more: String, in folder: ScratchFolder) throws {
    let data = Package.path("Samples/daily")
    let run = try run(
      "backtest --data \(data) --symbols NVDA,SPY --timerange 20190101-20210331 --record kept --json "
        + more, in: folder)
    #expect(run.status == 0, "\(run.errors)")
  }

  @Test("a recorded run replays to the same journal, alone and side by side") func same() throws {
    let folder = try ScratchFolder("replay")
    try record("--strategy sma_cross", in: folder)
    let replay = try run("prove replay --run kept --threads 3 --json", in: folder)
    #expect(replay.status == 0, "\(replay.errors)")
    let found = try replay.object
    #expect(found["same"] as? Bool == true)
    let replays = try #require(found["replays"] as? [[String: Any]])
    #expect(replays.count == 4)
    #expect(replays.allSatisfy { $0["sha256"] as? String == found["recorded_sha256"] as? String })
    #expect((found["records"] as? Int ?? 0) > 10)
  }

  @Test("a model's file is part of the run: another one is refused by name") func model() throws {
    let folder = try ScratchFolder("replay")
    try "{\"weights\": [1, -0.5]}".write(
      toFile: folder.path("model.json"), atomically: true, encoding: .utf8)
    try record("--strategy linear --set artefact=model.json", in: folder)
    #expect(try run("prove replay --run kept", in: folder).status == 0)
    try "{\"weights\": [1, -0.6]}".write(
      toFile: folder.path("kept/artefact.json"), atomically: true, encoding: .utf8)
    let replay = try run("prove replay --run kept", in: folder)
    #expect(replay.status == 3 && replay.errors.contains("artefact"))
    let data = Package.path("Samples/daily")
    let none = try run("backtest --strategy linear --symbols NVDA --data \(data)", in: folder)
    #expect(none.status == 2 && none.errors.contains("artefact"))
  }

  @Test("another setting gives another journal: exit code 3, and the record that differs")
  func different() throws {
    let folder = try ScratchFolder("replay")
    try record("--strategy sma_cross", in: folder)
    let file = folder.path("kept/run.json")
    let text = try String(contentsOfFile: file, encoding: .utf8)
    try text.replacingOccurrences(of: "\"commission_bps\": 1", with: "\"commission_bps\": 2").write(
      toFile: file, atomically: true, encoding: .utf8)
    let replay = try run("prove replay --run kept", in: folder)
    #expect(replay.status == 3, "\(replay.output)")
    #expect(replay.output.contains("record 0"))
  }

  @Test("without a folder it says how to make one") func none() throws {
    let folder = try ScratchFolder("replay")
    let replay = try run("prove replay", in: folder)
    #expect(replay.status == 2 && replay.errors.contains("--record"))
    #expect(try run("prove replay --run nowhere", in: folder).status != 0)
  }
}
