import Market
import Runtime

/// Completeness: the bars the exchange's calendar asks for, against those there are.
///
/// Holes are listed as stretches and never filled.
enum CalendarCheck {
  static func findings(_ subject: Subject) -> [Finding] {
    guard let first = subject.bars.days.first, let last = subject.bars.days.last else { return [] }
    guard let calendar = subject.context.calendar else {
      return [
        subject.finding(
          .noCalendar, at: subject.bars.batch.start[0], count: subject.batch.count,
          "no calendar of an exchange in \(subject.context.zone.name)")
      ]
    }
    return unknownDays(subject, calendar) + closedDays(subject, calendar)
      + holes(subject, calendar, from: first.date, to: last.date)
  }

  private static func unknownDays(_ subject: Subject, _ calendar: TradingCalendar) -> [Finding] {
    let unknown = subject.bars.days.filter { !$0.isKnown }
    guard let first = unknown.first, let last = unknown.last else { return [] }
    return [
      subject.finding(
        .noCalendar, at: subject.bars.batch.start[first.rows.lowerBound],
        count: unknown.reduce(0) { $0 + $1.rows.count },
        "\(calendar.name)'s sessions are known for \(calendar.years.lowerBound) to "
          + "\(calendar.years.upperBound); the series has \(FigureText.count(unknown.count)) days "
          + "outside, from \(first.date) to \(last.date)")
    ]
  }

  private static func closedDays(_ subject: Subject, _ calendar: TradingCalendar) -> [Finding] {
    subject.bars.days.compactMap { day -> Finding? in
      guard let reason = day.closedBecause else { return nil }
      let bars = day.rows.count
      return subject.finding(
        .barOnClosedDay, at: subject.bars.batch.start[day.rows.lowerBound], count: bars,
        "\(bars == 1 ? "a bar" : "\(FigureText.count(bars)) bars") on \(day.date), when "
          + "\(calendar.name) was closed: \(reason)")
    }
  }
}

// Holes.
extension CalendarCheck {
  /// Expected bars that are not there and follow each other.
  struct Hole {
    var first: Int64
    var last: Int64
    var count = 1
    /// Sessions it touches.
    var sessions = 1
  }

  /// More holes than this are told by session.
  private static let holesMax = 2000

  private static func holes(
    _ subject: Subject, _ calendar: TradingCalendar, from first: CivilDate, to last: CivilDate
  ) -> [Finding] {
    guard let expected = ExpectedBars(subject.bars) else { return [] }
    var search = HoleSearch(subject: subject, expected: expected)
    for session in calendar.knownSessions(from: first, to: last) { search.look(at: session) }
    let tail = search.takeTail()
    if search.holes.count > holesMax { search.joinBySession(calendar.zone) }
    let missing = search.holes.reduce(0) { $0 + $1.count }
    let share = Double(missing) / Double(max(1, search.expectedCount))
    let severity: Finding.Severity =
      share > subject.thresholds.missingShareMax ? .error : .warning
    return search.holes.map { hole in
      subject.finding(
        .missingBars, severity, at: hole.first, count: hole.count,
        words(hole, subject, missing: missing, of: search.expectedCount))
    } + (tail.map { [brokenOff($0, subject)] } ?? [])
  }

  private static func brokenOff(_ hole: Hole, _ subject: Subject) -> Finding {
    let batch = subject.bars.batch
    let lastEnd = subject.context.time(batch.end[batch.count - 1], of: .minute)
    return subject.finding(
      .brokenOffDay, at: batch.start[batch.count - 1], count: hole.count,
      "the last bar ends \(lastEnd); \(FigureText.count(hole.count)) bars to the close are missing")
  }

  private static func words(
    _ hole: Hole, _ subject: Subject, missing: Int, of expected: Int
  ) -> String {
    let place =
      hole.first == hole.last
      ? "no bar at \(subject.time(hole.first))"
      : "no bars from \(subject.time(hole.first)) to \(subject.time(hole.last)), "
        + "\(FigureText.count(hole.count))"
        + (subject.batch.interval.isIntraday && hole.sessions > 1
          ? " in \(hole.sessions) sessions" : "")
    return place
      + " (in all \(FigureText.count(missing)) of \(FigureText.count(expected)) expected)"
  }
}

/// Goes through sessions and gathers what is missing.
struct HoleSearch {
  let subject: Subject
  let expected: ExpectedBars
  private(set) var holes: [CalendarCheck.Hole] = []
  /// The same bar by bar, from when to when each would have gone.
  private(set) var missing: [Range<Int64>] = []
  private(set) var expectedCount = 0
  /// Each session with how many bars it should have and how many of them are not there.
  private(set) var sessions: [(date: CivilDate, expected: Int, missing: Int)] = []
  /// The next day of the series to compare with.
  private var day = 0
  /// Whether the expected bar before this one is missing too, in `holes`' last.
  private var isOpen = false
  /// Missing bars at the end of the last session looked at, and whether it is over.
  private var tail = 0
  private var isOver = true

  init(subject: Subject, expected: ExpectedBars) {
    self.subject = subject
    self.expected = expected
  }

  mutating func look(at session: Session) {
    let bars = subject.bars
    while day < bars.days.count, bars.days[day].date < session.date { day += 1 }
    let rows =
      day < bars.days.count && bars.days[day].date == session.date
      ? bars.days[day].rows : 0..<0
    var row = rows.lowerBound
    tail = 0
    let now = subject.context.now?.nanoseconds ?? .max
    isOver = session.close.nanoseconds <= now
    var isFirst = true
    let before = (expected: expectedCount, missing: missing.count)
    for start in expected.starts(of: session) {
      // What has not ended yet is nowhere.
      guard isOver || start + expected.length <= now else { break }
      expectedCount += 1
      while row < rows.upperBound, bars.batch.end[row] <= start, bars.batch.start[row] < start {
        row += 1
      }
      // A daily bar is its session's whatever its stamp.
      let isThere = row < rows.upperBound && (bars.batch.start[row] <= start || !isIntraday)
      if isThere {
        isOpen = false
        tail = 0
      } else {
        add(start, newSession: isFirst)
        missing.append(start..<expected.end(of: start, in: session))
        tail += 1
      }
      isFirst = false
    }
    sessions.append(
      (session.date, expectedCount - before.expected, missing.count - before.missing))
  }

  private var isIntraday: Bool { subject.batch.interval.isIntraday }

  private mutating func add(_ start: Int64, newSession: Bool) {
    if isOpen {
      holes[holes.count - 1].last = start
      holes[holes.count - 1].count += 1
      if newSession { holes[holes.count - 1].sessions += 1 }
    } else {
      holes.append(CalendarCheck.Hole(first: start, last: start))
    }
    isOpen = true
  }

  /// Holes of one session become one, from its first missing bar to its last.
  mutating func joinBySession(_ zone: Zone) {
    var joined: [CalendarCheck.Hole] = []
    var date: CivilDate?
    for hole in holes {
      let holeDate = zone.date(at: Timestamp(nanoseconds: hole.first))
      if holeDate == date, hole.sessions == 1 {
        joined[joined.count - 1].last = hole.last
        joined[joined.count - 1].count += hole.count
      } else {
        joined.append(hole)
      }
      date = holeDate
    }
    holes = joined
  }
}

extension HoleSearch {
  /// Where the series breaks off before its last session is over: takes that hole out of the others.
  mutating func takeTail() -> CalendarCheck.Hole? {
    guard isIntraday, isOpen, isOver, tail > 0, let hole = holes.last, hole.sessions == 1,
      hole.count == tail
    else { return nil }
    holes.removeLast()
    missing.removeLast(tail)
    return hole
  }
}
