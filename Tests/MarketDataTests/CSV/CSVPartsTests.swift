import Market
import MarketData
import Runtime
import TestKit
import Testing

/// Files long enough to be read in parts by several threads.
@Suite("Long CSV files are read in parts")
struct CSVPartsTests {
  private struct Row {
    var second: Int
    var symbol: String
    var close: Int
  }

  /// Rows of a few megabytes: symbols take turns, and new ones turn up to the very end.
  private static func rows(_ count: Int, seed: UInt64) -> [Row] {
    var generator = SeededGenerator(seed: seed)
    var symbols = ["AAA"]
    return (0..<count).map { row in
      if row % (count / 7) == count / 9 { symbols.append("S\(symbols.count)") }
      let symbol = symbols[Int.random(in: 0..<symbols.count, using: &generator)]
      return Row(
        second: 1_600_000_000 + 60 * row, symbol: symbol,
        close: Int.random(in: 100...99_999_999, using: &generator))
    }
  }

  private static func line(_ row: Row) -> String {
    let (whole, cents) = row.close.quotientAndRemainder(dividingBy: 100)
    let close = "\(whole).\(cents < 10 ? "0" : "")\(cents)"
    return "\(row.second),\(row.symbol),\(close),\(close),\(close),\(close),\(row.close)\n"
  }

  private func read(_ lines: [String]) throws -> [Frame] {
    let folder = try TemporaryFolder()
    let text = "timestamp,symbol,open,high,low,close,volume\n" + lines.joined()
    let path = try folder.write(text, to: "bars.csv")
    let symbol = try #require(Symbol("XYZ"))
    let declaration = BarDeclaration(interval: .minute, stamp: .start)
    return try CSVFile(path: path).frames(
      symbol: symbol, options: ReadingOptions(declaration: declaration))
  }

  @Test("every row is there, with its symbol, whatever stands between the lines", arguments: 0..<4)
  func everyRow(variant: Int) throws {
    let rows = Self.rows(60_000, seed: UInt64(variant))
    var lines = rows.map(Self.line)
    if variant == 1 { lines[41_000] = "\n\r\n" + lines[41_000] }
    if variant == 2 { lines = lines.map { $0.replacing("\n", with: "\r\n") } }
    if variant == 3 { lines[lines.count - 1].removeLast() }
    let frames = try read(lines)
    var expected: [(symbol: String, rows: [Row])] = []
    for row in rows {
      if let index = expected.firstIndex(where: { $0.symbol == row.symbol }) {
        expected[index].rows.append(row)
      } else {
        expected.append((row.symbol, [row]))
      }
    }
    #expect(frames.map(\.symbol.text) == expected.map(\.symbol))
    for (frame, expected) in zip(frames, expected) {
      #expect(frame.start.elementsEqual(expected.rows.map { Int64($0.second) * 1_000_000_000 }))
      let close = try #require(frame["close"])
      #expect(close.elementsEqual(expected.rows.map { Double($0.close) / 100 }))
      let volume = try #require(frame["volume"])
      #expect(volume.elementsEqual(expected.rows.map { Double($0.close) }))
    }
  }

  @Test("what is wrong is named with its line, in whichever part it stands", arguments: 0..<12)
  func places(seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed))
    let rows = Self.rows(60_000, seed: 5)
    var lines = rows.map(Self.line)
    let at = Int.random(in: 1..<lines.count, using: &generator)
    // One blank line before, which counts as a line and holds no row.
    let isShifted = seed % 2 == 0
    if isShifted { lines[at / 2] = "\n" + lines[at / 2] }
    let expected: String
    switch seed % 3 {
    case 0:
      lines[at] = lines[at].dropLast() + ",9\n"
      expected = "8 fields, expected 7"
    case 1:
      lines[at] = "x" + lines[at]
      expected = "is not a time"
    default:
      let first = Self.line(
        Row(second: 1_500_000_000, symbol: rows[at].symbol, close: 100))
      // The first row of a symbol cannot come too late.
      let known = rows[..<at].contains { $0.symbol == rows[at].symbol }
      lines[at] = known ? first : "x" + first
      expected = known ? "comes after" : "is not a time"
    }
    let error = #expect(throws: DataError.self) { try read(lines) }
    let diagnosis = try #require(error).diagnosis
    let line = at + 2 + (isShifted ? 1 : 0)
    #expect(diagnosis.finding.contains(expected), "\(diagnosis)")
    #expect(diagnosis.place.contains("bars.csv:\(line)"), "\(diagnosis.place), not line \(line)")
  }

  @Test("the first of two faults is the one that is named")
  func firstFault() throws {
    let rows = Self.rows(60_000, seed: 6)
    var lines = rows.map(Self.line)
    lines[30_000] = "x" + lines[30_000]
    lines[59_000] = "x" + lines[59_000]
    let error = #expect(throws: DataError.self) { try read(lines) }
    #expect(error?.diagnosis.place.contains(":30002") == true)
  }

  @Test("times since 1970 of any length are what they say, and days follow each other")
  func stamps() throws {
    func starts(_ stamps: [String]) throws -> [Int64] {
      let frame = try #require(
        try read(stamps.map { "\($0),AAA,1,1,1,1,1\n" }).first)
      return Array(frame.start)
    }
    #expect(
      try starts(["160000000", "1600000000"])
        == [160_000_000, 1_600_000_000].map { $0 * 1_000_000_000 })
    #expect(
      try starts(["1600000000", "1600000060000", "1600000120000000", "1600000180000000000"])
        == (0..<4).map { 1_600_000_000_000_000_000 + 60_000_000_000 * $0 })
    let days = try starts([
      "2024-03-08T09:30:00Z", "2024-03-08T09:31:00Z", "2024-03-09T09:30:00Z",
      "2024-03-09 09:31:00+00:00",
    ])
    let day: Int64 = 86_400_000_000_000
    #expect(days[1] - days[0] == 60_000_000_000 && days[2] - days[0] == day)
    #expect(days[3] - days[1] == day)
  }
}
