import Numerics

/// Loops over numbers that lie one after the other. A register's worth at a time; what is left over
/// goes through the same code in a register filled with zeros.
enum Lines {
  /// target[i] = function(source[i])
  @inline(__always)
  static func map<F: LaneFunction, T: VectorScalar>(
    _ function: F.Type, _ source: UnsafePointer<T>, _ target: UnsafeMutablePointer<T>, _ count: Int
  ) {
    each(count) { (i, _: T.Type) in
      (target + i).store(F.value((source + i).lanes()))
    } rest: { i, rest in
      (target + i).store(F.value((source + i).lanes(first: rest)), first: rest)
    }
  }

  /// target[i] = slope(known[i]) · gradient[i], or added to what is there.
  @inline(__always)
  static func multiplySlope<F: LaneFunction, T: VectorScalar>(
    _ slope: F.Type, _ known: UnsafePointer<T>, _ gradient: UnsafePointer<T>,
    _ target: UnsafeMutablePointer<T>, _ count: Int, _ accumulates: Bool
  ) {
    each(count) { (i, _: T.Type) in
      let product = F.value((known + i).lanes()) * (gradient + i).lanes()
      let old = accumulates ? UnsafePointer(target + i).lanes() : .zero
      (target + i).store(old + product)
    } rest: { i, rest in
      let product = F.value((known + i).lanes(first: rest)) * (gradient + i).lanes(first: rest)
      let old = accumulates ? UnsafePointer(target + i).lanes(first: rest) : .zero
      (target + i).store(old + product, first: rest)
    }
  }

  /// Whole registers, then what is left over.
  @inline(__always)
  static func each<T: VectorScalar>(
    _ count: Int, _ whole: (Int, T.Type) -> Void, rest: (Int, Int) -> Void
  ) {
    let width = T.Lanes.scalarCount
    var i = 0
    while i &+ width <= count {
      whole(i, T.self)
      i &+= width
    }
    if i < count { rest(i, count &- i) }
  }

  /// target[i] += factor · source[i]
  @specialized(where T == Float)
  @specialized(where T == Double)
  static func add<T: VectorScalar>(
    _ source: UnsafePointer<T>, times factor: T = 1, to target: UnsafeMutablePointer<T>, count: Int
  ) {
    let scale = T.Lanes(repeating: factor)
    each(count) { (i, _: T.Type) in
      let old = UnsafePointer(target + i).lanes()
      (target + i).store(old.addingProduct((source + i).lanes(), scale))
    } rest: { i, rest in
      let old = UnsafePointer(target + i).lanes(first: rest)
      (target + i).store(old.addingProduct((source + i).lanes(first: rest), scale), first: rest)
    }
  }

  /// target[i] += share · (source[i] − target[i])
  @specialized(where T == Float)
  @specialized(where T == Double)
  static func approach<T: VectorScalar>(
    _ source: UnsafePointer<T>, by share: T, _ target: UnsafeMutablePointer<T>, count: Int
  ) {
    let scale = T.Lanes(repeating: share)
    each(count) { (i, _: T.Type) in
      let old = UnsafePointer(target + i).lanes()
      (target + i).store(old.addingProduct((source + i).lanes() - old, scale))
    } rest: { i, rest in
      let old = UnsafePointer(target + i).lanes(first: rest)
      let new = old.addingProduct((source + i).lanes(first: rest) - old, scale)
      (target + i).store(new, first: rest)
    }
  }

  /// target[i] = source[i], or added to what is there.
  static func copy<T: VectorScalar>(
    _ source: UnsafePointer<T>, to target: UnsafeMutablePointer<T>, count: Int, accumulates: Bool
  ) {
    if accumulates {
      add(source, to: target, count: count)
    } else {
      target.update(from: source, count: count)
    }
  }

  /// target[i] = 0. Where code is generic, `update(repeating:)` asks the type how to copy each number.
  @specialized(where T == Float)
  @specialized(where T == Double)
  static func clear<T: VectorScalar>(_ target: UnsafeMutablePointer<T>, count: Int) {
    target.update(repeating: 0, count: count)
  }

  /// Sums over rows: target[j] = Σᵢ matrix[i, j], or added to what is there.
  @specialized(where T == Float)
  @specialized(where T == Double)
  static func sumRows<T: VectorScalar>(
    _ matrix: UnsafePointer<T>, rows: Int, columns: Int, into target: UnsafeMutablePointer<T>,
    accumulates: Bool
  ) {
    let width = T.Lanes.scalarCount
    var j = 0
    while j < columns {
      let filled = min(width, columns &- j)
      var sum = T.Lanes.zero
      if filled == width {
        // Two chains of additions, so that one need not wait for the other.
        var other = T.Lanes.zero
        var i = 0
        while i &+ 2 <= rows {
          sum += (matrix + (i &* columns &+ j)).lanes()
          other += (matrix + ((i &+ 1) &* columns &+ j)).lanes()
          i &+= 2
        }
        if i < rows { sum += (matrix + (i &* columns &+ j)).lanes() }
        sum += other
      } else {
        for i in 0..<rows { sum += (matrix + (i &* columns &+ j)).lanes(first: filled) }
      }
      if accumulates { sum += UnsafePointer(target + j).lanes(first: filled) }
      (target + j).store(sum, first: filled)
      j &+= width
    }
  }
}

extension Lines {
  /// Σ value², in Double by blocks.
  @specialized(where T == Float)
  @specialized(where T == Double)
  static func sumOfSquares<T: VectorScalar>(_ values: UnsafePointer<T>, count: Int) -> Double {
    var total = 0.0
    var start = 0
    while start < count {
      let end = min(count, start &+ 1024)
      var sum = T.Lanes.zero
      var i = start
      while i &+ T.Lanes.scalarCount <= end {
        let lanes = (values + i).lanes()
        sum = sum.addingProduct(lanes, lanes)
        i &+= T.Lanes.scalarCount
      }
      if i < end {
        let lanes = (values + i).lanes(first: end &- i)
        sum = sum.addingProduct(lanes, lanes)
      }
      for lane in 0..<T.Lanes.scalarCount { total += Double(sum[lane]) }
      start = end
    }
    return total
  }
}

extension Lines {
  /// Σ value, in four chains.
  @inline(__always)
  static func sum<T: VectorScalar>(_ values: UnsafePointer<T>, count: Int) -> T {
    var a = T.Lanes.zero
    var b = T.Lanes.zero
    let width = T.Lanes.scalarCount
    var i = 0
    while i &+ 2 &* width <= count {
      a += (values + i).lanes()
      b += (values + (i &+ width)).lanes()
      i &+= 2 &* width
    }
    while i &+ width <= count {
      a += (values + i).lanes()
      i &+= width
    }
    if i < count { b += (values + i).lanes(first: count &- i) }
    return (a + b).pairwiseSum()
  }

  /// Σ (value − centre)²
  @inline(__always)
  static func sumOfSquares<T: VectorScalar>(
    _ values: UnsafePointer<T>, minus centre: T, count: Int
  ) -> T {
    var sum = T.Lanes.zero
    let centre = T.Lanes(repeating: centre)
    each(count) { (i, _: T.Type) in
      let lanes = (values + i).lanes() - centre
      sum = sum.addingProduct(lanes, lanes)
    } rest: { i, rest in
      for lane in 0..<rest {
        let difference = values[i &+ lane] - centre[0]
        sum[lane] += difference * difference
      }
    }
    return sum.pairwiseSum()
  }
}

extension Lines {
  /// values[i] = exp(values[i] − offset), none of which is above 0 by more than rounding; their sum.
  @inline(__always)
  static func exponentials<T: VectorScalar>(
    _ values: UnsafeMutablePointer<T>, minus offset: T, count: Int
  ) -> T {
    let offset = T.Lanes(repeating: offset)
    var sum = T.Lanes.zero
    each(count) { (i, _: T.Type) in
      let value = T.Lanes.expOfNonPositive(UnsafePointer(values + i).lanes() - offset)
      (values + i).store(value)
      sum += value
    } rest: { i, rest in
      let lanes = UnsafePointer(values + i).lanes(first: rest, filler: -.infinity)
      let value = T.Lanes.expOfNonPositive(lanes - offset)
      (values + i).store(value, first: rest)
      sum += value
    }
    return sum.pairwiseSum()
  }

  /// Σ a[i] · b[i]
  @inline(__always)
  static func dot<T: VectorScalar>(
    _ a: UnsafePointer<T>, _ b: UnsafePointer<T>, count: Int
  ) -> T {
    var sum = T.Lanes.zero
    each(count) { (i, _: T.Type) in
      sum = sum.addingProduct((a + i).lanes(), (b + i).lanes())
    } rest: { i, rest in
      sum = sum.addingProduct((a + i).lanes(first: rest), (b + i).lanes(first: rest))
    }
    return sum.pairwiseSum()
  }

  /// values[i] = weights[i] · (values[i] − mean) · scale, the gradient of a softmax.
  @inline(__always)
  static func centre<T: VectorScalar>(
    _ values: UnsafeMutablePointer<T>, by weights: UnsafePointer<T>, mean: T, scale: T, count: Int
  ) {
    let mean = T.Lanes(repeating: mean)
    each(count) { (i, _: T.Type) in
      let difference = UnsafePointer(values + i).lanes() - mean
      (values + i).store((weights + i).lanes() * difference * scale)
    } rest: { i, rest in
      let difference = UnsafePointer(values + i).lanes(first: rest) - mean
      (values + i).store((weights + i).lanes(first: rest) * difference * scale, first: rest)
    }
  }
}
