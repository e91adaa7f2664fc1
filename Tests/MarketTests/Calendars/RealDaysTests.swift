import Foundation
import Market
import Runtime
import TestKit
import Testing

/// Calendars compared with the days on which prices really exist.
@Suite("Calendars against real prices") struct RealDaysTests {
  private static let spy = "us_daily/SPY_with_dividends_1993_to_2026-04.csv.gz"
  private static let vix = "us_daily/VIX_1990_to_2026-07.csv.gz"
  private static let hours = "lean/market-hours/market-hours-database.json.gz"

  private static func unzipped(_ path: String, tool: String = "zcat") throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [tool] + (tool == "zcat" ? [] : ["-p"]) + [SharedData.path(path)]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
    return String(decoding: data, as: UTF8.self)
  }

  /// The first field of each row behind the header, where it is a day.
  private static func days(_ path: String) throws -> Set<CivilDate> {
    var days: Set<CivilDate> = []
    for line in try unzipped(path).split(whereSeparator: \.isNewline).dropFirst() {
      days.insert(try CivilDate(parsing: line.prefix(10)))
    }
    return days
  }

  private static func expectSame(
    _ real: Set<CivilDate>, _ calendar: TradingCalendar, missing: Set<String> = [],
    extra: Set<String> = []
  ) throws {
    let (first, last) = (try #require(real.min()), try #require(real.max()))
    let known = Set(try calendar.sessionDays(in: first...last))
    #expect(Set(known.subtracting(real).map(\.description)) == missing)
    #expect(Set(real.subtracting(known).map(\.description)) == extra)
  }

  @Test(
    "SPY has a price on every session of the NYSE since 1993 and on no other day",
    .enabled(if: SharedData.has(spy), "needs ../shared/data/us_daily"))
  func spyDays() throws { try Self.expectSame(Self.days(Self.spy), .nyse) }

  @Test(
    "the VIX has a value on every session of 1990–2021, before it was computed on holidays too",
    .enabled(if: SharedData.has(vix), "needs ../shared/data/us_daily"))
  func vixDays() throws {
    var real: Set<CivilDate> = []
    for line in try Self.unzipped(Self.vix).split(whereSeparator: \.isNewline).dropFirst() {
      let field = line.prefix { $0 != "," }
      let parts = field.split(separator: "/").compactMap { Int($0) }
      let date =
        parts.count == 3
        ? CivilDate(year: parts[2], month: parts[0], day: parts[1])
        : try CivilDate(parsing: field)
      real.insert(try #require(date))
    }
    // Four days are missing in the source, and it has one on which the exchanges were closed.
    let wholly = try CivilDate(parsing: "2021-12-31")
    try Self.expectSame(
      real.filter { $0 <= wholly }, .nyse,
      missing: ["1991-03-01", "1997-01-31", "1997-11-26", "1999-12-31"], extra: ["2004-06-11"])
  }

  private struct Entry: Decodable {
    let holidays: [String]
    let earlyCloses: [String: String]?
  }
  private struct Database: Decodable { let entries: [String: Entry] }

  private static func entry(_ name: String) throws -> Entry {
    let text = try unzipped(hours).replacing(/\/\*[^*]*\*\//, with: "")
    let json = text.drop { $0 != "{" }
    return try #require(
      try JSONDecoder().decode(Database.self, from: Data(json.utf8)).entries[name])
  }

  private static func date(american text: String) throws -> CivilDate {
    let parts = text.split(separator: "/").compactMap { Int($0) }
    try #require(parts.count == 3)
    return try #require(CivilDate(year: parts[2], month: parts[0], day: parts[1]))
  }

  @Test(
    "LEAN's holidays are closed here, and its early closes are early",
    .enabled(if: SharedData.has(hours), "needs ../shared/data/lean"))
  func leanHours() throws {
    let entry = try Self.entry("Equity-usa-[*]")
    for text in entry.holidays {
      let date = try Self.date(american: text)
      #expect(try TradingCalendar.nyse.session(on: date) == nil, "\(date)")
    }
    var differences: Set<String> = []
    for (text, close) in entry.earlyCloses ?? [:] {
      let date = try Self.date(american: text)
      let session = try TradingCalendar.nyse.session(on: date)
      let wall = session.map { Zone.newYork.wallTime(at: $0.close).nanosecondOfDay }
      if close != "13:00:00" || wall != 13 * 3_600_000_000_000 { differences.insert(text) }
    }
    // Slips of that file: a Sunday.
    #expect(differences == ["12/24/2017"])
  }

  @Test(
    "hourly bars of SPY and AAPL stop early on the half days of 1998–2021",
    .enabled(
      if: SharedData.has("lean/equity/usa/hour")
        && FileManager.default.fileExists(atPath: "/usr/bin/unzip"),
      "needs ../shared/data/lean and unzip"),
    arguments: ["spy", "aapl"])
  func hourlyBars(symbol: String) throws {
    var lastHour: [CivilDate: Int] = [:]
    let text = try Self.unzipped("lean/equity/usa/hour/\(symbol).zip", tool: "unzip")
    for line in text.split(whereSeparator: \.isNewline) {
      let date = try CivilDate(parsing: line.prefix(8))
      lastHour[date] = Int(line.dropFirst(9).prefix(2))
    }
    try Self.expectSame(Set(lastHour.keys), .nyse)
    for (date, hour) in lastHour where hour < 15 {
      #expect(try TradingCalendar.nyse.session(on: date)?.isHalfDay == true, "\(date)")
    }
    // From 2006 on the source keeps trades behind the close out.
    let since = try CivilDate(parsing: "2006-09-01")
    let last = try #require(lastHour.keys.max())
    for session in try TradingCalendar.nyse.sessions(in: since...last) where session.isHalfDay {
      #expect(lastHour[session.date] == 12 || lastHour[session.date] == 15, "\(session.date)")
    }
  }

  @Test(
    "twelve Indian stocks have prices on every session of the NSE, 2011–2024",
    .enabled(if: SharedData.has("india_daily"), "needs ../shared/data/india_daily"))
  func indianDays() throws {
    var real: Set<CivilDate> = []
    for name in try FileManager.default.contentsOfDirectory(atPath: SharedData.path("india_daily"))
    {
      real.formUnion(try Self.days("india_daily/" + name))
    }
    // The source leaves out Diwali's hour where it fell on a Sunday, and two Saturdays of an hour and
    // a half.
    try Self.expectSame(
      real.filter { TradingCalendar.nse.range.contains($0) }, .nse,
      missing: ["2012-04-28", "2013-11-03", "2014-03-22", "2016-10-30", "2019-10-27"])
  }
}
