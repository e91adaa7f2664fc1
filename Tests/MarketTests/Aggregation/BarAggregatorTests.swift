import Market
import Runtime
import TestKit
import Testing

@Suite("Aggregation in a stream") struct BarAggregatorTests {
  private static let calendar = TradingCalendar.nyse

  /// The coarse bars that a stream gives of `fine`, with the clock moved at random in between.
  private static func streamed(
    _ fine: Frame, to coarse: BarInterval, calendar: TradingCalendar = calendar,
    hours: SessionHours, clockSeed: UInt64
  ) throws -> Frame {
    var generator = SeededGenerator(seed: clockSeed)
    var stream = try BarAggregator(
      symbol: fine.symbol, from: fine.interval, to: coarse, calendar: calendar, hours: hours,
      columns: fine.names)
    var bars: [BarRow] = []
    let rows = try fine.rows(of: fine.names)
    for (index, row) in rows.enumerated() {
      let given = try stream.add(row)
      #expect(given.allSatisfy { $0.end <= row.end }, "a bar was given before its end")
      bars += given
      if index + 1 < rows.count, Int.random(in: 0..<4, using: &generator) == 0 {
        // Any instant up to the next bar's start: all that ends by then has been given.
        let next = rows[index + 1].start.nanoseconds
        bars += stream.advance(
          to: Timestamp(nanoseconds: .random(in: row.end.nanoseconds...next, using: &generator)))
      }
    }
    return try Frame(bars, symbol: fine.symbol, interval: coarse, columns: fine.names)
  }

  private static func expectSame(
    _ fine: Frame, to coarse: String, hours: SessionHours, seed: UInt64
  ) throws {
    let interval = try BarInterval(parsing: coarse)
    let batch = try fine.resampled(to: interval, calendar: calendar, hours: hours)
    let stream = try streamed(fine, to: interval, hours: hours, clockSeed: seed)
    #expect(areIdentical(batch, stream), "\(fine.interval) to \(coarse), \(hours), seed \(seed)")
    for row in 0..<batch.count {
      #expect(batch.knownAt[row] >= batch.end[row])
    }
  }

  @Test(
    "stream and batch give the same bits around every change of clocks and half day, 2000–2030",
    arguments: 2000...2030)
  func sameBits(year: Int) throws {
    let sessions = try RandomBars.oddSessions(year)
    let fine = try RandomBars.frame(
      BarInterval(parsing: "5min"), sessions: sessions, seed: UInt64(year))
    for hours in SessionHours.allCases {
      for coarse in ["10min", "15min", "30min", "1h", "1d", "1w"] {
        try Self.expectSame(fine, to: coarse, hours: hours, seed: UInt64(year))
      }
    }
  }

  @Test(
    "stream and batch agree for any pair of lengths",
    arguments: [
      ("1min", "2min"), ("1min", "5min"), ("1min", "7min"), ("1min", "1h"), ("2min", "10min"),
      ("10min", "30min"), ("30min", "1h"), ("15min", "1d"), ("30s", "1min"), ("1h", "1d"),
      ("1d", "1w"), ("1d", "2d"), ("1d", "3w"), ("1w", "2w"), ("1min", "1w"), ("1min", "1min"),
    ])
  func pairs(fine: String, coarse: String) throws {
    let interval = try BarInterval(parsing: fine)
    let last = interval.isIntraday ? "2024-07-12" : "2025-03-31"
    let sessions = try Self.calendar.sessions(
      in: CivilDate(parsing: "2024-06-27")...CivilDate(parsing: last))
    // The bars of weeks come from aggregation itself.
    let base = fine == "1w" ? BarInterval.day : interval
    var frame = try RandomBars.frame(
      base, sessions: sessions, hours: base.isIntraday ? .extended : .regular, seed: 5)
    if fine == "1w" { frame = try frame.resampled(to: .week, calendar: Self.calendar) }
    try Self.expectSame(frame, to: coarse, hours: .regular, seed: 5)
  }

  @Test(
    "a million bars: stream and batch agree",
    .enabled(if: FuzzBudget.isNightly, "a million bars: set MARTINET_NIGHTLY"),
    arguments: ["5min", "15min", "1h", "1d", "1w"])
  func million(coarse: String) throws {
    let sessions = try Self.calendar.sessions(
      in: CivilDate(parsing: "2014-01-02")...CivilDate(parsing: "2025-12-31"))
    let fine = try RandomBars.frame(
      .minute, sessions: sessions, hours: .regular, seed: 11, missing: 0.01)
    #expect(fine.count > 1_000_000)
    try Self.expectSame(fine, to: coarse, hours: .regular, seed: 3)
  }

  @Test("bars are what a plain search through each place of the session finds", arguments: 0..<6)
  func oracle(seed: UInt64) throws {
    let sessions = Array(try RandomBars.oddSessions(2024).prefix(6))
    let fine = try RandomBars.frame(.minute, sessions: sessions, seed: seed, missing: 0.3)
    for text in ["5min", "15min", "1h", "1d"] {
      let coarse = try BarInterval(parsing: text)
      let hours: SessionHours = seed.isMultiple(of: 2) ? .regular : .extended
      let bars = try fine.resampled(
        to: coarse, calendar: Self.calendar, hours: hours,
        completeThrough: Timestamp(nanoseconds: .max))
      var row = 0
      for place in sessions.flatMap({ $0.bars(coarse, hours: hours) }) {
        let parts = (0..<fine.count).filter {
          place.contains(Timestamp(nanoseconds: fine.start[$0]))
        }
        guard let first = parts.first, let last = parts.last else { continue }
        #expect(bars.start[row] == place.lowerBound.nanoseconds)
        #expect(bars.end[row] == place.upperBound.nanoseconds)
        #expect(bars.knownAt[row] == max(place.upperBound.nanoseconds, fine.knownAt[last]))
        #expect(bars["open"]?[row] == fine["open"]?[first])
        #expect(bars["close"]?[row] == fine["close"]?[last])
        #expect(bars["high"]?[row] == parts.compactMap { fine["high"]?[$0] }.max())
        #expect(bars["low"]?[row] == parts.compactMap { fine["low"]?[$0] }.min())
        let volumes = parts.compactMap { fine["volume"]?[$0] }
        let traded = volumes.filter { $0 > 0 }.reduce(0, +)
        if traded > 0 {
          let value = zip(parts, volumes).reduce(0) { sum, part in
            part.1 > 0 ? sum + (fine["vwap"]?[part.0] ?? 0) * part.1 : sum
          }
          #expect(abs((bars["vwap"]?[row] ?? 0) - value / traded) < 1e-9)
        }
        row += 1
      }
      #expect(row == bars.count)
    }
  }

  @Test("no bar mixes trading before the open, in the session and after the close")
  func partsStayApart() throws {
    let sessions = try RandomBars.oddSessions(2024)
    for interval in ["1h", "2h", "7min"] {
      for session in sessions {
        for bar in session.bars(try BarInterval(parsing: interval), hours: .extended) {
          #expect(!(bar.lowerBound < session.open && session.open < bar.upperBound))
          #expect(!(bar.lowerBound < session.close && session.close < bar.upperBound))
        }
      }
    }
    let fine = try RandomBars.frame(.minute, sessions: sessions, seed: 1, missing: 0)
    let hours = try fine.resampled(to: .hour, calendar: Self.calendar, hours: .extended)
    let regular = try fine.resampled(to: .hour, calendar: Self.calendar, hours: .regular)
    let inside = try hours.within(.regular, of: Self.calendar)
    #expect(areIdentical(inside, regular.slice(0..<inside.count)))
  }

  @Test("a bar is given with its last part, with a later one, or when the clock is there")
  func whenGiven() throws {
    let session = try #require(
      try Self.calendar.session(on: CivilDate(parsing: "2024-06-03")))
    let minutes = session.bars(.minute)
    var stream = try BarAggregator(
      symbol: Symbol(parsing: "A"), from: .minute, to: BarInterval(parsing: "5min"),
      calendar: Self.calendar)
    func row(_ minute: Int, lateBy seconds: Int64 = 0) -> BarRow {
      let place = minutes[minute]
      let known = Timestamp(nanoseconds: place.upperBound.nanoseconds + seconds * 1_000_000_000)
      return BarRow(
        start: place.lowerBound, end: place.upperBound, knownAt: known, values: [1, 2, 0.5, 1, 9])
    }
    for minute in 0..<4 { #expect(try stream.add(row(minute)) == []) }
    let whole = try stream.add(row(4))
    #expect(whole.map(\.knownAt) == [minutes[4].upperBound])
    #expect(whole.first?.values == [1, 2, 0.5, 1, 45])
    // The second bar lacks its end; the third's part tells, and is known late itself.
    #expect(try stream.add(row(5)) == [])
    #expect(stream.unfinished == minutes[5].lowerBound..<minutes[9].upperBound)
    #expect(try stream.add(row(11, lateBy: 600)).map(\.start) == [minutes[5].lowerBound])
    let late = stream.advance(to: minutes[14].upperBound)
    #expect(
      late.map(\.knownAt.nanoseconds) == [minutes[11].upperBound.nanoseconds + 600 * 1_000_000_000])
    #expect(stream.advance(to: minutes[20].upperBound) == [])
    // What comes behind the clock is refused, not put into a bar that was given already.
    let error = #expect(throws: FrameError.self) { try stream.add(row(16, lateBy: 600)) }
    #expect(error?.diagnosis.finding.contains("already") == true)
  }

  @Test("trading outside the hours is left out and counted, and still moves the clock")
  func outside() throws {
    let session = try #require(
      try Self.calendar.session(on: CivilDate(parsing: "2024-06-03")))
    func row(_ place: Range<Timestamp>) -> BarRow {
      BarRow(
        start: place.lowerBound, end: place.upperBound, knownAt: place.upperBound,
        values: [1, 1, 1, 1, 1])
    }
    let rows = session.bars(.minute).dropLast(3) + session.bars(.minute, hours: .extended).suffix(1)
    var stream = try BarAggregator(
      symbol: Symbol(parsing: "A"), from: .minute, to: .hour, calendar: Self.calendar)
    var given: [BarRow] = []
    for place in rows { given += try stream.add(row(place)) }
    #expect(given.count == 7 && stream.leftOut == 1)
    let frame = try Frame(
      rows.map(row), symbol: Symbol(parsing: "A"), interval: .minute,
      columns: BarRow.plainColumns)
    #expect(try frame.resampled(to: .hour, calendar: Self.calendar).count == 7)
  }

  @Test("disorder, finer targets and bars that would be cut are refused")
  func refuses() throws {
    let symbol = try Symbol(parsing: "A")
    #expect(throws: FrameError.self) {
      try BarAggregator(symbol: symbol, from: .hour, to: .minute, calendar: Self.calendar)
    }
    let session = try #require(
      try Self.calendar.session(on: CivilDate(parsing: "2024-06-03")))
    let two = session.bars(try BarInterval(parsing: "2min"))
    func row(_ place: Range<Timestamp>) -> BarRow {
      BarRow(
        start: place.lowerBound, end: place.upperBound, knownAt: place.upperBound,
        values: [1, 1, 1, 1, 1])
    }
    var stream = try BarAggregator(
      symbol: symbol, from: BarInterval(parsing: "2min"), to: BarInterval(parsing: "5min"),
      calendar: Self.calendar)
    _ = try stream.add(row(two[1]))
    #expect(throws: FrameError.disorder(symbol: symbol, row: 1, .startsBeforeTheLastEnds)) {
      try stream.add(row(two[0]))
    }
    #expect(throws: FrameError.self) { try stream.add(row(two[2])) }
  }

  @Test("a week of daily bars, 1990–2035, is one week's sessions, and ends with its last")
  func weeks() throws {
    for calendar in [TradingCalendar.nyse, .nasdaq, .nse] {
      let sessions = try calendar.sessions(in: calendar.range)
      let daily = try RandomBars.frame(
        .day, sessions: sessions, hours: .regular, seed: 4, missing: 0, late: 0)
      let weekly = try daily.resampled(
        to: .week, calendar: calendar, completeThrough: Timestamp(nanoseconds: .max))
      var row = 0
      for week in Dictionary(
        grouping: sessions, by: { $0.date.advanced(by: 1 - $0.date.weekday.rawValue) }
      )
      .sorted(by: { $0.key < $1.key }).map(\.value) {
        #expect(weekly.bar(row).start == week.first?.open)
        #expect(weekly.bar(row).end == week.last?.close)
        let end = calendar.zone.date(at: weekly.bar(row).end)
        #expect(end == week.last?.date, "\(end)")
        row += 1
      }
      #expect(weekly.count == row)
    }
  }
}
