import Market
import Runtime

/// Bars outside the regular session, and what they are: another kind of day, an auction, a mixture.
enum SessionHoursCheck {
  static func findings(_ subject: Subject) -> [Finding] {
    guard let calendar = subject.context.calendar, subject.batch.interval.isIntraday else {
      return []
    }
    let usualLength = Int64(calendar.barsPerSession(.minute)) * 60 * Timestamp.nanosecondsPerSecond
    var sessions = 0
    var outside = Outside()
    for day in subject.bars.days {
      guard let session = day.session else { continue }
      sessions += 1
      outside.add(day, session, usualLength: usualLength, starts: subject.bars.batch.start)
    }
    guard sessions > 0 else { return [] }
    let extendedShare = Double(outside.extendedSessions) / Double(sessions)
    if extendedShare >= subject.thresholds.extendedShare {
      return series(subject, outside, sessions: sessions)
    }
    // An auction at the close is one where most days have it; else it is a bar too many.
    if outside.auctions.count * 2 < sessions {
      outside.extended = (outside.extended + outside.auctions).sorted()
      outside.extendedSessions += outside.auctions.count
      outside.auctions = []
    }
    return auction(subject, outside, sessions: sessions)
      + mixture(subject, outside, sessions: sessions) + earlyClose(subject, outside)
  }

  /// Rows outside the regular session by kind.
  private struct Outside {
    var extended: [Int] = []
    var extendedSessions = 0
    var auctions: [Int] = []
    /// From an early close on, by half day.
    var pastEarlyClose: [Range<Int>] = []

    mutating func add(
      _ day: OrderedBars.Day, _ session: Session, usualLength: Int64, starts: Column<Int64>
    ) {
      let (open, close) = (session.open.nanoseconds, session.close.nanoseconds)
      let before = day.rows.prefix { starts[$0] < open }
      let after = day.rows.drop { starts[$0] < close }
      var found = Array(before)
      if session.isHalfDay, !after.isEmpty {
        let late = after.drop { starts[$0] < open + usualLength }
        found += late
        if after.startIndex < late.startIndex {
          pastEarlyClose.append(after.startIndex..<late.startIndex)
        }
      } else if after.count == 1, let row = after.first, starts[row] == close, before.isEmpty {
        auctions.append(row)
      } else {
        found += after
      }
      if !found.isEmpty { extendedSessions += 1 }
      extended += found
    }
  }

  private static func series(
    _ subject: Subject, _ outside: Outside, sessions: Int
  ) -> [Finding] {
    [
      subject.finding(
        .extendedHoursSeries, at: outside.extended.first.map { subject.bars.batch.start[$0] },
        count: outside.extended.count,
        "\(FigureText.count(outside.extended.count)) of \(FigureText.count(subject.batch.count)) bars "
          + "lie outside the regular session, on \(outside.extendedSessions) of \(sessions) days")
    ]
  }

  private static func auction(
    _ subject: Subject, _ outside: Outside, sessions: Int
  ) -> [Finding] {
    guard let first = outside.auctions.first else { return [] }
    let start = subject.bars.batch.start[first]
    return [
      subject.finding(
        .closingAuction, at: start, count: outside.auctions.count,
        "on \(outside.auctions.count) of \(sessions) days a bar starts at the close, as at "
          + "\(subject.time(start)): the closing auction")
    ]
  }

  private static func mixture(
    _ subject: Subject, _ outside: Outside, sessions: Int
  ) -> [Finding] {
    guard let first = outside.extended.first else { return [] }
    let start = subject.bars.batch.start[first]
    return [
      subject.finding(
        .extendedHoursMixed, at: start, count: outside.extended.count,
        "\(FigureText.count(outside.extended.count)) bars outside the regular session, on "
          + "\(outside.extendedSessions) of \(sessions) days only; the first at \(subject.time(start))"
      )
    ]
  }

  private static func earlyClose(_ subject: Subject, _ outside: Outside) -> [Finding] {
    outside.pastEarlyClose.map { rows in
      let start = subject.bars.batch.start[rows.lowerBound]
      let date = subject.context.zone.date(at: Timestamp(nanoseconds: start))
      return subject.finding(
        .pastEarlyClose, at: start, count: rows.count,
        "\(rows.count == 1 ? "a bar" : "\(rows.count) bars") from \(subject.time(start)) on, though "
          + "\(date) closed early")
    }
  }
}
