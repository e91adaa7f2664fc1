/// Where one series comes to lie above another and where it no longer does, eight rows at a time.
enum Crossings {
  /// Rows on which `fast > slow` is other than on the row before, `false` before the first; a missing
  /// number is above nothing.
  static func changes(
    fast: UnsafePointer<Double>, slow: UnsafePointer<Double>, rows: Range<Int>,
    _ change: (_ row: Int, _ isAbove: Bool) -> Void
  ) {
    changes(rows, change) { row in
      eight(fast + row) .> eight(slow + row)
    } one: { row in
      fast[row] > slow[row]
    }
  }

  /// The same of means of the last `fast` and `slow` values, from the sums of all before each row.
  static func changes(
    ofMeans sums: UnsafePointer<Double>, fast: Int, slow: Int, rows: Range<Int>,
    _ change: (_ row: Int, _ isAbove: Bool) -> Void
  ) {
    // Both means times both lengths, so that nothing is divided.
    let (short, long) = (Double(fast), Double(slow))
    changes(rows, change) { row in
      let now = eight(sums + row + 1)
      return (now - eight(sums + row + 1 - fast)) * long
        .> (now - eight(sums + row + 1 - slow)) * short
    } one: { row in
      (sums[row + 1] - sums[row + 1 - fast]) * long > (sums[row + 1] - sums[row + 1 - slow]) * short
    }
  }

  @inline(__always)
  private static func eight(_ place: UnsafePointer<Double>) -> SIMD8<Double> {
    UnsafeRawPointer(place).loadUnaligned(as: SIMD8<Double>.self)
  }

  @inline(__always)
  private static func changes(
    _ rows: Range<Int>, _ change: (_ row: Int, _ isAbove: Bool) -> Void,
    eight: (Int) -> SIMDMask<SIMD8<Int64>>, one: (Int) -> Bool
  ) {
    var last: UInt64 = 0
    var row = rows.lowerBound
    while row + 8 <= rows.upperBound {
      let wide = SIMD8<UInt64>.zero.replacing(with: .max, where: eight(row))
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
      let isAbove: UInt64 = one(row) ? 0xff : 0
      if isAbove != last { change(row, isAbove != 0) }
      last = isAbove
      row += 1
    }
  }
}
