import Foundation
import Market
import MarketData
import Runtime
import TestKit
import Testing

@Suite("A damaged Parquet file is refused, never a trap")
struct ParquetDamageTests {
  private static func intact() throws -> [UInt8] {
    let folder = try TemporaryFolder()
    let daily = try DataFolder(path: Package.path("Samples/daily"))
    let arm = try #require(Symbol("ARM"))
    let path = folder.path + "/ARM.parquet"
    try ParquetFile(path: path).write(daily.load(arm), rowGroupRows: 50)
    return try [UInt8](Data(contentsOf: URL(fileURLWithPath: path)))
  }

  /// Whether the bytes are refused with a message; other errors fail the test.
  private static func isRefused(_ bytes: [UInt8], in folder: TemporaryFolder) throws -> Bool {
    let path = try folder.write(bytes, to: "damaged.parquet")
    let arm = try #require(Symbol("ARM"))
    do {
      _ = try ParquetFile(path: path).frames(symbol: arm)
      return false
    } catch {
      #expect(error.diagnosis.place.hasPrefix(path))
      #expect(!error.diagnosis.finding.isEmpty && !error.diagnosis.finding.contains("\n"))
      #expect(error.diagnosis.exitCode != .done)
      return true
    }
  }

  @Test("cut short anywhere")
  func cut() throws {
    let bytes = try Self.intact()
    let folder = try TemporaryFolder()
    #expect(try !Self.isRefused(bytes, in: folder))
    let step = FuzzBudget.inputs(usual: 97, nightly: 1) == 97 ? 97 : 7
    for length in stride(from: 0, to: bytes.count, by: step) {
      #expect(try Self.isRefused(Array(bytes[..<length]), in: folder), "\(length) bytes")
    }
  }

  @Test("cut in half, with Arrow's own words")
  func half() throws {
    let bytes = try Self.intact()
    let folder = try TemporaryFolder()
    let path = try folder.write(Array(bytes[..<(bytes.count / 2)]), to: "half.parquet")
    let arm = try #require(Symbol("ARM"))
    let error = #expect(throws: DataError.self) { try ParquetFile(path: path).frames(symbol: arm) }
    #expect(error?.diagnosis.finding.contains("Parquet magic bytes not found in footer") == true)
    #expect(error?.diagnosis.exitCode == .failed)
  }

  @Test("with bytes flipped, replaced, inserted and repeated")
  func flipped() throws {
    let folder = try TemporaryFolder()
    let count = FuzzBudget.inputs(usual: 500, nightly: 20_000)
    var refused = 0
    let damaged = mutations(
      of: [try Self.intact()], count: count, seed: 20, longest: 1 << 20)
    for bytes in damaged where try Self.isRefused(bytes, in: folder) { refused += 1 }
    // The rest changed only what nobody reads, such as statistics or the writer's name.
    #expect(refused > count * 3 / 4, "\(refused) of \(count)")
  }

  @Test("a place in the list of words that is not in it, where pages have no checksums")
  func words() throws {
    let path = Package.path("Tests/MarketDataTests/Golden/words_unpacked.parquet")
    let intact = try [UInt8](Data(contentsOf: URL(fileURLWithPath: path)))
    let folder = try TemporaryFolder()
    let symbol = try #require(Symbol("NVDA"))
    var findings: Set<String> = []
    for place in intact.indices {
      for value in [intact[place] ^ 1, intact[place] ^ 0x10, 0xFF] {
        var bytes = intact
        bytes[place] = value
        let damaged = try folder.write(bytes, to: "damaged.parquet")
        do {
          _ = try ParquetFile(path: damaged).frames(symbol: symbol)
        } catch {
          findings.insert(error.diagnosis.finding)
        }
      }
    }
    #expect(findings.contains { $0.contains("list of words") }, "\(findings.sorted())")
  }
}
