import Foundation
import Market
import MarketData
import Runtime
import TestKit
import Testing

private func context(
  _ adjustment: BarDeclaration.Adjustment? = nil, actions: [CorporateAction] = []
) -> QualityContext {
  QualityContext(calendar: .nyse, adjustment: adjustment, actions: actions)
}

@Suite(
  "Real daily bars: every defect that is listed is found, every real move left alone",
  .enabled(if: SharedData.has("us_daily"), "needs ../shared/data"))
struct RealDailyDefectTests {
  private static let moves = [
    "AMD": 12, "ARM": 2, "ASML": 3, "AVGO": 0, "INTC": 2, "MSFT": 0, "MU": 5, "NVDA": 16,
    "QCOM": 1, "SMCI": 15, "TSM": 2,
  ]

  @Test("Yahoo's eleven: one bar of AMD without volume, and moves above 20% as notes")
  func yahoo() throws {
    var batches: [BarBatch] = []
    for name in Self.moves.keys.sorted() {
      batches += try RealBars.read("us_daily/yahoo_raw_to_2024-03/\(name).csv.gz", symbol: name)
    }
    var context = context(.splits)
    context.peers = PeerMoves(batches, calendar: .nyse, zone: .newYork)
    for batch in batches {
      let found = Quality.check(batch, in: context)
      let name = batch.symbol.text
      #expect(counts(found) == (name == "AMD" ? ["zero_volume": 1] : [:]), "\(name)")
      #expect(counts(found, from: .note)["large_move", default: 0] == Self.moves[name], "\(name)")
      let alone = Quality.check(batch, in: QualityContext(calendar: .nyse, adjustment: .splits))
      #expect(counts(alone) == counts(found), "\(name) without peers")
    }
    let arm = try #require(batches.first { $0.symbol.text == "ARM" })
    let found = Quality.check(arm, in: context)
    #expect(found.contains { $0.found.contains("+47.9% on 2024-02-08") && $0.severity == .note })
  }

  @Test("the newer vintage is clean, and differs by a split in NVDA, AVGO and SMCI only")
  func vintages() throws {
    let splits = ["NVDA": "10.0056", "AVGO": "10.2477", "SMCI": "10.0000"]
    for name in Self.moves.keys.sorted() where name != "TSM" {
      let older = try #require(
        try RealBars.read("us_daily/yahoo_raw_to_2024-03/\(name).csv.gz", symbol: name).first)
      let newer = try #require(
        try RealBars.read("us_daily/adjusted_2018_to_2026-05/\(name).csv.gz", symbol: name).first)
      #expect(counts(Quality.check(newer, in: context(.splitsAndDividends))) == [:], "\(name)")
      let found = CrossSource.findings(
        of: older, against: newer, named: "newer", in: context(.splits))
      guard let factor = splits[name] else {
        #expect(counts(found) == [:], "\(name): \(found)")
        continue
      }
      #expect(found.map(\.code) == ["sources_differ_by_split"], "\(name): \(found)")
      #expect(found.first?.count == 1509)
      #expect(found.first?.found.contains(factor) == true, "\(found)")
      #expect(found.first?.found.contains("split of 10:1") == true)
    }
  }

  @Test("SPY lists dividends beside prices that contain them")
  func dividends() throws {
    let spy = try #require(
      try RealBars.read(
        "us_daily/SPY_with_dividends_1993_to_2026-04.csv.gz", symbol: "SPY"
      ).first)
    let found = Quality.check(spy, in: context())
    #expect(Set(counts(found).keys) == ["dividends_beside_adjusted"], "\(counts(found))")
    #expect(found.contains { $0.action == "dividends must not be applied again" })
  }

  @Test("VIX: 47 bars with open or close outside high and low, and no volume")
  func vix() throws {
    let vix = try #require(
      try RealBars.read("us_daily/VIX_1990_to_2026-07.csv.gz", symbol: "VIX").first)
    let found = Quality.check(vix, in: context())
    #expect(counts(found)["outside_range"] == 47)
    #expect(counts(found, from: .note)["no_volume"] == 9235)
    #expect(
      Set(counts(found).keys).isSubset(of: [
        "outside_range", "price_spike", "missing_bars", "bar_on_closed_day",
      ]),
      "\(found.filter { $0.severity > .note })")
  }

  @Test(
    "LEAN's AAPL as traded: the splits of 2000, 2005, 2014 and 2020, each explained; the crash of 2000 is one"
  )
  func splitsOfApple() throws {
    let batch = try RealBars.leanDaily("aapl")
    let file = try FactorFile(path: SharedData.path("lean/equity/usa/factor_files/aapl.csv"))
    let actions = try file.actions(of: batch.symbol, calendar: .nyse)
    let found = Quality.check(batch, in: context(BarDeclaration.Adjustment.none, actions: actions))
    // Three lows that lost a digit or two: 10.59 below 184, 25.30 below 242, 32.65 below 326.
    #expect(counts(found) == ["price_spike": 3], "\(found.filter { $0.severity > .note })")
    let splits = found.filter { $0.code == "explained_split" }
    let days = try ["2000-06-21", "2005-02-28", "2014-06-09", "2020-08-31"].map {
      try CivilDate(parsing: $0)
    }
    #expect(splits.map { $0.timestamp.map(Zone.newYork.date) } == days)
    for (split, words) in zip(splits, ["2:1", "2:1", "7:1", "4:1"]) {
      #expect(split.found.contains("split of \(words)"))
    }
    // Nobody told: the same four days, and not the day on which Apple lost half its value.
    let unknown = Quality.check(batch, in: context(BarDeclaration.Adjustment.none))
    let errors = unknown.filter { $0.severity == .error && $0.code != "price_spike" }
    #expect(errors.map(\.code) == Array(repeating: "unexplained_split", count: 4))
    #expect(errors.map { $0.timestamp.map(Zone.newYork.date) } == days)
  }

  @Test(
    "LEAN's other five, with and without their factor files",
    arguments: [("bac", 1), ("ibm", 1), ("iwm", 1), ("qqq", 1), ("spy", 0)])
  func lean(name: String, splits: Int) throws {
    let batch = try RealBars.leanDaily(name)
    let file = try FactorFile(path: SharedData.path("lean/equity/usa/factor_files/\(name).csv"))
    let actions = try file.actions(of: batch.symbol, calendar: .nyse)
    let known = counts(
      Quality.check(batch, in: context(BarDeclaration.Adjustment.none, actions: actions)),
      from: .note)
    let unknown = counts(
      Quality.check(batch, in: context(BarDeclaration.Adjustment.none)), from: .note)
    #expect(known["explained_split", default: 0] == splits)
    #expect(unknown["unexplained_split", default: 0] == splits)
    #expect(known["unexplained_split"] == nil)
    // IBM's open of 2002-12-23 is twice its price, IWM's high of 2008-09-19 as well, BAC's low of
    // 2001-11-12 is 40 below 62.80.
    #expect(known["price_spike"] == (["bac", "ibm", "iwm"].contains(name) ? 1 : nil), "\(known)")
  }

  @Test("the panel of index members: three bars outside high and low, 241 without volume")
  func panel() throws {
    let batches = try RealBars.read(
      "sp500_panel/sp500_daily_2018-01_2024-03.csv.gz", symbol: "?")
    #expect(batches.reduce(0) { $0 + $1.count } == 850_118)
    var context = context(.splits)
    context.peers = PeerMoves(batches, calendar: .nyse, zone: .newYork)
    let found = batches.flatMap { Quality.check($0, in: context) }
    let all = counts(found)
    #expect(all["outside_range"] == 3)
    #expect(all["zero_volume"] == 241)
    #expect(all["unexplained_split"] == nil, "\(found.filter { $0.code == "unexplained_split" })")
    #expect(all["price_spike"] == nil, "\(found.filter { $0.code == "price_spike" })")
    #expect(all["unconfirmed_move"] == nil, "\(found.filter { $0.code == "unconfirmed_move" })")
  }

  @Test("India: twelve shares, one day of INFY missing, no alarm from fractional volumes")
  func india() throws {
    for name in ["BHARTIARTL", "HDFCBANK", "INFY", "SBIN", "TCS"] {
      let batch = try #require(
        try RealBars.read("india_daily/\(name).csv.gz", symbol: name, zone: .kolkata).first)
      let found = Quality.check(batch, in: QualityContext(calendar: .nse))
      let codes = Set(counts(found).keys)
      #expect(
        codes.isSubset(of: ["missing_bars", "bar_on_closed_day"]), "\(name): \(counts(found))")
      #expect(counts(found, from: .note)["no_calendar", default: 0] > 0)
    }
  }
}

@Suite(
  "Real minutes: every defect that is listed is found",
  .enabled(if: SharedData.has("us_1min_2018"), "needs ../shared/data"))
struct RealMinuteDefectTests {
  private let fiveMinutes = BarInterval(count: 5, unit: .minute)

  @Test(
    "2018: 42 minutes of AVGO are missing, and each day's 391st bar is the closing auction",
    arguments: ["AMD", "AVGO", "INTC", "MSFT", "MU", "NVDA", "QCOM"])
  func year2018(name: String) throws {
    let batch = try #require(
      try RealBars.read("us_1min_2018/\(name).csv.gz", symbol: name, interval: .minute).first)
    let found = Quality.check(batch, in: context(BarDeclaration.Adjustment.none))
    let auctions = counts(found, from: .note)["closing_auction", default: 0]
    #expect(
      counts(found) == (name == "AVGO" ? ["missing_bars": 42 - (44 - auctions)] : [:]), "\(name)")
    #expect(auctions == 44 || name == "AVGO")
  }

  @Test(
    "2025 and 2026: half days run past their close, minutes are missing",
    arguments: [("NVDA", 49_947, 6), ("QQQ", 49_616, 24), ("SPY", 49_885, 6)])
  func years2025(name: String, rows: Int, late: Int) throws {
    let batch = try #require(
      try RealBars.read(
        "us_1min_2025_2026/\(name)_1min.csv.gz", symbol: name, interval: .minute
      ).first)
    #expect(batch.count == rows)
    let found = Quality.check(batch, in: context())
    let all = counts(found)
    #expect(all["past_early_close"] == late, "\(name): \(all)")
    // 129 sessions, two of them short.
    let expected = 127 * 390 + 2 * 210
    #expect(
      all["missing_bars", default: 0] + all["broken_off_day", default: 0] == expected
        - (rows - late),
      "\(name): \(all)")
    #expect(
      Set(all.keys).isSubset(of: ["past_early_close", "missing_bars", "broken_off_day"]), "\(all)")
    if name == "SPY" {
      #expect(found.contains { $0.code == "missing_bars" && $0.found.contains("2025-12-26") })
    }
  }

  @Test(
    "five minutes: extended hours are mixed in, the last day breaks off",
    arguments: [
      ("AMD", 340), ("ARM", 7), ("AVGO", 0), ("INTC", 735), ("MSFT", 316), ("NVDA", 776),
      ("QQQ", 2036), ("SMCI", 158), ("SMH", 0), ("SPY", 1252),
    ])
  func mixed(name: String, extended: Int) throws {
    let batch = try #require(
      try RealBars.read(
        "us_5min_2025_2026/\(name)_5min.csv.gz", symbol: name, interval: fiveMinutes
      ).first)
    let found = Quality.check(batch, in: context())
    let all = counts(found)
    #expect(all["extended_hours_mixed", default: 0] == extended, "\(name): \(all)")
    #expect(
      Set(all.keys).isSubset(
        of: [
          "extended_hours_mixed", "missing_bars", "broken_off_day", "past_early_close",
          "zero_volume",
        ]),
      "\(name): \(all)")
    let moves = found.filter { $0.code == "large_move" }.count
    #expect(moves == (["AMD", "INTC"].contains(name) ? 1 : 0), "\(name)")
  }

  @Test(
    "stamps with their offset: bars without volume, and the change of clocks inside",
    arguments: [("ASML", 92), ("MSFT", 101), ("TSM", 0)])
  func withOffset(name: String, zeros: Int) throws {
    let batch = try #require(
      try RealBars.read(
        "us_5min_utc_2025-12_2026-03/\(name)_5m.csv.gz", symbol: name, interval: fiveMinutes
      ).first)
    let found = Quality.check(batch, in: context())
    let all = counts(found)
    #expect(all["zero_volume", default: 0] == zeros || name == "TSM", "\(name): \(all)")
    #expect(all["extended_hours_mixed"] == nil, "\(name): \(all)")
  }
}
