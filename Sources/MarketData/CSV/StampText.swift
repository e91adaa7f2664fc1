import Runtime

/// A time as it stands in a file, before anyone knows its zone.
struct StampText: Equatable {
  enum Kind: Equatable {
    /// A day and no time: the session of that day.
    case date
    /// Wall time of a zone the text does not name.
    case local
    /// Settled by an offset from UTC, or counted from 1970.
    case instant
  }
  var kind: Kind
  /// Since 1970-01-01T00:00: of wall time where `kind` is `date` or `local`, else of UTC.
  var nanoseconds: Int64

  /// Reads what files of bars have in their first columns; `nil` where `bytes` is no such time:
  /// `2024-03-08`, `2024/03/08`, `20240308`, a time behind a `T` or spaces (`09:30`, `09:30:00.5`),
  /// an offset (`Z`, `+00:00`, `-0500`), or seconds, milli-, micro- or nanoseconds since 1970.
  init?(_ bytes: UnsafeBufferPointer<UInt8>) {
    var day = Day()
    self.init(bytes, day: &day)
  }

  /// The same, where the day may be that of the row before.
  init?(_ bytes: UnsafeBufferPointer<UInt8>, day: inout Day) {
    var cursor = ByteCursor(bytes)
    if let count = cursor.onlyDigits, count > 8 {
      guard count <= 19 else { return nil }
      let value = bytes.reduce(UInt64(0)) { $0 * 10 + UInt64($1 & 0x0f) }
      self.init(sinceEpoch: value, digits: count)
      return
    }
    guard let midnight = day.midnight(&cursor) else { return nil }
    if cursor.isAtEnd {
      self.init(kind: .date, nanoseconds: midnight)
      return
    }
    guard cursor.skipTimeSeparator(), let time = cursor.timeOfDay() else { return nil }
    if cursor.isAtEnd {
      self.init(kind: .local, nanoseconds: midnight + time)
      return
    }
    guard let offset = cursor.offset(), cursor.isAtEnd else { return nil }
    self.init(kind: .instant, nanoseconds: midnight + time - offset)
  }

  init(kind: Kind, nanoseconds: Int64) {
    self.kind = kind
    self.nanoseconds = nanoseconds
  }

  /// Only a time of day, for files that have it in a column of its own; nanoseconds since midnight.
  static func timeOfDay(_ bytes: UnsafeBufferPointer<UInt8>) -> Int64? {
    var cursor = ByteCursor(bytes)
    guard let time = cursor.timeOfDay(), cursor.isAtEnd else { return nil }
    return time
  }

  /// The unit follows from the number of digits: 9 to 11 are seconds of the years 1973 to 2286.
  @inline(__always)
  init?(sinceEpoch value: UInt64, digits: Int) {
    let scale: Int64 =
      switch digits {
      case ...11: 1_000_000_000
      case ...14: 1_000_000
      case ...17: 1_000
      default: 1
      }
    guard let signed = Int64(exactly: value) else { return nil }
    let (nanoseconds, overflow) = signed.multipliedReportingOverflow(by: scale)
    guard !overflow else { return nil }
    self.init(kind: .instant, nanoseconds: nanoseconds)
  }

  /// The last day that was read, as `2024-03-08` stands in the text.
  struct Day {
    // Bytes that no text has, until there is a day.
    private var head: UInt64 = .max
    private var tail: UInt16 = 0
    private var nanoseconds: Int64 = 0

    /// The midnight with which the day begins that stands at the cursor, which moves behind it.
    @inline(__always)
    fileprivate mutating func midnight(_ cursor: inout ByteCursor) -> Int64? {
      let text = cursor.tenBytes
      if let text, text == (head, tail) {
        cursor.skipTenBytes()
        return nanoseconds
      }
      guard let day = cursor.date() else { return nil }
      let midnight = Int64(day.dayNumber) * Timestamp.nanosecondsPerDay
      if let text, cursor.isBehindTenBytes {
        (head, tail, nanoseconds) = (text.0, text.1, midnight)
      }
      return midnight
    }
  }
}

/// Reads bytes from left to right, in place.
private struct ByteCursor {
  private let bytes: UnsafeBufferPointer<UInt8>
  private var position = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  var isAtEnd: Bool { position == bytes.count }

  /// The bytes that a date with two separators takes, if there are so many.
  var tenBytes: (UInt64, UInt16)? {
    guard bytes.count >= 10 else { return nil }
    let raw = UnsafeRawBufferPointer(bytes)
    return (
      raw.loadUnaligned(as: UInt64.self), raw.loadUnaligned(fromByteOffset: 8, as: UInt16.self)
    )
  }
  mutating func skipTenBytes() { position = 10 }
  var isBehindTenBytes: Bool { position == 10 }

  /// How many digits there are, or `nil` where there is anything else.
  var onlyDigits: Int? {
    for byte in bytes where byte &- 0x30 > 9 { return nil }
    return bytes.count
  }

  private mutating func skip(_ byte: UInt8) -> Bool {
    guard position < bytes.count, bytes[position] == byte else { return false }
    position += 1
    return true
  }

  private mutating func digits(_ count: Int) -> Int? {
    guard position + count <= bytes.count else { return nil }
    var value = 0
    for index in position..<position + count {
      let digit = bytes[index] &- 0x30
      guard digit <= 9 else { return nil }
      value = value * 10 + Int(digit)
    }
    position += count
    return value
  }

  mutating func date() -> CivilDate? {
    // A timestamp of nanoseconds reaches from 1677 to 2262.
    guard let year = digits(4), (1678...2261).contains(year) else { return nil }
    let separator: UInt8? = skip(0x2d) ? 0x2d : skip(0x2f) ? 0x2f : nil
    guard let month = digits(2) else { return nil }
    if let separator, !skip(separator) { return nil }
    guard let day = digits(2) else { return nil }
    return CivilDate(year: year, month: month, day: day)
  }

  mutating func skipTimeSeparator() -> Bool {
    if skip(0x54) { return true }
    let start = position
    while skip(0x20) {}
    return position > start && position - start <= 2
  }

  /// `09:30`, `09:30:00`, `09:30:00.123456789`; nanoseconds since midnight.
  mutating func timeOfDay() -> Int64? {
    guard let hour = digits(2), hour < 24, skip(0x3a), let minute = digits(2), minute < 60
    else { return nil }
    var nanoseconds = Int64(hour * 3600 + minute * 60) * Timestamp.nanosecondsPerSecond
    guard skip(0x3a) else { return nanoseconds }
    guard let second = digits(2), second < 60 else { return nil }
    nanoseconds += Int64(second) * Timestamp.nanosecondsPerSecond
    guard skip(0x2e) else { return nanoseconds }
    var unit = Timestamp.nanosecondsPerSecond / 10
    let start = position
    while unit > 0, let digit = digits(1) {
      nanoseconds += Int64(digit) * unit
      unit /= 10
    }
    return position > start ? nanoseconds : nil
  }

  /// `Z`, ` UTC`, `+00:00`, `-0500`, `+01`; nanoseconds that wall time is ahead of UTC.
  mutating func offset() -> Int64? {
    if skip(0x5a) { return 0 }
    if skip(0x20), skip(0x55), skip(0x54), skip(0x43) { return 0 }
    let isWest = skip(0x2d)
    guard isWest || skip(0x2b), let hours = digits(2), hours <= 18 else { return nil }
    var minutes = 0
    if !isAtEnd {
      _ = skip(0x3a)
      guard let found = digits(2), found < 60 else { return nil }
      minutes = found
    }
    let seconds = Int64(hours * 3600 + minutes * 60)
    return (isWest ? -seconds : seconds) * Timestamp.nanosecondsPerSecond
  }
}

extension StampText.Kind {
  /// For a person.
  var words: String {
    switch self {
    case .date: "stamps are dates"
    case .local: "stamps are times without a zone"
    case .instant: "stamps are instants"
    }
  }
}

extension StampText {
  /// `nanoseconds` as text for a message, spelled as `sample` is as far as that matters.
  static func spelled(_ nanoseconds: Int64, like sample: String) -> String {
    let days = nanoseconds.quotientAndRemainder(dividingBy: Timestamp.nanosecondsPerDay)
    let dayNumber = days.remainder < 0 ? days.quotient - 1 : days.quotient
    let seconds =
      (nanoseconds - dayNumber * Timestamp.nanosecondsPerDay) / Timestamp.nanosecondsPerSecond
    func two(_ number: Int64) -> String { (number < 10 ? "0" : "") + String(number) }
    let (year, month, day) = CivilDate(dayNumber: Int32(dayNumber)).yearMonthDay
    let date = "\(year)-\(two(Int64(month)))-\(two(Int64(day)))"
    guard seconds > 0 || sample.contains(":") else { return date }
    return "\(date)T\(two(seconds / 3600)):\(two(seconds / 60 % 60)):\(two(seconds % 60))"
  }
}
