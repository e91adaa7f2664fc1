/// A function of the elements at the same place in two series and of two numbers.
protocol FlatOperation {
  static func value<V: LaneVector>(_ a: V, _ b: V, _ k: V, _ l: V) -> V
}

/// Kernels that take element by element: rows and lanes are all one to them.
enum Flat {
  typealias Source = UnsafePointer<Double>
  typealias Target = UnsafeMutablePointer<Double>

  @inline(__always)
  static func map<Operation: FlatOperation>(
    _: Operation.Type, _ a: Source, _ b: Source, _ out: Target, _ count: Int, _ command: Command
  ) {
    let (k, l) = (SIMD8<Double>(command.k), SIMD8<Double>(command.l))
    var i = 0
    while i &+ 8 <= count {
      Operation.value(SIMD8<Double>.load(a + i), SIMD8<Double>.load(b + i), k, l).store(out + i)
      i &+= 8
    }
    while i < count {
      out[i] = Operation.value(a[i], b[i], command.k, command.l)
      i &+= 1
    }
  }

  /// The third operand chosen by the first, else the second.
  @inline(__always)
  static func choice(_ c: Source, _ a: Source, _ b: Source, _ out: Target, _ count: Int) {
    @inline(__always) func value<V: LaneVector>(_ c: V, _ a: V, _ b: V) -> V {
      V.choose(c.isMissing, c, V.choose(c.isSame(V(0)), b, a))
    }
    var i = 0
    while i &+ 8 <= count {
      value(SIMD8<Double>.load(c + i), SIMD8.load(a + i), SIMD8.load(b + i)).store(out + i)
      i &+= 8
    }
    while i < count {
      out[i] = value(c[i], a[i], b[i])
      i &+= 1
    }
  }

  /// older + newer + k · sum of the newer.
  @inline(__always)
  static func joinWeighted(
    _ older: Source, _ newer: Source, _ sum: Source, _ out: Target, _ count: Int, _ k: Double
  ) {
    let wide = SIMD8<Double>(k)
    var i = 0
    while i &+ 8 <= count {
      let parts = SIMD8<Double>.load(older + i) + SIMD8<Double>.load(newer + i)
      (parts + wide * SIMD8<Double>.load(sum + i)).store(out + i)
      i &+= 8
    }
    while i < count {
      out[i] = (older[i] + newer[i]) + k * sum[i]
      i &+= 1
    }
  }
}

/// The sums of two neighbouring windows of one column.
struct NeighbouringSums {
  let older, newer: UnsafePointer<Double>

  @inline(__always)
  func difference<V: LaneVector>(_: V.Type, _ i: Int, _ k: V, _ l: V) -> V {
    V.load(newer + i) * l - V.load(older + i) * k
  }
}

extension Flat {
  /// Squared or crossed deviations of two neighbouring windows, joined.
  @inline(__always)
  static func joinMoments(
    _ older: Source, _ newer: Source, _ x: NeighbouringSums, _ y: NeighbouringSums, _ out: Target,
    _ count: Int, _ command: Command
  ) {
    @inline(__always) func join<V: LaneVector>(_: V.Type, _ i: Int) {
      let (k, l, m) = (V(command.k), V(command.l), V(command.m))
      let product = x.difference(V.self, i, k, l) * y.difference(V.self, i, k, l)
      ((V.load(older + i) + V.load(newer + i)) + product * m).store(out + i)
    }
    var i = 0
    while i &+ 8 <= count {
      join(SIMD8<Double>.self, i)
      i &+= 8
    }
    while i < count {
      join(Double.self, i)
      i &+= 1
    }
  }
}
