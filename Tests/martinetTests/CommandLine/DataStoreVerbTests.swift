import Foundation
import Market
import MarketData
import Runtime
import TestKit
import Testing

@Suite("data list, copy and diff")
struct DataStoreVerbTests {
  /// A store with two bars, of which one was restated.
  private func filled(_ folder: ScratchFolder) throws -> StoreAddress {
    let address = StoreAddress(kind: .sqlite, location: folder.path("a.db"))
    let store = try address.open()
    let key = SeriesKey(
      symbol: try Symbol(parsing: "NVDA"), interval: .minute, source: "test")
    try store.declare(key, as: BarDeclaration(stamp: .start, zone: "America/New_York"))
    for (second, close) in [(1, 11.0), (2, 12.5)] {
      let start = Column<Int64>([1_706_625_000_000_000_000, 1_706_625_060_000_000_000])
      let end = Column(start.map { $0 + 60_000_000_000 })
      let closes = Column([10.0, close])
      _ = try store.write(
        BarBatch(
          symbol: key.symbol, interval: key.interval, start: start, end: end, knownAt: end,
          columns: [
            ("open", Column([10, 10])), ("high", Column([20, 20])), ("low", Column([5, 5])),
            ("close", closes), ("volume", Column([100, 200])),
          ]), to: key, recordedAt: Timestamp(seconds: 1_767_225_600 + Int64(second) * 86_400))
    }
    return address
  }

  @Test("list shows the series, copy verifies them, diff shows what was restated and nothing else")
  func together() throws {
    let folder = try ScratchFolder("verbs")
    let from = try filled(folder).description
    let list = try Binary.run(["data", "list", "--from", from, "--json"])
    #expect(list.status == 0)
    let series = try #require(try list.object["series"] as? [[String: Any]])
    #expect(series.first?["bars"] as? Int == 2)
    #expect(series.first?["revised"] as? Int == 1)
    let table = try Binary.run(["data", "list", "--from", from])
    #expect(table.output.contains("NVDA"))
    for target in ["lake:" + folder.path("lake"), "sqlite:" + folder.path("b.db")] {
      let copy = try Binary.run(["data", "copy", "--from", from, "--to", target, "--json"])
      #expect(copy.status == 0, "\(copy.errors)")
      #expect(try copy.object["status"] as? String == "verified")
      #expect(try copy.object["versions"] as? Int == 3)
      for range in ["2026-01-02T00:00:00Z..2026-01-04T00:00:00Z", "2026-01-02..2026-01-09"] {
        let diff = try Binary.run(
          ["data", "diff", "--from", target, "--recorded", range, "--json"])
        #expect(diff.output.split(separator: "\n").count == 1)
        #expect(try diff.object["column"] as? String == "close")
        #expect(try diff.object["old"] as? Double == 11)
        #expect(try diff.object["new"] as? Double == 12.5)
      }
      let quiet = try Binary.run(
        ["data", "diff", "--from", target, "--between", "2026-01-04..2026-01-09"])
      #expect(quiet.output.isEmpty)
    }
  }

  @Test("a store that is not there, or is the same, is refused with a remedy")
  func refused() throws {
    let folder = try ScratchFolder("verbs")
    let from = try filled(folder).description
    #expect(
      try Binary.run(["data", "list", "--from", "sqlite:" + folder.path("no.db")]).isExplained)
    let same = try Binary.run(["data", "copy", "--from", from, "--to", from])
    #expect(same.status == 2)
    #expect(same.isExplained)
    let unknown = try Binary.run(
      ["data", "copy", "--from", from, "--to", "lake:" + folder.path("x"), "--symbols", "NVDB"])
    #expect(unknown.isExplained)
    #expect(unknown.errors.contains("NVDA"))
    #expect(
      try Binary.run(["data", "diff", "--from", from, "--recorded", "soon"]).status == 2)
  }
}
