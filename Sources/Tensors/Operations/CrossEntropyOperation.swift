import Numerics

/// The mean over rows of −Σ target · log softmax(row), softmax and loss in one pass.
///
/// The target of a row is its class, softened by `smoothing` as PyTorch does it; with weights, the
/// mean is weighted by those of the classes.
struct CrossEntropyOperation<T: VectorScalar>: Operation {
  static var name: String { "cross-entropy" }
  let rows, classes: Int
  let labels: Indices
  let smoothing: Double
  let hasWeights: Bool

  var keeps: Kept { hasWeights ? .inputs : [] }
  /// The probabilities.
  var savedCount: Int { rows * classes + 1 }
  var scratchCount: Int { classes }
  var work: Int { rows * classes }

  @inline(__always)
  private func weight(_ frame: Frame<T>, _ index: Int) -> T { hasWeights ? frame[1][index] : 1 }

  @specialized(where T == Float)
  @specialized(where T == Double)
  func forward(_ frame: Frame<T>) {
    var total: Double = 0
    var weights: Double = 0
    let even = smoothing / Double(classes)
    for row in 0..<rows {
      let scores = frame[0] + row &* classes
      Vector.logSoftmaxUnchecked(scores, frame.scratch, count: classes)
      let label = Int(labels.start[row])
      let share = Double(weight(frame, label))
      total -= (1 - smoothing) * share * Double(frame.scratch[label])
      if smoothing > 0 {
        for c in 0..<classes { total -= even * Double(weight(frame, c) * frame.scratch[c]) }
      }
      weights += share
      Vector.applyUnchecked(
        .exp, UnsafePointer(frame.scratch), frame.saved + row &* classes, count: classes)
    }
    frame.saved[rows &* classes] = T(1 / weights)
    frame.output[0] = T(total / weights)
  }

  @specialized(where T == Float)
  @specialized(where T == Double)
  func backward(_ frame: Frame<T>) {
    guard let target = frame.gradients[0] else { return }
    let scale = frame.gradient[0] * frame.saved[rows &* classes]
    let even = T(smoothing / Double(classes))
    let sharp = T(1 - smoothing)
    for row in 0..<rows {
      let probabilities = frame.saved + row &* classes
      let result = target + row &* classes
      let label = Int(labels.start[row])
      var mass = sharp * weight(frame, label)
      if smoothing > 0 { for c in 0..<classes { mass += even * weight(frame, c) } }
      for c in 0..<classes {
        var wanted = smoothing > 0 ? even * weight(frame, c) : 0
        if c == label { wanted += sharp * weight(frame, c) }
        let slope = scale * (mass * probabilities[c] - wanted)
        result[c] = frame.accumulates[0] ? result[c] + slope : slope
      }
    }
  }
}

extension Node {
  /// The mean cross-entropy of rows of scores with the classes that were right.
  ///
  /// - Parameters:
  ///   - weights: one a class; the mean is weighted by them
  ///   - smoothing: the share of each target that is spread over all classes
  package func crossEntropy(
    _ labels: Indices, weights: Node? = nil, smoothing: Double = 0
  ) throws(TensorError) -> Node {
    let place = graph.place("cross-entropy")
    guard shape.rank >= 1, labels.count == shape.rows, (1...shape.last).contains(labels.bound)
    else {
      throw .shapes(place, first: shape, second: labels.shape)
    }
    if let weights, weights.shape != [shape.last] {
      throw .shapes(place, first: shape, second: weights.shape)
    }
    guard (0...1).contains(smoothing) else {
      throw .setting(place, finding: "a smoothing of \(smoothing) is not in 0...1")
    }
    let operation = CrossEntropyOperation<T>(
      rows: shape.rows, classes: shape.last, labels: labels, smoothing: smoothing,
      hasWeights: weights != nil)
    return try graph.record(
      operation, [self] + (weights.map { [$0.stopGradient()] } ?? []), shape: [])
  }

  /// The same value, through which no gradient flows back.
  package func stopGradient() -> Node { graph.view(self, shape: shape, needsGradient: false) }
}
