/// One input that is wrong, and where its error must point.
struct Malformed: Sendable, CustomStringConvertible {
  /// Where the file lies in its folder.
  let name: String
  let bytes: [UInt8]
  /// What follows the file's path in the error's place.
  let place: String

  init(_ name: String, _ bytes: [UInt8], at place: String) {
    self.name = name
    self.bytes = bytes
    self.place = place
  }

  init(_ name: String, _ text: String, at place: String) {
    self.init(name, Array(text.utf8), at: place)
  }

  var description: String {
    let shown = String(decoding: bytes.suffix(60), as: UTF8.self)
    return "\(name) …\(shown.debugDescription) at \(place)"
  }
}

/// Inputs made by hand, each wrong in one way.
enum MalformedCorpus {
  static let all: [Malformed] =
    [numbers, stamps, shapes, foreign, symbols, packed, lean, lobster, binance].flatMap { $0 }

  private static let header = "Date,Open,High,Low,Close,Adj Close,Volume\n"
  private static let good = "2024-01-02,1,2,0.5,1,1,10\n"

  /// The fourth field of the third line, which begins with its sixteenth byte.
  private static let notNumbers: [String] = [
    "x", "0x5", "inf", "-inf", "+inf", "infinity", "1e999", "-1e999", "--1", "1-", "1.2.3", "1e",
    "e5", "+-1", "1_000", "1 000", "$1", "1%", "(1)", "½", "１", "0b1", "1e+", ".e1", "..", "1..2",
    "NaN1", "nul", "nil", "1d3", "1f", "∞", "1/2", "#N/A", "#REF!", "=A1", "'1'", "1e5.5",
    "0x1p3",
    "true", "FALSE", "one", "1;5", "1:30", "1\t2", "1\u{a0}", "–1", "1e1e1", "²",
    String(repeating: "9", count: 400), "9.9.", "1+1", "*", "?", "n.a.",
  ]

  private static let numbers: [Malformed] = {
    var all = notNumbers.map {
      Malformed("NVDA.csv", header + good + "2024-01-03,1,2,\($0),1,1,10\n", at: ":3:16")
    }
    for index in 1...6 {
      var fields = ["2024-01-03", "1", "2", "1", "1", "1", "10"]
      fields[index] = "?"
      let row = fields.joined(separator: ",") + "\n"
      all.append(Malformed("NVDA.csv", header + good + row, at: ":3:\(10 + 2 * index)"))
    }
    return all
  }()

  private static let notStamps: [String] = [
    "", "x", "2024", "2024-13-01", "2024-00-10", "2024-02-30", "2023-02-29", "24-01-02",
    "2024-1-2",
    "2024/13/01", "2024-01-02T", "2024-01-02T25:00", "2024-01-02T09:60", "2024-01-02T09:30:60",
    "2024-01-02 09:30:00.", "2024-01-02T09:30+19:00", "2024-01-02T09:30+01:60",
    "2024-01-02T09:30 EST", "2024-01-02T09:30-5", "01/02/2024", "02.01.2024", "Jan 2 2024",
    "2024-01-02T9:30", "1677-01-01", "2262-01-01", "20240230", "-1704205860", "1704205860.5",
    "99999999999999999999", "2024-01-02 x", "2024-01-02T09:30:00Zx", "2024-01-02   09:30", "NaT",
    "null", "0", "1", "12345678", "2024-01-02T09", "2024-01-02T09:", "2024-01-02T:30",
    "2024–01–02", "2024-01-32", "2024-06-31", "9223372036854775808", "2024-01-02Z", "today",
  ]

  private static let stamps: [Malformed] =
    notStamps.map { Malformed("NVDA.csv", header + "\($0),1,2,0.5,1,1,10\n", at: ":2:1") }
    + otherStamps

  private static let otherStamps: [Malformed] = [
    Malformed("NVDA.csv", header + good + "2024-01-03T09:30,1,2,1,1,1,1\n", at: ":3:1"),
    Malformed("NVDA.csv", header + good + "1704205860,1,2,1,1,1,1\n", at: ":3:1"),
    Malformed(
      "NVDA.csv", "date,ToD,open,high,low,close\n2024-01-02,9:30,1,1,1,1\n", at: ":2:12"),
    Malformed(
      "NVDA.csv", "date,ToD,open,high,low,close\n2024-01-02,24:00:00,1,1,1,1\n", at: ":2:12"),
  ]

  private static let shapes: [Malformed] = [
    Malformed("NVDA.csv", "", at: ""),
    Malformed("NVDA.csv", "\n\n\n", at: ""),
    Malformed("NVDA.csv", header, at: ""),
    Malformed("NVDA.csv", header + "\n \n", at: ":3:1"),
    Malformed("NVDA.csv", header + "2024-01-02\n", at: ":2:11"),
    Malformed("NVDA.csv", header + "2024-01-02,1,2,1,1,1\n", at: ":2:21"),
    Malformed("NVDA.csv", header + good + "2024-01-03,1,2,1,1,1,1,1\n", at: ":3:23"),
    Malformed("NVDA.csv", header + good + "2024-01-03,1,2,1,1,1,1,\n", at: ":3:23"),
    Malformed("NVDA.csv", header + good + ",\n", at: ":3:1"),
    Malformed("NVDA.csv", header + good + "<html>\n", at: ":3:1"),
    Malformed("NVDA.csv", header + good + "2024-01-03,1,2\u{0},1,1,1,1\n", at: ":3"),
    Malformed("NVDA.csv", header + good + "2024-01-03,\"1,2,1,1,1,1\n", at: ":3:12"),
    Malformed("NVDA.csv", header + String(repeating: "1", count: 2_100_000), at: ":2"),
    Malformed("NVDA.csv", "Date,Open,High,Low\n2024-01-02,1,2,1\n", at: ":1"),
    Malformed("NVDA.csv", "Date,Open,High,Close\n2024-01-02,1,2,1\n", at: ":1"),
    Malformed("NVDA.csv", "Open,High,Low,Close\n1,1,1,1\n", at: ":1"),
    Malformed("NVDA.csv", "Date,Open,High,Low,Close,close\n2024-01-02,1,1,1,1,1\n", at: ":1"),
    Malformed("NVDA.csv", "Date,Open,Open,High,Low,Close\n2024-01-02,1,1,1,1,1\n", at: ":1"),
    Malformed("NVDA.csv", "2024-01-02,1,2,1,1,10\n", at: ":1"),
    Malformed("NVDA.csv", "1704205860,1,2,1,1,10\n", at: ":1"),
    Malformed("NVDA.csv", "Date Open High Low Close\n2024-01-02 1 2 1 1\n", at: ":1"),
    Malformed("NVDA.csv", "a\n", at: ":1"),
    Malformed("NVDA.csv", ",,,,\n", at: ":1"),
    Malformed("NVDA.csv", "\"Date\n", at: ":1"),
    Malformed("NVDA.csv", "Date,Open,High,Low,Close\r2024-01-02,1,1,1,1\r", at: ""),
  ]

  private static let foreign: [Malformed] = [
    Malformed("NVDA.csv", "PAR1....PAR1", at: ""),
    Malformed("NVDA.parquet", "PAR1", at: ""),
    Malformed("NVDA.parquet", "PAR1\u{0}\u{0}\u{0}\u{0}PAR1", at: ""),
    Malformed("NVDA.parquet", "not parquet at all\n", at: ":1"),
    Malformed("NVDA.csv", [0xff, 0xfe, 0x44, 0], at: ""),
    Malformed("NVDA.csv", [0xfe, 0xff, 0, 0x44], at: ""),
    Malformed("NVDA.csv", [0x42, 0x5a, 0x68, 0x39], at: ""),
    Malformed("NVDA.csv", [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0], at: ""),
    Malformed("NVDA.csv", [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], at: ""),
    Malformed("NVDA.csv", "{\"chart\":{}}", at: ""),
    Malformed("NVDA.csv", "<!doctype html><html></html>", at: ""),
    Malformed("NVDA.csv", [0], at: ":1"),
    Malformed("NVDA.csv", [UInt8](repeating: 0, count: 5000), at: ":1"),
    Malformed("NVDA.csv", [0xef, 0xbb, 0xbf], at: ""),
    Malformed("NVDA.csv", "\u{7f}ELF\u{2}", at: ":1"),
    Malformed("NVDA.csv", [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], at: ":1"),
  ]

  private static let notSymbols: [String] = [
    "", " ", "NV DA", "NVDA!", "../etc", "-NVDA", "nse:INFY", "NSE:", ":INFY", "N:INFY", "a//b",
    "ÄÖÜ", "NVDA;", "NVDA\u{7}", String(repeating: "A", count: 33), "NSE:IN FY", "$NVDA", "@",
    "A..B",
  ]

  private static let symbols: [Malformed] = notSymbols.map {
    Malformed(
      "panel.csv", "date,symbol,open,high,low,close\n2024-01-02,\($0),1,1,1,1\n", at: ":2:12")
  }
}
