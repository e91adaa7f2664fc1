import Numerics

/// A row of numbers for each of a count of things: tokens, symbols, days of the week.
///
/// ```swift
/// let days = graph.indices([32, 60], below: 5)
/// let embedded = try Embedding(5, 16)("weekday", days, in: graph)  // [32, 60, 16]
/// ```
package struct Embedding: Sendable {
  package var count: Int
  package var width: Int

  package init(_ count: Int, _ width: Int) {
    self.count = count
    self.width = width
  }

  package func callAsFunction<T>(
    _ name: String, _ indices: Indices, in graph: Graph<T>
  ) throws(TensorError) -> Node<T> {
    try graph.named(name) { () throws(TensorError) in
      try graph.parameter("weight", [count, width], .normal(deviation: 1)).gathered(indices)
    }
  }
}

/// A learned row of numbers added to each step of [batch, steps, width].
package struct LearnedPositions: Module {
  /// The most steps a sequence may have.
  package var steps: Int
  package var width: Int

  package init(steps: Int, width: Int) {
    self.steps = steps
    self.width = width
  }

  package func callAsFunction<T>(_ x: Node<T>) throws(TensorError) -> Node<T> {
    guard x.shape.rank == 3, x.shape[1] <= steps else {
      throw .shape(x.graph.place("positions"), x.shape, needed: "at most \(steps) steps")
    }
    let weight = try x.graph.parameter("weight", [steps, width], .normal(deviation: 0.02))
    return try x + weight.slice(0..<x.shape[1], axis: 0)
  }
}
