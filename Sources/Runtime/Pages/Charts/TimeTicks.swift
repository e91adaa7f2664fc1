/// Round dates to mark on a time axis.
enum TimeTicks {
  struct Tick: Equatable {
    let time: Timestamp
    let text: String
  }

  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  /// At most `most` ticks at the beginnings of years, months or days, or at full hours.
  static func between(_ first: Timestamp, _ last: Timestamp, most: Int) -> [Tick] {
    let days = Int(last.utcDate.dayNumber - first.utcDate.dayNumber)
    for step in [1, 2, 5, 10, 20, 50] where days / 365 / step <= most && days >= 730 {
      return years(first, last, every: step)
    }
    for step in [1, 2, 3, 6] where days / 30 / step <= most && days >= 60 {
      return monthStarts(first, last, every: step)
    }
    return dayStarts(first, last, every: max(1, days * 3 / max(1, most * 2) + 1))
  }

  private static func years(_ first: Timestamp, _ last: Timestamp, every step: Int) -> [Tick] {
    let range = first.utcDate.yearMonthDay.year...last.utcDate.yearMonthDay.year
    return range.filter { $0 % step == 0 }.compactMap { year in
      tick(CivilDate(year: year, month: 1, day: 1), "\(year)", first, last)
    }
  }

  private static func monthStarts(_ first: Timestamp, _ last: Timestamp, every step: Int) -> [Tick]
  {
    let range = first.utcDate.yearMonthDay.year...last.utcDate.yearMonthDay.year
    return range.flatMap { year in
      stride(from: 1, through: 12, by: step).compactMap { month in
        // The year is said where it begins; else the month.
        tick(
          CivilDate(year: year, month: month, day: 1),
          month == 1 ? "\(year)" : months[month - 1], first, last)
      }
    }
  }

  private static func dayStarts(_ first: Timestamp, _ last: Timestamp, every step: Int) -> [Tick] {
    stride(from: Int(first.utcDate.dayNumber), through: Int(last.utcDate.dayNumber), by: step)
      .compactMap { number in
        let date = CivilDate(dayNumber: Int32(number))
        let parts = date.yearMonthDay
        return tick(date, "\(parts.day) \(months[parts.month - 1])", first, last)
      }
  }

  private static func tick(
    _ date: CivilDate?, _ text: String, _ first: Timestamp, _ last: Timestamp
  ) -> Tick? {
    guard let date else { return nil }
    let (nanoseconds, overflow) =
      Int64(date.dayNumber).multipliedReportingOverflow(by: Timestamp.nanosecondsPerDay)
    let time = Timestamp(nanoseconds: nanoseconds)
    return !overflow && first <= time && time <= last ? Tick(time: time, text: text) : nil
  }
}
