import Numerics

/// What is put around the numbers of a dimension.
package enum Padding: Sendable, Equatable {
  case constant(Double)
  /// The first and the last of them again.
  case edges
}

/// `outer` blocks of `length` · `inner` numbers with slices before and after.
struct PaddingOperation<T: VectorScalar>: Operation {
  static var name: String { "pad" }
  let outer, length, inner: Int
  let before, after: Int
  let padding: Padding

  var keeps: Kept { [] }
  private var padded: Int { before + length + after }

  func forward(_ frame: Frame<T>) {
    for block in 0..<outer {
      let source = frame[0] + block &* length &* inner
      let target = frame.output + block &* padded &* inner
      let end = target + (before &+ length) &* inner
      (target + before &* inner).update(from: source, count: length &* inner)
      switch padding {
      case .constant(let value):
        target.update(repeating: T(value), count: before &* inner)
        end.update(repeating: T(value), count: after &* inner)
      case .edges:
        for i in 0..<before { (target + i &* inner).update(from: source, count: inner) }
        let last = source + (length &- 1) &* inner
        for i in 0..<after { (end + i &* inner).update(from: last, count: inner) }
      }
    }
  }

  func backward(_ frame: Frame<T>) {
    guard let target = frame.gradients[0] else { return }
    for block in 0..<outer {
      let start = target + block &* length &* inner
      let slope = UnsafePointer(frame.gradient) + block &* padded &* inner
      Lines.copy(
        slope + before &* inner, to: start, count: length &* inner,
        accumulates: frame.accumulates[0])
      guard padding == .edges else { continue }
      for i in 0..<before { Lines.add(slope + i &* inner, to: start, count: inner) }
      let end = slope + (before &+ length) &* inner
      for i in 0..<after {
        Lines.add(end + i &* inner, to: start + (length &- 1) &* inner, count: inner)
      }
    }
  }
}

extension Node {
  /// Slices more before and after those of a dimension.
  package func padded(
    before: Int = 0, after: Int = 0, axis: Int, with padding: Padding = .constant(0)
  ) throws(TensorError) -> Node {
    guard let axis = shape.axis(axis), before >= 0, after >= 0, before < TensorShape.countMax,
      after < TensorShape.countMax
    else {
      throw .shape(
        graph.place("pad"), shape, needed: "a dimension \(axis), and no less than 0 of padding")
    }
    let (outer, length, inner) = shape.sides(of: axis)
    let operation = PaddingOperation<T>(
      outer: outer, length: length, inner: inner, before: before, after: after, padding: padding)
    return try graph.record(
      operation, [self], shape: shape.replacing(axis, with: before + length + after))
  }
}
