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
  package static func minimumUnchecked<T: VectorScalar>(
    _ values: UnsafePointer<T>, _ count: Int
  ) -> T {
    let (lanes, missing) = fold(values, count) {
      $0.replacing(with: $1, where: $1.isLess(than: $0))
    }
    return missing.pairwiseSum().isNaN ? .nan : lanes.folded { $1 < $0 ? $1 : $0 }
  }

  @specialized(where T == Float)
  @specialized(where T == Double)
  package static func maximumUnchecked<T: VectorScalar>(
    _ values: UnsafePointer<T>, _ count: Int
  ) -> T {
    let (lanes, missing) = fold(values, count) {
      $0.replacing(with: $1, where: $0.isLess(than: $1))
    }
    return missing.pairwiseSum().isNaN ? .nan : lanes.folded { $0 < $1 ? $1 : $0 }
  }

  /// The greatest value where no value is NaN; the caller finds NaN by itself.
  @specialized(where T == Float)
  @specialized(where T == Double)
  static func greatest<T: VectorScalar>(_ values: UnsafePointer<T>, _ count: Int) -> T {
    let width = T.Lanes.scalarCount
    // Four chains, so that a step need not wait for the last.
    var a = T.Lanes(repeating: values[0])
    var (b, c, d) = (a, a, a)
    var i = 0
    while i &+ 4 &* width <= count {
      a = a.greater((values + i).lanes())
      b = b.greater((values + (i &+ width)).lanes())
      c = c.greater((values + (i &+ 2 &* width)).lanes())
      d = d.greater((values + (i &+ 3 &* width)).lanes())
      i &+= 4 &* width
    }
    while i < count {
      a = a.greater((values + i).lanes(first: min(width, count &- i), filler: values[0]))
      i &+= width
    }
    return a.greater(b).greater(c.greater(d)).folded { $0 < $1 ? $1 : $0 }
  }

  /// Folds registers with the better of two, and keeps NaN apart; of one value or more.
  @inline(__always)
  private static func fold<T: VectorScalar>(
    _ values: UnsafePointer<T>, _ count: Int, _ better: (T.Lanes, T.Lanes) -> T.Lanes
  ) -> (lanes: T.Lanes, missing: T.Lanes) {
    let width = T.Lanes.scalarCount
    // Two chains, so that one step need not wait for the last.
    var even = T.Lanes(repeating: values[0])
    var odd = even
    var missing = T.Lanes.zero
    var i = 0
    while i &+ 2 &* width <= count {
      let first = (values + i).lanes()
      let second = (values + (i &+ width)).lanes()
      missing = missing.replacing(with: first, where: first.isNaN)
      missing = missing.replacing(with: second, where: second.isNaN)
      even = better(even, first)
      odd = better(odd, second)
      i &+= 2 &* width
    }
    while i < count {
      let lanes = (values + i).lanes(first: min(width, count &- i), filler: values[0])
      missing = missing.replacing(with: lanes, where: lanes.isNaN)
      even = better(even, lanes)
      i &+= width
    }
    return (better(even, odd), missing)
  }
}

extension VectorLanes {
  /// The greater of the two, lane by lane; a lane of `other` with NaN is passed over.
  @inline(__always)
  fileprivate func greater(_ other: Self) -> Self {
    replacing(with: other, where: isLess(than: other))
  }
}
