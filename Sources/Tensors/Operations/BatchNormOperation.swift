import Numerics

/// Columns brought to mean 0 and deviation 1 over the rows of a batch (Ioffe and Szegedy 2015), then
/// scaled and shifted: inputs x, scale, shift, running mean and running variance.
///
/// The running numbers' gradients are their way to the batch's, times the momentum.
struct BatchNormOperation<T: VectorScalar>: Operation {
  static var name: String { "batch norm" }
  let rows, width: Int
  let epsilon, momentum: Double

  /// Each column's mean and the reciprocal of its deviation.
  var savedCount: Int { 2 * width }
  /// Of each column the sums of slopes, and of slopes times normed numbers.
  var scratchCount: Int { 2 * width }
  var work: Int { 4 * rows * width }

  @specialized(where T == Float)
  @specialized(where T == Double)
  func forward(_ frame: Frame<T>) {
    let (means, scales) = (frame.saved, frame.saved + width)
    Lines.sumRows(frame[0], rows: rows, columns: width, into: means, accumulates: false)
    for j in 0..<width {
      means[j] /= T(rows)
      scales[j] = 0
    }
    for i in 0..<rows {
      let x = frame[0] + i &* width
      for j in 0..<width {
        let away = x[j] - means[j]
        scales[j] += away * away
      }
    }
    for j in 0..<width { scales[j] = 1 / (scales[j] / T(rows) + T(epsilon)).squareRoot() }
    for i in 0..<rows {
      let (x, y) = (frame[0] + i &* width, frame.output + i &* width)
      for j in 0..<width {
        y[j] = (x[j] - means[j]) * scales[j] * frame[1][j] + frame[2][j]
      }
    }
  }

  /// With x̂ the normed column: scale · (g − mean g − x̂ · mean(g x̂)) / deviation.
  @specialized(where T == Float)
  @specialized(where T == Double)
  func backward(_ frame: Frame<T>) {
    let (means, scales) = (frame.saved, frame.saved + width)
    let (sums, along) = (frame.scratch, frame.scratch + width)
    sums.update(repeating: 0, count: 2 &* width)
    for i in 0..<rows {
      let (x, slope) = (frame[0] + i &* width, frame.gradient + i &* width)
      for j in 0..<width {
        sums[j] += slope[j]
        along[j] += slope[j] * (x[j] - means[j]) * scales[j]
      }
    }
    for j in 0..<width {
      add(along[j], to: 1, j, frame)
      add(sums[j], to: 2, j, frame)
      follow(j, frame)
    }
    guard let target = frame.gradients[0] else { return }
    let share = 1 / T(rows)
    for i in 0..<rows {
      let (x, slope) = (frame[0] + i &* width, frame.gradient + i &* width)
      let result = target + i &* width
      for j in 0..<width {
        let normed = (x[j] - means[j]) * scales[j]
        let value = frame[1][j] * scales[j] * (slope[j] - (sums[j] + normed * along[j]) * share)
        result[j] = frame.accumulates[0] ? result[j] + value : value
      }
    }
  }

  @inline(__always)
  private func add(_ value: T, to input: Int, _ column: Int, _ frame: Frame<T>) {
    guard let target = frame.gradients[input] else { return }
    target[column] = frame.accumulates[input] ? target[column] + value : value
  }

  @inline(__always)
  private func follow(_ j: Int, _ frame: Frame<T>) {
    let scale = frame.saved[width &+ j]
    let variance = 1 / (scale * scale) - T(epsilon)
    let unbiased = variance * T(rows) / T(max(1, rows &- 1))
    add(T(momentum) * (frame[3][j] - frame.saved[j]), to: 3, j, frame)
    add(T(momentum) * (frame[4][j] - unbiased), to: 4, j, frame)
  }
}

extension Node {
  /// Columns normed over all rows of a batch in training, by running statistics elsewhere.
  package func batchNorm(
    scale: Node, shift: Node, mean: Node, variance: Node, epsilon: Double = 1e-5,
    momentum: Double = 0.1
  ) throws(TensorError) -> Node {
    let place = graph.place("batch norm")
    guard shape.rank >= 2 else { throw .shape(place, shape, needed: "rows and columns") }
    for node in [scale, shift, mean, variance] where node.shape != [shape.last] {
      throw .shapes(place, first: shape, second: node.shape)
    }
    guard epsilon > 0, (0...1).contains(momentum) else {
      throw .setting(
        place, finding: "an epsilon of \(epsilon) and a momentum of \(momentum) cannot be used")
    }
    guard graph.isTraining else {
      let normed = try (self - mean) / (variance + epsilon).squareRoot()
      return try normed * scale + shift
    }
    guard shape.rows > 1 else { throw .shape(place, shape, needed: "two rows or more") }
    let operation = BatchNormOperation<T>(
      rows: shape.rows, width: shape.last, epsilon: epsilon, momentum: momentum)
    return try graph.record(operation, [self, scale, shift, mean, variance], shape: shape)
  }
}
