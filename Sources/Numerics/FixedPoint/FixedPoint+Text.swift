import Runtime

// The syntax: an optional sign, digits, and where there is a point digits after it. Nothing else: no
// exponent (it hides the size of a price), no spaces, no separators, no bare ".5" or "5.".
extension FixedPoint {
  /// Reads a decimal number from ASCII bytes, without allocating.
  ///
  /// Digits beyond the unit's are refused unless they are zeros or `rounding` is given.
  public init(
    parsing bytes: Span<UInt8>, rounding: Rounding? = nil
  ) throws(FixedPointError) {
    var scan = DecimalScan(fractionDigits: Unit.fractionDigits)
    if let character = scan.read(bytes) {
      throw .malformed(text: Self.excerpt(of: bytes), character: character, unit: Unit.name)
    }
    if scan.hasFurtherDigits, rounding == nil {
      throw .tooManyDigits(
        text: Self.excerpt(of: bytes), allowed: Unit.fractionDigits, unit: Unit.name)
    }
    guard let steps = scan.steps(rounding: rounding ?? .halfEven) else {
      throw Self.overflow(Self.excerpt(of: bytes), isNegative: scan.isNegative)
    }
    self.init(steps: steps)
  }

  public init(parsing text: String, rounding: Rounding? = nil) throws(FixedPointError) {
    try self.init(parsing: text.utf8.span, rounding: rounding)
  }

  public init(parsing text: Substring, rounding: Rounding? = nil) throws(FixedPointError) {
    try self.init(parsing: text.utf8.span, rounding: rounding)
  }

  private static func excerpt(of bytes: Span<UInt8>) -> String {
    var head: [UInt8] = []
    for index in 0..<Swift.min(bytes.count, 100) { head.append(bytes[index]) }
    return String(decoding: head, as: UTF8.self)
  }
}

/// One pass over the bytes of a decimal number.
private struct DecimalScan {
  let fractionDigits: Int
  private(set) var isNegative = false
  /// The digits up to the unit's last, as one number; meaningless once it overflowed.
  private var magnitude: UInt64 = 0
  private var overflowed = false
  /// What lies beyond the unit's last digit: its first digit, and whether more follows that is not 0.
  private var firstFurtherDigit: UInt8 = 0
  private var moreFollows = false

  init(fractionDigits: Int) { self.fractionDigits = fractionDigits }

  var hasFurtherDigits: Bool { firstFurtherDigit != 0 || moreFollows }

  /// Reads all of `bytes`, or says which character (from 1) does not belong.
  mutating func read(_ bytes: Span<UInt8>) -> Int? {
    var index = 0
    if index < bytes.count, bytes[index] == UInt8(ascii: "-") || bytes[index] == UInt8(ascii: "+") {
      isNegative = bytes[index] == UInt8(ascii: "-")
      index += 1
    }
    let wholeStart = index
    while let digit = Self.digit(bytes, index) {
      append(digit)
      index += 1
    }
    guard index > wholeStart else { return index + 1 }
    var fractionCount = 0
    if index < bytes.count, bytes[index] == UInt8(ascii: ".") {
      index += 1
      while let digit = Self.digit(bytes, index) {
        appendFraction(digit, at: fractionCount)
        fractionCount += 1
        index += 1
      }
      guard fractionCount > 0 else { return index + 1 }
    }
    guard index == bytes.count else { return index + 1 }
    for _ in Swift.min(fractionCount, fractionDigits)..<fractionDigits { append(0) }
    return nil
  }

  private static func digit(_ bytes: Span<UInt8>, _ index: Int) -> UInt8? {
    guard index < bytes.count else { return nil }
    let digit = bytes[index] &- UInt8(ascii: "0")
    return digit < 10 ? digit : nil
  }

  private mutating func append(_ digit: UInt8) {
    let (tens, tooLarge) = magnitude.multipliedReportingOverflow(by: 10)
    let (sum, overflow) = tens.addingReportingOverflow(UInt64(digit))
    overflowed = overflowed || tooLarge || overflow
    magnitude = sum
  }

  private mutating func appendFraction(_ digit: UInt8, at position: Int) {
    if position < fractionDigits {
      append(digit)
    } else if position == fractionDigits {
      firstFurtherDigit = digit
    } else if digit != 0 {
      moreFollows = true
    }
  }

  func steps(rounding: Rounding) -> Int64? {
    guard !overflowed else { return nil }
    var result = Int128(magnitude)
    if hasFurtherDigits,
      // In twentieths of a step, so that whatever follows the first digit is one more.
      rounding.movesAwayFromZero(
        remainder: UInt128(firstFurtherDigit) * 2 + (moreFollows ? 1 : 0), divisor: 20,
        isNegative: isNegative, isOdd: magnitude & 1 != 0)
    {
      result += 1
    }
    return Int64(exactly: isNegative ? -result : result)
  }
}

extension FixedPoint: CustomStringConvertible {
  /// No number's text is longer: a sign, 19 digits and a point.
  public static var longestText: Int { 21 }

  /// Writes the text to the beginning of `buffer` and returns its length, without allocating.
  ///
  /// No zeros end the fraction except up to `minimumFractionDigits`; the same amount is always the
  /// same text, and reads back as the same amount.
  public func write(
    into buffer: inout MutableSpan<UInt8>, minimumFractionDigits: Int = 0
  ) -> Int {
    precondition(buffer.count >= Self.longestText, "the buffer holds every number")
    let digits = Unit.fractionDigits
    let (whole, fraction) = steps.magnitude.quotientAndRemainder(
      dividingBy: UInt64(Self.stepsPerUnit))
    var length = 0
    if steps < 0 {
      buffer[0] = UInt8(ascii: "-")
      length = 1
    }
    length = Self.write(whole, digits: Self.digitCount(whole), into: &buffer, at: length)
    var (rest, count) = (fraction, digits)
    while count > Swift.max(0, minimumFractionDigits), rest % 10 == 0 {
      rest /= 10
      count -= 1
    }
    guard count > 0 else { return length }
    buffer[length] = UInt8(ascii: ".")
    return Self.write(rest, digits: count, into: &buffer, at: length + 1)
  }

  public var description: String { text(minimumFractionDigits: 0) }

  /// The text with at least so many digits after the point, as far as the unit has them.
  public func text(minimumFractionDigits: Int) -> String {
    String(unsafeUninitializedCapacity: Self.longestText) { buffer in
      buffer.initialize(repeating: 0)
      var span = buffer.mutableSpan
      return write(into: &span, minimumFractionDigits: minimumFractionDigits)
    }
  }

  private static func digitCount(_ value: UInt64) -> Int {
    var (count, rest) = (1, value / 10)
    while rest > 0 {
      count += 1
      rest /= 10
    }
    return count
  }

  private static func write(
    _ value: UInt64, digits: Int, into buffer: inout MutableSpan<UInt8>, at start: Int
  ) -> Int {
    var rest = value
    for position in stride(from: start + digits - 1, through: start, by: -1) {
      buffer[position] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    }
    return start + digits
  }
}
