import Foundation
import TestKit
import Testing

@Suite("Published tables, as a person asks for them") struct PaperVerbTests {
  private func run(_ settings: String, in folder: ScratchFolder) throws -> Command {
    try settings.write(toFile: folder.path("p.yaml"), atomically: true, encoding: .utf8)
    return try Binary.run(["experiment", "run", "p.yaml", "--json"], in: folder.path, limit: 300)
  }

  @Test("tables whose files are absent are left out by name, and the rest still counts")
  func absent() throws {
    let folder = try ScratchFolder("papers")
    let run = try run("papers:\n  data: nowhere\n  tables: [repeat, samba]\n", in: folder)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.errors.contains("samba/combined_dataframe_DJI.csv.gz"))
    let tables = try #require(try run.object["tables"] as? [[String: Any]])
    #expect(tables.map { $0["compared"] as? Int } == [0, 0])
    #expect(tables.allSatisfy { ($0["missing"] as? [String])?.isEmpty == false })
    let report = try #require(try run.object["report"] as? String)
    #expect(FileManager.default.fileExists(atPath: folder.path(report)))
  }

  @Test(
    "tables are made and stand on the page",
    .enabled(if: SharedData.has("ltsf"), "needs ../shared/data/ltsf"))
  func made() throws {
    let folder = try ScratchFolder("papers")
    let run = try run(
      "papers:\n  data: \(SharedData.path(""))\n  tables: [seasonal_naive]\n", in: folder)
    #expect(run.status == 0, "\(run.errors)")
    let table = try #require((try run.object["tables"] as? [[String: Any]])?.first)
    #expect(table["compared"] as? Int == 2 && table["reproduced"] as? Int == 2)
    let report = try #require(try run.object["report"] as? String)
    #expect(try String(contentsOfFile: folder.path(report), encoding: .utf8).contains("MASE"))
  }

  @Test("an unknown table and an unknown key are refused with the nearest one")
  func unknown() throws {
    let folder = try ScratchFolder("papers")
    let table = try run("papers:\n  tables: [repaet]\n", in: folder)
    #expect(table.status == 2 && table.errors.contains("did you mean repeat?"))
    let key = try run("papers:\n  date: x\n", in: folder)
    #expect(key.status == 2 && key.errors.contains("data"))
  }
}
