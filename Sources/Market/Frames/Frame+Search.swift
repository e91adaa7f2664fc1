import Runtime

extension Column where Element == Int64 {
  /// The first row that is not below `value`, in a column that never falls; `count` where all are.
  public func firstRow(from value: Int64) -> Int {
    withUnsafeValues { values in
      var (low, high) = (0, values.count)
      while low < high {
        let middle = (low + high) / 2
        if values[middle] < value { low = middle + 1 } else { high = middle }
      }
      return low
    }
  }
}

extension Frame {
  /// The rows that become known in `range`; its end does not belong to it.
  public func rows(knownIn range: Range<Timestamp>) -> Range<Int> {
    knownAt.firstRow(
      from: range.lowerBound.nanoseconds)..<knownAt.firstRow(from: range.upperBound.nanoseconds)
  }

  /// The rows that start in `range`; its end does not belong to it.
  public func rows(startingIn range: Range<Timestamp>) -> Range<Int> {
    start.firstRow(
      from: range.lowerBound.nanoseconds)..<start.firstRow(from: range.upperBound.nanoseconds)
  }

  /// The rows that start on the days of `range`, as they are counted at `zone`.
  public func rows(on range: TimeRange, in zone: Zone) -> Range<Int> {
    // A day is less than a hundred years from any that a timestamp reaches, so nothing overflows.
    let first = range.first.map { zone.midnight($0).nanoseconds }
    let last = range.last.map { zone.midnight($0.advanced(by: 1)).nanoseconds }
    let lower = first.map(start.firstRow(from:)) ?? 0
    return lower..<max(lower, last.map(start.firstRow(from:)) ?? count)
  }

  /// The last row that could be acted on at `instant`, or `nil` before the first.
  public func lastRow(knownAt instant: Timestamp) -> Int? {
    let after =
      instant.nanoseconds == .max ? count : knownAt.firstRow(from: instant.nanoseconds + 1)
    return after == 0 ? nil : after - 1
  }

  /// The bars that start within sessions of `calendar`.
  public func within(
    _ hours: SessionHours, of calendar: TradingCalendar
  ) throws(FrameError) -> Frame {
    var finder = SessionFinder(calendar: calendar, hours: hours)
    var rows: [Int32] = []
    rows.reserveCapacity(count)
    for row in 0..<count where try finder.session(at: start[row]) != nil {
      rows.append(Int32(row))
    }
    return rows.count == count ? self : taking(rows)
  }
}

extension Zone {
  /// When a day begins here; days beyond what a timestamp holds begin at its ends.
  fileprivate func midnight(_ date: CivilDate) -> Timestamp {
    let reach = Int64.max / Timestamp.nanosecondsPerDay - 3
    guard Int64(date.dayNumber) < reach else { return Timestamp(nanoseconds: .max) }
    guard Int64(date.dayNumber) > -reach else { return Timestamp(nanoseconds: .min) }
    return instant(on: date, secondOfDay: 0)
  }
}

/// Finds the session of one instant after another and asks the calendar once a session.
struct SessionFinder {
  let calendar: TradingCalendar
  let hours: SessionHours
  private var current: Session?
  private var range = Timestamp(nanoseconds: 0)..<Timestamp(nanoseconds: 0)

  init(calendar: TradingCalendar, hours: SessionHours) {
    self.calendar = calendar
    self.hours = hours
  }

  /// The session that is under way, or `nil` between sessions.
  mutating func session(at nanoseconds: Int64) throws(FrameError) -> Session? {
    let instant = Timestamp(nanoseconds: nanoseconds)
    if range.contains(instant) { return current }
    do throws(CalendarError) {
      guard let session = try calendar.session(at: instant, hours: hours) else { return nil }
      current = session
      range = session.range(hours)
      return session
    } catch {
      throw .calendar(error)
    }
  }
}
