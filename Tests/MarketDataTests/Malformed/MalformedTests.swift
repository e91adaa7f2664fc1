import Foundation
import Market
import MarketData
import Runtime
import TestKit
import Testing

@Suite("Malformed files are refused with their place, and leave nothing behind")
struct MalformedTests {
  /// Everything is declared, so that only what is malformed is left to refuse.
  private static let options = declared(nil, "America/New_York", .none)

  private static func write(_ input: Malformed, into folder: TemporaryFolder) throws -> String {
    let path = folder.path + "/" + input.name
    try FileManager.default.createDirectory(
      atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    return try folder.write(input.bytes, to: input.name)
  }

  @Test("there are two hundred of them made by hand, and more")
  func count() { #expect(MalformedCorpus.all.count >= 200, "\(MalformedCorpus.all.count)") }

  @Test("each is refused where it is wrong", arguments: MalformedCorpus.all)
  func refused(input: Malformed) throws {
    let folder = try TemporaryFolder()
    let lake = try TemporaryFolder()
    let path = try Self.write(input, into: folder)
    let store = MemoryStore(kind: .lake, location: lake.path)
    for outcome in try imported([path], into: store, options: Self.options) {
      let refusal = try #require(outcome.refusal, "it was imported: \(input)")
      #expect(refusal.place.hasPrefix(path), "\(refusal.place)")
      let place = String(refusal.place.dropFirst(path.count))
      #expect(
        input.place.isEmpty ? !place.contains("row") : place == input.place,
        "\(place): \(refusal.finding)")
      #expect(!refusal.finding.isEmpty && !refusal.finding.contains { $0.isNewline })
      #expect(!refusal.remedy.isEmpty)
    }
    #expect(store.barCount == 0 && store.actions.isEmpty)
    let left = try FileManager.default.contentsOfDirectory(atPath: lake.path)
    #expect(left == [], "nothing was written")
  }

  private static let dictionary = [
    "\n", "\"", ",", "\u{0}", "PK\u{3}\u{4}", "e99999", "9223372036854775808", "2024-02-30", "}",
    "[",
    "null", "-1", "..", "99999999999999999999",
  ].map { Array($0.utf8) }

  /// Inputs that are right, in every format, to be damaged.
  private static func corpus() throws -> [(name: String, bytes: [UInt8])] {
    let csv = "Date,Open,High,Low,Close,Adj Close,Volume\n2024-01-02,1,2,1,1.5,1.5,100\n"
    let minutes = "34200000,1,1,1,1,1\n34260000,1,2,1,1,1\n"
    let quotes = "34200000,1,1,1,1,1,1,1,1,1,1\n"
    let feed =
      "1723161254024619568 {\"lastUpdateId\":1,\"bids\":[[\"1.5\",\"2\"]],\"asks\":[]}\n"
      + "1723161254024619569 {\"stream\":\"e@depth\",\"data\":{\"E\":1723161255611,\"s\":\"ETHUSDT\","
      + "\"U\":2,\"u\":3,\"b\":[[\"1\",\"0\"]],\"a\":[]}}\n"
    let folder = try TemporaryFolder()
    let daily = try DataFolder(path: Package.path("Samples/daily"))
    let arm = try daily.load(#require(Symbol("ARM"))).slice(0..<5)
    let parquet = folder.path + "/ARM.parquet"
    try ParquetFile(path: parquet).write(arm)
    return [
      ("NVDA.csv", Array(csv.utf8)), ("NVDA.csv.gz", gzip(csv)),
      ("NVDA.csv.zst", zstd(Array(csv.utf8))), ("NVDA.zip", zip("NVDA.csv", csv)),
      ("ARM.parquet", [UInt8](try Data(contentsOf: URL(fileURLWithPath: parquet)))),
      ("equity/usa/minute/spy/20131004_trade.zip", zip("20131004_spy.csv", minutes)),
      ("equity/usa/minute/spy/20131004_quote.zip", zip("20131004_spy.csv", quotes)),
      ("equity/usa/factor_files/aapl.csv", Array("19980102,0.5,1,1\n20501231,1,1,0\n".utf8)),
      (
        "AAPL_2012-06-21_34200000_57600000_message_1.csv",
        Array("34200.004241176,1,16113575,18,5853300,1\n".utf8)
      ),
      ("feed.gz", gzip(feed)), ("feed", Array(feed.utf8)),
    ]
  }

  @Test("damaged in a hundred thousand ways: no trap, no error without its place, nothing left")
  func damaged() throws {
    let count = FuzzBudget.inputs(usual: 10_000, nightly: 100_000)
    let corpus = try Self.corpus()
    var refused = 0
    for (index, whole) in corpus.enumerated() {
      let folder = try TemporaryFolder()
      let lake = try TemporaryFolder()
      for bytes in mutations(
        of: [whole.bytes], count: count / corpus.count + 1, seed: UInt64(index + 40),
        dictionary: Self.dictionary, longest: 1 << 16)
      {
        let input = Malformed(whole.name, bytes, at: "")
        let path = try Self.write(input, into: folder)
        let store = MemoryStore(kind: .lake, location: lake.path)
        for outcome in try imported([path], into: store, options: Self.options) {
          guard let refusal = outcome.refusal else {
            // What was let in is let go of again, so that a refusal has nothing to hide behind.
            for name in try FileManager.default.contentsOfDirectory(atPath: lake.path) {
              try FileManager.default.removeItem(atPath: lake.path + "/" + name)
            }
            continue
          }
          refused += 1
          #expect(refusal.place.hasPrefix(folder.path), "\(refusal)")
          #expect(!refusal.finding.isEmpty && !refusal.remedy.isEmpty)
          #expect(!refusal.finding.contains { $0.isNewline })
          if outcome.path == path { #expect(store.barCount == 0, "a part was written: \(bytes)") }
          #expect(try FileManager.default.contentsOfDirectory(atPath: lake.path) == [])
        }
      }
    }
    #expect(refused > count / 4, "\(refused) of \(count)")
  }
}
