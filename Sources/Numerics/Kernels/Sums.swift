// Sums in an order that is fixed by the count alone.
//
// Blocks of 1,024 terms are added in four registers, then the blocks' sums in pairs: the tree of the
// blocks splits at the greatest power of two below their number, so that a thread which adds a run of
// 2ᵏ blocks makes a branch of that same tree, and any number of threads gives the same bits. The
// error is at most (log₂ n + 22) roundings of Σ|term|, where a plain loop's bound is n of them (Higham,
// "The accuracy of floating point summation", 1993).

extension Vector {
  /// The sum of the values; 0 of none. NaN and opposite infinities give NaN.
  package static func sum<T: VectorScalar>(_ values: Span<T>, on pool: Pool? = nil) -> T {
    values.withUnsafeBufferPointer { values in
      guard let base = values.baseAddress else { return 0 }
      return total(Values(base: base), count: values.count, on: pool)
    }
  }

  /// Σ a[i] · b[i], each product added unrounded.
  package static func dot<T: VectorScalar>(
    _ a: Span<T>, _ b: Span<T>, on pool: Pool? = nil
  ) throws(ShapeError) -> T {
    guard a.count == b.count else {
      throw .counts(operation: "dot", first: a.count, second: b.count)
    }
    return a.withUnsafeBufferPointer { a in
      b.withUnsafeBufferPointer { b in
        guard let first = a.baseAddress, let second = b.baseAddress else { return 0 }
        return total(Products(a: first, b: second), count: a.count, on: pool)
      }
    }
  }

  static var blockLength: Int { 1024 }
  /// Runs that threads add on their own; their sums are kept on the stack.
  private static var greatestRunCount: Int { 64 }

  static func total<Terms: SummationTerms>(
    _ terms: Terms, count: Int, on pool: Pool?
  ) -> Terms.Scalar {
    let blocks = (count + blockLength - 1) / blockLength
    guard let pool, pool.threads > 1, blocks > 8 else {
      return branch(terms, 0..<blocks, count: count)
    }
    var runLength = 1
    while blocks > runLength * greatestRunCount { runLength *= 2 }
    let runs = (blocks + runLength - 1) / runLength
    return withUnsafeTemporaryAllocation(of: Terms.Scalar.self, capacity: runs) { sums in
      pool.forEachChunk(of: runs, minimumChunk: max(1, 8 / runLength)) { chunk in
        for run in chunk {
          let end = min(blocks, (run + 1) * runLength)
          sums[run] = branch(terms, run * runLength..<end, count: count)
        }
      }
      return branch(Sums(base: sums), 0..<runs, count: runs)
    }
  }

  /// The sum of the blocks as a tree.
  @specialized(where Terms == Values<Float>)
  @specialized(where Terms == Values<Double>)
  @specialized(where Terms == Products<Float>)
  @specialized(where Terms == Products<Double>)
  @specialized(where Terms == Exponentials<Float>)
  @specialized(where Terms == Exponentials<Double>)
  @specialized(where Terms == StoredExponentials<Float>)
  @specialized(where Terms == StoredExponentials<Double>)
  static func branch<Terms: SummationTerms>(
    _ terms: Terms, _ blocks: Range<Int>, count: Int
  ) -> Terms.Scalar {
    if blocks.count <= 1 {
      let start = blocks.lowerBound * Terms.blockLength
      return blocks.isEmpty ? 0 : terms.sum(start..<min(count, start + Terms.blockLength))
    }
    let half = 1 << (Int.bitWidth - 1 - (blocks.count - 1).leadingZeroBitCount)
    let middle = blocks.lowerBound + half
    return branch(terms, blocks.lowerBound..<middle, count: count)
      + branch(terms, middle..<blocks.upperBound, count: count)
  }
}

/// Terms of a sum, addressed by index.
protocol SummationTerms {
  associatedtype Scalar: VectorScalar
  static var blockLength: Int { get }
  /// The sum of one block.
  func sum(_ range: Range<Int>) -> Scalar
}

/// Terms that come in registers.
protocol LaneTerms: SummationTerms {
  /// The sum with the register of terms at the index added.
  func added(to sum: Scalar.Lanes, at index: Int) -> Scalar.Lanes
  /// The same with the first few only.
  func added(to sum: Scalar.Lanes, at index: Int, first count: Int) -> Scalar.Lanes
}

extension LaneTerms {
  static var blockLength: Int { Vector.blockLength }

  @inline(__always)
  func sum(_ range: Range<Int>) -> Scalar {
    let width = Scalar.Lanes.scalarCount
    var a = Scalar.Lanes.zero
    var b = a
    var c = a
    var d = a
    var i = range.lowerBound
    let end = range.upperBound
    while i &+ 4 &* width <= end {
      a = added(to: a, at: i)
      b = added(to: b, at: i &+ width)
      c = added(to: c, at: i &+ 2 &* width)
      d = added(to: d, at: i &+ 3 &* width)
      i &+= 4 &* width
    }
    while i &+ width <= end {
      a = added(to: a, at: i)
      i &+= width
    }
    if i < end { b = added(to: b, at: i, first: end &- i) }
    return ((a + b) + (c + d)).pairwiseSum()
  }
}

extension VectorLanes {
  /// The sum of the lanes, halves first.
  @inlinable @inline(__always)
  package func pairwiseSum() -> Scalar { folded { $0 + $1 } }

  /// The lanes folded into one, halves first.
  @inlinable @inline(__always)
  package func folded(_ combine: (Scalar, Scalar) -> Scalar) -> Scalar {
    var lanes = self
    var width = scalarCount / 2
    while width > 0 {
      for lane in 0..<width { lanes[lane] = combine(lanes[lane], lanes[lane + width]) }
      width /= 2
    }
    return lanes[0]
  }
}

struct Values<Scalar: VectorScalar>: LaneTerms {
  let base: UnsafePointer<Scalar>

  @inline(__always)
  func added(to sum: Scalar.Lanes, at index: Int) -> Scalar.Lanes { sum + (base + index).lanes() }

  @inline(__always)
  func added(to sum: Scalar.Lanes, at index: Int, first count: Int) -> Scalar.Lanes {
    sum + (base + index).lanes(first: count)
  }
}

struct Products<Scalar: VectorScalar>: LaneTerms {
  let a, b: UnsafePointer<Scalar>

  @inline(__always)
  func added(to sum: Scalar.Lanes, at index: Int) -> Scalar.Lanes {
    sum.addingProduct((a + index).lanes(), (b + index).lanes())
  }

  @inline(__always)
  func added(to sum: Scalar.Lanes, at index: Int, first count: Int) -> Scalar.Lanes {
    sum.addingProduct((a + index).lanes(first: count), (b + index).lanes(first: count))
  }
}

/// exp(value − offset).
struct Exponentials<Scalar: VectorScalar>: LaneTerms {
  let base: UnsafePointer<Scalar>
  let offset: Scalar

  @inline(__always)
  func added(to sum: Scalar.Lanes, at index: Int) -> Scalar.Lanes {
    sum + Scalar.Lanes.expOfNonPositive((base + index).lanes() - Scalar.Lanes(repeating: offset))
  }

  @inline(__always)
  func added(to sum: Scalar.Lanes, at index: Int, first count: Int) -> Scalar.Lanes {
    let lanes = (base + index).lanes(first: count, filler: -.infinity)
    return sum + Scalar.Lanes.expOfNonPositive(lanes - Scalar.Lanes(repeating: offset))
  }
}

/// exp(value − offset), kept in the target as well.
struct StoredExponentials<Scalar: VectorScalar>: LaneTerms {
  let base: UnsafePointer<Scalar>
  let offset: Scalar
  let target: UnsafeMutablePointer<Scalar>

  @inline(__always)
  func added(to sum: Scalar.Lanes, at index: Int) -> Scalar.Lanes {
    let value = Scalar.Lanes.expOfNonPositive(
      (base + index).lanes() - Scalar.Lanes(repeating: offset))
    (target + index).store(value)
    return sum + value
  }

  @inline(__always)
  func added(to sum: Scalar.Lanes, at index: Int, first count: Int) -> Scalar.Lanes {
    let lanes = (base + index).lanes(first: count, filler: -.infinity)
    let value = Scalar.Lanes.expOfNonPositive(lanes - Scalar.Lanes(repeating: offset))
    (target + index).store(value, first: count)
    return sum + value
  }
}

/// Sums of runs of blocks, each a term.
private struct Sums<Scalar: VectorScalar>: SummationTerms {
  let base: UnsafeMutableBufferPointer<Scalar>
  static var blockLength: Int { 1 }
  func sum(_ range: Range<Int>) -> Scalar { base[range.lowerBound] }
}
