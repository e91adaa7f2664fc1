import Numerics

/// Slices of a dimension by their numbers, or the opposite: slices added up at their numbers.
struct GatherOperation<T: VectorScalar>: Operation {
  static var name: String { "gather" }
  /// Blocks of `length` · `inner` numbers on the side of the table, of `indices` · `inner` on the other.
  let outer, length, inner: Int
  let indices: Indices
  let isScattered: Bool

  var keeps: Kept { [] }

  @specialized(where T == Float)
  @specialized(where T == Double)
  func forward(_ frame: Frame<T>) {
    if isScattered {
      scatter(frame[0], into: frame.output, accumulates: false)
    } else {
      gather(frame[0], into: frame.output, accumulates: false)
    }
  }

  @specialized(where T == Float)
  @specialized(where T == Double)
  func backward(_ frame: Frame<T>) {
    guard let target = frame.gradients[0] else { return }
    let slope = UnsafePointer(frame.gradient)
    if isScattered {
      gather(slope, into: target, accumulates: frame.accumulates[0])
    } else {
      scatter(slope, into: target, accumulates: frame.accumulates[0])
    }
  }

  private func gather(
    _ table: UnsafePointer<T>, into target: UnsafeMutablePointer<T>, accumulates: Bool
  ) {
    let count = indices.count
    for block in 0..<outer {
      for place in 0..<count {
        Lines.copy(
          table + (block &* length &+ Int(indices.start[place])) &* inner,
          to: target + (block &* count &+ place) &* inner, count: inner, accumulates: accumulates)
      }
    }
  }

  private func scatter(
    _ slices: UnsafePointer<T>, into table: UnsafeMutablePointer<T>, accumulates: Bool
  ) {
    let count = indices.count
    if !accumulates { table.update(repeating: 0, count: outer &* length &* inner) }
    for block in 0..<outer {
      for place in 0..<count {
        Lines.add(
          slices + (block &* count &+ place) &* inner,
          to: table + (block &* length &+ Int(indices.start[place])) &* inner, count: inner)
      }
    }
  }
}

/// Of each row the numbers at its own indices, as many for every row.
struct PickOperation<T: VectorScalar>: Operation {
  static var name: String { "pick" }
  let rows, columns, picks: Int
  let indices: Indices

  var keeps: Kept { [] }

  @specialized(where T == Float)
  @specialized(where T == Double)
  func forward(_ frame: Frame<T>) {
    for place in 0..<rows &* picks {
      frame.output[place] = frame[0][place / picks &* columns &+ Int(indices.start[place])]
    }
  }

  @specialized(where T == Float)
  @specialized(where T == Double)
  func backward(_ frame: Frame<T>) {
    guard let target = frame.gradients[0] else { return }
    if !frame.accumulates[0] { target.update(repeating: 0, count: rows &* columns) }
    for place in 0..<rows &* picks {
      target[place / picks &* columns &+ Int(indices.start[place])] += frame.gradient[place]
    }
  }
}

extension Node {
  /// An operation that reads indices, behind the one that finds them where there is one.
  private func record(
    _ operation: some Operation<T>, _ indices: Indices, shape: TensorShape
  ) throws(TensorError) -> Node {
    guard let source = indices.source else {
      return try graph.record(operation, [self], shape: shape)
    }
    guard indices.graph === graph else {
      throw .foreignValue(graph.place(type(of: operation).name))
    }
    let finder = Node(graph: graph, id: source, shape: indices.shape)
    return try graph.record(operation, [self, finder.stopGradient()], shape: shape)
  }

  /// The slices of a dimension with these numbers: rows of a table of embeddings.
  package func gathered(_ indices: Indices, axis: Int = 0) throws(TensorError) -> Node {
    guard let axis = shape.axis(axis), (1...shape[axis]).contains(indices.bound) else {
      throw .shape(
        graph.place("gather"), shape, needed: "a dimension \(axis) of \(indices.bound) or more")
    }
    let (outer, length, inner) = shape.sides(of: axis)
    let operation = GatherOperation<T>(
      outer: outer, length: length, inner: inner, indices: indices, isScattered: false)
    return try record(
      operation, indices,
      shape: TensorShape(
        Array(shape.dimensions[..<axis]) + indices.shape.dimensions
          + Array(shape.dimensions[(axis + 1)...])))
  }

  /// Rows added up in the rows of a table with these numbers; those that nothing falls to are zeros.
  package func scattered(_ indices: Indices) throws(TensorError) -> Node {
    guard shape.rank >= 1, indices.shape == [shape[0]] else {
      throw .shapes(graph.place("scatter"), first: shape, second: indices.shape)
    }
    let operation = GatherOperation<T>(
      outer: 1, length: indices.bound, inner: shape.count / shape[0], indices: indices,
      isScattered: true)
    return try record(operation, indices, shape: shape.replacing(0, with: indices.bound))
  }

  /// Of each row of the last dimension the numbers at its indices, [.., picks]: the chosen action's
  /// score, or what another row's greatest stand for.
  package func picked(_ indices: Indices) throws(TensorError) -> Node {
    let place = graph.place("pick")
    guard shape.rank >= 1, (1...shape.last).contains(indices.bound),
      indices.count % shape.rows == 0
    else { throw .shapes(place, first: shape, second: indices.shape) }
    let picks = indices.count / shape.rows
    let operation = PickOperation<T>(
      rows: shape.rows, columns: shape.last, picks: picks, indices: indices)
    return try record(operation, indices, shape: shape.replacingLast(with: picks))
  }
}
