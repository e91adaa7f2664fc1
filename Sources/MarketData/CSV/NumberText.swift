/// Decimal text to `Double`, correctly rounded, without leaving the bytes it stands in.
enum NumberText {
  /// Powers of ten that a `Double` holds exactly.
  static let exactPowers: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
  ]

  /// `digits / 10^places` of so few digits that both are exact.
  @inline(__always)
  static func shortQuotient(_ digits: UInt64, places: Int) -> Double {
    exactPowers.withUnsafeBufferPointer { Double(Int64(bitPattern: digits)) / $0[places] }
  }

  /// `digits / 10^places`, rounded once; `nil` where that needs the slow way.
  @inline(__always)
  static func quotient(_ digits: UInt64, places: Int) -> Double? {
    if digits <= 1 << 53 && places <= 22 {
      // Both are exact, so that the division rounds once (Clinger 1990).
      return exactPowers.withUnsafeBufferPointer { Double(digits) / $0[places] }
    }
    return places <= 27 ? longQuotient(digits, places: places) : nil
  }

  /// The same for up to 19 digits: a 64-bit quotient and whether a remainder was left decide the
  /// rounding exactly. Yahoo's prices (`245.14382934570312`) come this way.
  @inline(never)
  static func longQuotient(_ digits: UInt64, places: Int) -> Double {
    precondition(digits > 0 && places <= 27, "5^27 is the largest power of five below 2^63")
    var divisor: UInt64 = 1
    for _ in 0..<places { divisor *= 5 }
    let digitShift = digits.leadingZeroBitCount
    let divisorShift = divisor.leadingZeroBitCount
    let numerator = digits << UInt64(digitShift)
    let (quotient, remainder) = (divisor << UInt64(divisorShift))
      .dividingFullWidth((numerator >> 1, numerator << 63))
    // The quotient has 63 or 64 bits, of which a significand takes 53.
    let dropped = 64 - quotient.leadingZeroBitCount - 53
    var significand = quotient >> UInt64(dropped)
    let rest = quotient & ((1 << UInt64(dropped)) - 1)
    let half: UInt64 = 1 << UInt64(dropped - 1)
    let isAboveHalf = rest > half || (rest == half && remainder > 0)
    if isAboveHalf || (rest == half && significand & 1 == 1) { significand += 1 }
    let exponent = dropped - 63 + divisorShift - digitShift - places
    return Double(sign: .plus, exponent: exponent, significand: Double(significand))
  }

  /// Any spelling of a number, slowly; `nil` where `bytes` is none. Absent values are NaN.
  @inline(never)
  static func parseSlowly(_ bytes: UnsafeBufferPointer<UInt8>) -> Double? {
    var slice = bytes[...]
    while let last = slice.last, last == 0x20 || last == 0x09 { slice.removeLast() }
    while let first = slice.first, first == 0x20 || first == 0x09 { slice.removeFirst() }
    if slice.count >= 2, slice.first == 0x22, slice.last == 0x22 {
      slice = slice.dropFirst().dropLast()
    }
    guard !slice.isEmpty else { return .nan }
    guard slice.count <= 64 else { return nil }
    let text = String(decoding: slice, as: UTF8.self)
    if absent.contains(text.lowercased()) { return .nan }
    // Swift also reads hexadecimal, "inf" and "nan", which no price is.
    let isDecimal = slice.allSatisfy { byte in
      (0x30...0x39).contains(byte) || byte == 0x2b || byte == 0x2d || byte == 0x2e
        || byte == 0x65 || byte == 0x45
    }
    guard isDecimal, let value = Double(text), value.isFinite else { return nil }
    return value
  }

  /// How files say that there is no value.
  private static let absent: Set<String> = ["nan", "na", "n/a", "null", "none", "-", "."]
}
