/// A function of one number, applied to each element of an array.
///
/// Its value depends on the element alone: not on the array's length, nor on the element's place,
/// nor on alignment.
package enum ElementwiseFunction: String, CaseIterable, Sendable {
  case exp, expm1, log, log1p, tanh, sigmoid, erf, gelu, geluDerivative, squareRoot, reciprocal

  /// The greatest distance from the exact value in units in the last place of `Float` or `Double`.
  ///
  /// Of `geluDerivative`, which crosses zero, the unit is that of 1/8 where the value is smaller.
  package func greatestError<T: VectorScalar>(of _: T.Type) -> Double {
    let isSingle = T.self == Float.self
    return switch self {
    case .exp: 1.05
    case .log, .log1p: 1
    case .expm1, .erf: 1.25
    case .tanh: 1.5
    case .sigmoid: 2.5
    case .gelu: isSingle ? 6 : 12
    case .geluDerivative: isSingle ? 5.1 : 6
    case .squareRoot, .reciprocal: 0.5
    }
  }
}

/// Kernels over arrays of `Float` and `Double`.
///
/// Checked functions take spans and throw; the unchecked ones they call take pointers, so that a
/// caller can hand a thread its part of an array.
package enum Vector {
  /// output[i] = function(input[i]), on the threads of the pool where one is given.
  package static func apply<T: VectorScalar>(
    _ function: ElementwiseFunction, _ input: Span<T>, into output: inout MutableSpan<T>,
    on pool: Pool? = nil
  ) throws(ShapeError) {
    guard input.count == output.count else {
      throw .counts(operation: function.rawValue, first: input.count, second: output.count)
    }
    input.withUnsafeBufferPointer { source in
      output.withUnsafeMutableBufferPointer { target in
        forEachChunk(of: source.count, on: pool) { chunk in
          applyUnchecked(
            function, source.baseAddress.map { $0 + chunk.lowerBound },
            target.baseAddress.map { $0 + chunk.lowerBound }, count: chunk.count)
        }
      }
    }
  }

  /// values[i] = function(values[i]), on the threads of the pool where one is given.
  package static func apply<T: VectorScalar>(
    _ function: ElementwiseFunction, inPlace values: inout MutableSpan<T>, on pool: Pool? = nil
  ) {
    values.withUnsafeMutableBufferPointer { values in
      forEachChunk(of: values.count, on: pool) { chunk in
        let start = values.baseAddress.map { $0 + chunk.lowerBound }
        applyUnchecked(function, UnsafePointer(start), start, count: chunk.count)
      }
    }
  }

  /// output[i] = a[i] · b[i] + c[i], rounded once.
  package static func multiplyAdd<T: VectorScalar>(
    _ a: Span<T>, _ b: Span<T>, _ c: Span<T>, into output: inout MutableSpan<T>,
    on pool: Pool? = nil
  ) throws(ShapeError) {
    for count in [b.count, c.count, output.count] where count != a.count {
      throw .counts(operation: "multiplyAdd", first: a.count, second: count)
    }
    a.withUnsafeBufferPointer { a in
      b.withUnsafeBufferPointer { b in
        c.withUnsafeBufferPointer { c in
          output.withUnsafeMutableBufferPointer { output in
            forEachChunk(of: a.count, on: pool) { chunk in
              guard let a = a.baseAddress, let b = b.baseAddress, let c = c.baseAddress,
                let output = output.baseAddress
              else { return }
              let start = chunk.lowerBound
              multiplyAddUnchecked(
                a + start, b + start, c + start, output + start, count: chunk.count)
            }
          }
        }
      }
    }
  }

  /// Chunks that pay for the hand-over to another thread; all at once without a pool.
  @inline(__always)
  static func forEachChunk(of count: Int, on pool: Pool?, _ body: (Range<Int>) -> Void) {
    guard let pool else { return body(0..<count) }
    pool.forEachChunk(of: count, minimumChunk: 1 << 13, alignedTo: 16, body)
  }

  /// The elements from `input` on, which may be `output`; nothing is checked.
  @specialized(where T == Float)
  @specialized(where T == Double)
  package static func applyUnchecked<T: VectorScalar>(
    _ function: ElementwiseFunction, _ input: UnsafePointer<T>?, _ output: UnsafeMutablePointer<T>?,
    count: Int
  ) {
    guard count > 0, let input, let output else { return }
    switch function {
    case .exp: map(Lanewise.Exp.self, input, output, count: count)
    case .expm1: map(Lanewise.Expm1.self, input, output, count: count)
    case .log: map(Lanewise.Log.self, input, output, count: count)
    case .log1p: map(Lanewise.Log1p.self, input, output, count: count)
    case .tanh: map(Lanewise.Tanh.self, input, output, count: count)
    case .sigmoid: map(Lanewise.Sigmoid.self, input, output, count: count)
    case .erf: map(Lanewise.Erf.self, input, output, count: count)
    case .gelu: map(Lanewise.Gelu.self, input, output, count: count)
    case .geluDerivative: map(Lanewise.GeluDerivative.self, input, output, count: count)
    case .squareRoot: map(Lanewise.SquareRoot.self, input, output, count: count)
    case .reciprocal: map(Lanewise.Reciprocal.self, input, output, count: count)
    }
  }

  @specialized(where T == Float)
  @specialized(where T == Double)
  package static func multiplyAddUnchecked<T: VectorScalar>(
    _ a: UnsafePointer<T>, _ b: UnsafePointer<T>, _ c: UnsafePointer<T>,
    _ output: UnsafeMutablePointer<T>, count: Int
  ) {
    let width = T.Lanes.scalarCount
    var i = 0
    while i &+ width <= count {
      (output + i).store((c + i).lanes().addingProduct((a + i).lanes(), (b + i).lanes()))
      i &+= width
    }
    while i < count {
      output[i] = c[i].addingProduct(a[i], b[i])
      i &+= 1
    }
  }

  /// Whole registers first; the rest goes through the same code in a register filled with zeros.
  @inlinable @inline(never)
  package static func map<F: LaneFunction, T: VectorScalar>(
    _ function: F.Type, _ input: UnsafePointer<T>, _ output: UnsafeMutablePointer<T>, count: Int
  ) {
    let width = T.Lanes.scalarCount
    var start = 0
    while start &+ width <= count {
      (output + start).store(F.value((input + start).lanes()))
      start &+= width
    }
    let rest = count &- start
    if rest > 0 { (output + start).store(F.value((input + start).lanes(first: rest)), first: rest) }
  }
}
