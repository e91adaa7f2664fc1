import Numerics

/// Tensors one after the other along a dimension: of each, `outer` blocks of its own width.
struct ConcatenationOperation<T: VectorScalar>: Operation {
  static var name: String { "concatenate" }
  let outer: Int
  let widths: [Int]
  private let total: Int

  var keeps: Kept { [] }

  init(outer: Int, widths: [Int]) {
    self.outer = outer
    self.widths = widths
    total = widths.reduce(0, +)
  }

  func forward(_ frame: Frame<T>) {
    var start = 0
    for (input, width) in widths.enumerated() {
      for block in 0..<outer {
        (frame.output + (block &* total &+ start))
          .update(from: frame[input] + block &* width, count: width)
      }
      start &+= width
    }
  }

  func backward(_ frame: Frame<T>) {
    var start = 0
    for (input, width) in widths.enumerated() {
      if let target = frame.gradients[input] {
        for block in 0..<outer {
          Lines.copy(
            UnsafePointer(frame.gradient) + (block &* total &+ start), to: target + block &* width,
            count: width, accumulates: frame.accumulates[input])
        }
      }
      start &+= width
    }
  }
}

extension Node {
  /// Tensors one after the other along a dimension, counted from the end where it is negative.
  package static func concatenated(_ nodes: [Node], axis: Int) throws(TensorError) -> Node {
    guard let first = nodes.first else {
      throw .setting(
        .init(operation: "concatenate", path: ""), finding: "there is nothing to put together")
    }
    let place = first.graph.place("concatenate")
    guard let axis = first.shape.axis(axis) else {
      throw .shape(place, first.shape, needed: "a dimension \(axis)")
    }
    for node in nodes.dropFirst() {
      guard node.shape.rank == first.shape.rank,
        node.shape.replacing(axis, with: 1) == first.shape.replacing(axis, with: 1)
      else { throw .shapes(place, first: first.shape, second: node.shape) }
    }
    let sides = nodes.map { $0.shape.sides(of: axis) }
    let operation = ConcatenationOperation<T>(
      outer: sides[0].outer, widths: sides.map { $0.length * $0.inner })
    return try first.graph.record(
      operation, nodes,
      shape: first.shape.replacing(axis, with: sides.reduce(0) { $0 + $1.length }))
  }

  /// Tensors of one shape as the slices of a new dimension.
  package static func stacked(_ nodes: [Node], axis: Int = 0) throws(TensorError) -> Node {
    var slices: [Node] = []
    for node in nodes { slices.append(try node.inserting(axis)) }
    // Both count from the end of the new shape.
    return try concatenated(slices, axis: axis)
  }

  /// Parts of these lengths along a dimension, which they fill.
  package func split(_ lengths: [Int], axis: Int) throws(TensorError) -> [Node] {
    guard let axis = shape.axis(axis), lengths.reduce(0, +) == shape[axis] else {
      throw .shape(graph.place("split"), shape, needed: "a dimension \(axis) of \(lengths)")
    }
    var parts: [Node] = []
    var start = 0
    for length in lengths {
      parts.append(try slice(start..<start + max(0, length), axis: axis))
      start += length
    }
    return parts
  }

  /// The same numbers with one dimension of length 1 more; nothing is copied.
  package func inserting(_ axis: Int) throws(TensorError) -> Node {
    let place = axis < 0 ? shape.rank + 1 + axis : axis
    guard (0...shape.rank).contains(place) else {
      throw .shape(graph.place("insert"), shape, needed: "\(axis) dimensions or more")
    }
    var dimensions = shape.dimensions
    dimensions.insert(1, at: place)
    return try reshaped(TensorShape(dimensions))
  }
}
