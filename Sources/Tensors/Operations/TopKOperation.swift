import Numerics

/// The greatest numbers of each row, the greatest first; of equal ones the first.
struct TopKOperation<T: VectorScalar>: Operation {
  static var name: String { "top k" }
  let rows, columns, count: Int
  /// Where their places are written.
  let indices: Indices

  var keeps: Kept { [] }

  @specialized(where T == Float)
  @specialized(where T == Double)
  func forward(_ frame: Frame<T>) {
    for row in 0..<rows {
      let source = frame[0] + row &* columns
      let best = frame.output + row &* count
      let places = indices.start + row &* count
      var found = 0
      for column in 0..<columns {
        let value = source[column]
        // NaN is the greatest, as in PyTorch.
        func isLess(_ other: T) -> Bool { other < value || (value.isNaN && !other.isNaN) }
        if found == count, !isLess(best[count &- 1]) { continue }
        var place = found == count ? count &- 1 : found
        while place > 0, isLess(best[place &- 1]) {
          best[place] = best[place &- 1]
          places[place] = places[place &- 1]
          place &-= 1
        }
        best[place] = value
        places[place] = Int32(truncatingIfNeeded: column)
        if found < count { found &+= 1 }
      }
    }
  }

  @specialized(where T == Float)
  @specialized(where T == Double)
  func backward(_ frame: Frame<T>) {
    guard let target = frame.gradients[0] else { return }
    if !frame.accumulates[0] { target.update(repeating: 0, count: rows &* columns) }
    for place in 0..<rows &* count {
      target[place / count &* columns &+ Int(indices.start[place])] += frame.gradient[place]
    }
  }
}

extension Node {
  /// The greatest numbers of each row of the last dimension, the greatest first, and their places.
  package func top(_ count: Int) throws(TensorError) -> (values: Node, indices: Indices) {
    guard shape.rank >= 1, (1...shape.last).contains(count) else {
      throw .shape(graph.place("top k"), shape, needed: "rows of \(count), and that 1 or more")
    }
    let result = shape.replacingLast(with: count)
    let indices = Indices(shape: result, bound: shape.last)
    let operation = TopKOperation<T>(
      rows: shape.rows, columns: shape.last, count: count, indices: indices)
    let values = try graph.record(operation, [self], shape: result)
    indices.follow(values)
    return (values, indices)
  }
}
