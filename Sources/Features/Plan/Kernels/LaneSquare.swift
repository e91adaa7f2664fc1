/// Eight registers of eight numbers: rows of lanes that become columns, and back.
struct LaneSquare {
  typealias Row = SIMD8<Double>

  var v0 = Row.zero
  var v1 = Row.zero
  var v2 = Row.zero
  var v3 = Row.zero
  var v4 = Row.zero
  var v5 = Row.zero
  var v6 = Row.zero
  var v7 = Row.zero

  @inline(__always)
  init() {}

  /// Eight rows that begin so many numbers apart.
  @inline(__always)
  init(rows source: UnsafePointer<Double>, apart step: Int) {
    v0 = Row.load(source)
    v1 = Row.load(source + step)
    v2 = Row.load(source + 2 &* step)
    v3 = Row.load(source + 3 &* step)
    v4 = Row.load(source + 4 &* step)
    v5 = Row.load(source + 5 &* step)
    v6 = Row.load(source + 6 &* step)
    v7 = Row.load(source + 7 &* step)
  }

  /// Writes the rows from the first to the last: where they overlap, the later one stays.
  @inline(__always)
  func store(rows target: UnsafeMutablePointer<Double>, apart step: Int) {
    v0.store(target)
    v1.store(target + step)
    v2.store(target + 2 &* step)
    v3.store(target + 3 &* step)
    v4.store(target + 4 &* step)
    v5.store(target + 5 &* step)
    v6.store(target + 6 &* step)
    v7.store(target + 7 &* step)
  }

  /// Rows become columns: the perfect shuffle, three times.
  @inline(__always)
  mutating func turn() {
    for _ in 0..<3 {
      let (a, b) = (SIMD16(lowHalf: v0, highHalf: v1), SIMD16(lowHalf: v2, highHalf: v3))
      let (c, d) = (SIMD16(lowHalf: v4, highHalf: v5), SIMD16(lowHalf: v6, highHalf: v7))
      (v0, v1, v2, v3) = (a.evenHalf, b.evenHalf, c.evenHalf, d.evenHalf)
      (v4, v5, v6, v7) = (a.oddHalf, b.oddHalf, c.oddHalf, d.oddHalf)
    }
  }
}

extension SIMD8<Double> {
  /// Each lane, or the one quiet NaN where it is not finite.
  ///
  /// Written with bits: the compiler takes a choice between lanes apart where shuffles surround it.
  @inline(__always)
  var orMissing: Self {
    // A difference from itself is 0, or a NaN, whose 51st bit says that it is quiet.
    let difference = unsafeBitCast(self - self, to: SIMD8<Int64>.self)
    let isMissing = (difference &<< 12) &>> 63
    let missing = Int64(bitPattern: Double.nan.bitPattern)
    let bits = (unsafeBitCast(self, to: SIMD8<Int64>.self) & ~isMissing) | (isMissing & missing)
    return unsafeBitCast(bits, to: Self.self)
  }
}
