/// A day of the week, numbered as in ISO 8601.
public enum Weekday: Int, CaseIterable, Sendable, Comparable {
  case monday = 1
  case tuesday, wednesday, thursday, friday, saturday, sunday

  public var isWeekend: Bool { self >= .saturday }

  public static func < (a: Weekday, b: Weekday) -> Bool { a.rawValue < b.rawValue }
}

extension CivilDate: Strideable {
  public var year: Int { yearMonthDay.year }
  public var month: Int { yearMonthDay.month }
  public var day: Int { yearMonthDay.day }

  public static let first = CivilDate(dayNumber: -719_162)  // 0001-01-01
  public static let last = CivilDate(dayNumber: 2_932_896)  // 9999-12-31

  public var weekday: Weekday {
    // 1970-01-01 was a Thursday.
    let fromMonday = (Int(dayNumber) + 3).floorDivided(by: 7).remainder
    return Weekday.allCases[fromMonday]
  }

  /// The day `days` later, or earlier where negative.
  public func adding(days: Int) throws(TimeError) -> CivilDate {
    let (number, overflow) = Int(dayNumber).addingReportingOverflow(days)
    guard !overflow, (Int(Self.first.dayNumber)...Int(Self.last.dayNumber)).contains(number) else {
      throw .outOfRange(text: "\(self) and \(days) days")
    }
    return CivilDate(dayNumber: Int32(number))
  }

  /// The same day `months` later, or the last of that month where it is shorter:
  /// one month after 2024-01-31 is 2024-02-29.
  public func adding(months: Int) throws(TimeError) -> CivilDate {
    let (year, month, day) = yearMonthDay
    let (total, overflow) = (year * 12 + month - 1).addingReportingOverflow(months)
    let (newYear, monthFromZero) = total.floorDivided(by: 12)
    guard !overflow, (1...9999).contains(newYear) else {
      throw .outOfRange(text: "\(self) and \(months) months")
    }
    let newMonth = monthFromZero + 1
    let newDay = min(day, Self.daysIn(month: newMonth, year: newYear))
    guard let date = CivilDate(year: newYear, month: newMonth, day: newDay) else {
      throw .outOfRange(text: "\(self) and \(months) months")
    }
    return date
  }

  /// Traps beyond the years an `Int32` of days reaches; `adding(days:)` is for numbers from outside.
  public func advanced(by days: Int) -> CivilDate {
    CivilDate(dayNumber: dayNumber + Int32(days))
  }

  public func distance(to other: CivilDate) -> Int { Int(other.dayNumber) - Int(dayNumber) }
}

extension CivilDate: CustomStringConvertible {
  /// Reads `2024-01-31` or `20240131`.
  public init(parsing text: some StringProtocol) throws(TimeError) {
    var cursor = TimeCursor(text)
    self = try cursor.date()
    try cursor.expectEnd()
  }

  /// `2024-01-31`.
  public var description: String { text(separator: "-") }

  /// `20240131`.
  public var compactDescription: String { text(separator: "") }

  private func text(separator: String) -> String {
    let (year, month, day) = yearMonthDay
    var text = year < 0 ? "-" : ""
    text.append(year.magnitude, digits: 4)
    text += separator
    text.append(month, digits: 2)
    text += separator
    text.append(day, digits: 2)
    return text
  }
}
