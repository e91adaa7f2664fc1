extension Vector {
  /// The least value; nil of none. One NaN makes it NaN: a missing value is never passed over.
  package static func minimum<T: VectorScalar>(_ values: Span<T>) -> T? {
    values.withUnsafeBufferPointer { values in
      values.baseAddress.flatMap { values.isEmpty ? nil : minimumUnchecked($0, values.count) }
    }
  }

  /// The greatest value; nil of none. One NaN makes it NaN.
  package static func maximum<T: VectorScalar>(_ values: Span<T>) -> T? {
    values.withUnsafeBufferPointer { values in
      values.baseAddress.flatMap { values.isEmpty ? nil : maximumUnchecked($0, values.count) }
    }
  }

  /// Where the least value first stands, or the first NaN; nil of none.
  package static func indexOfMinimum<T: VectorScalar>(_ values: Span<T>) -> Int? {
    minimum(values).flatMap { firstIndex(of: $0, in: values) }
  }

  /// Where the greatest value first stands, or the first NaN; nil of none.
  package static func indexOfMaximum<T: VectorScalar>(_ values: Span<T>) -> Int? {
    maximum(values).flatMap { firstIndex(of: $0, in: values) }
  }

  @specialized(where T == Float)
  @specialized(where T == Double)
  private static func firstIndex<T: VectorScalar>(of value: T, in values: Span<T>) -> Int? {
    for i in values.indices where values[i] == value || (value.isNaN && values[i].isNaN) {
      return i
    }
    return nil
  }

  @specialized(where T == Float)
  @specialized(where T == Double)
  static func minimumUnchecked<T: VectorScalar>(_ values: UnsafePointer<T>, _ count: Int) -> T {
    extremum(values, count) { $0.replacing(with: $1, where: $1.isLess(than: $0)) }
  }

  @specialized(where T == Float)
  @specialized(where T == Double)
  static func maximumUnchecked<T: VectorScalar>(_ values: UnsafePointer<T>, _ count: Int) -> T {
    extremum(values, count) { $0.replacing(with: $1, where: $0.isLess(than: $1)) }
  }

  /// Folds the registers, then the lanes, with the better of two.
  @inline(__always)
  private static func extremum<T: VectorScalar>(
    _ values: UnsafePointer<T>, _ count: Int, _ better: (T.Lanes, T.Lanes) -> T.Lanes
  ) -> T {
    let width = T.Lanes.scalarCount
    var best = T.Lanes(repeating: values[0])
    var other = best
    var missing = T.Lanes.zero
    var i = 0
    while i < count {
      let rest = count &- i
      let lanes =
        rest >= width
        ? (values + i).lanes() : (values + i).lanes(first: rest, filler: values[0])
      missing = missing.replacing(with: lanes, where: lanes.isNaN)
      let next = better(other, lanes)
      other = best
      best = next
      i &+= width
    }
    best = better(best, other)
    for lane in 0..<width where missing[lane].isNaN { return .nan }
    for lane in 1..<width {
      best = better(best, T.Lanes(repeating: best[lane]))
    }
    return best[0]
  }
}
