import Foundation
import Market
import MarketData
import Runtime
import TestKit
import Testing

/// Bars with every kind of value a column can hold.
private func frame(rows: Int, seed: UInt64) throws -> Frame {
  var generator = SeededGenerator(seed: seed)
  let step: Int64 = 60_000_000_000
  let first = Int64.random(in: -(1 << 60)...1 << 60, using: &generator)
  func numbers() -> Column<Double> {
    Column(
      (0..<rows).map { _ in
        switch Int.random(in: 0..<8, using: &generator) {
        case 0: .nan
        case 1: -0.0
        case 2: Double(bitPattern: UInt64.random(in: 0..<1 << 52, using: &generator))
        default: Double.random(in: -1e9...1e9, using: &generator)
        }
      })
  }
  return Frame(
    symbol: try #require(Symbol("BRK.B")), interval: BarInterval(count: 1, unit: .minute),
    start: Column((0..<rows).map { first + step * Int64($0) }),
    end: Column((0..<rows).map { first + step * Int64($0 + 1) }),
    knownAt: Column((0..<rows).map { first + step * Int64($0 + 1) + Int64($0) }),
    columns: [
      "open": numbers(), "high": numbers(), "low": numbers(), "close": numbers(),
      "volume": Column((0..<rows).map { Double($0) }), "a longer näme": numbers(),
    ])
}

/// The bits of values, with all NaN alike.
private func bits(_ column: Column<Double>?) -> [UInt64]? {
  column?.map { $0.isNaN ? Double.nan.bitPattern : $0.bitPattern }
}

@Suite("A frame written to Parquet and read again is the same frame")
struct ParquetRoundTripTests {
  @Test("bit for bit, whatever its length and row groups", arguments: 0..<40)
  func roundTrip(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed &+ 1000)
    let folder = try TemporaryFolder()
    let file = ParquetFile(path: folder.path + "/bars.parquet")
    let written = try frame(rows: Int.random(in: 1...300, using: &generator), seed: seed)
    try file.write(written, rowGroupRows: Int.random(in: 1...400, using: &generator))
    let other = try #require(Symbol("OTHER"))
    let read = try #require(try file.frames(symbol: other).first)
    #expect(read.symbol == written.symbol, "the symbol stands in the file")
    #expect(read.interval == written.interval)
    #expect(read.names == written.names)
    #expect(read.start == written.start)
    #expect(read.end == written.end)
    #expect(read.knownAt == written.knownAt)
    for name in written.names { #expect(bits(read[name]) == bits(written[name]), "\(name)") }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["bars.parquet"])
  }

  @Test("prices that come back again and again keep every bit, minus zero and holes too")
  func repeating() throws {
    var generator = SeededGenerator(seed: 11)
    let few = [0.0, -0.0, 17.24, 17.25, .nan, .leastNonzeroMagnitude, -1.5]
    let rows = 9000
    func numbers(_ values: [Double]) -> Column<Double> {
      Column((0..<rows).map { _ in values[Int.random(in: 0..<values.count, using: &generator)] })
    }
    let times = (0...rows).map { Int64($0) * 60_000_000_000 }
    let written = Frame(
      symbol: try #require(Symbol("A")), interval: .minute, start: Column(Array(times[..<rows])),
      end: Column(Array(times[1...])), knownAt: Column(Array(times[1...])),
      columns: [
        "open": numbers(few), "high": numbers(few.filter { !$0.isNaN }), "low": numbers([1]),
        "close": numbers((0..<900).map { Double($0) / 100 }),
      ])
    let folder = try TemporaryFolder()
    let file = ParquetFile(path: folder.path + "/bars.parquet")
    try file.write(written, rowGroupRows: 4000)
    let read = try #require(try file.frames(symbol: written.symbol).first)
    for name in written.names { #expect(bits(read[name]) == bits(written[name]), "\(name)") }
  }

  @Test("slices are written from their own first row")
  func slices() throws {
    let folder = try TemporaryFolder()
    let file = ParquetFile(path: folder.path + "/bars.parquet")
    let whole = try frame(rows: 100, seed: 7)
    try file.write(whole.slice(31..<77))
    let read = try #require(try file.frames(symbol: whole.symbol).first)
    #expect(read.end == whole.end.slice(31..<77))
    #expect(bits(read["close"]) == bits(whole["close"]?.slice(31..<77)))
  }

  @Test("Samples pass through Parquet unchanged, the daily interval included")
  func samples() throws {
    let folder = try TemporaryFolder()
    let daily = try DataFolder(path: Package.path("Samples/daily"))
    let nvidia = try #require(Symbol("NVDA"))
    let frame = try daily.load(nvidia)
    try ParquetFile(path: folder.path + "/NVDA.parquet").write(frame)
    let read = try DataFolder(path: folder.path).load(nvidia)
    #expect(read.interval == .day)
    #expect(read.start == frame.start && read.end == frame.end)
    for name in frame.names { #expect(read[name] == frame[name]) }
  }

  @Test("a folder that is not there is refused and nothing stays behind")
  func unwritable() throws {
    let written = try frame(rows: 3, seed: 1)
    #expect(throws: DataError.self) {
      try ParquetFile(path: "no/such/folder/bars.parquet").write(written)
    }
  }

  @Test("a column of doubles without missing values is Arrow's own memory")
  func zeroCopy() throws {
    let folder = try TemporaryFolder()
    let file = ParquetFile(path: folder.path + "/bars.parquet")
    try file.write(try frame(rows: 1000, seed: 3))
    let addresses = try file.sharedAddresses()
    #expect(addresses.keys.contains("volume"))
    for (name, pair) in addresses { #expect(pair.arrow == pair.column, "\(name)") }
  }
}
