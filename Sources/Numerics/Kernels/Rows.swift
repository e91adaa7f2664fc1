extension Vector {
  /// The softmax of each row: exp(x − max) / Σ exp(x − max).
  ///
  /// A row with NaN or +∞ in it, or of −∞ only, becomes NaN. The relative error of an element is below
  /// 4 + |x − max| roundings plus those of the sum: x − max is rounded before it is an exponent.
  @specialized(where T == Float)
  @specialized(where T == Double)
  package static func softmaxRows<T: VectorScalar>(
    _ input: Span<T>, rowLength: Int, into output: inout MutableSpan<T>, on pool: Pool? = nil
  ) throws(ShapeError) {
    try forEachRow("softmaxRows", input, rowLength, &output, pool) { source, target in
      softmaxUnchecked(source, target, count: rowLength)
    }
  }

  /// The logarithm of the softmax of each row: x − max − log Σ exp(x − max).
  @specialized(where T == Float)
  @specialized(where T == Double)
  package static func logSoftmaxRows<T: VectorScalar>(
    _ input: Span<T>, rowLength: Int, into output: inout MutableSpan<T>, on pool: Pool? = nil
  ) throws(ShapeError) {
    try forEachRow("logSoftmaxRows", input, rowLength, &output, pool) { source, target in
      logSoftmaxUnchecked(source, target, count: rowLength)
    }
  }

  @inline(__always)
  private static func forEachRow<T: VectorScalar>(
    _ operation: String, _ input: Span<T>, _ rowLength: Int, _ output: inout MutableSpan<T>,
    _ pool: Pool?, _ row: (UnsafePointer<T>, UnsafeMutablePointer<T>) -> Void
  ) throws(ShapeError) {
    let count = input.count
    guard count == output.count else {
      throw .counts(operation: operation, first: count, second: output.count)
    }
    guard rowLength > 0, count % rowLength == 0 else {
      throw .rows(operation: operation, count: count, rowLength: rowLength)
    }
    input.withUnsafeBufferPointer { source in
      output.withUnsafeMutableBufferPointer { target in
        guard let source = source.baseAddress, let target = target.baseAddress else { return }
        func rows(_ range: Range<Int>) {
          for i in range { row(source + i * rowLength, target + i * rowLength) }
        }
        guard let pool else { return rows(0..<count / rowLength) }
        let minimumChunk = max(1, (1 << 12) / rowLength)
        pool.forEachChunk(of: count / rowLength, minimumChunk: minimumChunk, rows)
      }
    }
  }

  /// The softmax of one row of one element or more; the output may be the input.
  @specialized(where T == Float)
  @specialized(where T == Double)
  package static func softmaxUnchecked<T: VectorScalar>(
    _ input: UnsafePointer<T>, _ output: UnsafeMutablePointer<T>, count: Int
  ) {
    let exponentials = StoredExponentials(
      base: input, offset: greatest(input, count), target: output)
    let scale = 1 / total(exponentials, count: count, on: nil)
    let width = T.Lanes.scalarCount
    var i = 0
    while i &+ width <= count {
      (output + i).store((output + i).lanes() * T.Lanes(repeating: scale))
      i &+= width
    }
    while i < count {
      output[i] *= scale
      i &+= 1
    }
  }

  /// The logarithm of the softmax of one row of one element or more; the output may be the input.
  @specialized(where T == Float)
  @specialized(where T == Double)
  package static func logSoftmaxUnchecked<T: VectorScalar>(
    _ input: UnsafePointer<T>, _ output: UnsafeMutablePointer<T>, count: Int
  ) {
    let greatest = greatest(input, count)
    let sum = total(Exponentials(base: input, offset: greatest), count: count, on: nil)
    let logarithm = T.Lanes.log(T.Lanes(repeating: sum))[0]
    for i in 0..<count { output[i] = (input[i] - greatest) - logarithm }
  }
}

extension UnsafeMutablePointer where Pointee: VectorScalar {
  @inlinable @inline(__always)
  func lanes() -> Pointee.Lanes { UnsafePointer(self).lanes() }
}
