/// When the bar is: known ahead, like every calendar.
enum CalendarFeatures {
  private static func column(_ part: CalendarPart) -> Expression { .column(part.rawValue) }

  static let all: [Formula] = [
    Formula(
      "day_of_week", [:], .calendar, .days, "0 on Monday to 6 on Sunday, at the bar's end.",
      column(.dayOfWeek)),
    Formula(
      "day_of_month", [:], .calendar, .days, "Day of the month, from 1.", column(.dayOfMonth)),
    Formula(
      "month_share", [:], .calendar, .ratio, "How much of the month is over.",
      column(.dayOfMonth) / column(.daysInMonth)),
    Formula(
      "turn_of_month", [:], .calendar, .ratio,
      "1 on the last day of a month and the first three, else 0 (Lakonishok and Smidt 1988).",
      .greater(column(.dayOfMonth) <= 3, column(.dayOfMonth) >= column(.daysInMonth))),
    Formula("month", [:], .calendar, .index, "1 in January to 12 in December.", column(.month)),
    Formula(
      "quarter_month", [:], .calendar, .index, "Which month of the quarter: 0, 1 or 2.",
      (column(.month) - 1) - 3 * (column(.month) > 3) - 3 * (column(.month) > 6)
        - 3 * (column(.month) > 9)),
    Formula(
      "year_share", [:], .calendar, .ratio, "How much of a year of 366 days is over.",
      column(.dayOfYear) / 366),
    Formula(
      "minute_of_day", [:], .calendar, .minutes,
      "Minutes since midnight on the exchange's wall clock, at the bar's end.",
      column(.minuteOfDay)),
  ]
}
