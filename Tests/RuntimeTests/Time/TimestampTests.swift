import Foundation
import Runtime
import TestKit
import Testing

@Suite("Timestamp") struct TimestampTests {
  @Test("what is printed reads back as the same instant", arguments: 0..<4)
  func parseAfterPrint(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<5000 {
      let units: [Int64] = [1, 1000, 1_000_000, 1_000_000_000]
      let unit = units.randomElement(using: &generator) ?? 1
      let any = Int64(truncatingIfNeeded: generator.next())
      let instant = Timestamp(nanoseconds: any / unit * unit)
      #expect(try Timestamp(parsing: instant.description) == instant)
    }
  }

  @Test("agrees with Foundation on whole seconds of five centuries")
  func agreesWithFoundation() throws {
    let style = Date.ISO8601FormatStyle()
    var generator = SeededGenerator(seed: 3)
    for _ in 0..<2000 {
      let seconds = Int64.random(in: -9_223_372_036...9_223_372_036, using: &generator)
      let text = Date(timeIntervalSince1970: Double(seconds)).formatted(style)
      #expect(Timestamp(seconds: seconds).description == text)
      #expect(try Timestamp(parsing: text).nanoseconds == seconds * 1_000_000_000)
    }
  }

  @Test("reads fractions and offsets")
  func fractionsAndOffsets() throws {
    #expect(try Timestamp(parsing: "1970-01-01T00:00:00.5Z").nanoseconds == 500_000_000)
    #expect(try Timestamp(parsing: "1970-01-01T00:00:00.000000001Z").nanoseconds == 1)
    #expect(try Timestamp(parsing: "1969-12-31T19:00:00-05:00").nanoseconds == 0)
    #expect(try Timestamp(parsing: "1970-01-01T05:30:00+05:30").nanoseconds == 0)
    #expect(Timestamp(nanoseconds: -1).description == "1969-12-31T23:59:59.999999999Z")
    #expect(Timestamp(nanoseconds: 1_500_000).description == "1970-01-01T00:00:00.001500Z")
  }

  @Test("the first and last instant print and read back", arguments: [Int64.min, .max])
  func ends(nanoseconds: Int64) throws {
    let instant = Timestamp(nanoseconds: nanoseconds)
    #expect(try Timestamp(parsing: instant.description) == instant)
  }

  @Test(
    "refuses what is not an instant and says at which character",
    arguments: [
      ("", 1), ("2024", 5), ("2024-13-01T00:00:00Z", 6), ("2024-01-32T00:00:00Z", 9),
      ("2024-01-01 00:00:00Z", 11), ("2024-01-01T24:00:00Z", 12), ("2024-01-01T23:60:00Z", 15),
      ("2024-01-01T23:59:60Z", 18), ("2024-01-01T00:00:00", 20), ("2024-01-01T00:00:00z", 20),
      ("2024-01-01T00:00:00.Z", 21), ("2024-01-01T00:00:00.1234567890Z", 21),
      ("2024-01-01T00:00:00Zx", 21), ("2024-01-01T00:00:00+5:00", 21), ("２024-01-01", 1),
    ])
  func refuses(text: String, character: Int) {
    let error = #expect(throws: TimeError.self) { try Timestamp(parsing: text) }
    guard case .malformed(_, let found, _) = error else {
      Issue.record("malformed was expected, not \(String(describing: error))")
      return
    }
    #expect(found == character)
  }

  @Test("refuses days that do not exist and years beyond its reach")
  func refusesBeyond() {
    #expect(throws: TimeError.noSuchDay(text: "2023-02-29T00:00:00Z", character: 1)) {
      try Timestamp(parsing: "2023-02-29T00:00:00Z")
    }
    #expect(throws: TimeError.outOfRange(text: "2262-04-11T23:47:16.854775808Z")) {
      try Timestamp(parsing: "2262-04-11T23:47:16.854775808Z")
    }
  }

  @Test("arithmetic says when it leaves the range instead of trapping")
  func arithmetic() throws {
    let start = Timestamp(seconds: 100)
    #expect(try start.adding(.milliseconds(5)).nanoseconds == 100_005_000_000)
    #expect(start.duration(since: Timestamp(seconds: 40)) == .seconds(60))
    #expect(throws: TimeError.self) { try Timestamp(nanoseconds: .max).adding(nanoseconds: 1) }
    #expect(throws: TimeError.self) { try start.adding(.seconds(Int64.max)) }
    #expect(throws: TimeError.self) { try Timestamp(startOf: .last) }
    let wide = Timestamp(nanoseconds: .max).duration(since: Timestamp(nanoseconds: .min))
    #expect(wide.attoseconds == Int128(UInt64.max) * 1_000_000_000)
  }

  @Test("knows its day and time of day in UTC, before 1970 too")
  func dayAndTime() throws {
    let before = try Timestamp(parsing: "1969-12-31T23:00:00Z")
    #expect(before.utcDate.description == "1969-12-31")
    #expect(before.nanosecondOfDay == 23 * 3_600_000_000_000)
    #expect(try Timestamp(startOf: before.utcDate).description == "1969-12-31T00:00:00Z")
  }
}
