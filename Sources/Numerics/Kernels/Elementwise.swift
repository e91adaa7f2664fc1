/// A function of one number, applied to each element of an array.
///
/// Its value depends on the element alone: not on the array's length, nor on the element's place,
/// nor on alignment. The errors are stated where the formulas are.
package enum ElementwiseFunction: String, CaseIterable, Sendable {
  case exp, expm1, log, log1p, tanh, sigmoid, erf, gelu, geluDerivative, squareRoot, reciprocal
}

/// Kernels over arrays of `Float` and `Double`.
///
/// Checked functions take spans and throw; the unchecked ones they call take pointers, so that a
/// caller can hand a thread its part of an array.
package enum Vector {
  /// output[i] = function(input[i]).
  package static func apply<T: VectorScalar>(
    _ function: ElementwiseFunction, _ input: Span<T>, into output: inout MutableSpan<T>
  ) throws(ShapeError) {
    guard input.count == output.count else {
      throw .counts(operation: function.rawValue, first: input.count, second: output.count)
    }
    input.withUnsafeBufferPointer { source in
      output.withUnsafeMutableBufferPointer { target in
        applyUnchecked(function, source.baseAddress, target.baseAddress, count: source.count)
      }
    }
  }

  /// values[i] = function(values[i]).
  package static func apply<T: VectorScalar>(
    _ function: ElementwiseFunction, inPlace values: inout MutableSpan<T>
  ) {
    values.withUnsafeMutableBufferPointer {
      applyUnchecked(
        function, UnsafePointer($0.baseAddress), $0.baseAddress, count: $0.count)
    }
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

extension UnsafePointer where Pointee: VectorScalar {
  /// The register that starts here, at any alignment.
  @inlinable @inline(__always)
  package func lanes() -> Pointee.Lanes {
    UnsafeRawPointer(self).loadUnaligned(as: Pointee.Lanes.self)
  }

  /// The first lanes of the register that starts here, and zeros.
  @inlinable @inline(__always)
  package func lanes(first count: Int) -> Pointee.Lanes {
    var lanes = Pointee.Lanes.zero
    for lane in 0..<count { lanes[lane] = self[lane] }
    return lanes
  }
}

extension UnsafeMutablePointer where Pointee: VectorScalar {
  @inlinable @inline(__always)
  package func store(_ lanes: Pointee.Lanes) {
    UnsafeMutableRawPointer(self).storeBytes(of: lanes, as: Pointee.Lanes.self)
  }

  @inlinable @inline(__always)
  package func store(_ lanes: Pointee.Lanes, first count: Int) {
    for lane in 0..<count { self[lane] = lanes[lane] }
  }
}
