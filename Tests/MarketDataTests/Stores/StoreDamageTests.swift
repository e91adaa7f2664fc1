import Databases
import Foundation
import Market
import MarketData
import Runtime
import TestKit
import Testing

@Suite("Stores that are not as they should be")
struct StoreDamageTests {
  private func filled(_ address: StoreAddress, bars: Int = 400) throws -> SeriesKey {
    let key = try StoreSamples.key()
    let store = try address.open()
    try store.declare(key, as: StoreSamples.declaration)
    let rows = (0..<bars).map { (place: $0, value: 1.0) }
    _ = try store.write(
      StoreSamples.batch(key, rows), to: key, recordedAt: StoreSamples.instant(1))
    return key
  }

  @Test(
    "a store that is not there is not made by reading",
    arguments: [
      StoreAddress.Kind.sqlite, .lake,
    ])
  func absent(kind: StoreAddress.Kind) throws {
    let address = try StoreStand(kind).address("none")
    #expect(throws: StoreError.self) { try address.open(creating: false) }
    #expect(!FileManager.default.fileExists(atPath: address.location))
  }

  @Test("another program's file or folder is left as it is")
  func foreign() throws {
    let stand = try StoreStand(.sqlite)
    let text = stand.path("text.db")
    try Data("timestamp,open\n".utf8).write(to: URL(fileURLWithPath: text))
    let other = try SQLiteConnection(path: stand.path("other.db"))
    try other.execute("CREATE TABLE theirs (a)")
    try FileManager.default.createDirectory(
      atPath: stand.path("folder/x"), withIntermediateDirectories: true)
    for address in [
      StoreAddress(kind: .sqlite, location: text),
      StoreAddress(kind: .sqlite, location: stand.path("other.db")),
      StoreAddress(kind: .lake, location: stand.path("folder")),
    ] {
      let error = #expect(throws: StoreError.self) { try address.open() }
      guard case .foreign = error else {
        Issue.record("\(address): \(String(describing: error))")
        continue
      }
    }
    #expect(try String(contentsOfFile: text, encoding: .utf8) == "timestamp,open\n")
  }

  @Test("a lake whose maker died over its first file is begun again")
  func begun() throws {
    let stand = try StoreStand(.lake)
    let folder = stand.address().location
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Data("mart".utf8).write(to: URL(fileURLWithPath: folder + "/LAKE.17-4.tmp"))
    _ = try filled(stand.address())
    #expect(try stand.address().open().series().count == 1)
    let other = stand.path("other")
    try FileManager.default.createDirectory(atPath: other, withIntermediateDirectories: true)
    try Data("mart".utf8).write(to: URL(fileURLWithPath: other + "/NOTES.17-4.tmp"))
    #expect(throws: StoreError.self) { try StoreAddress(kind: .lake, location: other).open() }
  }

  @Test("a newer schema is refused with its number")
  func newer() throws {
    let stand = try StoreStand(.sqlite)
    _ = try filled(stand.address())
    let connection = try SQLiteConnection(path: stand.address().location)
    try connection.execute("INSERT INTO schema_migrations VALUES (99, 'later', '', 0)")
    #expect(
      throws: StoreError.newerSchema(
        store: stand.address().description, found: 99, known: 3)
    ) { try stand.address().open() }
    try connection.execute("DELETE FROM schema_migrations WHERE number = 99")
    try connection.execute("UPDATE schema_migrations SET checksum = 'x' WHERE number = 1")
    #expect(throws: StoreError.self) { try stand.address().open() }
    let lake = try StoreStand(.lake)
    _ = try filled(lake.address())
    try Data("martinet lake 7\n".utf8).write(
      to: URL(fileURLWithPath: lake.address().location + "/LAKE"))
    #expect(
      throws: StoreError.newerSchema(store: lake.address().description, found: 7, known: 1)
    ) { try lake.address().open() }
  }

  @Test("a database cut short at any length gives an error or all of its bars, and never a trap")
  func truncated() throws {
    let stand = try StoreStand(.sqlite)
    let key = try filled(stand.address())
    let whole = try Data(contentsOf: URL(fileURLWithPath: stand.address().location))
    for cut in stride(from: 1, to: whole.count, by: max(1, whole.count / 40)) {
      let address = StoreAddress(kind: .sqlite, location: stand.path("cut.db"))
      try whole.prefix(cut).write(to: URL(fileURLWithPath: address.location))
      do throws(StoreError) {
        let read = try address.open(creating: false).bars(BarQuery(key))
        #expect(read.count == 400)
      } catch {
        #expect(!error.diagnosis.finding.isEmpty)
      }
    }
  }

  @Test("a damaged part of a lake is named, wherever it is damaged")
  func damagedPart() throws {
    let stand = try StoreStand(.lake)
    let key = try filled(stand.address())
    let store = try stand.address().open()
    let part =
      stand.address().location
      + "/bars/source=test/interval=5min/symbol=NVDA/month=2024-02/part-0.parquet"
    let whole = try Data(contentsOf: URL(fileURLWithPath: part))
    let sound = try store.bars(BarQuery(key)).lines
    var refused = 0
    for damaged in mutations(of: [Array(whole)], count: 60, seed: 3, longest: 1 << 20) {
      try Data(damaged).write(to: URL(fileURLWithPath: part))
      do throws(StoreError) {
        // A change in a place that no reader looks at.
        #expect(try store.bars(BarQuery(key)).count <= sound.count)
      } catch {
        refused += 1
        guard case .damaged(_, let finding) = error else {
          Issue.record("\(error)")
          continue
        }
        #expect(finding.contains("part-0.parquet"))
      }
    }
    #expect(refused > 30)
    try FileManager.default.removeItem(atPath: part)
    #expect(throws: StoreError.self) { try store.bars(BarQuery(key)) }
  }

  @Test("an interrupted change of a lake is finished by whoever comes next")
  func interrupted() throws {
    let stand = try StoreStand(.lake)
    let key = try filled(stand.address(), bars: 4)
    let series = stand.address().location + "/bars/source=test/interval=5min/symbol=NVDA"
    // What a process leaves that dies after its journal counts and before it moved anything.
    let other = try StoreStand(.lake)
    _ = try filled(other.address(), bars: 6)
    let theirs = other.address().location + "/bars/source=test/interval=5min/symbol=NVDA"
    let files = FileManager.default
    try files.copyItem(
      atPath: theirs + "/month=2024-01/part-0.parquet", toPath: series + "/_staged/2024-01.bars")
    try files.copyItem(atPath: theirs + "/_series", toPath: series + "/_staged/series")
    // Staged and not committed: nothing counts.
    let store = try stand.address().open()
    #expect(try store.bars(BarQuery(key)).count == 4)
    let place = "bars/source=test/interval=5min/symbol=NVDA"
    try Data(
      """
      \(place)/_staged/2024-01.bars\t\(place)/month=2024-01/part-0.parquet
      \(place)/_staged/series\t\(place)/_series
      end

      """.utf8
    ).write(to: URL(fileURLWithPath: series + "/_journal"))
    #expect(try store.bars(BarQuery(key)).count == 6)
    #expect(!files.fileExists(atPath: series + "/_journal"))
  }

  @Test("a writer that is kept waiting too long says so", .enabled(if: FuzzBudget.isNightly))
  func locked() throws {
    let stand = try StoreStand(.sqlite)
    let key = try filled(stand.address())
    let store = try stand.address().open()
    let other = try SQLiteConnection(path: stand.address().location)
    try other.execute("BEGIN IMMEDIATE")
    #expect(throws: StoreError.locked(store: stand.address().description)) {
      try store.write(
        StoreSamples.batch(key, [(0, 5)]), to: key, recordedAt: StoreSamples.instant(2))
    }
  }
}
