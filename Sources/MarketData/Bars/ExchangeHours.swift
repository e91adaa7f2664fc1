import Foundation
import Runtime

/// When an exchange is open, and what its wall clock shows.
struct ExchangeHours {
  let zone: TimeZone
  private let openSeconds: Int64
  private let closeSeconds: Int64

  /// Opening and closing by wall time, in seconds since midnight.
  private static let regularHours: [String: (open: Int64, close: Int64)] = [
    "America/New_York": (9 * 3600 + 1800, 16 * 3600),
    "Asia/Kolkata": (9 * 3600 + 900, 15 * 3600 + 1800),
  ]

  init(zone name: String, place: String) throws(DataError) {
    guard let zone = TimeZone(identifier: name) else {
      throw .badDeclaration(
        place: place, finding: "unknown time zone \(Excerpt.quoted(name, longest: 40))",
        remedy: "name it as the IANA database does, such as America/New_York")
    }
    guard let hours = Self.regularHours[name] else {
      throw .badDeclaration(
        place: place, finding: "no exchange's hours are known in \(name)",
        remedy: "use one of: \(Self.regularHours.keys.sorted().joined(separator: ", "))")
    }
    self.zone = zone
    openSeconds = hours.open
    closeSeconds = hours.close
  }

  /// When the regular session of the day that holds `local` opens and closes, UTC nanoseconds.
  func session(localDay day: Int64) -> (open: Int64, close: Int64) {
    // No exchange changes its clocks during a session.
    let midnight = day * 86_400
    let offset = offset(localSeconds: midnight + openSeconds)
    let second = Timestamp.nanosecondsPerSecond
    return (
      (midnight + openSeconds - offset) * second, (midnight + closeSeconds - offset) * second
    )
  }

  /// How far wall time is ahead of UTC when it shows `localSeconds`; the earlier of two such times.
  func offset(localSeconds: Int64) -> Int64 {
    let guess = Int64(zone.secondsFromGMT(for: Self.date(localSeconds)))
    let before = Int64(zone.secondsFromGMT(for: Self.date(localSeconds - guess - 1)))
    // Where the clock was set back, the first reading of a time repeated is meant.
    return before > guess
      ? before : Int64(zone.secondsFromGMT(for: Self.date(localSeconds - guess)))
  }

  /// How far wall time is ahead of UTC at an instant.
  func offset(utcSeconds: Int64) -> Int64 {
    Int64(zone.secondsFromGMT(for: Self.date(utcSeconds)))
  }

  private static func date(_ seconds: Int64) -> Date {
    Date(timeIntervalSince1970: Double(seconds))
  }
}
