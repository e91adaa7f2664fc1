import Numerics

/// Running sums along a dimension; the gradient runs back.
struct CumulativeSumOperation<T: VectorScalar>: Operation {
  static var name: String { "cumulative sum" }
  let outer, length, inner: Int

  var keeps: Kept { [] }

  @specialized(where T == Float)
  @specialized(where T == Double)
  func forward(_ frame: Frame<T>) {
    for block in 0..<outer {
      let (x, y) = (frame[0] + block &* length &* inner, frame.output + block &* length &* inner)
      y.update(from: x, count: length &* inner)
      for i in 1..<max(1, length) {
        Lines.add(UnsafePointer(y) + (i &- 1) &* inner, to: y + i &* inner, count: inner)
      }
    }
  }

  @specialized(where T == Float)
  @specialized(where T == Double)
  func backward(_ frame: Frame<T>) {
    guard let target = frame.gradients[0] else { return }
    for block in 0..<outer {
      let slope = frame.gradient + block &* length &* inner
      for i in stride(from: length &- 2, through: 0, by: -1) {
        Lines.add(UnsafePointer(slope) + (i &+ 1) &* inner, to: slope + i &* inner, count: inner)
      }
    }
    Lines.copy(
      UnsafePointer(frame.gradient), to: target, count: outer &* length &* inner,
      accumulates: frame.accumulates[0])
  }
}

extension Node {
  /// Running sums along a dimension.
  package func cumulativeSum(axis: Int) throws(TensorError) -> Node {
    guard let axis = shape.axis(axis) else {
      throw .shape(graph.place("cumulative sum"), shape, needed: "a dimension \(axis)")
    }
    let (outer, length, inner) = shape.sides(of: axis)
    let operation = CumulativeSumOperation<T>(outer: outer, length: length, inner: inner)
    return try graph.record(operation, [self], shape: shape)
  }
}
