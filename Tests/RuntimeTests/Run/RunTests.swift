import Foundation
import Runtime
import TestKit
import Testing

@Suite("Run") struct RunTests {
  @Test("names of runs sort by their start and end in eight digits of chance") func identity()
    throws
  {
    var generator = SeededGenerator(seed: 1)
    let start = try Timestamp(parsing: "2024-01-31T14:30:00.9Z")
    let name = RunID(at: start, using: &generator).description
    #expect(name.hasPrefix("20240131T143000Z-"))
    #expect(name.count == 25)
    let later = RunID(at: try start.adding(.seconds(1)), using: &generator)
    #expect(RunID(at: start, using: &generator) < later)
    #expect(RunID(at: start) != RunID(at: start))
  }

  @Test("a manifest is written whole and holds what the run depended on") func manifest() throws {
    var generator = SeededGenerator(seed: 1)
    let start = try Timestamp(parsing: "2024-01-31T14:30:00Z")
    var manifest = Manifest(
      run: RunID(at: start, using: &generator), command: ["martinet", "backtest"], seed: .max,
      processorLevel: "x86-64-v4", threadCount: 2, started: start)
    manifest.codeHash = try Manifest.executableHash()
    manifest.configurationHash = try SampleSettings.load("seed: 3").hash
    manifest.libraries = RuntimeLibraries.all
    let folder = try TemporaryFolder()
    try manifest.write(to: folder.path("manifest.json"))
    let data = try Data(contentsOf: URL(fileURLWithPath: folder.path("manifest.json")))
    let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    #expect(object["seed"] as? String == "18446744073709551615")
    #expect(object["started"] as? String == "2024-01-31T14:30:00Z")
    #expect(object["ended"] is NSNull)
    #expect((object["code_sha256"] as? String)?.count == 64)
    let libraries = try #require(object["libraries"] as? [String: String])
    #expect(libraries["libyaml"]?.hasPrefix("0.2") == true)
    #expect(libraries["OpenSSL"]?.hasPrefix("3.") == true)
  }

  @Test("equal settings have equal hashes wherever they come from") func configurationHash() throws
  {
    let file = try SampleSettings.load("seed: 3")
    #expect(file.hash == (try SampleSettings.load("", sets: ["seed=3"]).hash))
    #expect(file.hash != (try SampleSettings.load("").hash))
  }
}
