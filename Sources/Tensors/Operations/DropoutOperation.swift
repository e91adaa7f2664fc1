import Numerics

/// Numbers dropped by chance, the others scaled up (Srivastava and others 2014).
struct DropoutOperation<T: VectorScalar>: Operation {
  static var name: String { "dropout" }
  let count: Int
  let mask: DropoutMask

  var keeps: Kept { [] }

  func forward(_ frame: Frame<T>) {
    Pool.shared.forEachChunk(of: count, minimumChunk: 1 << 15, alignedTo: 64) { range in
      mask.apply(
        frame[0] + range.lowerBound, into: frame.output + range.lowerBound, count: range.count,
        from: range.lowerBound, accumulates: false)
    }
  }

  func backward(_ frame: Frame<T>) {
    guard let target = frame.gradients[0] else { return }
    mask.apply(
      UnsafePointer(frame.gradient), into: target, count: count, from: 0,
      accumulates: frame.accumulates[0])
  }
}

extension Node {
  /// Drops numbers with a probability in training; else the same value.
  ///
  /// The mask depends on the graph's seed, the run and the place alone, so a run can be repeated.
  package func dropout(_ probability: Double) throws(TensorError) -> Node {
    guard (0...1).contains(probability) else {
      throw .setting(graph.place("dropout"), finding: "\(probability) is no probability")
    }
    guard graph.isTraining, probability > 0 else { return self }
    let operation = DropoutOperation<T>(
      count: shape.count, mask: DropoutMask(graph.randomness, probability: probability))
    return try graph.record(operation, [self], shape: shape)
  }
}
