import Market
import MarketData
import Runtime
import TestKit
import Testing

private func golden(
  _ name: String, declaration: BarDeclaration = BarDeclaration(stamp: .end)
) throws -> Frame {
  let path = Package.path("Tests/MarketDataTests/Golden/\(name).parquet")
  let nvidia = try #require(Symbol("NVDA"))
  let frames = try ParquetFile(path: path).frames(
    symbol: nvidia, options: ReadingOptions(declaration: declaration))
  #expect(frames.count == 1)
  return try #require(frames.first)
}

private func refusal(_ name: String) throws -> String? {
  do {
    _ = try golden(name)
    return nil
  } catch let error as DataError {
    #expect(error.diagnosis.exitCode != .done)
    return error.diagnosis.finding
  }
}

@Suite("Parquet files that pyarrow wrote")
struct ParquetReadingTests {
  @Test(
    "give the same bars in every version, unit, encoding and compression",
    arguments: [
      "nanoseconds_zstd", "microseconds_snappy", "milliseconds_v1", "words_unpacked",
      "seconds_float32",
      "epoch_seconds", "one_row_groups", "nested_extra",
    ])
  func spellings(name: String) throws {
    let frame = try golden(name)
    #expect(frame.interval == BarInterval(count: 1, unit: .minute))
    #expect(
      frame.end.elementsEqual(
        [40, 100, 160].map { 1_700_000_000_000_000_000 + $0 * 1_000_000_000 }))
    #expect(frame.end[0] - frame.start[0] == 60_000_000_000)
    #expect(frame.knownAt.elementsEqual(frame.end))
    #expect(frame.names == ["open", "high", "low", "close", "volume"])
    #expect(frame["open"].map(Array.init) == [1.5, 2.5, 3.5])
    #expect(frame["close"].map(Array.init) == [1.75, 2.75, 3.75])
    #expect(frame["volume"].map(Array.init) == [100, 200, 300])
  }

  @Test("wall time is read in the zone that was declared, and refused without one")
  func wallTime() throws {
    let zone = BarDeclaration(stamp: .start, zone: "America/New_York")
    let frame = try golden("wall_time", declaration: zone)
    #expect(frame.start[0] == 1_700_000_040_000_000_000 + 5 * 3600 * 1_000_000_000)
    #expect(
      try refusal("wall_time")
        == "nothing says in which time zone its times are (it looks like America/New_York)")
  }

  @Test("dates are sessions")
  func dates() throws {
    let frame = try golden("dates", declaration: BarDeclaration(zone: "America/New_York"))
    #expect(frame.interval == .day)
    #expect(frame.start[0] == 1_699_972_200_000_000_000)  // 2023-11-14T14:30:00Z
  }

  @Test("a missing price is NaN, and a missing time is refused with its row")
  func missing() throws {
    let close = try #require(try golden("missing_close")["close"])
    #expect(close[0] == 1.75 && close[1].isNaN && close[2] == 3.75)
    #expect(try refusal("missing_stamp") == "column \"timestamp\" has no value in row 2")
  }

  @Test("prices that are no numbers are refused by the name of their column")
  func types() throws {
    #expect(try refusal("text_close") == "column \"close\" holds text, not numbers")
    #expect(
      try refusal("decimal_close")
        == "column \"close\" holds values of Arrow's type \"d:21,2\", which are not read")
    #expect(
      try refusal("no_low")
        == "column \"low\" is missing (found: timestamp, open, high, close, volume)")
    #expect(try refusal("empty") == "is empty")
    #expect(try refusal("not_there") == "cannot be read: No such file or directory")
  }

  @Test("only the columns asked for are read, prices always")
  func projection() throws {
    let path = Package.path("Tests/MarketDataTests/Golden/nanoseconds_zstd.parquet")
    let nvidia = try #require(Symbol("NVDA"))
    let frame = try ParquetFile(path: path).frames(
      symbol: nvidia, columns: [],
      options: ReadingOptions(declaration: BarDeclaration(stamp: .end))
    ).first
    #expect(frame?.names == ["open", "high", "low", "close"])
  }
}
