// Numbers and strings.
extension JSONReader {
  private static let powersOfTen: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
  ]

  /// Digits as they are read: their value as long as it fits, and where the point was.
  private struct Digits {
    var value: UInt64 = 0
    var overflows = false

    mutating func append(_ digit: UInt8) {
      let (product, tooLarge) = value.multipliedReportingOverflow(by: 10)
      let (sum, carries) = product.addingReportingOverflow(UInt64(digit))
      overflows = overflows || tooLarge || carries
      value = sum
    }
  }

  mutating func number() throws(JSONError) -> JSON {
    let start = offset
    let isNegative = skip("-")
    var digits = Digits()
    if skip("0") {
      if isDigit { throw malformed("no digit after a leading zero") }
    } else {
      guard read(&digits) > 0 else { throw malformed("a digit") }
    }
    var exponent = 0
    var isWhole = true
    if skip(".") {
      isWhole = false
      let count = read(&digits)
      guard count > 0 else { throw malformed("a digit after the point") }
      exponent = -count
    }
    if peek | 0x20 == UInt8(ascii: "e") {
      isWhole = false
      exponent += try readExponent()
    }
    if isWhole, !digits.overflows, let whole = integer(digits.value, isNegative) { return whole }
    return .number(try double(digits, exponent, isNegative, start))
  }

  private func integer(_ magnitude: UInt64, _ isNegative: Bool) -> JSON? {
    guard isNegative else { return Int64(exactly: magnitude).map(JSON.integer) }
    // Minus zero is a number that no integer is.
    guard magnitude > 0, magnitude <= UInt64(Int64.max) + 1 else { return nil }
    return .integer(Int64(truncatingIfNeeded: 0 &- magnitude))
  }

  private func double(
    _ digits: Digits, _ exponent: Int, _ isNegative: Bool, _ start: Int
  ) throws(JSONError) -> Double {
    // Both factors are exact, so that one rounding is left (Clinger 1990).
    if !digits.overflows, digits.value <= 1 << 53, abs(exponent) <= 22 {
      let power = Self.powersOfTen[abs(exponent)]
      let magnitude =
        exponent < 0 ? Double(digits.value) / power : Double(digits.value) * power
      return isNegative ? -magnitude : magnitude
    }
    let text = String(decoding: bytes[start..<offset], as: UTF8.self)
    guard let value = Double(text), value.isFinite else {
      throw malformed("a number that a Double holds", at: start)
    }
    return value
  }

  private var isDigit: Bool { peek >= UInt8(ascii: "0") && peek <= UInt8(ascii: "9") }

  private mutating func read(_ digits: inout Digits) -> Int {
    let start = offset
    while isDigit {
      digits.append(bytes[offset] - UInt8(ascii: "0"))
      offset += 1
    }
    return offset - start
  }

  private mutating func readExponent() throws(JSONError) -> Int {
    offset += 1
    let isNegative = skip("-")
    if !isNegative { _ = skip("+") }
    var digits = Digits()
    guard read(&digits) > 0 else { throw malformed("a digit of the exponent") }
    // Beyond that every number is zero or out of reach, and the slow way finds out which.
    let magnitude = digits.overflows ? 1_000_000 : Int(min(digits.value, 1_000_000))
    return isNegative ? -magnitude : magnitude
  }

  mutating func string() throws(JSONError) -> String {
    offset += 1
    let start = offset
    while offset < bytes.count {
      switch bytes[offset] {
      case UInt8(ascii: "\""):
        let text = try text(start..<offset)
        offset += 1
        return text
      case UInt8(ascii: "\\"): return try escapedString(from: start)
      case 0..<0x20: throw malformed("an escape instead of a control character")
      default: offset += 1
      }
    }
    throw malformed("a closing quotation mark")
  }

  private func text(_ range: Range<Int>) throws(JSONError) -> String {
    guard let text = String(validating: bytes[range], as: UTF8.self) else {
      throw malformed("text in UTF-8", at: range.lowerBound)
    }
    return text
  }

  /// The string whose first backslash stands at the offset.
  private mutating func escapedString(from start: Int) throws(JSONError) -> String {
    var whole = try text(start..<offset)
    while offset < bytes.count {
      switch bytes[offset] {
      case UInt8(ascii: "\""):
        offset += 1
        return whole
      case UInt8(ascii: "\\"): whole.unicodeScalars.append(try escape())
      case 0..<0x20: throw malformed("an escape instead of a control character")
      default:
        let stretch = offset
        while offset < bytes.count, bytes[offset] >= 0x20, bytes[offset] != UInt8(ascii: "\""),
          bytes[offset] != UInt8(ascii: "\\")
        {
          offset += 1
        }
        whole += try text(stretch..<offset)
      }
    }
    throw malformed("a closing quotation mark")
  }

  private mutating func escape() throws(JSONError) -> Unicode.Scalar {
    let start = offset
    offset += 1
    let mark = peek
    offset += 1
    switch mark {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(mark)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      let first = try fourHexDigits()
      if let scalar = Unicode.Scalar(first) { return scalar }
      // Beyond the first 65,536 a character is written as two halves.
      guard first < 0xDC00, skip("\\"), skip("u") else {
        throw malformed("two halves of a character", at: start)
      }
      let second = try fourHexDigits()
      guard (0xDC00...0xDFFF).contains(second),
        let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
      else { throw malformed("two halves of a character", at: start) }
      return scalar
    default: throw malformed("one of the escapes \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u", at: start)
    }
  }

  private mutating func fourHexDigits() throws(JSONError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      let byte = peek
      let digit: UInt8
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
      case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - UInt8(ascii: "A") + 10
      default: throw malformed("a hexadecimal digit")
      }
      value = value << 4 | UInt32(digit)
      offset += 1
    }
    return value
  }
}
