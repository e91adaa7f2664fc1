import Market
import Runtime

/// What the wall clock says at a bar's end. It is known ahead: a bar's end is, before its prices are.
public enum CalendarPart: String, CaseIterable, Sendable {
  case minuteOfDay = "minute_of_day"
  /// 0 is Monday.
  case dayOfWeek = "day_of_week"
  case dayOfMonth = "day_of_month"
  case daysInMonth = "days_in_month"
  /// 1 to 12.
  case month
  case dayOfYear = "day_of_year"

  func column(of frame: Frame, zone: Zone) -> Column<Double> {
    Column(count: frame.count) { out in
      var span = zone.span(at: Timestamp(nanoseconds: 0))
      for row in 0..<frame.count {
        let end = Timestamp(nanoseconds: frame.end[row])
        out.initializeElement(at: row, to: value(at: end, zone, &span))
      }
    }
  }

  /// - Parameter span: the stretch of time that was asked for last, kept from one bar to the next
  func value(at end: Timestamp, _ zone: Zone, _ span: inout Zone.Span) -> Double {
    if end < span.start || end >= span.end { span = zone.span(at: end) }
    return value(
      at: Timestamp(
        nanoseconds: end.nanoseconds &+ span.offsetSeconds * Timestamp.nanosecondsPerSecond))
  }

  private func value(at wall: Timestamp) -> Double {
    let date = wall.utcDate
    return switch self {
    case .minuteOfDay:
      Double(wall.nanosecondOfDay / (60 * Timestamp.nanosecondsPerSecond))
    case .dayOfWeek: Double(date.weekday.rawValue - 1)
    case .dayOfMonth: Double(date.day)
    case .daysInMonth: Double(CivilDate.daysIn(month: date.month, year: date.year))
    case .month: Double(date.month)
    case .dayOfYear:
      Double(date.dayNumber - (CivilDate(year: date.year, month: 1, day: 1) ?? date).dayNumber) + 1
    }
  }
}
