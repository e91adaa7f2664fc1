import Numerics

/// What stands for a window.
package enum Pooling: String, Sendable {
  case maximum, mean
}

/// One number for each window of the last dimension; the last window may reach over the end, and what
/// is there counts.
struct PoolingOperation<T: VectorScalar>: Operation {
  static var name: String { "pool" }
  let pooling: Pooling
  let rows, length, window, stride, count: Int

  var keeps: Kept { [] }
  /// The places of the greatest.
  var savedCount: Int { pooling == .maximum ? rows * count : 0 }

  private func range(_ place: Int) -> Range<Int> {
    place &* stride..<min(length, place &* stride &+ window)
  }

  @specialized(where T == Float)
  @specialized(where T == Double)
  func forward(_ frame: Frame<T>) {
    for row in 0..<rows {
      let source = frame[0] + row &* length
      for place in 0..<count {
        let range = range(place)
        let result = row &* count &+ place
        if pooling == .mean {
          var sum: T = 0
          for i in range { sum += source[i] }
          frame.output[result] = sum / T(range.count)
          continue
        }
        var best = range.lowerBound
        for i in range where source[i] > source[best] || source[i].isNaN { best = i }
        frame.output[result] = source[best]
        frame.saved[result] = T(best)
      }
    }
  }

  @specialized(where T == Float)
  @specialized(where T == Double)
  func backward(_ frame: Frame<T>) {
    guard let target = frame.gradients[0] else { return }
    if !frame.accumulates[0] { target.update(repeating: 0, count: rows &* length) }
    for row in 0..<rows {
      let start = target + row &* length
      for place in 0..<count {
        let result = row &* count &+ place
        let slope = frame.gradient[result]
        if pooling == .maximum {
          start[Int(frame.saved[result])] += slope
        } else {
          let range = range(place)
          for i in range { start[i] += slope / T(range.count) }
        }
      }
    }
  }
}

extension Node {
  /// One number for each window of the last dimension.
  ///
  /// - Parameter isPartial: whether a last window that is not full counts too
  package func pooled(
    _ pooling: Pooling, window: Int, stride: Int? = nil, isPartial: Bool = false
  ) throws(TensorError) -> Node {
    let stride = stride ?? window
    guard shape.rank >= 1, window > 0, stride > 0, isPartial || shape.last >= window else {
      throw .shape(
        graph.place("pool"), shape, needed: "a window of 1 or more that fits, every 1 or more")
    }
    let whole = shape.last - window
    var count = whole < 0 ? 1 : whole / stride + 1
    if isPartial, whole > 0, whole % stride != 0, count * stride < shape.last { count += 1 }
    let operation = PoolingOperation<T>(
      pooling: pooling, rows: shape.rows, length: shape.last, window: window, stride: stride,
      count: count)
    return try graph.record(operation, [self], shape: shape.replacingLast(with: count))
  }

  /// The last dimension at another number of even steps, straight between its numbers, which stand in
  /// the middle of their steps: PyTorch's linear interpolation without aligned corners.
  package func interpolated(to length: Int) throws(TensorError) -> Node {
    guard shape.rank >= 1, length > 0, length < (1 << 28) / shape.last else {
      throw .shape(
        graph.place("interpolate"), shape, needed: "a length of 1 or more, not \(length)")
    }
    let known = shape.last
    var shares = [T](repeating: 0, count: length * known)
    for i in 0..<length {
      let place = max(0, (Double(i) + 0.5) * Double(known) / Double(length) - 0.5)
      let lower = min(known - 1, Int(place))
      let upper = min(known - 1, lower + 1)
      shares[i * known + lower] += T(1 - (place - Double(lower)))
      shares[i * known + upper] += T(place - Double(lower))
    }
    return try linear(graph.constant(Tensor([length, known], copying: shares)))
  }
}
