import Numerics

/// Layer norm with a scale and a shift for each column.
package struct LayerNorm: Module {
  package var width: Int
  package var epsilon: Double

  package init(_ width: Int, epsilon: Double = 1e-5) {
    self.width = width
    self.epsilon = epsilon
  }

  package func callAsFunction<T>(_ x: Node<T>) throws(TensorError) -> Node<T> {
    try x.layerNorm(
      scale: x.graph.parameter("weight", [width], .ones),
      shift: x.graph.parameter("bias", [width], .zeros), epsilon: epsilon)
  }
}

/// RMS norm with a scale for each column.
package struct RMSNorm: Module {
  package var width: Int
  package var epsilon: Double

  package init(_ width: Int, epsilon: Double = 1e-5) {
    self.width = width
    self.epsilon = epsilon
  }

  package func callAsFunction<T>(_ x: Node<T>) throws(TensorError) -> Node<T> {
    try x.rmsNorm(scale: x.graph.parameter("weight", [width], .ones), epsilon: epsilon)
  }
}

/// Batch norm of the last dimension, with PyTorch's names: the running statistics are kept with the
/// weights and serve where the graph is not for training.
package struct BatchNorm: Module {
  package var width: Int
  package var epsilon: Double
  /// The share of a batch in the running statistics.
  package var momentum: Double

  package init(_ width: Int, epsilon: Double = 1e-5, momentum: Double = 0.1) {
    self.width = width
    self.epsilon = epsilon
    self.momentum = momentum
  }

  package func callAsFunction<T>(_ x: Node<T>) throws(TensorError) -> Node<T> {
    try x.batchNorm(
      scale: x.graph.parameter("weight", [width], .ones),
      shift: x.graph.parameter("bias", [width], .zeros),
      mean: x.graph.statistic("running_mean", [width], .zeros),
      variance: x.graph.statistic("running_var", [width], .ones), epsilon: epsilon,
      momentum: momentum)
  }
}

/// Reversible norm of each window (Kim and others 2022): every channel of [batch, steps, channels] is
/// freed of its own mean and deviation, and the forecast gets them back.
///
/// ```swift
/// let window = try RevIN(7)("revin", x)
/// let forecast = try RevIN(7).restored("revin", model("model", window.normed), of: window)
/// ```
package struct RevIN: Sendable {
  package var channels: Int
  package var epsilon: Double

  package init(_ channels: Int, epsilon: Double = 1e-5) {
    self.channels = channels
    self.epsilon = epsilon
  }

  /// A window without its level and spread, and these, [batch, 1, channels].
  package struct Window<T: VectorScalar> {
    package let normed: Node<T>
    package let mean, deviation: Node<T>
  }

  package func callAsFunction<T>(
    _ name: String, _ x: Node<T>
  ) throws(TensorError) -> Window<T> {
    guard x.shape.rank == 3, x.shape[2] == channels else {
      throw .shape(x.graph.place("RevIN"), x.shape, needed: "[batch, steps, \(channels)]")
    }
    // No gradient flows through level and spread, as in the authors' own code.
    let mean = try x.mean(axis: 1, keepsAxis: true).stopGradient()
    let variance = try x.variance(axis: 1, keepsAxis: true)
    let deviation = try (variance + epsilon).squareRoot().stopGradient()
    let (weight, bias) = try affine(name, x.graph)
    return Window(
      normed: try (x - mean) / deviation * weight + bias, mean: mean, deviation: deviation)
  }

  /// A forecast [batch, steps, channels] with the level and spread of a window.
  package func restored<T>(
    _ name: String, _ y: Node<T>, of window: Window<T>
  ) throws(TensorError) -> Node<T> {
    let (weight, bias) = try affine(name, y.graph)
    return try (y - bias) / (weight + epsilon * epsilon) * window.deviation + window.mean
  }

  private func affine<T>(
    _ name: String, _ graph: Graph<T>
  ) throws(TensorError) -> (weight: Node<T>, bias: Node<T>) {
    try graph.named(name) { () throws(TensorError) in
      (
        try graph.parameter("affine_weight", [channels], .ones),
        try graph.parameter("affine_bias", [channels], .zeros)
      )
    }
  }
}
