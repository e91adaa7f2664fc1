import Numerics

/// An exponential moving average of weights, which is a set of weights itself: for predictions that
/// rest on more than the last step, and for the slow critics of reinforcement learning.
///
/// ```swift
/// let average = try MovingAverage(of: weights, decay: 0.999)
/// try trainer.step(rate: 1e-3, feed)
/// average.update()
/// let graph = Graph(average.weights)
/// ```
package final class MovingAverage<T: VectorScalar> {
  /// The average; it begins as a copy.
  package let weights: Parameters<T>
  package let decay: Double
  private let source: Parameters<T>

  package init(of source: Parameters<T>, decay: Double) throws(TensorError) {
    guard (0..<1).contains(decay) else {
      throw .setting(
        .init(operation: "moving average", path: ""), finding: "a decay of \(decay) is not in 0..<1"
      )
    }
    self.source = source
    self.decay = decay
    weights = Parameters(copying: source)
  }

  /// average = decay · average + (1 − decay) · weights
  package func update() {
    source.device.approach(
      UnsafePointer(source.start), by: T(1 - decay), weights.start, count: source.count)
    weights.changed()
  }
}
