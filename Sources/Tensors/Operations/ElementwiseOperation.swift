import Numerics

/// An activation on its own.
struct ActivationOperation<T: VectorScalar>: Operation {
  static var name: String { "activation" }
  let count: Int
  let activation: Activation

  var keeps: Kept { activation.needsArgument ? .inputs : .output }

  func forward(_ frame: Frame<T>) {
    Pool.shared.forEachChunk(of: count, minimumChunk: 1 << 14, alignedTo: 16) { range in
      activation.apply(
        frame[0] + range.lowerBound, into: frame.output + range.lowerBound, count: range.count)
    }
  }

  func backward(_ frame: Frame<T>) {
    guard let target = frame.gradients[0] else { return }
    activation.multiplySlope(
      activation.needsArgument ? frame[0] : UnsafePointer(frame.output),
      UnsafePointer(frame.gradient), into: target, count: count,
      accumulates: frame.accumulates[0])
  }
}

/// One function of each number, with a slope that follows from the argument.
enum Elementary: String, Sendable, CaseIterable {
  case exp, log, squareRoot, square, magnitude, reciprocal

  func value<L: VectorLanes>(_ x: L) -> L {
    switch self {
    case .exp: L.exp(x)
    case .log: L.log(x)
    case .squareRoot: L.squareRoot(x)
    case .square: x * x
    case .magnitude: x.magnitudes
    case .reciprocal: L.reciprocal(x)
    }
  }

  func slope<L: VectorLanes>(_ x: L) -> L {
    switch self {
    case .exp: L.exp(x)
    case .log: L.reciprocal(x)
    case .squareRoot: 0.5 / L.squareRoot(x)
    case .square: x + x
    case .magnitude:
      L(repeating: 1).withSigns(of: x).replacing(with: L.zero, where: x.isEqual(to: 0))
    case .reciprocal: -1 / (x * x)
    }
  }
}

struct ElementaryOperation<T: VectorScalar>: Operation {
  static var name: String { "elementary function" }
  let count: Int
  let function: Elementary

  @specialized(where T == Float)
  @specialized(where T == Double)
  func forward(_ frame: Frame<T>) {
    let (x, y) = (frame[0], frame.output)
    Lines.each(count) { (i, _: T.Type) in
      (y + i).store(function.value((x + i).lanes()))
    } rest: { i, rest in
      (y + i).store(function.value((x + i).lanes(first: rest)), first: rest)
    }
  }

  @specialized(where T == Float)
  @specialized(where T == Double)
  func backward(_ frame: Frame<T>) {
    guard let target = frame.gradients[0] else { return }
    let (x, slope) = (frame[0], UnsafePointer(frame.gradient))
    let isAdded = frame.accumulates[0]
    Lines.each(count) { (i, _: T.Type) in
      let value = function.slope((x + i).lanes()) * (slope + i).lanes()
      (target + i).store(isAdded ? UnsafePointer(target + i).lanes() + value : value)
    } rest: { i, rest in
      let value = function.slope((x + i).lanes(first: rest)) * (slope + i).lanes(first: rest)
      let old = isAdded ? UnsafePointer(target + i).lanes(first: rest) : .zero
      (target + i).store(old + value, first: rest)
    }
  }
}

/// y = factor · x + term, with plain numbers.
struct AffineOperation<T: VectorScalar>: Operation {
  static var name: String { "affine" }
  let count: Int
  let factor, term: Double

  var keeps: Kept { [] }

  @specialized(where T == Float)
  @specialized(where T == Double)
  func forward(_ frame: Frame<T>) {
    let (x, y) = (frame[0], frame.output)
    Lines.each(count) { (i, _: T.Type) in
      (y + i).store((x + i).lanes().multipliedAdding(T(factor), T(term)))
    } rest: { i, rest in
      (y + i).store((x + i).lanes(first: rest).multipliedAdding(T(factor), T(term)), first: rest)
    }
  }

  func backward(_ frame: Frame<T>) {
    guard let target = frame.gradients[0] else { return }
    if !frame.accumulates[0] { target.update(repeating: 0, count: count) }
    Lines.add(UnsafePointer(frame.gradient), times: T(factor), to: target, count: count)
  }
}

extension Node {
  package func activated(_ activation: Activation) throws(TensorError) -> Node {
    try graph.record(
      ActivationOperation<T>(count: shape.count, activation: activation), [self], shape: shape)
  }

  private func elementary(_ function: Elementary) throws(TensorError) -> Node {
    try graph.record(
      ElementaryOperation<T>(count: shape.count, function: function), [self], shape: shape)
  }

  package func exp() throws(TensorError) -> Node { try elementary(.exp) }
  package func log() throws(TensorError) -> Node { try elementary(.log) }
  package func squareRoot() throws(TensorError) -> Node { try elementary(.squareRoot) }
  package func square() throws(TensorError) -> Node { try elementary(.square) }
  package func magnitude() throws(TensorError) -> Node { try elementary(.magnitude) }
  package func reciprocal() throws(TensorError) -> Node { try elementary(.reciprocal) }

  private func affine(_ factor: Double, _ term: Double) throws(TensorError) -> Node {
    try graph.record(
      AffineOperation<T>(count: shape.count, factor: factor, term: term), [self], shape: shape)
  }

  package static func * (x: Node, factor: Double) throws(TensorError) -> Node {
    try x.affine(factor, 0)
  }
  package static func + (x: Node, term: Double) throws(TensorError) -> Node {
    try x.affine(1, term)
  }
  package static func - (x: Node, term: Double) throws(TensorError) -> Node {
    try x.affine(1, -term)
  }
  package static prefix func - (x: Node) throws(TensorError) -> Node { try x.affine(-1, 0) }
}
