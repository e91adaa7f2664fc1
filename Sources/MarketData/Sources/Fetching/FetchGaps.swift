import Market
import Runtime

/// Which days of a series are still to be fetched, from what its store holds.
enum FetchGaps {
  /// Two stretches with fewer sessions than that between them are asked for at once: a request
  /// costs more than some bars that come again.
  private static let sessionsBetween = 20

  /// Stretches of days, oldest first; none where nothing is missing.
  ///
  /// The last stored day is asked for again where later ones are: its bars may not have been all
  /// there, and whether they come as they did shows whether a split changed the past.
  ///
  /// - Parameters:
  ///   - stored: the days that have bars, in order.
  ///   - now: sessions that are not over are not missing.
  static func missing(
    days: TimeRange, stored: [CivilDate], calendar: TradingCalendar, now: Timestamp
  ) throws(CalendarError) -> [TimeRange] {
    guard let firstStored = stored.first, let lastStored = stored.last else { return [days] }
    let known = calendar.range
    let today = calendar.zone.date(at: now)
    let first = max(days.first ?? firstStored, known.lowerBound)
    let last = min(days.last ?? today, min(today, known.upperBound))
    guard first <= last else { return [] }
    var have = Set(stored)
    let sessions = Array(try calendar.sessionDays(in: first...last))
    guard let lastDay = sessions.last else { return [] }
    if lastDay > lastStored { have.remove(lastStored) }
    var gaps: [ClosedRange<Int>] = []
    for (index, date) in sessions.enumerated() where !have.contains(date) {
      // A session that has not begun to give bars is not missing.
      if index + 1 == sessions.count, let session = try calendar.session(on: date),
        session.open > now
      {
        continue
      }
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
}
