import Numerics

/// Numbers in another order: the place of each in the input follows from strides, which are 0 along what
/// is stretched and shorter than a row where windows overlap.
struct StridedOperation<T: VectorScalar>: Operation {
  static var name: String { "rearrange" }
  let loops: StridedLoops
  let sourceCount: Int
  /// Whether every number of the input is read exactly once.
  let isOneToOne: Bool

  var keeps: Kept { [] }

  init(from source: TensorShape, to shape: TensorShape, strides: [Int], isOneToOne: Bool) {
    loops = StridedLoops(shape, strides: strides)
    sourceCount = source.count
    self.isOneToOne = isOneToOne
  }

  @specialized(where T == Float)
  @specialized(where T == Double)
  func forward(_ frame: Frame<T>) {
    let (count, stride) = (loops.inner, loops.innerStride)
    loops.run { place, source in
      let (from, to) = (frame[0] + source, frame.output + place)
      if stride == 1 { return to.update(from: from, count: count) }
      for i in 0..<count { to[i] = from[i &* stride] }
    }
  }

  @specialized(where T == Float)
  @specialized(where T == Double)
  func backward(_ frame: Frame<T>) {
    guard let target = frame.gradients[0] else { return }
    let isAdded = frame.accumulates[0] || !isOneToOne
    if isAdded, !frame.accumulates[0] { target.update(repeating: 0, count: sourceCount) }
    let (count, stride) = (loops.inner, loops.innerStride)
    loops.run { place, source in
      let (from, to) = (UnsafePointer(frame.gradient) + place, target + source)
      if stride == 1 { return Lines.copy(from, to: to, count: count, accumulates: isAdded) }
      for i in 0..<count {
        to[i &* stride] = isAdded ? to[i &* stride] + from[i] : from[i]
      }
    }
  }
}

/// Loops over a result with the place of each number in what it is made from: an inner run, and up to
/// six loops around it.
struct StridedLoops: Sendable {
  let inner, innerStride: Int
  private let outer: Int
  private let lengths, strides: InlineArray<6, Int>

  init(_ shape: TensorShape, strides: [Int]) {
    var dimensions: [(length: Int, stride: Int)] = []
    for (length, stride) in zip(shape.dimensions, strides) where length != 1 {
      // Dimensions that follow each other in the source are one.
      if let last = dimensions.last, last.stride == stride * length {
        dimensions[dimensions.count - 1] = (last.length * length, stride)
      } else {
        dimensions.append((length, stride))
      }
    }
    (inner, innerStride) = dimensions.popLast() ?? (1, 1)
    var lengths = InlineArray<6, Int>(repeating: 1)
    var outerStrides = InlineArray<6, Int>(repeating: 0)
    for (place, dimension) in dimensions.reversed().enumerated() {
      lengths[place] = dimension.length
      outerStrides[place] = dimension.stride
    }
    self.lengths = lengths
    self.strides = outerStrides
    outer = dimensions.reduce(1) { $0 * $1.length }
  }

  /// Calls the body with the places of each inner run in the result and in the source.
  @inline(__always)
  func run(_ body: (Int, Int) -> Void) {
    var index = InlineArray<6, Int>(repeating: 0)
    var source = 0
    for i in 0..<outer {
      body(i &* inner, source)
      var axis = 0
      while axis < 6 {
        index[axis] &+= 1
        source &+= strides[axis]
        if index[axis] < lengths[axis] { break }
        source &-= index[axis] &* strides[axis]
        index[axis] = 0
        axis &+= 1
      }
    }
  }
}

extension Node {
  /// Dimensions in another order.
  package func permuted(_ order: [Int]) throws(TensorError) -> Node {
    guard order.sorted() == Array(0..<shape.rank) else {
      throw .shape(graph.place("permute"), shape, needed: "an order of \(shape.rank) dimensions")
    }
    let strides = shape.strides
    return try rearranged(
      TensorShape(order.map { shape[$0] }), strides: order.map { strides[$0] }, isOneToOne: true)
  }

  /// The last two dimensions in the other order.
  package func transposed() throws(TensorError) -> Node {
    guard shape.rank >= 2 else {
      throw .shape(graph.place("transpose"), shape, needed: "two dimensions or more")
    }
    let rank = shape.rank
    return try permuted(Array(0..<rank - 2) + [rank - 1, rank - 2])
  }

  /// Repeated along dimensions of length 1, and along new ones in front.
  package func stretched(to shape: TensorShape) throws(TensorError) -> Node {
    guard self.shape.broadcast(with: shape) == shape else {
      throw .shapes(graph.place("stretch"), first: self.shape, second: shape)
    }
    return try rearranged(
      shape, strides: self.shape.strides(stretchedTo: shape), isOneToOne: false)
  }

  /// Windows of the last dimension: [.., windows, length], each `stride` after the one before.
  package func windows(of length: Int, every stride: Int) throws(TensorError) -> Node {
    guard length > 0, stride > 0, shape.rank >= 1, shape.last >= length else {
      throw .shape(
        graph.place("windows"), shape, needed: "rows of \(length) or more, every 1 or more")
    }
    let count = (shape.last - length) / stride + 1
    return try rearranged(
      TensorShape(shape.dimensions.dropLast() + [count, length]),
      strides: shape.strides.dropLast() + [stride, 1], isOneToOne: false)
  }

  private func rearranged(
    _ shape: TensorShape, strides: [Int], isOneToOne: Bool
  ) throws(TensorError) -> Node {
    if let needed = shape.fault { throw .shape(graph.place("rearrange"), shape, needed: needed) }
    let operation = StridedOperation<T>(
      from: self.shape, to: shape, strides: strides, isOneToOne: isOneToOne)
    return try graph.record(operation, [self], shape: shape)
  }
}
