import Numerics

/// How many numbers become one.
enum Reduction: String, Sendable {
  case sum, mean, maximum, minimum
}

/// One number for all along a dimension: `outer` blocks of `length` · `inner` numbers become `inner`.
struct ReductionOperation<T: VectorScalar>: Operation {
  static var name: String { "reduction" }
  let reduction: Reduction
  let outer, length, inner: Int

  private var isExtreme: Bool { reduction == .maximum || reduction == .minimum }
  var keeps: Kept { [] }
  /// The places of extremes, the first where several are equal.
  var savedCount: Int { isExtreme ? outer * inner : 0 }
  private var scale: T { reduction == .mean ? 1 / T(length) : 1 }

  @specialized(where T == Float)
  @specialized(where T == Double)
  func forward(_ frame: Frame<T>) {
    for block in 0..<outer {
      let source = frame[0] + block &* length &* inner
      let target = frame.output + block &* inner
      if isExtreme {
        findExtremes(source, target, frame.saved + block &* inner)
      } else if inner == 1 {
        target[0] = Lines.sum(source, count: length) * scale
      } else {
        Lines.sumRows(source, rows: length, columns: inner, into: target, accumulates: false)
        if reduction == .mean { for i in 0..<inner { target[i] *= scale } }
      }
    }
  }

  /// NaN wins, as in PyTorch.
  @inline(__always)
  private func findExtremes(
    _ source: UnsafePointer<T>, _ target: UnsafeMutablePointer<T>,
    _ places: UnsafeMutablePointer<T>
  ) {
    let sign: T = reduction == .maximum ? 1 : -1
    for i in 0..<inner {
      var best = source[i]
      var place = 0
      for j in 1..<max(1, length) {
        let value = source[j &* inner &+ i]
        if value * sign > best * sign || (value.isNaN && !best.isNaN) {
          best = value
          place = j
        }
      }
      target[i] = best
      places[i] = T(place)
    }
  }

  @specialized(where T == Float)
  @specialized(where T == Double)
  func backward(_ frame: Frame<T>) {
    guard let target = frame.gradients[0] else { return }
    let isAdded = frame.accumulates[0]
    if isExtreme, !isAdded { target.update(repeating: 0, count: outer &* length &* inner) }
    for block in 0..<outer {
      let slope = UnsafePointer(frame.gradient) + block &* inner
      let start = target + block &* length &* inner
      if isExtreme {
        for i in 0..<inner {
          start[Int(frame.saved[block &* inner &+ i]) &* inner &+ i] += slope[i]
        }
        continue
      }
      for j in 0..<length {
        let row = start + j &* inner
        for i in 0..<inner { row[i] = (isAdded ? row[i] : 0) + slope[i] * scale }
      }
    }
  }
}

extension Node {
  private func reduced(
    _ reduction: Reduction, _ axis: Int?, _ keepsAxis: Bool
  ) throws(TensorError) -> Node {
    guard let axis else {
      return try reshaped([shape.count]).reduced(reduction, 0, false)
    }
    guard let axis = shape.axis(axis) else {
      throw .shape(graph.place(reduction.rawValue), shape, needed: "a dimension \(axis)")
    }
    let (outer, length, inner) = shape.sides(of: axis)
    let operation = ReductionOperation<T>(
      reduction: reduction, outer: outer, length: length, inner: inner)
    return try graph.record(
      operation, [self],
      shape: keepsAxis ? shape.replacing(axis, with: 1) : shape.removing(axis))
  }

  /// The sum along a dimension, counted from the end where it is negative, or of everything.
  package func sum(axis: Int? = nil, keepsAxis: Bool = false) throws(TensorError) -> Node {
    try reduced(.sum, axis, keepsAxis)
  }
  /// The mean along a dimension, or of everything.
  package func mean(axis: Int? = nil, keepsAxis: Bool = false) throws(TensorError) -> Node {
    try reduced(.mean, axis, keepsAxis)
  }
  /// The greatest along a dimension, or of everything.
  package func maximum(axis: Int? = nil, keepsAxis: Bool = false) throws(TensorError) -> Node {
    try reduced(.maximum, axis, keepsAxis)
  }
  /// The least along a dimension, or of everything.
  package func minimum(axis: Int? = nil, keepsAxis: Bool = false) throws(TensorError) -> Node {
    try reduced(.minimum, axis, keepsAxis)
  }
  /// The mean squared distance from the mean along a dimension.
  package func variance(axis: Int, keepsAxis: Bool = false) throws(TensorError) -> Node {
    try (self - mean(axis: axis, keepsAxis: true)).square().mean(axis: axis, keepsAxis: keepsAxis)
  }
}
