import Foundation
import Numerics

/// How parameters follow their gradients.
package enum Optimizer: Sendable, Equatable {
  /// Stochastic gradient descent with momentum as PyTorch has it.
  case sgd(momentum: Double = 0, weightDecay: Double = 0, isNesterov: Bool = false)
  /// Adam (Kingma and Ba 2015); weight decay is added to the gradient.
  case adam(
    beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, weightDecay: Double = 0)
  /// Adam with weight decay of its own (Loshchilov and Hutter 2019).
  case adamW(
    beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, weightDecay: Double = 0.01)
}

/// An optimizer's memory of the steps it has taken, as flat as the parameters are.
final class OptimizerState<T: VectorScalar> {
  let optimizer: Optimizer
  let count: Int
  /// Momentum, or the mean of gradients.
  let first: UnsafeMutablePointer<T>
  /// The mean of squared gradients.
  let second: UnsafeMutablePointer<T>?
  var step = 0

  init(_ optimizer: Optimizer, count: Int) {
    self.optimizer = optimizer
    self.count = count
    first = Memory<T>.allocate(count)
    if case .sgd = optimizer { second = nil } else { second = Memory<T>.allocate(count) }
  }

  deinit {
    Memory<T>.free(first)
    if let second { Memory<T>.free(second) }
  }

  /// Numbers that pay for a thread.
  private static var minimumChunk: Int { 1 << 14 }

  /// One pass over all parameters.
  ///
  /// - Parameter scale: what gradients are multiplied by first, for clipping
  func update(
    _ values: UnsafeMutablePointer<T>, _ gradients: UnsafePointer<T>, rate: Double, scale: Double
  ) {
    step += 1
    let kernel: AdamKernel<T>
    switch optimizer {
    case .sgd(let momentum, let weightDecay, let isNesterov):
      return descend(
        values, gradients, T(rate), T(scale), T(momentum), T(weightDecay), isNesterov)
    case .adam(let beta1, let beta2, let epsilon, let weightDecay):
      kernel = AdamKernel(
        beta1: beta1, beta2: beta2, epsilon: epsilon, rate: rate, scale: scale, step: step,
        gradientDecay: weightDecay, weightDecay: 0)
    case .adamW(let beta1, let beta2, let epsilon, let weightDecay):
      kernel = AdamKernel(
        beta1: beta1, beta2: beta2, epsilon: epsilon, rate: rate, scale: scale, step: step,
        gradientDecay: 0, weightDecay: weightDecay)
    }
    guard let second else { return }
    Pool.shared.forEachChunk(of: count, minimumChunk: Self.minimumChunk, alignedTo: 16) { range in
      kernel.run(
        values + range.lowerBound, gradients + range.lowerBound, first + range.lowerBound,
        second + range.lowerBound, count: range.count)
    }
  }

  private func descend(
    _ values: UnsafeMutablePointer<T>, _ gradients: UnsafePointer<T>, _ rate: T, _ scale: T,
    _ momentum: T, _ weightDecay: T, _ isNesterov: Bool
  ) {
    let isFirst = step == 1
    for i in 0..<count {
      let gradient = gradients[i] * scale + weightDecay * values[i]
      first[i] = isFirst ? gradient : momentum * first[i] + gradient
      let direction =
        momentum == 0 ? gradient : isNesterov ? gradient + momentum * first[i] : first[i]
      values[i] -= rate * direction
    }
  }
}

/// Adam's formula with everything that is the same for all parameters worked out.
private struct AdamKernel<T: VectorScalar> {
  let beta1, beta2, rest1, rest2: T
  let epsilon, scale, gradientDecay, keep, stepSize, correction: T

  init(
    beta1: Double, beta2: Double, epsilon: Double, rate: Double, scale: Double, step: Int,
    gradientDecay: Double, weightDecay: Double
  ) {
    self.beta1 = T(beta1)
    self.beta2 = T(beta2)
    rest1 = T(1 - beta1)
    rest2 = T(1 - beta2)
    self.epsilon = T(epsilon)
    self.scale = T(scale)
    self.gradientDecay = T(gradientDecay)
    keep = T(1 - rate * weightDecay)
    stepSize = T(rate / (1 - pow(beta1, Double(step))))
    correction = T(1 / (1 - pow(beta2, Double(step))).squareRoot())
  }

  @specialized(where T == Float)
  @specialized(where T == Double)
  func run(
    _ values: UnsafeMutablePointer<T>, _ gradients: UnsafePointer<T>,
    _ first: UnsafeMutablePointer<T>, _ second: UnsafeMutablePointer<T>, count: Int
  ) {
    typealias L = T.Lanes
    // Counts are whole registers: what lies between parameters is zero and stays so.
    var i = 0
    while i < count {
      var value = UnsafePointer(values + i).lanes()
      let gradient = ((gradients + i).lanes() * scale)
        .addingProduct(value, L(repeating: gradientDecay))
      let mean = (UnsafePointer(first + i).lanes() * beta1)
        .addingProduct(gradient, L(repeating: rest1))
      let square = (UnsafePointer(second + i).lanes() * beta2)
        .addingProduct(gradient * gradient, L(repeating: rest2))
      (first + i).store(mean)
      (second + i).store(square)
      let root = L.squareRoot(square).multipliedAdding(correction, epsilon)
      value = (value * keep).addingProduct(mean / root, L(repeating: -stepSize))
      (values + i).store(value)
      i &+= L.scalarCount
    }
  }
}

extension VectorLanes {
  /// self · factor + term
  @inline(__always)
  func multipliedAdding(_ factor: Scalar, _ term: Scalar) -> Self {
    Self(repeating: term).addingProduct(self, Self(repeating: factor))
  }
}
