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

/// A layer of PyTorch's TransformerEncoder, parameters named as there.
package struct TransformerEncoderLayer: Module {
  package var attention: MultiHeadAttention
  package var feedForward: Int
  package var activation: Activation
  package var dropout: Double
  /// Whether norms come before attention and feed-forward, or after.
  package var isNormFirst: Bool

  package init(
    _ width: Int, heads: Int, feedForward: Int, activation: Activation = .relu,
    dropout: Double = 0, isNormFirst: Bool = false, isCausal: Bool = false
  ) {
    attention = MultiHeadAttention(width, heads: heads, isCausal: isCausal, dropout: dropout)
    self.feedForward = feedForward
    self.activation = activation
    self.dropout = dropout
    self.isNormFirst = isNormFirst
  }

  package func callAsFunction<T>(_ x: Node<T>) throws(TensorError) -> Node<T> {
    try self(x, keyMask: nil)
  }

  package func callAsFunction<T>(
    _ x: Node<T>, keyMask: Node<T>?
  ) throws(TensorError) -> Node<T> {
    let width = attention.width
    let (norm1, norm2) = (LayerNorm(width), LayerNorm(width))
    if isNormFirst {
      let x = try x + attend(norm1("norm1", x), keyMask)
      return try x + feed(norm2("norm2", x))
    }
    let x = try norm1("norm1", x + attend(x, keyMask))
    return try norm2("norm2", x + feed(x))
  }

  private func attend<T>(_ x: Node<T>, _ keyMask: Node<T>?) throws(TensorError) -> Node<T> {
    try x.graph.named("self_attn") { () throws(TensorError) in
      try attention(x, keyMask: keyMask)
    }.dropout(dropout)
  }

  private func feed<T>(_ x: Node<T>) throws(TensorError) -> Node<T> {
    let wide = Linear(attention.width, feedForward, activation: activation)
    let narrow = Linear(feedForward, attention.width)
    return try narrow("linear2", wide("linear1", x).dropout(dropout)).dropout(dropout)
  }
}

/// Encoder layers one after the other.
package struct TransformerEncoder: Module {
  package var layer: TransformerEncoderLayer
  package var count: Int

  package init(_ layer: TransformerEncoderLayer, count: Int) {
    self.layer = layer
    self.count = count
  }

  package func callAsFunction<T>(_ x: Node<T>) throws(TensorError) -> Node<T> {
    try self(x, keyMask: nil)
  }

  package func callAsFunction<T>(
    _ x: Node<T>, keyMask: Node<T>?
  ) throws(TensorError) -> Node<T> {
    var x = x
    for index in 0..<max(0, count) {
      x = try x.graph.named("layers.\(index)") { () throws(TensorError) in
        try layer(x, keyMask: keyMask)
      }
    }
    return x
  }
}
