/// Reads the parts of a time from left to right and knows where it stands.
struct TimeCursor {
  let text: String
  private let bytes: [UInt8]
  private(set) var offset = 0

  init(_ text: some StringProtocol) {
    // Nothing well-formed is longer, and noise need not be copied.
    self.text = String(text.prefix(100))
    bytes = Array(self.text.utf8)
  }

  var next: UInt8? { offset < bytes.count ? bytes[offset] : nil }
  var isAtEnd: Bool { offset == bytes.count }
  var nextIsDigit: Bool { next.map(Self.isDigit) ?? false }

  func malformed(_ expected: String, at offset: Int? = nil) -> TimeError {
    .malformed(text: text, character: (offset ?? self.offset) + 1, expected: expected)
  }

  mutating func skip(_ byte: Character) -> Bool {
    guard next == byte.asciiValue else { return false }
    offset += 1
    return true
  }

  mutating func expect(_ byte: Character) throws(TimeError) {
    guard skip(byte) else { throw malformed("\"\(byte)\"") }
  }

  func expectEnd() throws(TimeError) {
    guard isAtEnd else { throw malformed("nothing more") }
  }

  /// Exactly `count` digits whose value lies in `range`.
  mutating func number(
    digits count: Int, in range: ClosedRange<Int>, _ name: String
  ) throws(TimeError) -> Int {
    let start = offset
    var value = 0
    for _ in 0..<count {
      guard let byte = next, Self.isDigit(byte) else {
        throw malformed("\(name) of \(count) digits", at: start)
      }
      value = value * 10 + Int(byte - UInt8(ascii: "0"))
      offset += 1
    }
    guard range.contains(value) else {
      throw malformed("\(name) from \(range.lowerBound) to \(range.upperBound)", at: start)
    }
    return value
  }

  /// One to `longest` digits, and how many there were.
  mutating func digits(upTo longest: Int, _ name: String) throws(TimeError) -> (Int64, Int) {
    let start = offset
    var value: Int64 = 0
    while let byte = next, Self.isDigit(byte) {
      guard offset - start < longest else {
        throw malformed("at most \(longest) digits", at: start)
      }
      value = value * 10 + Int64(byte - UInt8(ascii: "0"))
      offset += 1
    }
    guard offset > start else { throw malformed(name) }
    return (value, offset - start)
  }

  /// Lower-case letters, as far as they go.
  mutating func word() -> String {
    let start = offset
    while let byte = next, (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) { offset += 1 }
    return String(decoding: bytes[start..<offset], as: UTF8.self)
  }

  /// A day as `2024-01-31` or `20240131`.
  mutating func date() throws(TimeError) -> CivilDate {
    let start = offset
    let year = try number(digits: 4, in: 1...9999, "a year")
    let hasDashes = skip("-")
    let month = try number(digits: 2, in: 1...12, "a month")
    if hasDashes { try expect("-") }
    let day = try number(digits: 2, in: 1...31, "a day of the month")
    guard let date = CivilDate(year: year, month: month, day: day) else {
      throw .noSuchDay(text: text, character: start + 1)
    }
    return date
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }
}
