import Runtime

// The few ways in which laws and exchanges say which day they mean.
extension CivilDate {
  /// A day written in this source, which must exist.
  static func known(_ year: Int, _ month: Int, _ day: Int) -> CivilDate {
    guard let date = CivilDate(year: year, month: month, day: day) else {
      preconditionFailure("no such day: \(year)-\(month)-\(day)")
    }
    return date
  }

  /// The first, second, … such weekday of the month.
  static func nth(_ count: Int, _ weekday: Weekday, month: Int, year: Int) -> CivilDate {
    let first = known(year, month, 1)
    let ahead = (weekday.rawValue - first.weekday.rawValue + 7) % 7
    return first.advanced(by: ahead + 7 * (count - 1))
  }

  static func last(_ weekday: Weekday, month: Int, year: Int) -> CivilDate {
    let last = known(year, month, daysIn(month: month, year: year))
    return last.advanced(by: -((last.weekday.rawValue - weekday.rawValue + 7) % 7))
  }

  /// Easter Sunday of the Gregorian calendar: Gauss's method as Butcher's Ecclesiastical Calendar
  /// (1876) gives it, without exceptions.
  static func easter(_ year: Int) -> CivilDate {
    let golden = year % 19
    let (century, yearOfCentury) = year.quotientAndRemainder(dividingBy: 100)
    let correction = (century - (century + 8) / 25 + 1) / 3
    let epact = (19 * golden + century - century / 4 - correction + 15) % 30
    let weekdayShift =
      (32 + 2 * (century % 4) + 2 * (yearOfCentury / 4) - epact - yearOfCentury % 4) % 7
    let lateMoon = (golden + 11 * epact + 22 * weekdayShift) / 451
    let dayOfMarch = epact + weekdayShift - 7 * lateMoon + 114
    return known(year, dayOfMarch / 31, dayOfMarch % 31 + 1)
  }

  /// A holiday on a Saturday is kept the day before, one on a Sunday the day after.
  var nearestWeekday: CivilDate {
    switch weekday {
    case .saturday: advanced(by: -1)
    case .sunday: advanced(by: 1)
    default: self
    }
  }

  /// The Monday of this day's week.
  var monday: CivilDate { advanced(by: 1 - weekday.rawValue) }
}
