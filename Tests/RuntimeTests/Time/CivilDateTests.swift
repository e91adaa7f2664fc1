import Foundation
import Runtime
import TestKit
import Testing

@Suite("CivilDate") struct CivilDateTests {
  private static let gregorian: Calendar = {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = TimeZone(secondsFromGMT: 0) ?? .current
    return calendar
  }()

  @Test("agrees with Foundation on year, month, day and weekday from 1600 to 2400")
  func agreesWithFoundation() throws {
    var generator = SeededGenerator(seed: 1)
    for _ in 0..<3000 {
      let number = Int32.random(in: -135_140...157_054, using: &generator)
      let date = CivilDate(dayNumber: number)
      let reference = Self.gregorian.dateComponents(
        [.year, .month, .day, .weekday], from: Date(timeIntervalSince1970: Double(number) * 86_400))
      #expect(date.year == reference.year)
      #expect(date.month == reference.month)
      #expect(date.day == reference.day)
      // Foundation counts from Sunday = 1.
      #expect(date.weekday.rawValue % 7 + 1 == reference.weekday)
    }
  }

  @Test("both forms read back as the same day, for every day of the years 1 to 9999 in steps")
  func parseAfterPrint() throws {
    for number in stride(from: CivilDate.first.dayNumber, to: CivilDate.last.dayNumber, by: 97) {
      let date = CivilDate(dayNumber: number)
      #expect(try CivilDate(parsing: date.description) == date)
      #expect(try CivilDate(parsing: date.compactDescription) == date)
      #expect(CivilDate(year: date.year, month: date.month, day: date.day) == date)
    }
    #expect(CivilDate.first.description == "0001-01-01")
    #expect(CivilDate.last.description == "9999-12-31")
  }

  @Test(
    "refuses what is no day",
    arguments: [
      "", "2024", "2024-1-31", "2024-0131", "202401-31", "2023-02-29", "2024-02-30", "0000-01-01",
      "2024-01-31T", " 2024-01-31", "31/01/2024", "2024-00-01", "+2024-01-1",
    ])
  func refuses(text: String) {
    #expect(throws: TimeError.self) { try CivilDate(parsing: text) }
  }

  @Test("adds months and keeps to the end of a shorter month")
  func months() throws {
    let date = try CivilDate(parsing: "2024-01-31")
    #expect(try date.adding(months: 1).description == "2024-02-29")
    #expect(try date.adding(months: 13).description == "2025-02-28")
    #expect(try date.adding(months: -2).description == "2023-11-30")
    #expect(throws: TimeError.self) { try date.adding(months: .max) }
    #expect(throws: TimeError.self) { try date.adding(months: -12 * 2024) }
  }

  @Test("adds days, and ranges of days can be walked")
  func days() throws {
    let date = try CivilDate(parsing: "2024-02-28")
    #expect(try date.adding(days: 2).description == "2024-03-01")
    #expect((date...date.advanced(by: 3)).map(\.day) == [28, 29, 1, 2])
    #expect(throws: TimeError.self) { try date.adding(days: .max) }
    #expect(throws: TimeError.self) { try CivilDate.last.adding(days: 1) }
    #expect(date.distance(to: try date.adding(days: 366)) == 366)
  }

  @Test("a day before year 1 still has a month and a day")
  func negative() {
    let early = CivilDate(dayNumber: -1_000_000)
    #expect((1...12).contains(early.month))
    #expect((1...31).contains(early.day))
  }
}

@Suite("TimeRange and DurationText") struct TimeRangeTests {
  @Test(
    "reads both ends, open ends and both forms of a day",
    arguments: [
      ("20240101-20240630", "20240101-20240630"), ("20240101-", "20240101-"),
      ("-20240630", "-20240630"), ("2024-01-01-2024-06-30", "20240101-20240630"),
      ("20240101-20240101", "20240101-20240101"),
    ])
  func reads(text: String, printed: String) throws {
    #expect(try TimeRange(parsing: text).description == printed)
  }

  @Test(
    "refuses what is no range",
    arguments: ["", "-", "20240101", "20240101--", "20240630-20240101", "20240101-2024", "x-y"])
  func refuses(text: String) {
    #expect(throws: TimeError.self) { try TimeRange(parsing: text) }
  }

  @Test("the last day belongs to the range") func inclusive() throws {
    let range = try TimeRange(parsing: "20240101-20240630")
    let last = try CivilDate(parsing: "2024-06-30")
    #expect(range.contains(last))
    #expect(!range.contains(last.advanced(by: 1)))
    #expect(TimeRange.all.contains(last))
  }

  @Test("durations read back as they are printed") func durations() throws {
    #expect(try DurationText.parse("1h30min") == .seconds(5400))
    #expect(try DurationText.parse("2w") == .seconds(1_209_600))
    #expect(DurationText.print(.milliseconds(90_250)) == "1min30s250ms")
    #expect(DurationText.print(.zero) == "0s")
    var generator = SeededGenerator(seed: 9)
    for _ in 0..<2000 {
      let length = Duration.nanoseconds(Int64(generator.next() >> 1))
      #expect(try DurationText.parse(DurationText.print(length)) == length)
    }
  }

  @Test(
    "refuses durations without a unit, with an unknown one or too long",
    arguments: ["", "5", "s", "5m", "-5s", "5 s", "1.5h", "999999999999999999d", "5sx", "5s5"])
  func refusesDurations(text: String) {
    #expect(throws: TimeError.self) { try DurationText.parse(text) }
  }
}
