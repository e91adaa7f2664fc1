import Foundation
import Numerics

/// Adam's formula with everything that is the same for all parameters worked out.
struct AdamKernel<T: VectorScalar> {
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
