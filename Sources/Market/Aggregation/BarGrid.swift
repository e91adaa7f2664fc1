import Runtime

/// Where coarser bars begin and end: the grid that a calendar's sessions lay out.
///
/// Bars shorter than a day are counted from the beginning of a session's part and never leave it:
/// trading before the open, in the session and after the close are kept apart. Bars of days and
/// weeks go from the first opening to the last closing.
struct BarGrid: Sendable {
  private let interval: BarInterval
  private let calendar: TradingCalendar
  private let hours: SessionHours
  private var finder: SessionFinder
  private var last: Range<Timestamp>?

  init(_ interval: BarInterval, calendar: TradingCalendar, hours: SessionHours) {
    self.interval = interval
    self.calendar = calendar
    self.hours = hours
    finder = SessionFinder(calendar: calendar, hours: hours)
  }

  /// From when to when the bar goes that `instant` belongs to; `nil` outside the hours.
  mutating func place(of instant: Timestamp) throws(FrameError) -> Range<Timestamp>? {
    guard let session = try finder.session(at: instant.nanoseconds) else { return nil }
    if let last, last.contains(instant) { return last }
    last =
      interval.isIntraday
      ? session.bar(containing: instant, of: interval, hours: hours)
      : try block(around: session.date)
    return last
  }

  private func block(around date: CivilDate) throws(FrameError) -> Range<Timestamp>? {
    do throws(CalendarError) {
      let days = try days(around: date)
      guard let first = days.first, let last = days.last,
        let opening = try calendar.session(on: first), let closing = try calendar.session(on: last)
      else { return nil }
      return opening.range(hours).lowerBound..<closing.range(hours).upperBound
    } catch {
      throw .calendar(error)
    }
  }

  /// The days with a session in the same bar of days or weeks as `date`. Bars of several are counted
  /// from the calendar's first session, or from the week of 1970-01-05.
  private func days(around date: CivilDate) throws(CalendarError) -> ArraySlice<CivilDate> {
    guard interval.unit == .week else {
      return calendar.sessionBlock(of: interval.count, around: date)
    }
    let epoch = CivilDate(dayNumber: 4)
    let week = epoch.distance(to: date.monday) / 7
    let first = epoch.advanced(by: (week - week % interval.count) * 7)
    let last = first.advanced(by: interval.count * 7 - 1)
    let known = calendar.range
    return try calendar.sessionDays(
      in: max(first, known.lowerBound)...min(last, known.upperBound))
  }
}
