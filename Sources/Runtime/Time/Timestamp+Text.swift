extension Timestamp: CustomStringConvertible {
  /// Reads ISO 8601 as RFC 3339 narrows it: `2024-01-31T14:30:00Z`, with up to nine digits of a
  /// second's fraction, and `Z` or an offset such as `-05:00`, which is never left out.
  public init(parsing text: some StringProtocol) throws(TimeError) {
    var cursor = TimeCursor(text)
    let date = try cursor.date()
    try cursor.expect("T")
    let hour = try cursor.number(digits: 2, in: 0...23, "an hour")
    try cursor.expect(":")
    let minute = try cursor.number(digits: 2, in: 0...59, "a minute")
    try cursor.expect(":")
    // Leap seconds are not counted, so there is no second 60.
    let second = try cursor.number(digits: 2, in: 0...59, "a second")
    let fraction = cursor.skip(".") ? try Self.fraction(&cursor) : 0
    let offset = try Self.offsetSeconds(&cursor)
    try cursor.expectEnd()
    let seconds =
      Int64(date.dayNumber) * 86_400 + Int64(hour * 3600 + minute * 60 + second - offset)
    // In 128 bits, because the first instant's whole seconds alone are just out of range.
    let total = Int128(seconds) * Int128(Self.nanosecondsPerSecond) + Int128(fraction)
    guard let nanoseconds = Int64(exactly: total) else { throw .outOfRange(text: cursor.text) }
    self.init(nanoseconds: nanoseconds)
  }

  /// `2024-01-31T14:30:00Z`, with three, six or nine digits of the second's fraction where it has one.
  public var description: String {
    let (seconds, fraction) = nanoseconds.floorDivided(by: Self.nanosecondsPerSecond)
    let (day, secondOfDay) = seconds.floorDivided(by: 86_400)
    var text = CivilDate(dayNumber: Int32(day)).description + "T"
    text.append(secondOfDay / 3600, digits: 2)
    text += ":"
    text.append(secondOfDay / 60 % 60, digits: 2)
    text += ":"
    text.append(secondOfDay % 60, digits: 2)
    if fraction != 0 {
      text += "."
      if fraction % 1_000_000 == 0 {
        text.append(fraction / 1_000_000, digits: 3)
      } else if fraction % 1000 == 0 {
        text.append(fraction / 1000, digits: 6)
      } else {
        text.append(fraction, digits: 9)
      }
    }
    return text + "Z"
  }

  private static func fraction(_ cursor: inout TimeCursor) throws(TimeError) -> Int64 {
    let (value, count) = try cursor.digits(upTo: 9, "a fraction of a second")
    return (count..<9).reduce(value) { scaled, _ in scaled * 10 }
  }

  private static func offsetSeconds(_ cursor: inout TimeCursor) throws(TimeError) -> Int {
    if cursor.skip("Z") { return 0 }
    let isWest = cursor.skip("-")
    guard isWest || cursor.skip("+") else { throw cursor.malformed("Z or an offset as -05:00") }
    let hours = try cursor.number(digits: 2, in: 0...23, "an offset's hours")
    try cursor.expect(":")
    let minutes = try cursor.number(digits: 2, in: 0...59, "an offset's minutes")
    return (hours * 3600 + minutes * 60) * (isWest ? -1 : 1)
  }
}

extension FixedWidthInteger {
  /// The quotient rounded down and what is left, which is never negative.
  func floorDivided(by divisor: Self) -> (quotient: Self, remainder: Self) {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
  }
}

extension String {
  /// Adds a number that is not negative, with leading zeros.
  mutating func append(_ value: some BinaryInteger, digits: Int) {
    let text = String(value)
    self += String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
  }
}
