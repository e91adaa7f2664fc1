import Market
import Runtime
import TestKit
import Testing

@Suite("TradingCalendar") struct TradingCalendarTests {
  private static func date(_ text: String) throws -> CivilDate { try CivilDate(parsing: text) }

  @Test(
    "days without a session, and why",
    arguments: [
      ("1993-12-24", "Christmas"), ("1994-04-27", "funeral of Richard Nixon"),
      ("1998-01-19", "Martin Luther King Day"), ("1999-04-02", "Good Friday"),
      ("1999-12-24", "Christmas"), ("2001-09-11", "attacks of September 11"),
      ("2001-09-14", "attacks of September 11"), ("2004-06-11", "funeral of Ronald Reagan"),
      ("2006-01-02", "New Year's Day"), ("2007-01-02", "mourning for Gerald Ford"),
      ("2008-03-21", "Good Friday"), ("2012-10-29", "hurricane Sandy"),
      ("2012-10-30", "hurricane Sandy"), ("2015-07-03", "Independence Day"),
      ("2018-12-05", "mourning for George H. W. Bush"), ("2021-12-24", "Christmas"),
      ("2022-06-20", "Juneteenth"), ("2023-01-02", "New Year's Day"),
      ("2024-03-29", "Good Friday"), ("2024-11-28", "Thanksgiving"),
      ("2025-01-09", "mourning for Jimmy Carter"), ("2024-06-15", "weekend"),
      ("2026-07-03", "Independence Day"), ("2035-09-03", "Labor Day"),
    ])
  func closed(day: String, reason: String) throws {
    #expect(try TradingCalendar.nyse.day(Self.date(day)) == .closed(reason: reason))
    #expect(try TradingCalendar.nasdaq.session(on: Self.date(day)) == nil)
  }

  @Test(
    "days that some calendars close and the exchange did not",
    arguments: [
      "1997-01-20", "1999-12-31", "2010-12-31", "2021-06-18", "2021-12-31", "2022-06-17",
      "2005-12-30", "1994-07-05", "2027-12-31", "2014-12-26",
    ])
  func open(day: String) throws {
    #expect(try TradingCalendar.nyse.session(on: Self.date(day)) != nil)
  }

  @Test(
    "sessions of unusual length, in UTC",
    arguments: [
      ("1991-12-24", "14:30", "19:00"), ("1992-11-27", "14:30", "19:00"),
      ("1993-11-26", "14:30", "18:00"), ("1996-01-08", "16:00", "19:00"),
      ("1996-07-05", "13:30", "17:00"), ("1999-12-31", "14:30", "18:00"),
      ("2002-07-05", "13:30", "17:00"), ("2002-09-11", "16:00", "20:00"),
      ("2003-12-26", "14:30", "18:00"), ("2013-07-03", "13:30", "17:00"),
      ("2020-11-27", "14:30", "18:00"), ("2024-12-24", "14:30", "18:00"),
      ("2029-07-03", "13:30", "17:00"),
    ])
  func unusual(day: String, open: String, close: String) throws {
    let session = try #require(try TradingCalendar.nyse.session(on: Self.date(day)))
    #expect(session.open.description == "\(day)T\(open):00Z")
    #expect(session.close.description == "\(day)T\(close):00Z")
    #expect(session.note != nil)
    #expect(session.isHalfDay == !(day == "2002-09-11"))
  }

  @Test(
    "a Wednesday before a Thursday holiday was a whole day until 2012",
    arguments: ["1991-07-03", "2002-07-03", "2013-07-05", "2008-12-26", "1994-07-01"])
  func wholeDays(day: String) throws {
    let session = try #require(try TradingCalendar.nyse.session(on: Self.date(day)))
    #expect(!session.isHalfDay)
    #expect(session.barCount(.minute) == 390)
  }

  @Test("NASDAQ keeps no minutes of silence, and opened earlier on 2002-09-11")
  func nasdaq() throws {
    let anniversary = try Self.date("2002-09-11")
    #expect(
      try TradingCalendar.nasdaq.session(on: anniversary)?.open.description
        == "2002-09-11T15:00:00Z")
    let day = try Self.date("2001-09-17")
    #expect(try TradingCalendar.nyse.session(on: day)?.open.description == "2001-09-17T13:33:00Z")
    #expect(
      try TradingCalendar.nasdaq.session(on: day)?.open.description == "2001-09-17T13:30:00Z")
  }

  @Test(
    "sessions and their bars run forward and never overlap, 1990–2035",
    arguments: TradingCalendar.all)
  func neverOverlap(calendar: TradingCalendar) throws {
    let sessions = try calendar.sessions(in: calendar.range)
    var previous: Session?
    for session in sessions {
      #expect(session.extendedOpen <= session.open && session.open < session.close)
      #expect(session.close <= session.extendedClose)
      #expect(calendar.zone.date(at: session.open) == session.date)
      #expect(calendar.zone.date(at: session.extendedClose) == session.date)
      if let previous {
        #expect(previous.extendedClose < session.extendedOpen, "\(session.date)")
        #expect(try calendar.nextSession(after: previous.date) == session)
        #expect(try calendar.previousSession(before: session.date) == previous)
      }
      #expect(try calendar.isOpen(at: session.open))
      #expect(try !calendar.isOpen(at: session.close))
      previous = session
      for interval in try ["15min", "1h", "1d"].map({ try BarInterval(parsing: $0) }) {
        let bars = session.bars(interval)
        #expect(bars.count == session.barCount(interval))
        #expect(bars.first?.lowerBound == session.open && bars.last?.upperBound == session.close)
        for (bar, next) in zip(bars, bars.dropFirst()) {
          #expect(bar.upperBound == next.lowerBound)
        }
      }
    }
    let weekdays = calendar.range.filter { !$0.weekday.isWeekend }
    let closed = try weekdays.filter { try calendar.session(on: $0) == nil }
    // India trades on some Saturdays and Sundays.
    let weekends = sessions.filter { $0.date.weekday.isWeekend }
    #expect(weekends.allSatisfy { $0.note != nil } && (weekends.isEmpty || calendar.name == "NSE"))
    #expect(sessions.count == weekdays.count - closed.count + weekends.count)
    #expect(Array(try calendar.sessionDays(in: calendar.range)) == sessions.map(\.date))
  }

  @Test("the open keeps its wall time across every change of clocks, 1990–2035")
  func changesOfClocks() throws {
    let calendar = TradingCalendar.nyse
    for year in 1991...2035 {
      let july = try #require(CivilDate(year: year, month: 7, day: 10))
      for instant in [Zone.newYork.span(at: Zone.newYork.instant(on: july, secondOfDay: 0))]
        .flatMap({ [$0.start, $0.end] })
      {
        let change = Zone.newYork.date(at: instant)
        let (before, after) = (
          try calendar.previousSession(before: change), try calendar.nextSession(after: change)
        )
        for session in [before, after] {
          let wall = Zone.newYork.wallTime(at: session.open)
          #expect(wall.nanosecondOfDay == Int64(9 * 3600 + 1800) * 1_000_000_000)
        }
        // The night between them is an hour shorter or longer, and the bars stay in order.
        let hours = (after.open.nanoseconds - before.open.nanoseconds) / 3_600_000_000_000
        let days = after.date.dayNumber - before.date.dayNumber
        #expect([Int64(days) * 24 - 1, Int64(days) * 24 + 1].contains(hours))
      }
    }
  }

  @Test("bars in a session of 390 minutes: 390, 195, 78, 39, 26, 13, 7")
  func barsPerSession() throws {
    let session = try #require(try TradingCalendar.nyse.session(on: Self.date("2024-06-03")))
    let intervals = try ["1min", "2min", "5min", "10min", "15min", "30min", "1h", "1d"].map {
      try BarInterval(parsing: $0)
    }
    #expect(intervals.map { session.barCount($0) } == [390, 195, 78, 39, 26, 13, 7, 1])
    #expect(
      intervals.map { TradingCalendar.nyse.barsPerSession($0) } == [
        390, 195, 78, 39, 26, 13, 7, 1,
      ])
    let half = try #require(try TradingCalendar.nyse.session(on: Self.date("2024-11-29")))
    #expect(intervals.map { half.barCount($0) } == [210, 105, 42, 21, 14, 7, 4, 1])
    // Six before the open, seven in the session, four after the close: none straddles them.
    #expect(session.barCount(.hour, hours: .extended) == 17)
    #expect(
      session.bar(6, of: .hour) == Timestamp(
        nanoseconds: session.close.nanoseconds - 1_800_000_000_000)..<session.close)
  }

  @Test("a year has 252 sessions in New York and 6,552 bars of 15 minutes")
  func barsPerYear() throws {
    let calendar = TradingCalendar.nyse
    #expect(calendar.sessionsPerYear == 252)
    #expect(try calendar.barsPerYear(BarInterval(parsing: "15min")) == 6552)
    #expect(calendar.barsPerYear(.minute) == 252 * 390)
    #expect(calendar.barsPerYear(.day) == 252)
    #expect(calendar.barsPerYear(.week).rounded() == 52)
    for year in calendar.years {
      let first = try #require(CivilDate(year: year, month: 1, day: 1))
      let last = try #require(CivilDate(year: year, month: 12, day: 31))
      #expect((248...254).contains(try calendar.sessionDays(in: first...last).count), "\(year)")
    }
  }

  @Test("days outside the known years are refused with the remedy")
  func outside() throws {
    let error = #expect(throws: CalendarError.self) {
      try TradingCalendar.nyse.session(on: Self.date("1989-12-29"))
    }
    #expect(
      error?.diagnosis
        == Diagnosis(
          place: "NYSE calendar, 1989-12-29",
          finding: "its sessions are known for the years 1990 to 2035 only",
          remedy: "choose days from 1990-01-01 to 2035-12-31", exitCode: .wrongUsage))
    #expect(throws: CalendarError.self) {
      try TradingCalendar.nyse.nextSession(after: Self.date("2035-12-31"))
    }
    #expect(throws: CalendarError.self) {
      try TradingCalendar.nyse.previousSession(before: Self.date("1990-01-02"))
    }
    #expect(throws: CalendarError.self) {
      try TradingCalendar.nse.day(Self.date("2027-03-18"))
    }
    #expect(throws: CalendarError.self) { try TradingCalendar(named: "LSE") }
    #expect(try TradingCalendar(named: "nasdaq").name == "NASDAQ")
    // The weekday before the first known session lies in a year that is not known.
    #expect(try TradingCalendar.nyse.nextSession(after: Self.date("1990-01-01")).date.day == 2)
  }

  @Test("NSE trades from 09:15 to 15:30 in India")
  func india() throws {
    let session = try #require(try TradingCalendar.nse.session(on: Self.date("2019-07-09")))
    #expect(session.open.description == "2019-07-09T03:45:00Z")
    #expect(session.close.description == "2019-07-09T10:00:00Z")
    #expect(session.barCount(.minute) == 375)
    #expect(try TradingCalendar.nse.session(on: Self.date("2019-08-12")) == nil)
  }

  @Test(
    "Diwali's hour is a session of its own, on weekdays, Saturdays and Sundays",
    arguments: [
      ("2012-11-13", "2012-11-13T10:15:00Z", 75), ("2013-11-03", "2013-11-03T12:45:00Z", 75),
      ("2021-11-04", "2021-11-04T12:45:00Z", 60), ("2020-11-14", "2020-11-14T12:45:00Z", 60),
      ("2023-11-12", "2023-11-12T12:45:00Z", 60), ("2024-11-01", "2024-11-01T12:30:00Z", 60),
      ("2025-10-21", "2025-10-21T08:15:00Z", 60), ("2015-02-28", "2015-02-28T03:45:00Z", 375),
      ("2026-02-01", "2026-02-01T03:45:00Z", 375), ("2024-03-02", "2024-03-02T03:45:00Z", 195),
    ])
  func indianSpecials(day: String, open: String, minutes: Int) throws {
    let session = try #require(try TradingCalendar.nse.session(on: Self.date(day)))
    #expect(session.open.description == open)
    #expect(session.barCount(.minute) == minutes)
    #expect(session.note != nil)
  }

  @Test(
    "the holidays of 2022 to 2026 are closed, the days around them are not",
    arguments: ["2022-03-18", "2023-06-29", "2024-01-22", "2024-11-20", "2025-10-22", "2026-01-15"])
  func indianHolidays(day: String) throws {
    #expect(try TradingCalendar.nse.session(on: Self.date(day)) == nil)
    #expect(try TradingCalendar.nse.previousSession(before: Self.date(day)).date < Self.date(day))
  }

  @Test("indices of the CBOE are computed a quarter of an hour longer than shares trade")
  func volatilityIndex() throws {
    let calendar = try TradingCalendar(named: "cboe")
    let usual = try #require(try calendar.session(on: Self.date("2024-03-08")))
    #expect(usual.open.description == "2024-03-08T14:30:00Z")
    #expect(usual.close.description == "2024-03-08T21:15:00Z")
    let half = try #require(try calendar.session(on: Self.date("2024-11-29")))
    #expect(half.close.description == "2024-11-29T18:15:00Z" && half.isHalfDay)
    #expect(try calendar.session(on: Self.date("2025-01-09")) == nil)
    // Silence on a trading floor stops no index.
    let silent = try #require(try calendar.session(on: Self.date("2004-06-07")))
    #expect(silent.open.description == "2004-06-07T13:30:00Z")
  }
}
