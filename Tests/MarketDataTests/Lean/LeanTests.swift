import Foundation
import Market
import MarketData
import Runtime
import TestKit
import Testing

private func symbol(_ text: String) throws -> Symbol { try #require(Symbol(text)) }

/// A folder of LEAN's shape with the files given.
private func leanFolder(_ files: [(name: String, bytes: [UInt8])]) throws -> TemporaryFolder {
  let folder = try TemporaryFolder()
  for (name, bytes) in files {
    let path = folder.path + "/" + name
    try FileManager.default.createDirectory(
      atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    _ = try folder.write(bytes, to: name)
  }
  return folder
}

@Suite("LEAN's folders say by themselves what their bars are")
struct LeanTests {
  @Test("shares are priced in ten-thousandths, indices in whole units; hours start at the open")
  func prices() throws {
    let folder = try leanFolder([
      (
        "equity/usa/hour/spy.zip",
        zip("spy.csv", "20131004 09:00,1677400,1682700,1675300,1681800,7\n")
      ),
      (
        "index/india/minute/nifty50/20190102_trade.zip",
        zip("20190102_nifty_minute_trade.csv", "33300000,10861.2,10864.2,10840.95,10843.25,0\n")
      ),
    ])
    let store = MemoryStore()
    let outcomes = try imported([folder.path], into: store)
    #expect(outcomes.map(\.status) == [.imported, .imported])
    #expect(
      outcomes.allSatisfy {
        $0.source == "lean" && $0.declaration.adjustment == BarDeclaration.Adjustment.none
      })
    let hour = try #require(
      store.bars(of: SeriesKey(symbol: symbol("SPY"), interval: .hour, source: "lean")).first)
    #expect(hour.open == 167.74 && hour.close == 168.18)
    // 09:30 to 10:00 New York, in summer.
    #expect(hour.start.nanoseconds == 1_380_893_400_000_000_000)
    #expect(hour.knownAt.nanoseconds == 1_380_895_200_000_000_000)
    let nifty = try #require(
      store.bars(of: SeriesKey(symbol: symbol("NIFTY50"), interval: .minute, source: "lean")).first)
    #expect(nifty.open == 10861.2)
    #expect(nifty.start.nanoseconds == 1_546_400_700_000_000_000)  // 09:15 in Kolkata.
  }

  @Test("of an archive with a file for another day, the day's own is read and the other named")
  func strangers() throws {
    let row = Array("33300000,1,1,1,1,0\n".utf8)
    let folder = try leanFolder([
      (
        "index/india/minute/nifty50/20190101_trade.zip",
        zip([("20190102_nifty_minute_trade.csv", row), ("20190101_nifty_minute_trade.csv", row)])
      )
    ])
    let outcome = try #require(try imported([folder.path], into: MemoryStore()).first)
    #expect(outcome.rows == 1)
    #expect(outcome.notes.contains { $0.hasPrefix("20190102_nifty_minute_trade.csv") })
  }

  @Test("a market without a calendar is refused in plain words")
  func markets() throws {
    let folder = try leanFolder([
      ("forex/oanda/daily/eurusd.zip", zip("eurusd.csv", "20131004 00:00,1,1,1,1\n"))
    ])
    let outcome = try #require(try imported([folder.path], into: MemoryStore()).first)
    #expect(
      outcome.refusal?.finding
        == "nothing says when forex trades in oanda: no calendar here knows that market")
  }

  @Test("map files that cannot be listed are not taken for none: old names would be lost")
  func unlistable() throws {
    let folder = try leanFolder([
      ("equity/usa/map_files", Array("a file where a folder should be".utf8)),
      ("equity/usa/daily/twx.zip", zip("twx.csv", "20031016 00:00,1,1,1,1,1\n")),
    ])
    let error = #expect(throws: DataError.self) {
      try LeanFolder(path: folder.path + "/equity/usa")
    }
    #expect(error?.diagnosis.place.hasSuffix("/map_files") == true)
  }

  @Test("steps of factors are splits and dividends, known when their session opens")
  func factors() throws {
    let aapl =
      "19980102,0.8613657,0.00892857,1\n20121106,0.8650639,0.03571430,582.86\n"
      + "20130206,0.8690150,0.03571430,457.35\n20140606,0.9011818,0.03571430,645.57\n"
      + "20200828,0.9967882,0.25,499.23\n20501231,1,1,0\n"
    let folder = try leanFolder([("equity/usa/factor_files/aapl.csv", Array(aapl.utf8))])
    let store = MemoryStore()
    _ = try imported([folder.path], into: store)
    let splits = store.actions.compactMap { action -> (CivilDate, Double)? in
      guard case .split(let ratio) = action.kind else { return nil }
      return (action.date, ratio)
    }
    #expect(splits.map(\.1) == [4, 7, 4], "of the cut file's first step, 2014 and 2020")
    #expect(splits[1].0 == CivilDate(year: 2014, month: 6, day: 9))
    let known = store.actions.first { $0.date == splits[1].0 }?.knownAt.nanoseconds
    #expect(known == 1_402_320_600_000_000_000)  // 2014-06-09, 09:30 New York.
    let dividends = store.actions.compactMap { action -> Double? in
      guard case .dividend(let amount) = action.kind else { return nil }
      return action.date == CivilDate(year: 2012, month: 11, day: 7) ? amount : nil
    }
    #expect(abs((dividends.first ?? 0) - 2.65) < 0.001)
  }

  @Test(
    "bars imported without their factor file bring its splits; one that is broken keeps none out")
  func neighbours() throws {
    let bars = zip("aapl.csv", "20140605 00:00,6460000,6470000,6430000,6450000,7\n")
    let factors = "19980102,0.8613657,0.0357143\n20140606,0.9011818,0.0357143\n20501231,1,0.25\n"
    for (text, splits) in [(factors, 1), ("20140606,zero\n", 0)] {
      let folder = try leanFolder([
        ("equity/usa/daily/aapl.zip", bars),
        ("equity/usa/factor_files/aapl.csv", Array(text.utf8)),
      ])
      let store = MemoryStore()
      let outcomes = try imported([folder.path + "/equity/usa/daily/aapl.zip"], into: store)
      #expect(outcomes.map(\.rows) == [1] && outcomes.map(\.status) == [.imported])
      #expect(store.actions.count { $0.kind == .split(ratio: 7) } == splits)
      let isNoted = outcomes[0].notes.contains { $0.hasPrefix("splits and dividends of AAPL") }
      #expect(isNoted == (splits == 0), "\(outcomes[0].notes)")
    }
  }

  @Test("a renamed share is followed, and its old name is not another company's")
  func names() throws {
    let row = "1,1,1,1,1\n"
    let folder = try leanFolder([
      (
        "equity/usa/map_files/twx.csv",
        Array("19980102,aol,N\n20031015,aol,N\n20180615,twx,N\n".utf8)
      ),
      // The name came back to the market with another company.
      ("equity/usa/map_files/aol.csv", Array("20091124,aol,N\n20150623,aol,N\n".utf8)),
      (
        "equity/usa/daily/aol.zip",
        zip("aol.csv", "20031015 00:00,\(row)20091124 00:00,\(row)")
      ),
      ("equity/usa/daily/twx.zip", zip("twx.csv", "20031016 00:00,\(row)")),
    ])
    let store = MemoryStore()
    let outcomes = try imported([folder.path], into: store)
    let aol = try #require(outcomes.first { $0.path.hasSuffix("daily/aol.zip") })
    #expect(aol.rows == 2 && aol.symbols.map(\.text) == ["AOL", "TWX"])
    #expect(
      aol.notes.contains("the name AOL was used by two companies, AOL and TWX: they are kept apart")
    )
    let twx = SeriesKey(symbol: try symbol("TWX"), interval: .day, source: "lean")
    #expect(store.bars(of: twx).count == 2, "before and after the renaming")
    let renamed = store.actions.first { $0.symbol.text == "AOL" && $0.kind != .delisted }
    #expect(renamed?.kind == .renamed(to: try symbol("TWX")))
    #expect(renamed?.date == CivilDate(year: 2003, month: 10, day: 16))
    #expect(store.actions.contains { $0.kind == .delisted && $0.symbol.text == "TWX" })
  }

  @Test("as a source it follows a share through its names, and says whose an old name is")
  func source() async throws {
    let row = "10000,10000,10000,20000,1\n"
    let folder = try leanFolder([
      (
        "equity/usa/map_files/twx.csv",
        Array("19980102,aol,N\n20031015,aol,N\n20180615,twx,N\n".utf8)
      ),
      ("equity/usa/factor_files/twx.csv", Array("19980316,0.5,0.5,10\n20501231,1,1,0\n".utf8)),
      ("equity/usa/daily/aol.zip", zip("aol.csv", "20031015 00:00,\(row)20091124 00:00,\(row)")),
      ("equity/usa/daily/twx.zip", zip("twx.csv", "20031016 00:00,\(row)20031017 00:00,\(row)")),
      ("equity/usa/minute/aol/20031015_trade.zip", zip("20031015_aol.csv", "34200000,\(row)")),
    ])
    let source = try LeanFolder(path: folder.path + "/equity/usa")
    func starts(_ name: String, _ interval: BarInterval, _ days: TimeRange = .all) async throws
      -> [CivilDate]
    {
      var dates: [CivilDate] = []
      let asked = BarRequest(symbol: try symbol(name), interval: interval, days: days)
      for try await batch in source.bars(asked) {
        #expect(batch.symbol.text == name && batch["close"]?[0] == 2)
        dates += batch.start.map { Zone.newYork.date(at: Timestamp(nanoseconds: $0)) }
      }
      return dates
    }
    #expect(
      try await starts("TWX", .day).map(\.description) == [
        "2003-10-15", "2003-10-16", "2003-10-17",
      ])
    #expect(try await starts("TWX", .day, TimeRange(parsing: "20031017-")).count == 1)
    #expect(try await starts("TWX", .minute).count == 1)
    let actions = try await source.actions(of: symbol("TWX"), days: .all)
    #expect(actions.contains { $0.kind == .split(ratio: 2) })
    #expect(actions.contains { $0.kind == .delisted })
    let old = await #expect(throws: DataError.self) { try await starts("AOL", .day) }
    #expect(old?.diagnosis.finding.contains("was the name of what is TWX now") == true)
    let unknown = await #expect(throws: DataError.self) { try await starts("ZZZ", .day) }
    #expect(unknown?.diagnosis.finding.contains("no file for symbol") == true)
    await #expect(throws: DataError.self) {
      try await starts("TWX", BarInterval(count: 5, unit: .minute))
    }
    #expect(throws: DataError.self) { try LeanFolder(path: folder.path) }
  }

  @Test(
    "bars of a name from before its present holder had it are told apart in words",
    .enabled(if: SharedData.has("lean"), "needs ../shared/data/lean"))
  func earlierHolders() throws {
    let outcomes = try imported(
      [SharedData.path("lean/equity/usa/daily/bac.zip")], into: MemoryStore())
    // The bank that is BAC today was NB until 1998-09-30.
    #expect(outcomes[0].rows == 5849)
    #expect(outcomes[0].notes.contains { $0.hasPrefix("188 bars are from before today's BAC") })
  }

  @Test(
    "Google's name from the share that carried it before",
    .enabled(if: SharedData.has("lean"), "needs ../shared/data/lean"))
  func google() throws {
    let store = MemoryStore()
    _ = try imported([SharedData.path("lean/equity/usa/map_files")], into: store)
    let google = store.actions.first { $0.symbol.text == "GOOCV" }
    #expect(google?.kind == .renamed(to: try symbol("GOOG")))
    #expect(google?.date == CivilDate(year: 2014, month: 4, day: 3))
    let qqq = store.actions.filter { ["QQQ", "QQQQ"].contains($0.symbol.text) }
    #expect(qqq.map(\.kind) == [.renamed(to: try symbol("QQQQ")), .renamed(to: try symbol("QQQ"))])
  }
}
