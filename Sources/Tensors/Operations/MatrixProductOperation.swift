import Numerics

/// Products of matrices, many at once: [.., rows, depth] with [.., depth, columns]. Either may lie
/// transposed, and the fewer of one side are used again.
struct MatrixProductOperation<T: VectorScalar>: Operation {
  static var name: String { "matrix product" }
  let rows, depth, columns: Int
  let isFirstTransposed, isSecondTransposed: Bool
  /// Where each product's matrices begin.
  let firstPlaces, secondPlaces: [Int]
  let firstCount, secondCount: Int

  var work: Int { firstPlaces.count * rows * depth * columns }
  private var workspace: Int {
    Memory<T>.rounded(
      max(
        Product<T>.workspace(depth: depth, columns: columns),
        Product<T>.workspace(depth: max(rows, columns), columns: depth),
        Product<T>.workspace(depth: columns, columns: rows),
        Product<T>.workspace(depth: rows, columns: columns)))
  }
  var scratchCount: Int { workspace * Pool.shared.threads }

  private func first(_ frame: Frame<T>, _ i: Int) -> Strided<T> {
    let start = frame[0] + firstPlaces[i]
    return isFirstTransposed
      ? Strided(start, row: rows).transposed : Strided(start, row: depth)
  }

  private func second(_ frame: Frame<T>, _ i: Int) -> Strided<T> {
    let start = frame[1] + secondPlaces[i]
    return isSecondTransposed
      ? Strided(start, row: depth).transposed : Strided(start, row: columns)
  }

  func forward(_ frame: Frame<T>) {
    let partition = Pool.shared.partition(
      of: firstPlaces.count, minimumChunk: max(1, (1 << 19) / (rows * depth * columns)))
    Pool.shared.forEachPart(of: partition) { part, range in
      for i in range {
        Product.multiply(
          first(frame, i), second(frame, i), rows: rows, depth: depth, columns: columns,
          into: .init(start: frame.output + i * rows * columns, stride: columns),
          workspace: frame.scratch + part * workspace)
      }
    }
  }

  func backward(_ frame: Frame<T>) {
    addFirst(frame)
    addSecond(frame)
  }

  /// G · Bᵀ, or B · Gᵀ where the matrix lies transposed.
  private func addFirst(_ frame: Frame<T>) {
    guard let target = frame.gradients[0] else { return }
    let isShared = firstCount < firstPlaces.count * rows * depth
    if isShared, !frame.accumulates[0] { Lines.clear(target, count: firstCount) }
    for i in firstPlaces.indices {
      let slope = Strided(UnsafePointer(frame.gradient) + i * rows * columns, row: columns)
      let place = Product<T>.Target(
        start: target + firstPlaces[i], stride: isFirstTransposed ? rows : depth,
        accumulates: isShared || frame.accumulates[0])
      let other = second(frame, i)
      if isFirstTransposed {
        Product.multiply(
          other, slope.transposed, rows: depth, depth: columns, columns: rows, into: place,
          workspace: frame.scratch)
      } else {
        Product.multiply(
          slope, other.transposed, rows: rows, depth: columns, columns: depth, into: place,
          workspace: frame.scratch)
      }
    }
  }

  /// Aᵀ · G, or Gᵀ · A where the matrix lies transposed.
  private func addSecond(_ frame: Frame<T>) {
    guard let target = frame.gradients[1] else { return }
    let isShared = secondCount < secondPlaces.count * depth * columns
    if isShared, !frame.accumulates[1] { Lines.clear(target, count: secondCount) }
    for i in secondPlaces.indices {
      let slope = Strided(UnsafePointer(frame.gradient) + i * rows * columns, row: columns)
      let place = Product<T>.Target(
        start: target + secondPlaces[i], stride: isSecondTransposed ? depth : columns,
        accumulates: isShared || frame.accumulates[1])
      let other = first(frame, i)
      if isSecondTransposed {
        Product.multiply(
          slope.transposed, other, rows: columns, depth: rows, columns: depth, into: place,
          workspace: frame.scratch)
      } else {
        Product.multiply(
          other.transposed, slope, rows: depth, depth: rows, columns: columns, into: place,
          workspace: frame.scratch)
      }
    }
  }
}

extension Node {
  /// The products of matrices in the last two dimensions; the dimensions before them are stretched
  /// to each other.
  ///
  /// - Parameters:
  ///   - transposingFirst: whether these matrices are turned first, without being copied
  ///   - transposingSecond: whether the others are
  package func product(
    with other: Node, transposingFirst: Bool = false, transposingSecond: Bool = false
  ) throws(TensorError) -> Node {
    let place = graph.place("matrix product")
    guard shape.rank >= 2, other.shape.rank >= 2 else {
      throw .shapes(place, first: shape, second: other.shape)
    }
    let (rows, depth) = transposingFirst ? (shape[-1], shape[-2]) : (shape[-2], shape[-1])
    let columns = transposingSecond ? other.shape[-2] : other.shape[-1]
    let (a, b) = (
      TensorShape(shape.dimensions.dropLast(2)), TensorShape(other.shape.dimensions.dropLast(2))
    )
    guard depth == (transposingSecond ? other.shape[-1] : other.shape[-2]),
      let batch = a.broadcast(with: b), batch.rank + 2 <= TensorShape.rankMax
    else { throw .shapes(place, first: shape, second: other.shape) }
    if other.shape.rank == 2, !transposingFirst, shape.rank > 2 {
      // One matrix for all rows is one product.
      let product = try reshaped([shape.rows, depth])
        .product(with: other, transposingSecond: transposingSecond)
      return try product.reshaped(shape.replacingLast(with: columns))
    }
    let operation = MatrixProductOperation<T>(
      rows: rows, depth: depth, columns: columns, isFirstTransposed: transposingFirst,
      isSecondTransposed: transposingSecond,
      firstPlaces: Self.places(of: a, in: batch).map { $0 * rows * depth },
      secondPlaces: Self.places(of: b, in: batch).map { $0 * depth * columns },
      firstCount: shape.count, secondCount: other.shape.count)
    return try graph.record(
      operation, [self, other], shape: TensorShape(batch.dimensions + [rows, columns]))
  }

  /// For each place of a shape the one it is stretched from.
  private static func places(of shape: TensorShape, in stretched: TensorShape) -> [Int] {
    var places: [Int] = []
    let loops = StridedLoops(stretched, strides: shape.strides(stretchedTo: stretched))
    loops.run { _, source in
      for i in 0..<loops.inner { places.append(source + i * loops.innerStride) }
    }
    return places
  }
}
