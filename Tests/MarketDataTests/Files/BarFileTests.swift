import Foundation
import Market
import MarketData
import Runtime
import TestKit
import Testing

private let header = "timestamp,open,high,low,close,volume\n"

private func reader(
  _ text: String, name: String = "NVDA.csv", _ declaration: BarDeclaration = BarDeclaration()
) throws -> BarFileReader {
  let folder = try TemporaryFolder()
  let path = try folder.write(text, to: name)
  return try BarFileReader(path: path, options: ReadingOptions(declaration: declaration))
}

private func refusal(
  _ text: String, name: String = "NVDA.csv", _ declaration: BarDeclaration = BarDeclaration()
) throws -> Diagnosis? {
  do {
    _ = try reader(text, name: name, declaration)
    return nil
  } catch let error as DataError {
    return error.diagnosis
  }
}

@Suite("A file of bars as a stream of batches")
struct BarFileTests {
  private static let all = BarDeclaration(
    stamp: .start, zone: "America/New_York", adjustment: BarDeclaration.Adjustment.none)

  @Test("what nobody declared is refused, with the flags for what it looks like")
  func undeclared() throws {
    let minutes = header + "2024-01-02 09:30,1,1,1,1,1\n2024-01-02 09:31,1,1,1,1,1\n"
    let found = try #require(try refusal(minutes))
    #expect(found.exitCode == .wrongUsage)
    #expect(
      found.remedy
        == "if so, add --stamp start --zone America/New_York --adjustment none")
    #expect(found.finding.contains("it looks like start stamps, times of America/New_York"))
    let ends = header + "2024-01-02 15:59,1,1,1,1,1\n2024-01-02 16:00,1,1,1,1,1\n"
    #expect(try refusal(ends)?.remedy.contains("--stamp end") == true)
    let india = header + "2020-01-02 09:15,1,1,1,1,1\n2020-01-02 09:16,1,1,1,1,1\n"
    #expect(try refusal(india)?.remedy.contains("--zone Asia/Kolkata") == true)
    let daily = header + "2024-01-02,1,1,1,1.234567,10.5\n"
    #expect(
      try refusal(daily)?.remedy
        == "if so, add --zone America/New_York --adjustment splits_and_dividends")
  }

  @Test("what declares itself needs no flag, and a flag goes before it")
  func declared() throws {
    let yahoo = "Date,Open,High,Low,Close,Adj Close,Volume\n2024-01-02,1,1,1,1,1,1\n"
    let own = try reader(yahoo).declaration
    #expect(own.source == "yahoo" && own.stamp == .session && own.zone == "America/New_York")
    #expect(own.adjustment == .splits && own.interval == .day)
    let given = BarDeclaration(adjustment: .splitsAndDividends)
    #expect(try reader(yahoo, given).declaration.adjustment == .splitsAndDividends)
    #expect(try reader(yahoo, name: "INFY.NS.csv").declaration.zone == "Asia/Kolkata")
    let offsets = header + "2024-01-02T09:30-05:00,1,1,1,1,1\n2024-01-02T09:31-05:00,1,1,1,1,1\n"
    #expect(try refusal(offsets)?.finding.contains("zone") == false, "an offset settles it")
  }

  @Test("a market that no calendar here knows is refused by its name")
  func foreign() throws {
    let yahoo = "Date,Open,High,Low,Close,Adj Close,Volume\n2024-01-02,1,1,1,1,1,1\n"
    let found = try refusal(yahoo, name: "600036.SS.csv")
    #expect(
      found?.finding
        == "nothing says when the exchange of Shanghai trades: no calendar here knows it")
  }

  @Test("rows come as they are: out of order and twice")
  func asTheyAre() throws {
    let rows = ["09:32", "09:30", "09:31", "09:31"].map { "2024-01-02 \($0),1,1,1,1,1\n" }
    let reader = try reader(header + rows.joined(), Self.all)
    let batch = try #require(try reader.next()?.first)
    #expect(batch.start.map { $0 / 60_000_000_000 % 60 } == [32, 30, 31, 31])
    #expect(reader.interval == .minute)
    #expect(try reader.next() == nil)
  }

  @Test(
    "symbols are never taken for something else",
    arguments: ["NA", "NAN", "TRUE", "INF", "1E5", "NULL", "NSE:INFY"])
  func symbols(text: String) throws {
    let rows = "date,SYMBOL,open,high,low,close\n2024-01-02,\(text),1,1,1,1\n"
    let reader = try reader(rows, Self.all)
    #expect(try reader.next()?.first?.symbol.text == (text == "NSE:INFY" ? "INFY" : text))
  }

  @Test(
    "the symbol in a file's name",
    arguments: [
      ("AMD_5min.csv", "AMD"), ("ASML_5m.csv.gz", "ASML"), ("VIX_1990_to_2026-07.csv.gz", "VIX"),
      ("SPY_with_dividends.csv", "SPY"), ("BRK_B.csv", "BRK_B"), ("600036.SH.csv.gz", "600036.SH"),
      ("BRK.B_1min.parquet", "BRK.B"), ("NA.csv", "NA"),
    ])
  func names(name: String, symbol: String) throws {
    let folder = try TemporaryFolder()
    let yahoo = "Date,Open,High,Low,Close,Adj Close,Volume\n2024-01-02,1,1,1,1,1,1\n"
    let path = try folder.write(yahoo, to: name)
    let all = ReadingOptions(declaration: Self.all)
    #expect(try BarFileReader(path: path, options: all).next()?.first?.symbol.text == symbol)
  }

  @Test("a file of several megabytes comes in batches, with the rows of the whole")
  func batches() throws {
    var text = header
    for row in 0..<120_000 { text += "\(1_600_000_000 + 60 * row),1.25,2.5,1,\(row),100\n" }
    let reader = try reader(text, Self.all)
    var count = 0
    var batches = 0
    var sum = 0.0
    while let next = try reader.next() {
      batches += 1
      for batch in next {
        #expect(batch.count < 60_000, "a batch is a part")
        count += batch.count
        sum += batch["close"]?.reduce(0, +) ?? 0
      }
    }
    #expect(count == 120_000 && reader.rowCount == count && batches > 2)
    #expect(sum == 120_000 * 119_999 / 2)
  }

  @Test("as a source it gives what is asked for, when it is asked for") func source() async throws {
    let folder = try TemporaryFolder()
    let text =
      "date,symbol,open,high,low,close,dividends\n2024-01-02,A,1,1,1,1,0\n2024-01-02,B,2,2,2,2,0\n"
      + "2024-01-03,A,3,3,3,3,0.5\n"
    let path = try folder.write(text, to: "panel.csv")
    let source = try BarFileSource(path: path, options: ReadingOptions(declaration: Self.all))
    let a = try #require(Symbol("A"))
    var closes: [Double] = []
    let days = try TimeRange(parsing: "20240103-")
    for try await batch in source.bars(BarRequest(symbol: a, interval: .day, days: days)) {
      closes += batch["close"] ?? Column([])
    }
    #expect(closes == [3])
    #expect(try await source.actions(of: a, days: .all).map(\.kind) == [.dividend(amount: 0.5)])
    await #expect(throws: DataError.self) {
      for try await _ in source.bars(BarRequest(symbol: a, interval: .minute)) {}
    }
  }

  @Test("separator, titles and the way times are written can be said where they are not detected")
  func text() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(
      "08.03.2024 15:30|1,5|2|1|1.5\n08.03.2024 15:31|1,5|2|1|1.75\n".replacing("1,5", with: "1.5"),
      to: "NVDA.csv")
    var text = TextOptions()
    text.delimiter = UInt8(ascii: "|")
    text.titles = ["timestamp", "open", "high", "low", "close"]
    text.stamps = StampPattern("dd.MM.yyyy HH:mm")
    let reader = try BarFileReader(
      path: path, options: ReadingOptions(declaration: Self.all, text: text))
    let batch = try #require(try reader.next()?.first)
    #expect(batch.start[0] == 1_709_929_800_000_000_000)  // 2024-03-08, 15:30 New York.
    #expect(batch["close"].map(Array.init) == [1.5, 1.75])
    for wrong in ["dd.MM", "yyyy-MM-dd mm", "yyyyyy-MM-dd", "yyyy-MM-dd dd", "yyyy-MM-dd ss", ""] {
      #expect(StampPattern(wrong) == nil, "\(wrong)")
    }
    text.stamps = StampPattern("MM/dd/yyyy HH:mm")
    let error = #expect(throws: DataError.self) {
      try BarFileReader(path: path, options: ReadingOptions(declaration: Self.all, text: text))
    }
    #expect(error?.diagnosis.place == "\(path):1:1")
  }

  @Test("a pipe is no file, and nothing waits for it") func pipe() throws {
    let folder = try TemporaryFolder()
    #expect(mkfifo(folder.path + "/NVDA.csv", 0o600) == 0)
    let error = #expect(throws: DataError.self) {
      try BarFileReader(path: folder.path + "/NVDA.csv")
    }
    #expect(error?.diagnosis.finding == "cannot be read: it is a pipe or a device")
  }

  @Test("a Parquet file of several row groups gives a batch for each") func parquet() throws {
    let folder = try TemporaryFolder()
    let daily = try DataFolder(path: Package.path("Samples/daily"))
    let arm = try daily.load(#require(Symbol("ARM")))
    let path = folder.path + "/ARM.parquet"
    try ParquetFile(path: path).write(arm, rowGroupRows: 50)
    let reader = try BarFileReader(path: path, options: ReadingOptions(declaration: Self.all))
    var starts: [Int64] = []
    var batches = 0
    while let next = try reader.next() {
      batches += 1
      for batch in next { starts += batch.start }
    }
    #expect(batches == 3 && starts == Array(arm.start))
  }
}
