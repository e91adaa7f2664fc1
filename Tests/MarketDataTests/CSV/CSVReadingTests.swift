import Market
import MarketData
import Runtime
import TestKit
import Testing

private func frames(
  _ text: String, declaration: BarDeclaration = BarDeclaration(zone: "America/New_York"),
  columns: [String: String] = [:]
) throws -> [Frame] {
  let folder = try TemporaryFolder()
  let path = try folder.write(text, to: "NVDA.csv")
  let nvidia = try #require(Symbol("NVDA"))
  return try CSVFile(path: path).frames(
    symbol: nvidia, options: ReadingOptions(declaration: declaration, columns: columns))
}

@Suite("A CSV file is read whatever hand wrote it")
struct CSVReadingTests {
  private static let plain =
    "Date,Open,High,Low,Close,Volume\n2024-01-02,1.5,2,1,1.25,100\n2024-01-03,1.25,2,1,1.75,\n"

  @Test(
    "line ends, byte order mark, quotes, separators, blank lines and spaces change nothing",
    arguments: [
      plain, plain.replacing("\n", with: "\r\n"), "\u{feff}" + plain, String(plain.dropLast()),
      plain.replacing(",", with: ";"), plain.replacing(",", with: "\t"),
      plain.replacing(",", with: ", "), plain.replacing("\n", with: "\n\n"),
      plain.replacing("2024-01-02", with: "\"2024-01-02\"").replacing("1.75", with: "\"1.75\""),
      plain.replacing("-0", with: "/0"), plain.replacing("-0", with: "0"),
      plain.replacing("100", with: "1e2"), plain.replacing("100", with: "+100.000"),
    ])
  func spelling(text: String) throws {
    let frame = try #require(try frames(text).first)
    #expect(frame.names == ["open", "high", "low", "close", "volume"])
    #expect(frame["close"].map(Array.init) == [1.25, 1.75])
    #expect(frame["volume"]?.first == 100)
    #expect(frame["volume"]?.last?.isNaN == true, "an empty field is a missing value")
    #expect(frame.start[0] == 1_704_205_800_000_000_000)  // 2024-01-02T14:30:00Z
  }

  @Test(
    "absent values are NaN", arguments: ["", "NaN", "nan", "null", "NA", "N/A", "\"\"", " ", "-"])
  func absent(text: String) throws {
    let frame = try #require(
      try frames("date,open,high,low,close\n2024-01-02,1,2,\(text),1\n").first)
    #expect(frame["low"]?[0].isNaN == true)
  }

  @Test(
    "the same instants from every spelling",
    arguments: [
      "2024-01-02T09:31-05:00", "2024-01-02 09:31:00-0500", "2024-01-02T14:31:00Z",
      "2024-01-02 14:31:00+00:00", "2024-01-02 14:31:00 UTC", "2024-01-02T14:31:00.000000Z",
      "1704205860", "1704205860000", "1704205860000000", "1704205860000000000",
      "20240102 09:31:00-05:00",
    ])
  func instants(text: String) throws {
    let declaration = BarDeclaration(interval: BarInterval(count: 1, unit: .minute), stamp: .end)
    let frame = try #require(
      try frames("timestamp,open,high,low,close\n\(text),1,1,1,1\n", declaration: declaration).first
    )
    #expect(frame.end[0] == 1_704_205_860_000_000_000)
    #expect(frame.start[0] == 1_704_205_800_000_000_000)
    #expect(frame.knownAt[0] == frame.end[0])
  }

  @Test("wall time in two columns, through New York's change of clocks")
  func wallTime() throws {
    let rows = ["2024-03-08,09:30:00", "2024-03-08,09:31:00", "2024-03-11,09:30:00"]
    let declaration = BarDeclaration(stamp: .start, zone: "America/New_York")
    let text = "date,ToD,open,high,low,close\n" + rows.map { $0 + ",1,1,1,1\n" }.joined()
    let frame = try #require(try frames(text, declaration: declaration).first)
    #expect(frame.interval == BarInterval(count: 1, unit: .minute))
    #expect(frame.start[0] == 1_709_908_200_000_000_000)  // 14:30 UTC
    #expect(frame.start[2] == 1_710_163_800_000_000_000)  // 13:30 UTC
    #expect(frame.end[2] - frame.start[2] == 60_000_000_000)
  }

  @Test("a half day's bar ends, and is known, at one in the afternoon")
  func halfDay() throws {
    let frame = try #require(try frames("date,open,high,low,close\n2024-11-29,1,1,1,1\n").first)
    #expect(frame.end[0] == 1_732_903_200_000_000_000)  // 2024-11-29T18:00:00Z
    #expect(frame.knownAt[0] == frame.end[0])
  }

  @Test("columns in any order, columns of text left out, others kept under plain names")
  func columns() throws {
    let frame = try #require(
      try frames("Close,High,Stock Splits,Name,Low,Open,Date\n3,4,0,Nvidia,1,2,2024-01-02\n").first)
    #expect(frame.names == ["close", "high", "stock_splits", "low", "open"])
    #expect(frame["open"]?[0] == 2)
  }

  @Test("a person's own names are mapped")
  func columnMap() throws {
    let frame = try #require(
      try frames(
        "date,o,h,l,Last\n2024-01-02,1,4,1,3\n",
        columns: ["open": "o", "high": "h", "low": "l", "close": "Last"]
      ).first)
    #expect(frame["close"]?[0] == 3)
  }

  @Test("a column of symbols gives a frame each, in their own order of time")
  func symbols() throws {
    let rows = ["2024-01-02,NA", "2024-01-02,TRUE", "2024-01-03,NA", "2024-01-03,1E5"]
    let text =
      "date,symbol,open,high,low,close\n"
      + rows.enumerated().map { "\($1),1,1,1,\($0)\n" }.joined()
    let frames = try frames(text)
    #expect(frames.map(\.symbol.text) == ["NA", "TRUE", "1E5"])
    #expect(frames[0]["close"].map(Array.init) == [0, 2])
  }

  @Test("prices are rounded as the standard library rounds them", arguments: 0..<40)
  func rounding(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    var texts: [String] = []
    for _ in 0..<250 {
      let digits = Int.random(in: 1...24, using: &generator)
      var text = (0..<digits).map { _ in String(Int.random(in: 0...9, using: &generator)) }.joined()
      if Bool.random(using: &generator) {
        text.insert(
          ".",
          at: text.index(text.startIndex, offsetBy: Int.random(in: 0..<digits, using: &generator)))
      }
      if Int.random(in: 0..<4, using: &generator) == 0 { text = "-" + text }
      if Int.random(in: 0..<9, using: &generator) == 0 {
        text += "e\(Int.random(in: -30...30, using: &generator))"
      }
      texts.append(text)
    }
    // Doubles in their shortest spelling, as Yahoo's files have them: up to 17 digits.
    for _ in 0..<250 { texts.append("\(Double.random(in: 1...1000, using: &generator))") }
    for _ in 0..<50 {
      let whole = UInt64.random(in: 1 << 52...1 << 53, using: &generator)
      texts.append("\(whole).5")  // Halfway between two doubles.
      texts.append("\(whole).50000000000000000001")
    }
    var text = "timestamp,open,high,low,close\n"
    for (row, number) in texts.enumerated() {
      text += "\(1_600_000_000 + 60 * row),\(number),1,1,1\n"
    }
    let frame = try #require(try frames(text, declaration: BarDeclaration(stamp: .end)).first)
    let open = try #require(frame["open"])
    for (row, number) in texts.enumerated() {
      #expect(open[row] == Double(number), "\(number)")
    }
  }
}
