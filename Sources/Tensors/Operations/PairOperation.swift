import Numerics

/// Arithmetic of two tensors, the shorter stretched along dimensions of length 1.
struct PairOperation<T: VectorScalar>: Operation {
  enum Kind: String, Sendable { case add, subtract, multiply, divide, minimum, maximum }

  static var name: String { "arithmetic" }
  let kind: Kind
  let loops: BroadcastLoops

  var keeps: Kept { kind == .add || kind == .subtract ? [] : .inputs }

  @specialized(where T == Float)
  @specialized(where T == Double)
  func forward(_ frame: Frame<T>) {
    let (first, second, output) = (frame[0], frame[1], frame.output)
    loops.run { place, a, b in
      let (a, b, target) = (first + a, second + b, output + place)
      each { i, count in
        let (x, y) = (load(a, loops.innerA, i, count), load(b, loops.innerB, i, count))
        let value =
          switch kind {
          case .add: x + y
          case .subtract: x - y
          case .multiply: x * y
          case .divide: x / y
          case .minimum: x.replacing(with: y, where: y.isLess(than: x))
          case .maximum: x.replacing(with: y, where: x.isLess(than: y))
          }
        store(value, target + i, count)
      }
    }
  }

  @inline(__always)
  private func each(_ body: (Int, Int) -> Void) {
    let width = T.Lanes.scalarCount
    var i = 0
    while i < loops.inner {
      body(i, min(width, loops.inner &- i))
      i &+= width
    }
  }

  @inline(__always)
  private func load(_ start: UnsafePointer<T>, _ stride: Int, _ i: Int, _ count: Int) -> T.Lanes {
    if stride == 0 { return T.Lanes(repeating: start.pointee) }
    return count == T.Lanes.scalarCount ? (start + i).lanes() : (start + i).lanes(first: count)
  }

  @inline(__always)
  private func store(_ value: T.Lanes, _ target: UnsafeMutablePointer<T>, _ count: Int) {
    if count == T.Lanes.scalarCount {
      target.store(value)
    } else {
      target.store(value, first: count)
    }
  }

  @specialized(where T == Float)
  @specialized(where T == Double)
  func backward(_ frame: Frame<T>) {
    for input in 0..<2 {
      guard let target = frame.gradients[input] else { continue }
      let isStretched = input == 0 ? loops.isStretchedA : loops.isStretchedB
      if isStretched && !frame.accumulates[input] {
        target.update(repeating: 0, count: input == 0 ? loops.countA : loops.countB)
      }
      addGradient(input, to: target, accumulates: isStretched || frame.accumulates[input], frame)
    }
  }

  @inline(__always)
  private func addGradient(
    _ input: Int, to target: UnsafeMutablePointer<T>, accumulates: Bool, _ frame: Frame<T>
  ) {
    let gradient = UnsafePointer(frame.gradient)
    let (first, second) = (frame[0], frame[1])
    let stride = input == 0 ? loops.innerA : loops.innerB
    loops.run { place, a, b in
      let slope = gradient + place
      let start = target + (input == 0 ? a : b)
      var sum = T.Lanes.zero
      each { i, count in
        let g = load(slope, 1, i, count)
        let value: T.Lanes
        switch (kind, input) {
        case (.add, _), (.subtract, 0): value = g
        case (.subtract, _): value = -g
        case (.multiply, 0): value = g * load(second + b, loops.innerB, i, count)
        case (.multiply, _): value = g * load(first + a, loops.innerA, i, count)
        case (.divide, 0): value = g / masked(load(second + b, loops.innerB, i, count), count)
        case (.divide, _):
          let y = masked(load(second + b, loops.innerB, i, count), count)
          value = -g * load(first + a, loops.innerA, i, count) / (y * y)
        case (.minimum, _), (.maximum, _):
          let (x, y) = (
            load(first + a, loops.innerA, i, count), load(second + b, loops.innerB, i, count)
          )
          let isFirst = (kind == .minimum) == (input == 0)
          // Equal ones share the gradient, as in PyTorch.
          value = g.replacing(with: 0, where: isFirst ? y.isLess(than: x) : x.isLess(than: y))
            .replacing(with: g * 0.5, where: x.isEqual(to: y))
        }
        if stride == 0 {
          sum += value
        } else {
          let old = accumulates ? load(UnsafePointer(start), 1, i, count) : .zero
          store(old + value, start + i, count)
        }
      }
      if stride == 0 { start.pointee += sum.pairwiseSum() }
    }
  }

  /// Ones in lanes that hold nothing, so that no 0 / 0 gets into a sum.
  @inline(__always)
  private func masked(_ lanes: T.Lanes, _ count: Int) -> T.Lanes {
    var lanes = lanes
    for lane in count..<max(count, T.Lanes.scalarCount) { lanes[lane] = 1 }
    return lanes
  }
}

/// Loops over a result with the places of both operands: an inner run, along which each operand either
/// follows or stands, and up to six loops around it.
struct BroadcastLoops: Sendable {
  let inner: Int
  let innerA, innerB: Int
  let countA, countB: Int
  let isStretchedA, isStretchedB: Bool
  private let lengths, stridesA, stridesB: InlineArray<6, Int>
  private let outer: Int

  init?(_ a: TensorShape, _ b: TensorShape) {
    guard let result = a.broadcast(with: b), result.rank <= TensorShape.rankMax else { return nil }
    func strides(_ shape: TensorShape) -> [Int] {
      let missing = result.rank - shape.rank
      let own = shape.strides
      return (0..<result.rank).map { axis in
        axis < missing || shape.dimensions[axis - missing] == 1 ? 0 : own[axis - missing]
      }
    }
    var dimensions: [(length: Int, a: Int, b: Int)] = []
    for ((length, a), b) in zip(zip(result.dimensions, strides(a)), strides(b)) where length != 1 {
      // Dimensions that follow each other in both operands are one.
      if let last = dimensions.last, last.a == a * length, last.b == b * length {
        dimensions[dimensions.count - 1] = (last.length * length, a, b)
      } else {
        dimensions.append((length, a, b))
      }
    }
    let last = dimensions.popLast() ?? (1, 1, 1)
    inner = last.length
    innerA = min(last.a, 1)
    innerB = min(last.b, 1)
    countA = a.count
    countB = b.count
    isStretchedA = a.count != result.count
    isStretchedB = b.count != result.count
    var lengths = InlineArray<6, Int>(repeating: 1)
    var stridesA = InlineArray<6, Int>(repeating: 0)
    var stridesB = InlineArray<6, Int>(repeating: 0)
    for (place, dimension) in dimensions.reversed().enumerated() {
      lengths[place] = dimension.length
      stridesA[place] = dimension.a
      stridesB[place] = dimension.b
    }
    self.lengths = lengths
    self.stridesA = stridesA
    self.stridesB = stridesB
    outer = dimensions.reduce(1) { $0 * $1.length }
  }

  /// Calls the body with the places of each inner run in the result and in both operands.
  @inline(__always)
  func run(_ body: (Int, Int, Int) -> Void) {
    var index = InlineArray<6, Int>(repeating: 0)
    var (a, b) = (0, 0)
    for i in 0..<outer {
      body(i &* inner, a, b)
      var axis = 0
      while axis < 6 {
        index[axis] &+= 1
        a &+= stridesA[axis]
        b &+= stridesB[axis]
        if index[axis] < lengths[axis] { break }
        a &-= index[axis] &* stridesA[axis]
        b &-= index[axis] &* stridesB[axis]
        index[axis] = 0
        axis &+= 1
      }
    }
  }
}

extension Node {
  private static func pair(
    _ kind: PairOperation<T>.Kind, _ a: Node, _ b: Node
  ) throws(TensorError) -> Node {
    guard let loops = BroadcastLoops(a.shape, b.shape), let shape = a.shape.broadcast(with: b.shape)
    else { throw .shapes(a.graph.place(kind.rawValue), first: a.shape, second: b.shape) }
    return try a.graph.record(
      PairOperation<T>(kind: kind, loops: loops), [a, b], shape: shape)
  }

  package static func + (a: Node, b: Node) throws(TensorError) -> Node { try pair(.add, a, b) }
  package static func - (a: Node, b: Node) throws(TensorError) -> Node { try pair(.subtract, a, b) }
  package static func * (a: Node, b: Node) throws(TensorError) -> Node { try pair(.multiply, a, b) }
  package static func / (a: Node, b: Node) throws(TensorError) -> Node { try pair(.divide, a, b) }
  /// The smaller of each pair of numbers.
  package func minimum(_ other: Node) throws(TensorError) -> Node {
    try Self.pair(.minimum, self, other)
  }
  /// The greater of each pair of numbers.
  package func maximum(_ other: Node) throws(TensorError) -> Node {
    try Self.pair(.maximum, self, other)
  }
}
