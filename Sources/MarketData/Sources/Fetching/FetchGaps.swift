import Market
import Runtime

/// Which days of a series are still to be fetched, from what its store holds.
package enum FetchGaps {
  /// Two stretches with fewer sessions than that between them are asked for at once: a request
  /// costs more than some bars that come again.
  private static let sessionsBetween = 20

  /// Stretches of days, oldest first; none where nothing is missing.
  ///
  /// The last stored day is asked for again where later ones are, or where its session went on after
  /// its last bar: whether its bars come as they did shows whether a split changed the past.
  ///
  /// - Parameters:
  ///   - stored: the days that have bars, in order.
  ///   - storedEnd: when the last stored bar ended.
  ///   - isDaily: bars of a day are there when its session is over, others as soon as it began.
  package static func missing(
    days: TimeRange, stored: [CivilDate], storedEnd: Timestamp, isDaily: Bool,
    calendar: TradingCalendar, now: Timestamp
  ) throws(CalendarError) -> [TimeRange] {
    guard let firstStored = stored.first, let lastStored = stored.last else { return [days] }
    let known = calendar.range
    let first = max(days.first ?? firstStored, known.lowerBound)
    let last = min(days.last ?? known.upperBound, calendar.zone.date(at: now), known.upperBound)
    guard first <= last else { return [] }
    var sessions = Array(try calendar.sessionDays(in: first...last))
    if let date = sessions.last, let session = try calendar.session(on: date),
      (isDaily ? session.close : session.open) > now
    {
      sessions.removeLast()
    }
    var have = Set(stored)
    let hasLater = (sessions.last ?? lastStored) > lastStored
    let isUnderWay = try isUnderWay(lastStored, after: storedEnd, calendar, now: now)
    if hasLater || isUnderWay { have.remove(lastStored) }
    var gaps: [ClosedRange<Int>] = []
    for (index, date) in sessions.enumerated() where !have.contains(date) {
      if let open = gaps.last, index - open.upperBound <= sessionsBetween {
        gaps[gaps.count - 1] = open.lowerBound...index
      } else {
        gaps.append(index...index)
      }
    }
    return gaps.compactMap { gap in
      do {
        return try TimeRange(first: sessions[gap.lowerBound], last: sessions[gap.upperBound])
      } catch {
        return nil  // Sessions are in order, so that no range ends before it begins.
      }
    }
  }

  /// Whether the session of a day went on after the last bar of it that is stored.
  private static func isUnderWay(
    _ date: CivilDate, after end: Timestamp, _ calendar: TradingCalendar, now: Timestamp
  ) throws(CalendarError) -> Bool {
    guard let session = try calendar.session(on: date) else { return false }
    return end < session.close && end < now
  }
}
