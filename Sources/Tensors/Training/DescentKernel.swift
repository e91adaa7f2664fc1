import Numerics

/// What one step of an optimizer does with every parameter.
enum UpdateKernel<T: VectorScalar>: Sendable {
  case adam(AdamKernel<T>)
  case descent(DescentKernel<T>)

  func run(_ memory: UpdateMemory<T>, _ range: Range<Int>) {
    let start = range.lowerBound
    switch self {
    case .adam(let kernel):
      guard let second = memory.second else { return }
      kernel.run(
        memory.values + start, memory.gradients + start, memory.first + start, second + start,
        count: range.count)
    case .descent(let kernel):
      kernel.run(
        memory.values + start, memory.gradients + start, memory.first + start, count: range.count)
    }
  }
}

/// The flat runs an optimizer works on; a parameter has the same place in each.
struct UpdateMemory<T: VectorScalar> {
  let values: UnsafeMutablePointer<T>
  let gradients: UnsafePointer<T>
  let first: UnsafeMutablePointer<T>
  let second: UnsafeMutablePointer<T>?
}

/// Gradient descent with momentum as PyTorch has it.
struct DescentKernel<T: VectorScalar> {
  let rate, scale, momentum, weightDecay: T
  let isNesterov: Bool
  /// Momentum begins as the first gradient.
  let isFirst: Bool

  @specialized(where T == Float)
  @specialized(where T == Double)
  func run(
    _ values: UnsafeMutablePointer<T>, _ gradients: UnsafePointer<T>,
    _ first: UnsafeMutablePointer<T>, count: Int
  ) {
    for i in 0..<count {
      let gradient = gradients[i] * scale + weightDecay * values[i]
      first[i] = isFirst ? gradient : momentum * first[i] + gradient
      let direction =
        momentum == 0 ? gradient : isNesterov ? gradient + momentum * first[i] : first[i]
      values[i] -= rate * direction
    }
  }
}
