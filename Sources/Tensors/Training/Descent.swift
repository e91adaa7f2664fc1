import Numerics
import Runtime

/// Parameters that follow gradients, wherever those come from: a plan, a tape, a trainer.
///
/// ```swift
/// let actor = try Descent(weights, .adam(), of: "actor.")  // the others stay as they are
/// try plan.run()
/// if let gradients = plan.gradients { try actor.step(rate: 3e-4, gradients) }
/// ```
package final class Descent<T: VectorScalar> {
  package let parameters: Parameters<T>
  package let optimizer: Optimizer
  /// Gradients longer than this, all taken together, are shortened to it.
  package var gradientNormMax: Double?
  /// The length of the latest gradient; known where gradients are limited.
  package private(set) var gradientNorm = Double.nan
  /// Steps taken.
  package internal(set) var stepCount = 0
  /// Momentum, or the mean of gradients; as flat as the parameters are.
  let first: UnsafeMutablePointer<T>
  /// The mean of squared gradients.
  let second: UnsafeMutablePointer<T>?
  /// What is moved of the flat run: weights, and running statistics.
  private let weights: [Range<Int>]
  private let statistics: [Range<Int>]

  /// - Parameter prefix: the beginning of the names of what is moved; everything where empty
  package init(
    _ parameters: Parameters<T>, _ optimizer: Optimizer, of prefix: String = ""
  ) throws(TensorError) {
    let entries = parameters.entries.filter { $0.name.hasPrefix(prefix) }
    guard !entries.isEmpty else {
      throw .unknownParameter(
        prefix, nearest: Words.nearest(to: prefix, among: parameters.entries.map(\.name)))
    }
    self.parameters = parameters
    self.optimizer = optimizer
    weights = Self.ranges(entries.filter(\.isTrained))
    statistics = Self.ranges(entries.filter { !$0.isTrained })
    let device = parameters.device
    first = device.allocate(parameters.count)
    if case .sgd = optimizer { second = nil } else { second = device.allocate(parameters.count) }
  }

  deinit {
    parameters.device.free(first)
    if let second { parameters.device.free(second) }
  }

  /// Whole cache lines; neighbours are one.
  private static func ranges(_ entries: [Parameters<T>.Entry]) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    for entry in entries {
      let end = entry.offset + Memory<T>.rounded(entry.shape.count)
      if let last = ranges.last, last.upperBound == entry.offset {
        ranges[ranges.count - 1] = last.lowerBound..<end
      } else {
        ranges.append(entry.offset..<end)
      }
    }
    return ranges
  }

  /// Takes one step. Allocates nothing.
  ///
  /// - Parameter runs: how many runs' gradients are added up, each with its share as its weight
  package func step(
    rate: Double, _ gradients: Gradients<T>, runs: Int = 1
  ) throws(TensorError) {
    guard gradients.parameters === parameters else {
      throw .setting(
        .init(operation: "step", path: ""), finding: "the gradients are those of other parameters")
    }
    step(rate: rate, UnsafePointer(gradients.start), runs: runs)
  }

  private func step(rate: Double, _ gradients: UnsafePointer<T>, runs: Int) {
    let device = parameters.device
    var scale = 1.0
    if let gradientNormMax {
      gradientNorm = weights.reduce(0) {
        $0 + device.sumOfSquares(gradients + $1.lowerBound, count: $1.count)
      }.squareRoot()
      // PyTorch's own guard against a gradient of zero.
      scale = min(1, gradientNormMax / (gradientNorm + 1e-6))
    }
    stepCount += 1
    let kernel = kernel(rate: rate, scale: scale)
    let memory = UpdateMemory(
      values: parameters.start, gradients: gradients, first: first, second: second)
    for range in weights { device.update(memory, range, by: kernel) }
    // A statistic's gradient is its way to the batch's.
    for range in statistics {
      device.add(
        gradients + range.lowerBound, times: -1 / T(max(1, runs)),
        to: parameters.start + range.lowerBound, count: range.count)
    }
    parameters.changed()
  }

  private func kernel(rate: Double, scale: Double) -> UpdateKernel<T> {
    switch optimizer {
    case .sgd(let momentum, let weightDecay, let isNesterov):
      .descent(
        DescentKernel(
          rate: T(rate), scale: T(scale), momentum: T(momentum), weightDecay: T(weightDecay),
          isNesterov: isNesterov, isFirst: stepCount == 1))
    case .adam(let beta1, let beta2, let epsilon, let weightDecay):
      .adam(
        AdamKernel(
          beta1: beta1, beta2: beta2, epsilon: epsilon, rate: rate, scale: scale, step: stepCount,
          gradientDecay: weightDecay, weightDecay: 0))
    case .adamW(let beta1, let beta2, let epsilon, let weightDecay):
      .adam(
        AdamKernel(
          beta1: beta1, beta2: beta2, epsilon: epsilon, rate: rate, scale: scale, step: stepCount,
          gradientDecay: 0, weightDecay: weightDecay))
    }
  }
}
