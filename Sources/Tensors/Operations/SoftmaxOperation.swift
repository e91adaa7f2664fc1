import Numerics

/// The softmax of rows, or its logarithm.
struct SoftmaxOperation<T: VectorScalar>: Operation {
  static var name: String { "softmax" }
  let rows, width: Int
  let isLogarithm: Bool

  var keeps: Kept { .output }
  var scratchCount: Int { width }
  var work: Int { 2 * rows * width }

  func forward(_ frame: Frame<T>) {
    for row in 0..<rows {
      let (x, y) = (frame[0] + row &* width, frame.output + row &* width)
      if isLogarithm {
        Vector.logSoftmaxUnchecked(x, y, count: width)
      } else {
        Vector.softmaxUnchecked(x, y, count: width)
      }
    }
  }

  @specialized(where T == Float)
  @specialized(where T == Double)
  func backward(_ frame: Frame<T>) {
    guard let target = frame.gradients[0] else { return }
    let isAdded = frame.accumulates[0]
    for row in 0..<rows {
      let y = UnsafePointer(frame.output) + row &* width
      let slope = UnsafePointer(frame.gradient) + row &* width
      let result = target + row &* width
      if isLogarithm {
        Vector.applyUnchecked(.exp, y, frame.scratch, count: width)
        let sum = Lines.sum(slope, count: width)
        for i in 0..<width {
          result[i] = (isAdded ? result[i] : 0) + slope[i] - frame.scratch[i] * sum
        }
      } else {
        let along = Lines.dot(slope, y, count: width)
        for i in 0..<width {
          result[i] = (isAdded ? result[i] : 0) + y[i] * (slope[i] - along)
        }
      }
    }
  }
}

extension Node {
  /// Shares of each row of the last dimension that add up to 1, by the exponentials.
  package func softmax() throws(TensorError) -> Node { try softmax(isLogarithm: false) }
  /// Their logarithms.
  package func logSoftmax() throws(TensorError) -> Node { try softmax(isLogarithm: true) }

  private func softmax(isLogarithm: Bool) throws(TensorError) -> Node {
    try graph.record(
      SoftmaxOperation<T>(rows: shape.rows, width: shape.last, isLogarithm: isLogarithm), [self],
      shape: shape)
  }
}
