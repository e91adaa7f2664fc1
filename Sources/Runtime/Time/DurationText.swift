/// A length of time as people write it: `90s`, `5min`, `1h30min`, `250ms`.
public enum DurationText {
  private static let units: [(name: String, nanoseconds: Int64)] = [
    ("w", 7 * Timestamp.nanosecondsPerDay), ("d", Timestamp.nanosecondsPerDay),
    ("h", 3600 * Timestamp.nanosecondsPerSecond), ("min", 60 * Timestamp.nanosecondsPerSecond),
    ("s", Timestamp.nanosecondsPerSecond), ("ms", 1_000_000), ("us", 1000), ("ns", 1),
  ]

  /// Whole numbers, each with its unit: w, d, h, min, s, ms, us or ns. Days have 24 hours.
  public static func parse(_ text: some StringProtocol) throws(TimeError) -> Duration {
    var cursor = TimeCursor(text)
    var total: Int64 = 0
    repeat {
      let (count, _) = try cursor.digits(upTo: 18, "a number with a unit, as 90s")
      let unitOffset = cursor.offset
      let word = cursor.word()
      guard let unit = units.first(where: { $0.name == word }) else {
        throw cursor.malformed("a unit (w, d, h, min, s, ms, us, ns)", at: unitOffset)
      }
      let (part, tooLarge) = count.multipliedReportingOverflow(by: unit.nanoseconds)
      let (sum, overflow) = total.addingReportingOverflow(part)
      guard !tooLarge, !overflow else { throw .outOfRange(text: cursor.text) }
      total = sum
    } while !cursor.isAtEnd
    return .nanoseconds(total)
  }

  /// The shortest text that reads back as the same length, of one that is not negative.
  ///
  /// Parts of a nanosecond and whatever is beyond 292 years are cut off.
  public static func print(_ duration: Duration) -> String {
    var rest = max(0, duration.nanoseconds ?? .max)
    guard rest > 0 else { return "0s" }
    var text = ""
    // Weeks are read but not written: a configuration that said 7d should not come back as 1w.
    for unit in units.dropFirst() where rest >= unit.nanoseconds {
      text += "\(rest / unit.nanoseconds)\(unit.name)"
      rest %= unit.nanoseconds
    }
    return text
  }
}
