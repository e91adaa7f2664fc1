import Numerics

/// A function of two registers as a type, so that loops over it are compiled for it.
protocol PairFunction {
  static func value<L: VectorLanes>(_ a: L, _ b: L) -> L
}

/// Loops over numbers that lie one after the other. A register's worth at a time; what is left over
/// goes through the same code in a register filled with zeros.
enum Lines {
  /// target[i] = function(a[i], b[i]), or added to what is there.
  @inline(__always)
  static func combine<F: PairFunction, T: VectorScalar>(
    _ function: F.Type, _ a: UnsafePointer<T>, _ b: UnsafePointer<T>,
    _ target: UnsafeMutablePointer<T>, _ count: Int, _ accumulates: Bool
  ) {
    if accumulates {
      each(count) { (i, _: T.Type) in
        let old = UnsafePointer(target + i).lanes()
        (target + i).store(old + F.value((a + i).lanes(), (b + i).lanes()))
      } rest: { i, rest in
        let old = UnsafePointer(target + i).lanes(first: rest)
        let new = F.value((a + i).lanes(first: rest), (b + i).lanes(first: rest))
        (target + i).store(old + new, first: rest)
      }
    } else {
      each(count) { (i, _: T.Type) in
        (target + i).store(F.value((a + i).lanes(), (b + i).lanes()))
      } rest: { i, rest in
        let new = F.value((a + i).lanes(first: rest), (b + i).lanes(first: rest))
        (target + i).store(new, first: rest)
      }
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
