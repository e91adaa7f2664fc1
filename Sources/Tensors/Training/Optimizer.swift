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
