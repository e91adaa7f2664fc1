import Foundation
import TestKit
import Testing

@Suite("martinet config, init and new") struct ConfigVerbTests {
  private func write(_ text: String) throws -> (ScratchFolder, String) {
    let folder = try ScratchFolder("config")
    try text.write(toFile: folder.path("run.yaml"), atomically: true, encoding: .utf8)
    return (folder, folder.path("run.yaml"))
  }

  @Test("show tells every value with its origin, later sources over earlier") func show() throws {
    let (folder, path) = try write("symbols: [NVDA, TRUE]\ncosts:\n  commission_bps: 3\n")
    try "costs:\n  commission_bps: 4\n".write(
      toFile: folder.path("prod.yaml"), atomically: true, encoding: .utf8)
    let run = try Binary.run([
      "config", "show", "--config", path, "--env", "prod", "--set", "evidence.seed=9", "--json",
    ])
    #expect(run.status == 0, "\(run.errors)")
    let object = try run.object
    #expect((object["files"] as? [String])?.count == 2)
    let rows = object["settings"] as? [[String: Any]] ?? []
    func origin(_ key: String) -> String? {
      rows.first { $0["key"] as? String == key }?["origin"] as? String
    }
    #expect(origin("symbols") == "\(path):1")
    #expect(origin("costs.commission_bps") == folder.path("prod.yaml") + ":2")
    #expect(origin("evidence.seed") == "--set evidence.seed")
    #expect(origin("strategy") == "default")
    let resolved = object["resolved"] as? [String: Any]
    #expect(resolved?["symbols"] as? [String] == ["NVDA", "TRUE"])
  }

  @Test("a resolved file gives the same settings when it is read again") func resolved() throws {
    let folder = try ScratchFolder("config")
    let first = try Binary.run(
      "config show --resolved --set symbols=NA,1E5 --set timerange=20240101- --set sma_cross.fast=7",
      in: folder.path)
    try first.output.write(toFile: folder.path("run.yaml"), atomically: true, encoding: .utf8)
    let again = try Binary.run("config show --json -c run.yaml", in: folder.path).object
    let direct = try Binary.run(
      "config show --json --set symbols=NA,1E5 --set timerange=20240101- --set sma_cross.fast=7",
      in: folder.path
    ).object
    #expect(again["resolved"] as? NSDictionary == direct["resolved"] as? NSDictionary)
    #expect(again["resolved"] != nil)
  }

  @Test(
    "what is wrong in a file is refused with file, line and column",
    arguments: [
      ("symbls: [A]", ":1:1", "did you mean symbols?"),
      ("costs:\n  commission_bps: much", ":2:19", "write digits"),
      ("costs:\n\tcommission_bps: 1", ":2:1", "spaces"),
      ("data: a\ndata: b", ":2:1", ""),
      ("interval: 7x", ":1:11", "1min"),
      ("timerange: 20240230-", ":1:", ""),
      ("symbols: [\"A B\"]", ":1:", "as in NVDA"),
      ("a: &a [x]\nb: [*a, *a]", "", ""),
      (String(repeating: "[", count: 10_000), "", ""),
      (
        "a: &a [1,1,1,1,1,1,1,1]\n"
          + (1...12).map { "b\($0): &b\($0) [*a,*a,*a,*a,*a,*a,*a,*a]" }.joined(separator: "\n"),
        "", ""
      ),
    ])
  func refused(text: String, place: String, remedy: String) throws {
    let (folder, path) = try write(text)
    let run = try Binary.run(["config", "show", "--config", path])
    #expect(run.status == 2, "\(run.errors)")
    #expect(run.isExplained, "\(run.errors)")
    #expect(run.errors.contains("error: \(path)\(place)"), "\(run.errors)")
    #expect(remedy.isEmpty || run.errors.contains(remedy), "\(run.errors)")
    withExtendedLifetime(folder) {}
  }

  @Test("ten megabytes of noise are refused quickly") func noise() throws {
    var generator = SeededGenerator(seed: 3)
    let folder = try ScratchFolder("config")
    let bytes = (0..<10_000_000 / 8).flatMap { _ in
      withUnsafeBytes(of: generator.next(), Array.init)
    }
    try Data(bytes).write(to: URL(fileURLWithPath: folder.path("noise.yaml")))
    let run = try Binary.run(["config", "show", "-c", folder.path("noise.yaml")], limit: 10)
    #expect(run.status == 2)
    #expect(run.isExplained, "\(run.errors)")
  }

  @Test("schema is a JSON schema that allows no other keys") func schema() throws {
    let object = try Binary.run("config schema").object
    #expect(object["$schema"] as? String == "https://json-schema.org/draft/2020-12/schema")
    #expect(object["additionalProperties"] as? Bool == false)
    let properties = object["properties"] as? [String: Any] ?? [:]
    #expect(Set(["data", "symbols", "strategy", "costs"]).isSubset(of: properties.keys))
  }

  @Test("init makes a folder whose settings work, and changes nothing that is there")
  func initialise() throws {
    let folder = try ScratchFolder("init")
    let made = try Binary.run("init mine/deep", in: folder.path)
    #expect(made.status == 0, "\(made.errors)")
    #expect(made.output.contains("next: cd mine/deep && martinet config show"))
    let mine = folder.path("mine/deep")
    #expect(FileManager.default.fileExists(atPath: mine + "/data"))
    let plain = try Binary.run("config show --json", in: folder.path).object
    let shown = try Binary.run("config show --json", in: mine).object
    #expect(shown["files"] as? [String] == ["config/base.yaml"])
    #expect(shown["resolved"] as? NSDictionary == plain["resolved"] as? NSDictionary)

    try "mine".write(toFile: mine + "/README.md", atomically: true, encoding: .utf8)
    try FileManager.default.removeItem(atPath: mine + "/config/base.yaml")
    let again = try Binary.run("init", in: mine)
    #expect(again.status == 3)
    #expect(again.isExplained, "\(again.errors)")
    #expect(try String(contentsOfFile: mine + "/README.md", encoding: .utf8) == "mine")
    #expect(!FileManager.default.fileExists(atPath: mine + "/config/base.yaml"))
  }

  @Test("every setting of the commented file can be taken out of its comment") func comments()
    throws
  {
    let folder = try ScratchFolder("init")
    #expect(try Binary.run("init", in: folder.path).status == 0)
    let base = folder.path("config/base.yaml")
    let lines = try String(contentsOfFile: base, encoding: .utf8).split(separator: "\n")
    let live = lines.map { line -> String in
      guard line.contains(/# [a-z_]+:/) else { return String(line) }
      return String(line.replacing("# ", with: "", maxReplacements: 1))
    }
    try live.joined(separator: "\n").write(toFile: base, atomically: true, encoding: .utf8)
    let run = try Binary.run("config show --json", in: folder.path)
    #expect(run.status == 0, "\(run.errors)")
    let rows = try run.object["settings"] as? [[String: Any]] ?? []
    #expect(rows.count >= 10)
    for row in rows {
      #expect((row["origin"] as? String ?? "").hasPrefix("config/base.yaml:"), "\(row)")
    }
  }

  @Test("new config makes a file that --env reads, once") func newConfig() throws {
    let folder = try ScratchFolder("new")
    #expect(try Binary.run("init", in: folder.path).status == 0)
    #expect(try Binary.run("new config cheap", in: folder.path).status == 0)
    #expect(try Binary.run("config show --env cheap", in: folder.path).status == 0)
    let again = try Binary.run("new config cheap", in: folder.path)
    #expect(again.status == 3)
    #expect(again.isExplained)
    let typo = try Binary.run("config show --env chaep", in: folder.path)
    #expect(typo.status == 2)
    #expect(typo.errors.contains("cheap"))
  }

  @Test("a folder that cannot be made is explained") func notAllowed() throws {
    let run = try Binary.run("init /proc/mine")
    #expect(run.status == 1)
    #expect(run.isExplained, "\(run.errors)")
  }
}
