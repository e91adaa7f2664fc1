import Market
import MarketData
import Runtime
import Testing

private let text = "Date,Open,High,Low,Close,Adj Close,Volume\n2024-01-02,1,2,1,1.5,1.5,100\n"

/// What reading a file with these bytes gives: its rows, or the refusal.
private func outcome(_ bytes: [UInt8], name: String = "NVDA.csv") throws -> ImportOutcome {
  let folder = try TemporaryFolder()
  let store = MemoryStore()
  let path = try folder.write(bytes, to: name)
  let outcomes = try imported([path], into: store)
  #expect(outcomes.allSatisfy { $0.path.hasPrefix(path) })
  if outcomes.allSatisfy({ $0.status == .refused }) { #expect(store.barCount == 0) }
  return try #require(outcomes.first)
}

private func finding(_ bytes: [UInt8]) throws -> String {
  try outcome(bytes).refusal?.finding ?? "it was imported"
}

@Suite("Packed files are unpacked on the way, by what they are and not by their names")
struct PackedFilesTests {
  @Test(
    "gzip, zstd and zip give the rows of the plain file, whatever the name says",
    arguments: [
      gzip(text), zstd(Array(text.utf8)), zip("NVDA.csv", text), zip("folder/NVDA.csv", text),
      Array(text.utf8),
    ], ["NVDA.csv", "NVDA.csv.gz", "NVDA.csv.zst", "NVDA.zip"])
  func kinds(bytes: [UInt8], name: String) throws {
    let outcome = try outcome(bytes, name: name)
    #expect(outcome.status == .imported, "\(outcome.refusal?.finding ?? "")")
    #expect(outcome.rows == 1 && outcome.symbols.map(\.text) == ["NVDA"])
  }

  @Test("each file of an archive of several is imported under its own name")
  func several() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(
      zip([("AMD.csv", Array(text.utf8)), ("NVDA.csv", Array(text.utf8))]), to: "both.zip")
    let outcomes = try imported([path], into: MemoryStore())
    #expect(outcomes.map(\.path) == [path + ":AMD.csv", path + ":NVDA.csv"])
    #expect(outcomes.flatMap(\.symbols).map(\.text) == ["AMD", "NVDA"])
    let nvidia = try #require(Symbol("NVDA"))
    let error = #expect(throws: DataError.self) { try CSVFile(path: path).frames(symbol: nvidia) }
    #expect(error?.diagnosis.finding == "is an archive of 2 files: AMD.csv, NVDA.csv")
  }

  @Test("files cut short anywhere are refused", arguments: ["gzip", "zstd", "zip"])
  func cutShort(kind: String) throws {
    let whole =
      kind == "gzip" ? gzip(text) : kind == "zstd" ? zstd(Array(text.utf8)) : zip("NVDA.csv", text)
    for length in 4..<whole.count {
      let found = try finding(Array(whole[..<length]))
      #expect(found != "it was imported", "\(kind), \(length) of \(whole.count) bytes")
    }
  }

  @Test("a checksum that does not fit is noticed")
  func checksums() throws {
    var damaged = gzip(text)
    damaged[damaged.count - 8] ^= 1
    #expect(try finding(damaged) == "does not have the checksum that stands at its end")
    #expect(try finding(zip([("NVDA.csv", Array(text.utf8))], damage: 1)).contains("CRC"))
    var price = gzip(text)
    let digit = try #require(price.lastIndex(of: UInt8(ascii: "5")))
    price[digit] = UInt8(ascii: "6")
    #expect(try finding(price) == "does not have the checksum that stands at its end")
  }

  @Test("what unpacks to far more than it is is refused before it fills anything")
  func bombs() throws {
    // 8 GiB of empty lines behind a row, in a quarter of a megabyte.
    let bomb = zstdBomb(text, blocks: 65_536, byte: UInt8(ascii: "\n"))
    let found = try finding(bomb)
    #expect(found.contains("times its \(bomb.count) bytes"), "\(found)")
  }

  @Test("names that lead out, encrypted members and archives in archives are refused")
  func traps() throws {
    for name in ["../NVDA.csv", "/etc/NVDA.csv", "a/../../b.csv"] {
      let found = try finding(zip(name, text))
      #expect(found.contains("leads out of the archive"), "\(name): \(found)")
    }
    #expect(try finding(zip([("NVDA.csv", Array(text.utf8))], flags: 1)) == "is encrypted")
    #expect(try finding(gzip(gzip(text))) == "is packed more than once")
    #expect(try finding(zstd(zip("NVDA.csv", text))) == "is packed more than once")
    #expect(try finding(zip([("NVDA.csv", gzip(text))])) == "is packed more than once")
    #expect(try finding(zip([])).hasPrefix("cannot be unpacked"))
  }
}
