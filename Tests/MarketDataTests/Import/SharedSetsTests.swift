import Foundation
import Market
import MarketData
import Runtime
import TestKit
import Testing

private let newYork = "America/New_York"

@Suite(
  "The shared sets are imported completely, or refused for a stated reason",
  .enabled(if: SharedData.has("us_daily"), "needs ../shared/data"))
struct SharedSetsTests {
  /// Imports a set into a SQLite file and says how many rows each file had.
  private func rows(
    _ set: String, _ options: ImportOptions = ImportOptions()
  ) throws -> [String: Int] {
    let folder = try TemporaryFolder()
    let store = try StoreAddress(kind: .sqlite, location: folder.path + "/bars.db").open()
    var rows: [String: Int] = [:]
    for outcome in try imported([SharedData.path(set)], into: store, options: options) {
      #expect(outcome.status == .imported, "\(outcome.path): \(outcome.refusal?.finding ?? "")")
      let name = (outcome.path as NSString).lastPathComponent
      rows[String(name.prefix { $0 != "." && $0 != "_" })] = outcome.rows
    }
    let stored = try store.series().reduce(0) { $0 + $1.barCount }
    #expect(stored == rows.values.reduce(0, +), "every row is in the store")
    return rows
  }

  @Test("daily bars as Yahoo has them, which need no flag")
  func yahoo() throws {
    let found = try rows("us_daily/yahoo_raw_to_2024-03")
    var expected = Dictionary(
      uniqueKeysWithValues: ["AMD", "ASML", "INTC", "MSFT", "MU", "NVDA", "QCOM", "TSM"].map {
        ($0, 6084)
      })
    expected.merge(["ARM": 122, "AVGO": 3672, "SMCI": 4266]) { $1 }
    #expect(found == expected)
  }

  @Test("daily bars adjusted for everything, once that is declared")
  func adjusted() throws {
    let found = try rows(
      "us_daily/adjusted_2018_to_2026-05", declared(nil, newYork, .splitsAndDividends))
    let names = ["AMD", "ASML", "AVGO", "INTC", "MSFT", "MU", "NVDA", "QCOM", "SMCI", "SPY"]
    var expected = Dictionary(uniqueKeysWithValues: names.map { ($0, 2051) })
    expected["ARM"] = 665
    #expect(found == expected)
  }

  @Test("SPY with its dividends, and the VIX with a day on which shares were not traded")
  func singles() throws {
    let spy = try rows(
      "us_daily/SPY_with_dividends_1993_to_2026-04.csv.gz",
      declared(nil, newYork, .splitsAndDividends))
    #expect(spy == ["SPY": 8363])
    let store = MemoryStore()
    let vix = try imported(
      [SharedData.path("us_daily/VIX_1990_to_2026-07.csv.gz")], into: store,
      options: declared(nil, newYork, .none))
    #expect(vix.map(\.rows) == [9235] && vix[0].symbols.map(\.text) == ["VIX"])
    #expect(vix[0].notes.contains { $0.contains("2004-06-11") })
  }

  @Test("minutes of 2018, with the closing auction named as what it is")
  func minutes2018() throws {
    let store = MemoryStore()
    let outcomes = try imported(
      [SharedData.path("us_1min_2018")], into: store,
      options: declared(.start, newYork, .none))
    #expect(outcomes.count == 7)
    for outcome in outcomes {
      let isAVGO = outcome.symbols.map(\.text) == ["AVGO"]
      #expect(outcome.rows == (isAVGO ? 17_162 : 17_204), "\(outcome.path)")
      #expect(outcome.interval == .minute)
      #expect(outcome.notes.contains { $0.hasPrefix("44 rows begin at the close") })
    }
    // 2018-02-16, 16:00 New York: kept behind the session's close, and known a minute later.
    let nvidia = SeriesKey(
      symbol: try #require(Symbol("NVDA")), interval: .minute, source: "us_1min_2018")
    let auction = try #require(
      store.bars(of: nvidia).first { $0.start.nanoseconds == 1_518_814_800_000_000_000 })
    #expect(auction.knownAt.nanoseconds == 1_518_814_860_000_000_000)
  }

  @Test("minutes and five minutes of 2025 and 2026")
  func minutes2025() throws {
    let minutes = try rows("us_1min_2025_2026", declared(.start, newYork, .none))
    #expect(minutes == ["NVDA": 49_947, "QQQ": 49_616, "SPY": 49_885])
    let five = try rows("us_5min_2025_2026", declared(.start, newYork, .none))
    #expect(
      five == [
        "AMD": 16_550, "ARM": 16_210, "AVGO": 16_036, "INTC": 16_948, "MSFT": 16_524,
        "NVDA": 16_989, "QQQ": 18_258, "SMCI": 16_369, "SMH": 16_896, "SPY": 17_463,
      ])
    // Yahoo's own layout with offsets in the stamps: nothing is left to declare.
    #expect(
      try rows("us_5min_utc_2025-12_2026-03") == ["ASML": 4521, "MSFT": 4521, "TSM": 4520])
  }

  @Test("the panel of an index, and twelve shares of India on days our calendar does not know")
  func panels() throws {
    let panel = try rows(
      "sp500_panel/sp500_daily_2018-01_2024-03.csv.gz", declared(nil, newYork, .splits))
    #expect(panel == ["sp500": 850_118])
    let store = MemoryStore()
    let india = try imported(
      [SharedData.path("india_daily")], into: store,
      options: declared(nil, nil, .splitsAndDividends))
    #expect(india.count == 12)
    for outcome in india {
      let expected = outcome.symbols.map(\.text) == ["INFY"] ? 3525 : 3526
      #expect(outcome.rows == expected, "\(outcome.path): \(outcome.rows)")
      #expect(outcome.declaration.zone == "Asia/Kolkata", "the prefix NSE: says so")
      #expect(outcome.notes.contains { $0.contains("knows no session") })
    }
    // The hour of Diwali, Saturday 2020-11-14: 18:15 to 19:15 in Kolkata.
    let tcs = SeriesKey(symbol: try #require(Symbol("TCS")), interval: .day, source: "india_daily")
    let diwali = try #require(
      store.bars(of: tcs).first { $0.start.nanoseconds == 1_605_357_900_000_000_000 })
    #expect(diwali.knownAt.nanoseconds == 1_605_361_500_000_000_000)
  }

  @Test("every archive of LEAN's, with actions from factor and map files")
  func lean() throws {
    let folder = try TemporaryFolder()
    let store = MemoryStore(kind: .lake, location: folder.path)
    let outcomes = try imported([SharedData.path("lean")], into: store)
    var rows: [String: Int] = [:]
    for outcome in outcomes where outcome.status == .imported {
      rows[outcome.path.components(separatedBy: "data/lean/").last ?? ""] = outcome.rows
    }
    for (path, lines) in LeanLineCounts.all { #expect(rows[path] == lines, "\(path)") }
    let refused = outcomes.filter { $0.status == .refused }.map {
      ($0.path as NSString).lastPathComponent
    }
    #expect(refused.sorted() == ["interest-rate.csv", "market-hours-database.json.gz"])
    #expect(store.actions.contains { $0.symbol.text == "AAPL" && $0.kind == .split(ratio: 7) })
  }

  @Test("order books and recordings of streams go into a lake and are refused elsewhere")
  func books() throws {
    let folder = try TemporaryFolder()
    let lake = MemoryStore(kind: .lake, location: folder.path)
    let outcomes = try imported([SharedData.path("orderbook")], into: lake)
    #expect(outcomes.map(\.status) == [.imported, .imported, .imported])
    #expect(outcomes.map(\.rows).sorted() == [999, 999, 33_618])
    for outcome in try imported([SharedData.path("orderbook")], into: MemoryStore()) {
      #expect(outcome.status == .refused)
      #expect(outcome.refusal?.remedy.contains("--to lake:") == true)
    }
  }

  @Test(
    "what holds no bars is refused, and says why",
    arguments: [
      "earnings", "ltsf", "samba", "cnnpred", "news_sentiment",
      "sp500_panel/sp500_sectors_2025-11.csv.gz", "stocknet/TSM_tweets.csv.gz", "mambastock",
    ])
  func refused(set: String) throws {
    let store = MemoryStore()
    for outcome in try imported([SharedData.path(set)], into: store) {
      let refusal = try #require(outcome.refusal, "\(outcome.path)")
      #expect(refusal.place.hasPrefix(outcome.path))
      #expect(!refusal.finding.isEmpty && !refusal.remedy.isEmpty)
    }
    #expect(store.barCount == 0)
  }

  @Test("stocknet's prices are Yahoo's")
  func stocknet() throws {
    let outcomes = try imported(
      [SharedData.path("stocknet/MSFT_price.csv.gz")], into: MemoryStore())
    #expect(outcomes.map(\.rows) == [1258])
  }
}

/// How many lines each archive of the LEAN sample has (`unzip -p FILE MEMBER | grep -c .`).
private enum LeanLineCounts {
  static let all: [String: Int] = [
    "equity/india/minute/yesbank/20190709_trade.zip": 377,
    "equity/usa/daily/aapl.zip": 5849,
    "equity/usa/daily/bac.zip": 5849,
    "equity/usa/daily/ibm.zip": 5849,
    "equity/usa/daily/iwm.zip": 5244,
    "equity/usa/daily/qqq.zip": 3964,
    "equity/usa/daily/spy.zip": 5849,
    "equity/usa/hour/aapl.zip": 40831,
    "equity/usa/hour/spy.zip": 40832,
    "equity/usa/minute/aapl/20140605_quote.zip": 830,
    "equity/usa/minute/aapl/20140605_trade.zip": 686,
    "equity/usa/minute/aapl/20140606_quote.zip": 835,
    "equity/usa/minute/aapl/20140606_trade.zip": 783,
    "equity/usa/minute/aapl/20140609_quote.zip": 847,
    "equity/usa/minute/aapl/20140609_trade.zip": 834,
    "equity/usa/minute/spy/20131004_quote.zip": 855,
    "equity/usa/minute/spy/20131004_trade.zip": 711,
    "equity/usa/minute/spy/20131007_quote.zip": 908,
    "equity/usa/minute/spy/20131007_trade.zip": 828,
    "equity/usa/minute/spy/20131008_quote.zip": 910,
    "equity/usa/minute/spy/20131008_trade.zip": 828,
    "equity/usa/minute/spy/20131009_quote.zip": 902,
    "equity/usa/minute/spy/20131009_trade.zip": 813,
    "equity/usa/minute/spy/20131010_quote.zip": 941,
    "equity/usa/minute/spy/20131010_trade.zip": 883,
    "equity/usa/minute/spy/20131011_quote.zip": 896,
    "equity/usa/minute/spy/20131011_trade.zip": 776,
    "equity/usa/minute/spy/20230803_quote.zip": 961,
    "equity/usa/minute/spy/20230803_trade.zip": 947,
    "equity/usa/second/spy/20131007_quote.zip": 27409,
    "equity/usa/second/spy/20131007_trade.zip": 16675,
    "equity/usa/tick/ibm/20131008_quote.zip": 125750,
    "equity/usa/tick/ibm/20131008_trade.zip": 33381,
    "index/india/minute/nifty50/20190101_trade.zip": 378,
    "index/india/minute/nifty50/20190102_trade.zip": 377,
    "index/india/minute/nifty50/20190103_trade.zip": 377,
    "index/india/minute/nifty50/20190104_trade.zip": 377,
  ]
}
