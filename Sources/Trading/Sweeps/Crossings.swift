/// Where one series comes to lie above another and where it no longer does, eight rows at a time.
enum Crossings {
  /// Rows on which `fast > slow` is other than on the row before; a missing number is above nothing.
  ///
  /// - Parameter before: how it was on the row before the first
  /// - Returns: how it is on the last
  static func changes(
    fast: UnsafePointer<Double>, slow: UnsafePointer<Double>, rows: Range<Int>, from before: Bool,
    _ change: (_ row: Int, _ isAbove: Bool) -> Void
  ) -> Bool {
    var last: UInt64 = before ? 0xff : 0
    var row = rows.lowerBound
    while row + 8 <= rows.upperBound {
      let wide = SIMD8<UInt64>.zero.replacing(
        with: .max, where: eight(fast + row) .> eight(slow + row))
      let bits = unsafeBitCast(SIMD8<UInt8>(truncatingIfNeeded: wide), to: UInt64.self)
      // Each byte beside the one of the row before.
      var changed = bits ^ (bits << 8 | last)
      while changed != 0 {
        let shift = UInt64(changed.trailingZeroBitCount)
        change(row + Int(shift / 8), bits >> shift & 1 != 0)
        changed &= ~(0xff << shift)
      }
      last = bits >> 56
      row += 8
    }
    while row < rows.upperBound {
      let isAbove: UInt64 = fast[row] > slow[row] ? 0xff : 0
      if isAbove != last { change(row, isAbove != 0) }
      last = isAbove
      row += 1
    }
    return last != 0
  }

  @inline(__always)
  private static func eight(_ place: UnsafePointer<Double>) -> SIMD8<Double> {
    UnsafeRawPointer(place).loadUnaligned(as: SIMD8<Double>.self)
  }
}
