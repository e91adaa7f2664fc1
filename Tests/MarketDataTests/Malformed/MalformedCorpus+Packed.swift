private let text = "Date,Open,High,Low,Close,Adj Close,Volume\n2024-01-02,1,2,1,1.5,1.5,100\n"
private let bytes = Array(text.utf8)

extension MalformedCorpus {
  static let packed: [Malformed] =
    (gzips + zstds + zips).map { Malformed("NVDA.csv", $0, at: "") } + packedRows

  private static let gzips: [[UInt8]] = {
    var all: [[UInt8]] = [
      // Headers and ends that are not there, or say something else.
      [0x1f, 0x8b], [0x1f, 0x8b, 8], [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255],
      [0x1f, 0x8b, 9, 0, 0, 0, 0, 0, 0, 255, 1, 0, 0, 0xff, 0xff],
    ]
    let whole = gzip(text)
    for missing in [1, 4, 8, 30] { all.append(Array(whole.dropLast(missing))) }
    all += [whole + [0], whole + whole, gzip(""), gzip(whole), gzip(zip("a.csv", text))]
    for (offset, byte) in [(10, UInt8(7)), (3, 0xff)] { all.append(changed(whole, offset, byte)) }
    for offset in [whole.count - 1, whole.count - 8, 11] { all.append(changed(whole, offset)) }
    return all
  }()

  private static let zstds: [[UInt8]] = {
    let whole = zstd(bytes)
    var all: [[UInt8]] = [[0x28, 0xb5, 0x2f, 0xfd], [0x28, 0xb5, 0x2f, 0xfd, 0, 0x58]]
    all += [Array(whole.dropLast()), Array(whole.prefix(20)), zstd([]), zstd(whole)]
    all += [changed(whole, 4, 0xff), changed(whole, 6, 0xff)]
    all += [zstdBomb(blocks: 65_536, byte: 0x0a), zstdBomb(text, blocks: 65_536, byte: 0x0a)]
    return all
  }()

  private static let zips: [[UInt8]] = {
    let whole = zip("a.csv", text)
    var all: [[UInt8]] = ["../a.csv", "/a.csv", "..", "a/../b.csv"].map {
      zip($0, text)
    }
    all += [zip([]), zip([("a.csv", gzip(text))]), zip([("a.csv", whole)])]
    all += [zip([("a.csv", bytes)], flags: 1), zip([("a.csv", bytes)], damage: 1)]
    for missing in [1, 22, 60] { all.append(Array(whole.dropLast(missing))) }
    all += [zip("a.csv", ""), zip("a.csv", "x\n"), changed(whole, 8, 99), changed(whole, 50)]
    return all
  }()

  private static let packedRows: [Malformed] = {
    let rows = text + "2024-01-03,1,2,x,1,1,1\n"
    return [
      Malformed("NVDA.csv.gz", gzip(rows), at: ":3:16"),
      Malformed("NVDA.csv.zst", zstd(Array(rows.utf8)), at: ":3:16"),
      Malformed("NVDA.zip", zip("NVDA.csv", rows), at: ":3:16"),
      Malformed("NVDA.csv.gz", gzip("{\"a\":1}"), at: ""),
    ]
  }()

  private static func changed(
    _ bytes: [UInt8], _ offset: Int, _ byte: UInt8? = nil
  ) -> [UInt8] {
    var bytes = bytes
    bytes[offset] = byte ?? bytes[offset] ^ 0x40
    return bytes
  }

  private static let trades = "equity/usa/minute/spy/20131004_trade.zip"
  private static let quotes = "equity/usa/minute/spy/20131004_quote.zip"
  private static let tickTrades = "equity/usa/tick/ibm/20131008_trade.zip"
  private static let tickQuotes = "equity/usa/tick/ibm/20131008_quote.zip"
  private static let factors = "equity/usa/factor_files/aapl.csv"
  private static let names = "equity/usa/map_files/aapl.csv"

  private static func lean(_ name: String, _ rows: String, at place: String) -> Malformed {
    Malformed(name, zip("20131004_spy.csv", rows), at: place)
  }

  static let lean: [Malformed] = [
    lean(trades, "", at: ""),
    lean(trades, "x,1,1,1,1,1\n", at: ":1:1"),
    lean(trades, "-1,1,1,1,1,1\n", at: ":1:1"),
    lean(trades, "86400001,1,1,1,1,1\n", at: ":1:1"),
    lean(trades, "1.5,1,1,1,1,1\n", at: ":1:1"),
    lean(trades, "34200000,1,1,1,1\n", at: ":1:17"),
    lean(trades, "34200000,1,1,1,1,1,1\n", at: ":1:19"),
    lean(trades, "34200000,1,1,1,1,1\n34260000,1,1,z,1,1\n", at: ":2:14"),
    lean(quotes, "34200000,1,1,1,1,1,1,1,1,1\n", at: ":1:27"),
    lean(quotes, "34200000,1,1,1,1,1,1,1,1,q,1\n", at: ":1:26"),
    lean(tickTrades, "1,1,1,P,0\n", at: ":1:10"),
    lean(tickTrades, "x,1,1,P,0,0\n", at: ":1:1"),
    lean(tickTrades, "1,1.5,1,P,0,0\n", at: ":1:3"),
    lean(tickTrades, "1,9223372036854775807,1,P,0,0\n", at: ":1:3"),
    lean(tickTrades, "1,1,y,P,0,0\n", at: ":1:5"),
    lean(tickTrades, "1,1,1,P,zz,0\n", at: ":1:9"),
    lean(tickQuotes, "1,1,1,1,1,P,1\n", at: ":1:14"),
    lean(tickQuotes, "86400001,1,1,1,1,P,1,0\n", at: ":1:1"),
    lean(tickQuotes, "1,1,1,a,1,P,1,0\n", at: ":1:7"),
    Malformed("equity/usa/daily/spy.zip", zip("spy.csv", "19980102,1\n"), at: ":1:11"),
    Malformed("equity/usa/daily/spy.zip", zip("spy.csv", "19981302 00:00,1,1,1,1,1\n"), at: ":1:1"),
    Malformed("equity/usa/daily/spy.zip", text, at: ":1:1"),
    Malformed(
      trades, zip([("20131005_spy.csv", bytes), ("20131006_spy.csv", bytes)]), at: ""),
    Malformed(factors, "19980102\n", at: ":1:9"),
    Malformed(factors, "19980102,1,1,1\n19981302,1,1,1\n", at: ":2:1"),
    Malformed(factors, "19980102,0,1,1\n", at: ":1:1"),
    Malformed(factors, "19980102,x,1,1\n", at: ":1:1"),
    Malformed(factors, "", at: ""),
    Malformed(names, "19980102\n", at: ":1:9"),
    Malformed(names, "199801,aapl,Q\n", at: ":1:1"),
    Malformed(names, "19980102,a b,Q\n", at: ":1:1"),
  ]
}
