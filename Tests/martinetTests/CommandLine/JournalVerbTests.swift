import Foundation
import Market
import Numerics
import Runtime
import TestKit
import Testing
import Trading

@Suite("martinet journal")
struct JournalVerbTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder("journal") }

  /// A run's folder with a journal of forty records in it.
  private func writeJournal() throws {
    var settings = JournalSettings()
    settings.segmentBytesMax = 1000
    let journal = try Journal(
      try FolderDisk(folder.path("run/journal")), identity: 1, settings: settings)
    for number in 0..<20 {
      let time = Timestamp(seconds: 1_700_000_000 + Int64(number))
      let intent = OrderIntent(.buy, .step, of: InstrumentID(0))
      try journal.append(
        .submitted(Order(id: OrderID(UInt64(number + 1)), intent: intent, createdAt: time)))
      try journal.append(
        .told(
          .report(
            VenueReport(order: OrderID(UInt64(number + 1)), time: time, content: .accepted))))
      try journal.commit()
    }
    try journal.close()
  }

  private func object(_ text: Substring) throws -> [String: Any] {
    let read = try JSONSerialization.jsonObject(with: Data(text.utf8))
    return try #require(read as? [String: Any])
  }

  @Test("verify reads every record of a run, and of the older format, and changes nothing")
  func verify() throws {
    try writeJournal()
    let command = try Binary.run(["journal", "verify", "run", "--json"], in: folder.path)
    #expect(command.status == 0, "\(command.errors)")
    let check = try object(Substring(command.output))
    #expect(check["records"] as? Int == 40 && check["closed"] as? Bool == true)
    #expect((check["segments"] as? [Any])?.count ?? 0 > 2 && check["torn_tail"] is NSNull)
    #expect(check["kinds"] as? [String: Int] == ["submitted": 20, "accepted": 20])
    let old = Package.path("Tests/TradingTests/Golden/JournalVersion1")
    let files = try FileManager.default.contentsOfDirectory(atPath: old)
    let older = try Binary.run(["journal", "verify", old], in: folder.path)
    #expect(older.output.contains("format 1"), "\(older.errors)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: old) == files)
  }

  @Test("damage ends with exit code 3, the segment and the byte; a torn end does not")
  func damage() throws {
    try writeJournal()
    let path = folder.path("run/journal/segment-00000001")
    var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    bytes[200] ^= 1
    try bytes.write(to: URL(fileURLWithPath: path))
    let command = try Binary.run(["journal", "verify", "run"], in: folder.path)
    #expect(command.status == 3)
    #expect(command.errors.contains("segment-00000001, byte"))
    bytes[200] ^= 1
    try bytes.write(to: URL(fileURLWithPath: path))
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path("run/journal"))
    let last = folder.path("run/journal/" + (try #require(names.max())))
    let end = try Data(contentsOf: URL(fileURLWithPath: last))
    try end.dropLast(60).write(to: URL(fileURLWithPath: last))
    let torn = try Binary.run(["journal", "verify", "run", "--json"], in: folder.path)
    #expect(torn.status == 0)
    #expect(try object(Substring(torn.output))["torn_tail"] is [String: Any])
    let none = try Binary.run(["journal", "verify", "."], in: folder.path)
    #expect(none.status == 2 && none.errors.contains("no journal"))
  }

  @Test("show prints the last records, from a number on, or of one kind")
  func show() throws {
    try writeJournal()
    let last = try Binary.run(["journal", "show", "run", "--last", "3", "--json"], in: folder.path)
    let lines = last.output.split(separator: "\n")
    #expect(lines.count == 3)
    #expect(try object(lines[2])["record"] as? Int == 39)
    #expect(try object(lines[1])["kind"] as? String == "submitted")
    let kind = try Binary.run(
      ["journal", "show", "run", "--from", "30", "--kind", "accepted", "--json"],
      in: folder.path)
    #expect(kind.output.split(separator: "\n").count == 5)
    let text = try Binary.run(["journal", "show", "run", "--last", "1"], in: folder.path)
    #expect(text.output.contains("39  2023-11-14T22:13:39"))
  }

  @Test("export writes every record to lines of JSON and to Parquet, and refuses other names")
  func export() throws {
    try writeJournal()
    let json = try Binary.run(
      ["journal", "export", "run", "--to", "out/records.jsonl"], in: folder.path)
    #expect(json.status == 0, "\(json.errors)")
    let lines = try String(contentsOfFile: folder.path("out/records.jsonl"), encoding: .utf8)
      .split(separator: "\n")
    #expect(lines.count == 40)
    #expect(try object(lines[0])["quantity"] as? String == "0.00000001")
    let parquet = try Binary.run(
      ["journal", "export", "run", "--to", "records.parquet", "--json"], in: folder.path)
    #expect(try object(Substring(parquet.output))["records"] as? Int == 40)
    let bytes = try Data(contentsOf: URL(fileURLWithPath: folder.path("records.parquet")))
    #expect(bytes.starts(with: Data("PAR1".utf8)))
    let other = try Binary.run(
      ["journal", "export", "run", "--to", "records.csv"], in: folder.path)
    #expect(other.status == 2 && other.errors.contains(".parquet"))
  }
}
