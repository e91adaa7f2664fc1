import Numerics

/// A range of one dimension: `outer` blocks of `length` · `inner` numbers, of which a part is taken.
struct SliceOperation<T: VectorScalar>: Operation {
  static var name: String { "slice" }
  let outer, length, inner: Int
  let range: Range<Int>

  var keeps: Kept { [] }
  private var taken: Int { range.count * inner }

  func forward(_ frame: Frame<T>) {
    for block in 0..<outer {
      (frame.output + block * taken).update(
        from: frame[0] + (block * length + range.lowerBound) * inner, count: taken)
    }
  }

  func backward(_ frame: Frame<T>) {
    guard let target = frame.gradients[0] else { return }
    for block in 0..<outer {
      let start = target + block * length * inner
      if !frame.accumulates[0] {
        Lines.clear(start, count: range.lowerBound * inner)
        Lines.clear(
          start + range.upperBound * inner, count: (length - range.upperBound) * inner)
      }
      Lines.copy(
        UnsafePointer(frame.gradient) + block * taken, to: start + range.lowerBound * inner,
        count: taken, accumulates: frame.accumulates[0])
    }
  }
}

extension Node {
  /// A range of one dimension, counted from the end where the axis is negative.
  package func slice(_ range: Range<Int>, axis: Int) throws(TensorError) -> Node {
    guard let axis = shape.axis(axis), range.lowerBound >= 0, !range.isEmpty,
      range.upperBound <= shape.dimensions[axis]
    else {
      throw .shape(
        graph.place("slice"), shape, needed: "\(range.upperBound) or more along dimension \(axis)")
    }
    let result = shape.replacing(axis, with: range.count)
    let (outer, length, inner) = shape.sides(of: axis)
    // Along the outermost dimension nothing needs to be copied.
    if outer == 1 { return graph.view(self, shape: result, offset: range.lowerBound * inner) }
    let operation = SliceOperation<T>(
      outer: outer, length: length, inner: inner, range: range)
    return try graph.record(operation, [self], shape: result)
  }

  /// The last step [batch, features] of sequences [batch, steps, features].
  package func lastStep() throws(TensorError) -> Node {
    guard shape.rank == 3 else {
      throw .shape(graph.place("last step"), shape, needed: "[batch, steps, features]")
    }
    return try slice(shape[1] - 1..<shape[1], axis: 1).reshaped([shape[0], shape[2]])
  }

  /// The same numbers under another shape; nothing is copied.
  package func reshaped(_ shape: TensorShape) throws(TensorError) -> Node {
    guard shape.count == self.shape.count, shape.fault == nil else {
      throw .shapes(graph.place("reshape"), first: self.shape, second: shape)
    }
    return graph.view(self, shape: shape)
  }
}
