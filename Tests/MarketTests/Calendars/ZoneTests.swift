import Foundation
import Market
import Runtime
import TestKit
import Testing

@Suite("Zone") struct ZoneTests {
  private static func foundation(_ zone: Zone) throws -> TimeZone {
    try #require(TimeZone(identifier: zone.name))
  }

  private static func expectSame(
    _ zone: Zone, _ reference: TimeZone, at seconds: Int64,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let expected = reference.secondsFromGMT(for: Date(timeIntervalSince1970: Double(seconds)))
    #expect(
      zone.offsetSeconds(at: Timestamp(seconds: seconds)) == Int64(expected),
      "\(zone) \(Timestamp(seconds: seconds))", sourceLocation: sourceLocation)
  }

  @Test(
    "New York agrees with the system's tz database at every second around every change, 1967–2037")
  func newYorkChanges() throws {
    let reference = try Self.foundation(.newYork)
    var changes = 0
    var instant = Timestamp(seconds: -94_600_000)  // 1967-01-02
    while instant < Timestamp(seconds: 2_145_916_800) {  // 2038
      let span = Zone.newYork.span(at: instant)
      let end = span.end.nanoseconds / Timestamp.nanosecondsPerSecond
      for shift: Int64 in [-7200, -3600, -1, 0, 1, 3599, 3600, 7200] {
        Self.expectSame(.newYork, reference, at: end + shift)
      }
      #expect(Zone.newYork.span(at: Timestamp(nanoseconds: span.end.nanoseconds - 1)) == span)
      #expect(Zone.newYork.span(at: span.end).start == span.end)
      instant = span.end
      changes += 1
    }
    // Two a year, and the one that ends the last winter.
    #expect(changes == 2 * 71 + 1)
  }

  @Test(
    "every zone agrees with the system's tz database at any hour, 1990–2035",
    arguments: Zone.allCases)
  func anyHour(zone: Zone) throws {
    let reference = try Self.foundation(zone)
    for seconds in stride(from: Int64(631_152_000), to: 2_082_758_400, by: 3600 * 7) {
      Self.expectSame(zone, reference, at: seconds)
    }
  }

  @Test("wall time to instant and back, for every quarter of an hour around every change")
  func wallTimes() throws {
    var generator = SeededGenerator(seed: 1)
    for year in 1990...2035 {
      for (month, hourLost) in [(3, true), (4, true), (10, false), (11, false)] {
        for day in 1...30 {
          let date = try #require(CivilDate(year: year, month: month, day: day))
          guard date.weekday == .sunday else { continue }
          for quarter in 0..<24 {
            let second = quarter * 900
            let instant = Zone.newYork.instant(on: date, secondOfDay: second)
            let wall = Zone.newYork.wallTime(at: instant)
            let shift = wall.nanosecondOfDay / Timestamp.nanosecondsPerSecond - Int64(second)
            #expect(wall.date == date)
            // Only in the hour that is left out is another time shown: one hour later.
            #expect(shift == 0 || (hourLost && shift == 3600 && (7200..<10_800).contains(second)))
            // Of an hour shown twice it is the first.
            let earlier = Timestamp(nanoseconds: instant.nanoseconds - 3600 * 1_000_000_000)
            #expect(Zone.newYork.wallTime(at: earlier).nanosecondOfDay != wall.nanosecondOfDay)
          }
        }
      }
    }
    for zone in Zone.allCases {
      for _ in 0..<2000 {
        let date = CivilDate(dayNumber: .random(in: 7305...24_000, using: &generator))
        let second = Int.random(in: 10_800..<86_400, using: &generator)
        let wall = zone.wallTime(at: zone.instant(on: date, secondOfDay: second))
        #expect(wall.date == date)
        #expect(wall.nanosecondOfDay == Int64(second) * Timestamp.nanosecondsPerSecond)
      }
    }
  }

  @Test("hours left out and shown twice, by hand")
  func byHand() throws {
    let spring = try CivilDate(parsing: "2024-03-10")
    let autumn = try CivilDate(parsing: "2024-11-03")
    func utc(_ date: CivilDate, _ hour: Int, _ minute: Int) -> String {
      Zone.newYork.instant(on: date, secondOfDay: hour * 3600 + minute * 60).description
    }
    #expect(utc(spring, 1, 59) == "2024-03-10T06:59:00Z")
    #expect(utc(spring, 2, 30) == "2024-03-10T07:30:00Z")
    #expect(utc(spring, 3, 0) == "2024-03-10T07:00:00Z")
    #expect(utc(autumn, 0, 59) == "2024-11-03T04:59:00Z")
    #expect(utc(autumn, 1, 30) == "2024-11-03T05:30:00Z")
    #expect(utc(autumn, 2, 0) == "2024-11-03T07:00:00Z")
  }

  @Test("an unknown zone is refused with the nearest")
  func unknown() {
    let error = #expect(throws: CalendarError.self) { try Zone(named: "America/NewYork") }
    #expect(error?.diagnosis.remedy.hasPrefix("did you mean America/New_York?") == true)
  }
}
