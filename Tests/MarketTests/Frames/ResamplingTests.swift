import Market
import Runtime
import TestKit
import Testing

@Suite("Resampling") struct ResamplingTests {
  private static let calendar = TradingCalendar.nyse

  /// Random bars of `interval` on every session of some days, extended hours included.
  private static func bars(
    _ interval: String, from first: String, to last: String, seed: UInt64 = 1, missing: Double = 0
  ) throws -> Frame {
    var generator = SeededGenerator(seed: seed)
    let interval = try BarInterval(parsing: interval)
    var (spans, figures): ([Range<Timestamp>], [[Double]]) = ([], [])
    let days = try CivilDate(parsing: first)...CivilDate(parsing: last)
    for session in try calendar.sessions(in: days) {
      for span in session.bars(interval, hours: .extended) {
        guard Double.random(in: 0..<1, using: &generator) >= missing else { continue }
        let (open, close) = (
          Double.random(in: 90...110, using: &generator),
          Double.random(in: 90...110, using: &generator)
        )
        spans.append(span)
        figures.append([
          open, max(open, close) + 1, min(open, close) - 1, close,
          Double(Int.random(in: 0...1000, using: &generator)),
        ])
      }
    }
    func column(_ place: Int) -> AnyColumn { .double(Column(figures.map { $0[place] })) }
    return try Frame(
      checking: Symbol(parsing: "SPY"), interval: interval,
      start: Column(spans.map(\.lowerBound.nanoseconds)),
      end: Column(spans.map(\.upperBound.nanoseconds)),
      knownAt: Column(spans.map(\.upperBound.nanoseconds)),
      columns: [
        ("open", column(0)), ("high", column(1)), ("low", column(2)), ("close", column(3)),
        ("volume", column(4)), ("tag", .int32(Column(spans.indices.map(Int32.init)))),
      ])
  }

  @Test(
    "a session of 390 minutes makes so many bars, and a half day fewer",
    arguments: [
      ("1min", 390, 210), ("2min", 195, 105), ("5min", 78, 42), ("10min", 39, 21),
      ("15min", 26, 14), ("30min", 13, 7), ("1h", 7, 4), ("1d", 1, 1),
    ])
  func counts(interval: String, whole: Int, half: Int) throws {
    let coarse = try BarInterval(parsing: interval)
    let minutes = try Self.bars("1min", from: "2024-11-27", to: "2024-11-29")
    let bars = try minutes.resampled(to: coarse, calendar: Self.calendar)
    #expect(bars.count == whole + half)
    #expect(bars.interval == coarse)
    let total = try minutes.within(.regular, of: Self.calendar)
    #expect(bars["volume"]?.reduce(0, +) == total["volume"]?.reduce(0, +))
    #expect(bars["open"]?.first == total["open"]?.first)
    #expect(bars["close"]?.last == total["close"]?.last)
    #expect(bars["high"]?.max() == total["high"]?.max())
    #expect(bars["low"]?.min() == total["low"]?.min())
  }

  @Test(
    "coarse bars are in order, sound and known at their end, across changes of clocks",
    arguments: [
      ("2007-03-05", "2007-03-16"), ("2024-10-28", "2024-11-08"), ("1996-01-05", "1996-01-09"),
    ])
  func order(first: String, last: String) throws {
    let minutes = try Self.bars("1min", from: first, to: last, seed: 9, missing: 0.3)
    for text in ["5min", "1h", "1d", "2d", "1w"] {
      for hours in SessionHours.allCases {
        let coarse = try BarInterval(parsing: text)
        let bars = try minutes.resampled(
          to: coarse, calendar: Self.calendar, hours: hours,
          completeThrough: Timestamp(nanoseconds: .max))
        // The checking initialiser is the judge of order.
        _ = try Frame(
          checking: bars.symbol, interval: coarse, start: bars.start, end: bars.end,
          knownAt: bars.knownAt, columns: [])
        #expect(bars.count > 0)
        for row in 0..<bars.count {
          #expect(bars.bar(row).faults.isEmpty, "\(text) \(row)")
          #expect(bars.knownAt[row] == bars.end[row])
        }
      }
    }
  }

  @Test("in two steps or in one, the bars are the same", arguments: 0..<3)
  func twoSteps(seed: UInt64) throws {
    let minutes = try Self.bars("1min", from: "2024-07-01", to: "2024-07-12", seed: seed)
    func resample(_ frame: Frame, _ interval: String) throws -> Frame {
      try frame.resampled(to: BarInterval(parsing: interval), calendar: Self.calendar)
    }
    for steps in [["5min", "15min", "30min"], ["1h", "1d", "1w"], ["10min", "1d", "2d"]] {
      let target = try #require(steps.last)
      let direct = try resample(minutes, target)
      let stepwise = try steps.reduce(minutes) { try resample($0, $1) }
      for name in ["open", "high", "low", "close", "volume"] {
        #expect(direct[name] == stepwise[name], "\(steps) \(name)")
      }
      #expect(direct.knownAt == stepwise.knownAt)
      #expect(
        direct.column("tag", of: Int32.self) == stepwise.column("tag", of: Int32.self))
    }
  }

  @Test("a week's bar goes from its first open to its last close and never to a Saturday")
  func weeks() throws {
    let minutes = try Self.bars("30min", from: "2024-06-24", to: "2024-07-05")
    let weeks = try minutes.resampled(to: .week, calendar: Self.calendar)
    #expect(weeks.count == 2)
    let spans = (0..<2).map { (weeks.bar($0).start.description, weeks.bar($0).end.description) }
    #expect(spans[0] == ("2024-06-24T13:30:00Z", "2024-06-28T20:00:00Z"))
    #expect(spans[1] == ("2024-07-01T13:30:00Z", "2024-07-05T20:00:00Z"))
  }

  @Test("a last bar that is still being made is left out unless asked for")
  func unfinished() throws {
    let minutes = try Self.bars("1min", from: "2024-06-03", to: "2024-06-03")
    let regular = try minutes.within(.regular, of: Self.calendar)
    let cut = regular.slice(0..<64)
    let hour = BarInterval.hour
    #expect(try cut.resampled(to: hour, calendar: Self.calendar).count == 1)
    let kept = try cut.resampled(
      to: hour, calendar: Self.calendar, completeThrough: Timestamp(nanoseconds: .max))
    #expect(kept.count == 2)
    // Even so it is known only when its place on the grid is over.
    #expect(kept.bar(1).knownAt.description == "2024-06-03T15:30:00Z")
    #expect(try cut.slice(0..<60).resampled(to: hour, calendar: Self.calendar).count == 1)
  }

  @Test("missing values are passed over, and nothing but missing ones makes a missing one")
  func missingValues() throws {
    let minutes = try Self.bars("1min", from: "2024-06-03", to: "2024-06-03")
      .within(.regular, of: Self.calendar)
    let holes = Column(
      minutes.start.indices.map { $0 < 5 || $0 == 5 || $0 == 8 ? Double.nan : Double($0) })
    let bars = try minutes.adding(holes, as: "open").adding(holes, as: "volume")
      .resampled(to: BarInterval(parsing: "5min"), calendar: Self.calendar)
    #expect(bars["open"]?[0].isNaN == true && bars["volume"]?[0].isNaN == true)
    #expect(bars["open"]?[1] == 6 && bars["volume"]?[1] == 6 + 7 + 9)
  }

  @Test("bars that would be cut, or made finer, are refused")
  func refuses() throws {
    let bars = try Self.bars("2min", from: "2024-06-03", to: "2024-06-03")
    let error = #expect(throws: FrameError.self) {
      try bars.resampled(to: BarInterval(parsing: "5min"), calendar: Self.calendar)
    }
    #expect(error?.diagnosis.finding == "bars of 2min cannot be made into bars of 5min")
    #expect(throws: FrameError.self) { try bars.resampled(to: .minute, calendar: Self.calendar) }
    let early = try Self.bars("2min", from: "2010-06-03", to: "2010-06-03")
    #expect(throws: FrameError.self) { try early.resampled(to: .day, calendar: .nse) }
    #expect(
      try bars.resampled(to: bars.interval, calendar: Self.calendar).count == 195)
  }
}
