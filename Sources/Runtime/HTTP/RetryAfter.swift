/// The header `Retry-After`: seconds, or a date in one of HTTP's three forms (RFC 9110, 5.6.7).
public enum RetryAfter {
  private static let months = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
  ]

  /// How long it says to wait, never less than nothing; `nil` where it says nothing that can be read.
  public static func pause(_ text: String, now: Timestamp) -> Duration? {
    let digits = text.filter { $0 != " " }
    if !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
      // Longer than a year is as good as for ever.
      return .seconds(min(Int(digits) ?? .max, 366 * 86_400))
    }
    guard let date = date(text) else { return nil }
    return max(.zero, date.duration(since: now))
  }

  /// `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT` or `Sun Nov  6 08:49:37 1994`.
  static func date(_ text: String) -> Timestamp? {
    let words = text.split { " ,-".contains($0) }.map { $0.lowercased() }
    let isLong = words.count == 6 && words[5] == "gmt"
    guard isLong || words.count == 5 else { return nil }
    let (dayWord, monthWord, yearWord, clock) =
      isLong ? (words[1], words[2], words[3], words[4]) : (words[2], words[1], words[4], words[3])
    guard let month = months.firstIndex(of: monthWord), let day = Int(dayWord),
      var year = Int(yearWord), let second = secondOfDay(clock)
    else { return nil }
    // Two digits of a year mean the nearest such year that is not far ahead.
    if yearWord.utf8.count == 2 { year += year < 70 ? 2000 : 1900 }
    guard (1700...2200).contains(year),
      let date = CivilDate(year: year, month: month + 1, day: day)
    else { return nil }
    return Timestamp(seconds: Int64(date.dayNumber) * 86_400 + Int64(second))
  }

  private static func secondOfDay(_ text: String) -> Int? {
    let parts = text.split(separator: ":").map { Int($0) ?? -1 }
    guard parts.count == 3, (0..<24).contains(parts[0]), (0..<60).contains(parts[1]),
      (0...60).contains(parts[2])
    else { return nil }
    return parts[0] * 3600 + parts[1] * 60 + parts[2]
  }
}
