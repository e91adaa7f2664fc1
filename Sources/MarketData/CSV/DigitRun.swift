/// Decimal digits in text, eight bytes at a time instead of one: no branch depends on how many there
/// are, which no processor can guess in a column of prices.
enum DigitRun {
  /// How many bytes behind a text its readers may touch.
  static let readAhead = 16

  /// Exact powers of ten.
  static let powers: [UInt64] = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000]

  /// Eight bytes of text, the first of them lowest.
  @inline(__always)
  static func load(_ text: UnsafePointer<UInt8>) -> UInt64 {
    UInt64(littleEndian: UnsafeRawPointer(text).loadUnaligned(as: UInt64.self))
  }

  /// How many of the bytes are digits before the first that is none.
  @inline(__always)
  static func count(_ text: UInt64) -> Int {
    let digits = text ^ 0x3030_3030_3030_3030
    // A byte above 9 has its highest bit set, or gets it by the addition, which never carries over.
    let marks = ((digits & 0x7f7f_7f7f_7f7f_7f7f) &+ 0x7676_7676_7676_7676) | digits
    return (marks & 0x8080_8080_8080_8080).trailingZeroBitCount >> 3
  }

  /// The number that the first `count` bytes spell, 1 to 8 of them, all digits.
  @inline(__always)
  static func value(_ text: UInt64, count: Int) -> UInt64 {
    // Zeros in front; then pairs, fours and all eight are joined, each step in every place at once.
    let digits = (text ^ 0x3030_3030_3030_3030) &<< UInt64(64 &- 8 &* count)
    let pairs = (digits &* 2561) &>> 8 & 0x00ff_00ff_00ff_00ff
    let fours = (pairs &* 6_553_601) &>> 16 & 0x0000_ffff_0000_ffff
    return (fours &* 42_949_672_960_001) &>> 32
  }

  /// The same text without the byte behind the first `count`, which are fewer than 8.
  @inline(__always)
  static func droppingByte(behind count: Int, of text: UInt64) -> UInt64 {
    let before = (UInt64(1) &<< UInt64(8 &* count)) &- 1
    return (text & before) | ((text &>> 8) & ~before)
  }
}
