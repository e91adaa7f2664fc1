import Market
import MarketData
import Runtime
import TestKit
import Testing

private func read(
  _ relative: String, declaration: BarDeclaration = BarDeclaration(zone: "America/New_York")
) throws -> [Frame] {
  let nvidia = try #require(Symbol("NVDA"))
  return try CSVFile(path: SharedData.path(relative)).frames(
    symbol: nvidia, options: ReadingOptions(declaration: declaration))
}

@Suite(
  "Real files give as many bars as their README says",
  .enabled(if: SharedData.has("us_daily"), "needs ../shared/data"))
struct RealFilesTests {
  @Test(
    "daily, as Yahoo has them",
    arguments: [
      ("AMD", 6084), ("ARM", 122), ("ASML", 6084), ("AVGO", 3672), ("INTC", 6084), ("MSFT", 6084),
      ("MU", 6084), ("NVDA", 6084), ("QCOM", 6084), ("SMCI", 4266), ("TSM", 6084),
    ])
  func yahoo(ticker: String, rows: Int) throws {
    let frame = try #require(
      try read("us_daily/yahoo_raw_to_2024-03/\(ticker).csv.gz").first)
    #expect(frame.count == rows)
  }

  @Test(
    "daily, adjusted, prices with 17 digits",
    arguments: [
      ("AMD", 2051), ("ARM", 665), ("ASML", 2051), ("AVGO", 2051), ("INTC", 2051), ("MSFT", 2051),
      ("MU", 2051), ("NVDA", 2051), ("QCOM", 2051), ("SMCI", 2051), ("SPY", 2051),
    ])
  func adjusted(ticker: String, rows: Int) throws {
    let frame = try #require(
      try read("us_daily/adjusted_2018_to_2026-05/\(ticker).csv.gz").first)
    #expect(frame.count == rows)
  }

  @Test("SPY with dividends keeps their columns; VIX follows another calendar and is refused")
  func single() throws {
    let spy = try #require(try read("us_daily/SPY_with_dividends_1993_to_2026-04.csv.gz").first)
    #expect(spy.count == 8363)
    #expect(spy.names.contains("dividends") && spy.names.contains("stock_splits"))
    // The index was computed on a day on which the New York exchanges were closed.
    let error = #expect(throws: DataError.self) {
      try read("us_daily/VIX_1990_to_2026-07.csv.gz")
    }
    #expect(error?.diagnosis.finding.hasPrefix("2004-06-11 is no session of NYSE") == true)
  }

  @Test("minutes of 2018 with the closing auction, in two columns of wall time")
  func minutes2018() throws {
    let declaration = BarDeclaration(
      interval: .minute, stamp: .start, zone: "America/New_York",
      adjustment: BarDeclaration.Adjustment.none)
    let frame = try #require(
      try read("us_1min_2018/NVDA.csv.gz", declaration: declaration).first)
    #expect(frame.count == 17_204)
  }

  @Test("minutes of 2025 in wall time without a zone")
  func minutes2025() throws {
    let declaration = BarDeclaration(stamp: .start, zone: "America/New_York")
    let frame = try #require(
      try read("us_1min_2025_2026/SPY_1min.csv.gz", declaration: declaration).first)
    #expect(frame.count == 49_885)
    #expect(frame.interval == .minute)
  }

  @Test("five minutes in UTC, through New York's change of clocks")
  func fiveMinutes() throws {
    let frame = try #require(
      try read(
        "us_5min_utc_2025-12_2026-03/TSM_5m.csv.gz", declaration: BarDeclaration(stamp: .start)
      ).first)
    #expect(frame.count == 4520)
    #expect(frame.interval == BarInterval(count: 5, unit: .minute))
  }

  @Test("a panel of every member of an index, split by its column of symbols")
  func panel() throws {
    let frames = try read("sp500_panel/sp500_daily_2018-01_2024-03.csv.gz")
    #expect(frames.reduce(0) { $0 + $1.count } == 850_118)
  }
}
