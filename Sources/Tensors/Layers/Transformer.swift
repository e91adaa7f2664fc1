import Numerics

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
    try x.fed(width: feedForward, activation: activation, dropout: dropout)
  }
}

extension Node {
  /// The feed-forward part of a Transformer's layer, parameters named as in PyTorch.
  fileprivate func fed(
    width: Int, activation: Activation, dropout: Double
  ) throws(TensorError) -> Node {
    let wide = Linear(shape.last, width, activation: activation)
    let narrow = Linear(width, shape.last)
    return try narrow("linear2", wide("linear1", self).dropout(dropout)).dropout(dropout)
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

/// A layer of PyTorch's TransformerDecoder: attention to what is decoded so far, then to the memory of
/// an encoder; parameters named as there.
package struct TransformerDecoderLayer: Sendable {
  package var attention: MultiHeadAttention
  package var feedForward: Int
  package var activation: Activation
  package var dropout: Double
  /// Whether norms come before attention and feed-forward, or after.
  package var isNormFirst: Bool

  package init(
    _ width: Int, heads: Int, feedForward: Int, activation: Activation = .relu,
    dropout: Double = 0, isNormFirst: Bool = false
  ) {
    attention = MultiHeadAttention(width, heads: heads, isCausal: true, dropout: dropout)
    self.feedForward = feedForward
    self.activation = activation
    self.dropout = dropout
    self.isNormFirst = isNormFirst
  }

  /// - Parameters:
  ///   - memory: what an encoder gave, [batch, keys, width]
  ///   - memoryMask: what is added to the scores of its steps, [batch, keys]: −∞ for padding
  package func callAsFunction<T>(
    _ name: String, _ x: Node<T>, memory: Node<T>, memoryMask: Node<T>? = nil
  ) throws(TensorError) -> Node<T> {
    let graph = x.graph
    return try graph.named(name) { () throws(TensorError) in
      let norm = LayerNorm(attention.width)
      var cross = attention
      cross.isCausal = false
      func attend(_ x: Node<T>) throws(TensorError) -> Node<T> {
        try graph.named("self_attn") { () throws(TensorError) in try attention(x) }
          .dropout(dropout)
      }
      func look(_ x: Node<T>) throws(TensorError) -> Node<T> {
        try graph.named("multihead_attn") { () throws(TensorError) in
          try cross(x, to: memory, keyMask: memoryMask)
        }.dropout(dropout)
      }
      func feed(_ x: Node<T>) throws(TensorError) -> Node<T> {
        try x.fed(width: feedForward, activation: activation, dropout: dropout)
      }
      if isNormFirst {
        let x = try x + attend(norm("norm1", x))
        let y = try x + look(norm("norm2", x))
        return try y + feed(norm("norm3", y))
      }
      let x = try norm("norm1", x + attend(x))
      let y = try norm("norm2", x + look(x))
      return try norm("norm3", y + feed(y))
    }
  }
}
