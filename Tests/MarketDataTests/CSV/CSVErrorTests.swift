import Market
import MarketData
import Runtime
import TestKit
import Testing

private let header = "Date,Open,High,Low,Close,Volume\n"

/// The diagnosis of reading `text` as `NVDA.csv`, as the command line prints it.
private func refusal(
  _ bytes: [UInt8], _ declaration: BarDeclaration = BarDeclaration(zone: "America/New_York")
) throws -> String? {
  let folder = try TemporaryFolder()
  let path = try folder.write(bytes, to: "NVDA.csv")
  let nvidia = try #require(Symbol("NVDA"))
  do {
    _ = try CSVFile(path: path).frames(
      symbol: nvidia, options: ReadingOptions(declaration: declaration))
    return nil
  } catch {
    let diagnosis = error.diagnosis
    #expect(diagnosis.place.hasPrefix(path))
    #expect(!diagnosis.remedy.isEmpty && !diagnosis.finding.contains("\n"))
    #expect(diagnosis.exitCode == .failed || diagnosis.exitCode == .wrongUsage)
    return "NVDA.csv\(diagnosis.place.dropFirst(path.count)): \(diagnosis.finding)"
  }
}

private func refusal(_ text: String) throws -> String? { try refusal(Array(text.utf8)) }

@Suite("A CSV file that is not right is refused with its place")
struct CSVErrorTests {
  @Test("a missing column is named, with those that were found")
  func missingColumn() throws {
    #expect(
      try refusal("Date,Open,High,Low\n2024-01-02,1,2,0.5\n")
        == "NVDA.csv:1: column \"close\" is missing (found: Date, Open, High, Low)")
    #expect(
      try refusal("open,high,low,close\n1,1,1,1\n")
        == "NVDA.csv:1: column \"timestamp\" is missing (found: open, high, low, close)")
  }

  @Test(
    "a value that is none is shown with line and column",
    arguments: [
      (
        "2024-01-02,1,2,0.5,1,10\n2024-01-03,1,2,x,1,10\n",
        ":3:16: column \"Low\": \"x\" is not a number"
      ),
      ("2024-01-02,1,2,0x5,1,10\n", ":2:16: column \"Low\": \"0x5\" is not a number"),
      ("2024-01-02,1,2,inf,1,10\n", ":2:16: column \"Low\": \"inf\" is not a number"),
      ("2024-01-02,1e999,2,1,1,10\n", ":2:12: column \"Open\": \"1e999\" is not a number"),
      (
        "2024-02-30,1,2,1,1,10\n",
        ":2:1: column \"Date\": \"2024-02-30\" is not a time such as 2024-03-08, 2024-03-08T09:30-05:00 or 1709908200"
      ),
      (
        "2024-01-02,1,2,1,1,10\n2024-01-03T09:30,1,2,1,1,10\n",
        ":3:1: column \"Date\": \"2024-01-03T09:30\" is not written like the times above it"
      ),
      ("2024-01-02,1,2,1,1\n", ":2:19: 5 fields, expected 6 as in the first line"),
      ("2024-01-02,1,2,1,1,1,1\n", ":2:21: 7 fields, expected 6 as in the first line"),
      ("2024-01-02,1,2\r\n", ":2:15: 3 fields, expected 6 as in the first line"),
      ("\n\n2024-01-02\n", ":4:11: 1 field, expected 6 as in the first line"),
      ("2024-01-02,\"1,2,1,1,1\n", ":2:12: column \"Open\": \"1,2,1,1,1\" is not a number"),
    ])
  func badValue(rows: String, expected: String) throws {
    #expect(try refusal(header + rows) == "NVDA.csv" + expected)
  }

  @Test("rows out of order and repeated rows are refused, not sorted in silence")
  func order() throws {
    let newestFirst = "2024-01-03,1,2,1,1,1\n2024-01-02,1,2,1,1,1\n"
    #expect(
      try refusal(header + newestFirst) == "NVDA.csv:3: 2024-01-02 comes after 2024-01-03")
    let twice = "2024-01-02,1,2,1,1,1\n2024-01-02,1,2,1,1,1\n"
    #expect(
      try refusal(header + twice) == "NVDA.csv:3: 2024-01-02 stands here a second time")
  }

  @Test("what is no CSV is said to be what it is")
  func foreign() throws {
    #expect(try refusal([0x42, 0x5a, 0x68, 0x39]) == "NVDA.csv: is compressed with bzip2")
    #expect(try refusal([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]) == "NVDA.csv: is compressed with xz")
    #expect(try refusal([0x37, 0x7a, 0xbc, 0xaf, 0x27]) == "NVDA.csv: is a 7z archive")
    #expect(try refusal("PAR1....PAR1") == "NVDA.csv: is a Parquet file")
    #expect(try refusal([0xff, 0xfe, 0x44, 0]) == "NVDA.csv: is text in UTF-16")
    #expect(try refusal("<!doctype html>") == "NVDA.csv: is a web page or XML")
    #expect(try refusal("") == "NVDA.csv: is empty")
    #expect(try refusal("\n\n") == "NVDA.csv: is empty")
    #expect(try refusal(header) == "NVDA.csv: is empty")
    #expect(
      try refusal("2024-01-02,1,2,1,1,10\n")
        == "NVDA.csv:1: the first line holds values, not column names")
    #expect(
      try refusal(header + "2024-01-02,1,2,1\u{0},1,10\n")
        == "NVDA.csv:2: holds a NUL byte, which no text has")
    #expect(
      try refusal("Date,Open,High,Low,Close\r2024-01-02,1,1,1,1\r")
        == "NVDA.csv: has lines that end in carriage returns only")
  }

  @Test("times whose meaning nobody declared are refused, with what they look like")
  func undeclared() throws {
    let rows =
      "timestamp,open,high,low,close\n"
      + "2024-01-02T09:30-05:00,1,1,1,1\n2024-01-02T09:31-05:00,1,1,1,1\n"
    #expect(
      try refusal(rows)
        == "NVDA.csv: nothing says whether a stamp is a bar's start or its end (it looks like start)"
    )
    #expect(
      try refusal(Array(rows.replacing("-05:00", with: "").utf8), BarDeclaration())
        == "NVDA.csv: nothing says in which time zone its times are (it looks like America/New_York)"
    )
  }

  @Test("a day without a session is refused with the reason, and a year without a calendar")
  func sessions() throws {
    #expect(
      try refusal(header + "2024-01-01,1,1,1,1,1\n")
        == "NVDA.csv (row 1): 2024-01-01 is no session of NYSE: New Year's Day")
    #expect(
      try refusal(header + "2024-01-05,1,1,1,1,1\n2024-01-06,1,1,1,1,1\n")
        == "NVDA.csv (row 2): 2024-01-06 is no session of NYSE: weekend")
    #expect(try refusal(header + "1929-10-29,1,1,1,1,1\n")?.contains("years 1990 to 2035") == true)
  }

  @Test("a file that is not there, and a folder, are refused")
  func unreadable() throws {
    let nvidia = try #require(Symbol("NVDA"))
    let missing = #expect(throws: DataError.self) {
      try CSVFile(path: "no/such/file.csv").frames(symbol: nvidia)
    }
    #expect(missing?.diagnosis.finding == "cannot be read: No such file or directory")
    #expect(throws: DataError.self) { try CSVFile(path: "/").frames(symbol: nvidia) }
    #expect(throws: DataError.self) { try DataFolder(path: "no/such/folder") }
  }

  @Test("a line longer than a megabyte is refused")
  func longLine() throws {
    let line = String(repeating: "1", count: 3_000_000)
    #expect(
      try refusal(header + "2024-01-02,1,2,1,1," + line)
        == "NVDA.csv:2: a line longer than a megabyte")
  }
}
