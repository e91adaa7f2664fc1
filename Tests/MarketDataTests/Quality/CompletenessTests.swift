import Market
import MarketData
import Runtime
import TestKit
import Testing

@Suite("Completeness against the exchange's calendar")
struct CompletenessTests {
  private func missing(_ draft: DraftBars, now: Timestamp? = nil) -> [MarketData.Finding] {
    Quality.check(draft.batch, in: QualityContext(calendar: .nyse, now: now))
      .filter { $0.code == "missing_bars" }
  }

  // PEERS 29: downloads with holes, different at each attempt, and a filler that hides them.
  @Test("thread 29: the same bars give the same list of holes, and no bar is put into them")
  func thread29() throws {
    var draft = try DraftBars.clean(.minute, from: "2018-02-16", to: "2018-02-23", seed: 4)
    let whole = draft.rows.count
    draft.rows.removeSubrange(500..<503)
    draft.rows.removeSubrange(100..<101)
    let batch = draft.batch
    let (first, second) = (missing(draft), missing(draft))
    #expect(first == second)
    #expect(first.map(\.count) == [1, 3])
    #expect(first[1].found.hasPrefix("no bars from 2018-02-20 11:20 to 2018-02-20 11:22, 3"))
    #expect(first[1].found.hasSuffix("(in all 4 of \(Runtime.NumberText.count(whole)) expected)"))
    #expect(batch.count == whole - 4)
  }

  @Test("sessions that are missing next to each other are one hole; holidays and weekends are none")
  func ranges() throws {
    var draft = try DraftBars.clean(from: "2012-10-01", to: "2012-11-30", seed: 5)
    // Hurricane Sandy closed 2012-10-29 and -30; the sessions on both sides of it are taken out.
    let dates = try ["2012-10-26", "2012-10-31"].map { try CivilDate(parsing: $0) }
    draft.rows.removeAll { dates.contains(Zone.newYork.date(at: $0.start)) }
    let found = missing(draft)
    #expect(found.count == 1)
    #expect(found.first?.count == 2)
    #expect(found.first?.found.contains("no bars from 2012-10-26 to 2012-10-31, 2") == true)
  }

  @Test("beyond the share that the profile bears, missing bars are an error; live bears none")
  func share() throws {
    var draft = try DraftBars.clean(from: "2012-01-03", to: "2012-12-31", seed: 6)
    draft.rows.remove(at: 40)
    #expect(missing(draft).map(\.severity) == [.warning])
    let live = QualityContext(calendar: .nyse, thresholds: .live)
    #expect(Quality.check(draft.batch, in: live).map(\.severity).max() == .error)
    draft.rows.removeSubrange(60..<70)
    #expect(missing(draft).map(\.severity) == [.error, .error])
  }

  @Test("a last day that breaks off is told as such; one still under way is not")
  func brokenOff() throws {
    var draft = try DraftBars.clean(.minute, from: "2018-03-01", to: "2018-03-02", seed: 7)
    draft.rows.removeLast(300)
    let found = Quality.check(draft.batch, in: QualityContext(calendar: .nyse))
    #expect(counts(found) == ["broken_off_day": 300])
    #expect(found.contains { $0.found.contains("2018-03-02 11:00") })
    // A daily bar is due when its session is over.
    var daily = try DraftBars.clean(from: "2018-02-01", to: "2018-03-02", seed: 7)
    daily.rows.removeLast()
    let inSession = daily.rows[daily.rows.count - 1].start
    let early = QualityContext(calendar: .nyse, now: inSession)
    #expect(counts(Quality.check(daily.batch, in: early)) == [:])
    let underWay = QualityContext(calendar: .nyse, now: draft.rows.last?.end)
    #expect(counts(Quality.check(draft.batch, in: underWay)) == [:])
  }

  @Test("half days have their own number of bars")
  func halfDays() throws {
    let draft = try DraftBars.clean(.minute, from: "2018-11-19", to: "2018-11-26", seed: 8)
    #expect(draft.rows.count == 4 * 390 + 210)
    #expect(counts(Quality.check(draft.batch, in: QualityContext(calendar: .nyse))) == [:])
  }

  // PEERS 33: daylight saving makes bars out of order, or Fridays Saturdays.
  @Test(
    "thread 33: across every change of clocks from 2000 to 2030 bars stay in their sessions",
    arguments: 2000...2030)
  func thread33(year: Int) throws {
    for month in [3, 4, 10, 11] {
      let last = CivilDate.daysIn(month: month, year: year)
      let days = "\(year)-\(month < 10 ? "0" : "")\(month)"
      let hours = try DraftBars.clean(
        .hour, from: "\(days)-01", to: "\(days)-\(last)", seed: UInt64(year))
      let context = QualityContext(calendar: .nyse)
      #expect(counts(Quality.check(hours.batch, in: context)) == [:], "\(days)")
      // The same bars in the winter's clock throughout: an hour early in summer.
      var shifted = hours
      for row in shifted.rows.indices
      where Zone.newYork.offsetSeconds(at: shifted.rows[row].start) == -4 * 3600 {
        let hour: Int64 = 3_600_000_000_000
        shifted.rows[row].start.nanoseconds -= hour
        shifted.rows[row].end.nanoseconds -= hour
      }
      let summerDays = shifted.rows.count {
        Zone.newYork.offsetSeconds(at: $0.start) == -4 * 3600
      }
      let found = counts(Quality.check(shifted.batch, in: context), from: .note)
      #expect(
        (found.keys.contains { $0.hasPrefix("extended_hours") }) == (summerDays > 0), "\(days)")
    }
  }

  @Test("hours that start at full hours and hours from the open are both complete")
  func hourGrids() throws {
    let fromOpen = try DraftBars.clean(.hour, from: "2018-03-01", to: "2018-03-30", seed: 9)
    var byClock = fromOpen
    byClock.rows = []
    for session in try TradingCalendar.nyse.sessions(
      in: CivilDate(parsing: "2018-03-01")...CivilDate(parsing: "2018-03-30"))
    {
      let edges = [0, 30, 90, 150, 210, 270, 330, 390].map {
        Timestamp(nanoseconds: session.open.nanoseconds + Int64($0) * 60_000_000_000)
      }
      for (start, end) in zip(edges, edges.dropFirst()) {
        byClock.rows.append(
          .init(
            start: start, end: end, knownAt: end, open: 10, high: 11, low: 9, close: 10, volume: 5))
      }
    }
    #expect(missing(fromOpen).isEmpty)
    #expect(missing(byClock).isEmpty)
    byClock.rows.remove(at: 30)
    #expect(missing(byClock).map(\.count) == [1])
  }

  @Test("a market without a calendar, and years nobody wrote down, are told in plain words")
  func noCalendar() throws {
    let draft = try DraftBars.clean(from: "2012-01-03", to: "2012-03-30", seed: 10)
    let without = Quality.check(draft.batch, in: QualityContext(calendar: nil, zone: .utc))
    #expect(counts(without, from: .note)["no_calendar"] == draft.rows.count)
    #expect(without.contains { $0.found == "no calendar of an exchange in UTC" })
    var early = draft
    for row in early.rows.indices {
      let years = 40 * 365 * Timestamp.nanosecondsPerDay
      early.rows[row].start.nanoseconds -= years
      early.rows[row].end.nanoseconds -= years
      early.rows[row].knownAt.nanoseconds -= years
    }
    let unknown = Quality.check(early.batch, in: QualityContext(calendar: .nyse))
    #expect(counts(unknown, from: .note)["no_calendar"] == draft.rows.count)
    #expect(counts(unknown) == [:])
  }

  @Test("more holes than anyone reads are told by session")
  func manyHoles() throws {
    var draft = try DraftBars.clean(.minute, from: "2018-02-01", to: "2018-03-16", seed: 11)
    let whole = draft.rows.count
    draft.rows = draft.rows.enumerated().filter { $0.offset % 4 != 2 }.map(\.element)
    let found = missing(draft)
    #expect(found.count <= 31)
    #expect(found.reduce(0) { $0 + $1.count } == whole - draft.rows.count)
  }
}
