import Foundation
import Market
import MarketData
import Runtime
import Testing

@Suite("Parquet files that cannot be written or trusted") struct ParquetWritingTests {
  private func frame(_ columns: KeyValuePairs<String, Column<Double>>) throws -> Frame {
    Frame(
      symbol: try #require(Symbol("NVDA")), interval: .minute,
      start: Column([0, 60_000_000_000]), end: Column([60_000_000_000, 120_000_000_000]),
      knownAt: Column([60_000_000_000, 120_000_000_000]), columns: columns)
  }

  @Test("a column with a name the file keeps for itself is refused before anything is written")
  func reserved() throws {
    let folder = try TemporaryFolder()
    let file = ParquetFile(path: folder.path + "/NVDA.parquet")
    let clash = try frame(["close": Column([1, 2]), "known_at": Column([1, 2])])
    let error = #expect(throws: DataError.self) { try file.write(clash) }
    #expect(error == .duplicateColumn(place: file.path, name: "known_at"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }

  @Test("a file that cannot take the place of what is there leaves no part of itself")
  func replaced() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/NVDA.parquet"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    let bars = try frame(["close": Column([1, 2])])
    let error = #expect(throws: DataError.self) { try ParquetFile(path: path).write(bars) }
    #expect(error?.diagnosis.place == path)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["NVDA.parquet"])
    #expect(throws: DataError.self) {
      try ParquetFile(path: folder.path + "/none/NVDA.parquet").write(bars)
    }
  }
}
