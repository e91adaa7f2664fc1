import Market
import MarketData
import Runtime
import Testing

private let fiveMinutes = BarInterval(count: 5, unit: .minute)

/// Bars put before the open or after the close of some sessions of a clean series.
private func extended(
  _ draft: inout DraftBars, days: Int, minutesFromOpen: [Int]
) throws {
  var seen: Set<CivilDate> = []
  for row in draft.rows {
    let date = Zone.newYork.date(at: row.start)
    guard seen.count < days, seen.insert(date).inserted else { continue }
    for minutes in minutesFromOpen {
      var bar = row
      bar.start = Timestamp(
        nanoseconds: Zone.newYork.instant(on: date, secondOfDay: 34_200 + minutes * 60).nanoseconds)
      bar.end = Timestamp(nanoseconds: bar.start.nanoseconds + 300_000_000_000)
      bar.knownAt = bar.end
      draft.rows.append(bar)
    }
  }
  draft.rows.sort { $0.start < $1.start }
}

@Suite("Hours outside the regular session")
struct SessionHoursTests {
  private let context = QualityContext(calendar: .nyse)

  // 2018-11-23 was a half day: eleven sessions, one of them short.
  private func clean() throws -> DraftBars {
    try DraftBars.clean(fiveMinutes, from: "2018-11-15", to: "2018-11-30", seed: 3)
  }

  @Test("on some days they are a mixture and an error, with their count")
  func mixed() throws {
    var draft = try clean()
    try extended(&draft, days: 4, minutesFromOpen: [-10, -5, 395])
    let found = Quality.check(draft.batch, in: context)
    #expect(counts(found) == ["extended_hours_mixed": 12])
    #expect(found.contains { $0.severity == .error && $0.found.contains("4 of 11 days only") })
  }

  @Test("on every day they are a series of its own kind, and a note")
  func throughout() throws {
    var draft = try clean()
    try extended(&draft, days: 11, minutesFromOpen: [-60, 420])
    let found = Quality.check(draft.batch, in: context)
    #expect(counts(found) == [:])
    #expect(counts(found, from: .note)["extended_hours_series"] == 22)
  }

  @Test("one bar at the close on most days is the closing auction, by name")
  func auction() throws {
    var draft = try clean()
    // On the half day 16:00 is past an early close.
    try extended(&draft, days: 11, minutesFromOpen: [390])
    let found = Quality.check(draft.batch, in: context)
    #expect(counts(found) == [:] || counts(found) == ["extended_hours_mixed": 1])
    #expect(counts(found, from: .note)["closing_auction"] == 10)
    #expect(found.first { $0.code == "closing_auction" }?.found.contains("closing auction") == true)
  }

  @Test("bars after an early close are told as such, with the half day")
  func earlyClose() throws {
    var draft = try clean()
    let halfDay = try CivilDate(parsing: "2018-11-23")
    let last = try #require(draft.rows.last { Zone.newYork.date(at: $0.start) == halfDay })
    for minutes in [0, 5, 10] {
      var bar = last
      bar.start = Timestamp(
        nanoseconds: Zone.newYork.instant(on: halfDay, secondOfDay: 46_800 + minutes * 60)
          .nanoseconds)
      bar.end = Timestamp(nanoseconds: bar.start.nanoseconds + 300_000_000_000)
      bar.knownAt = bar.end
      draft.rows.append(bar)
    }
    draft.rows.sort { $0.start < $1.start }
    let found = Quality.check(draft.batch, in: context)
    #expect(counts(found) == ["past_early_close": 3])
    #expect(found.contains { $0.found.contains("2018-11-23 closed early") })
  }
}
