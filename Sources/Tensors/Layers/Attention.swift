import Numerics

/// Attention of many heads (Vaswani and others 2017), parameters named as in PyTorch.
///
/// ```swift
/// let attention = MultiHeadAttention(128, heads: 8, keyHeads: 2, isCausal: true, rotaryBase: 10_000)
/// let mixed = try attention("attention", x)  // [batch, steps, 128]
/// ```
package struct MultiHeadAttention: Module {
  package var width: Int
  package var heads: Int
  /// Heads of keys and values; fewer than `heads` for grouped queries.
  package var keyHeads: Int
  package var isCausal: Bool
  package var dropout: Double
  /// Of rotary positions, by which queries and keys of one sequence are turned; nil for none.
  package var rotaryBase: Double?

  package init(
    _ width: Int, heads: Int, keyHeads: Int? = nil, isCausal: Bool = false, dropout: Double = 0,
    rotaryBase: Double? = nil
  ) {
    self.width = width
    self.heads = heads
    self.keyHeads = keyHeads ?? heads
    self.isCausal = isCausal
    self.dropout = dropout
    self.rotaryBase = rotaryBase
  }

  package func callAsFunction<T>(_ x: Node<T>) throws(TensorError) -> Node<T> {
    try self(x, keyMask: nil)
  }

  /// - Parameter keyMask: what is added to the scores of each key, [batch, steps]: −∞ for padding
  package func callAsFunction<T>(
    _ x: Node<T>, keyMask: Node<T>?
  ) throws(TensorError) -> Node<T> {
    let (weight, bias) = try projections(x.graph)
    var packed = try x.linear(weight, bias)
    if let rotaryBase {
      packed = try packed.rotated(
        heads: heads + keyHeads, width: width / heads, base: rotaryBase)
    }
    return try projected(
      packed.selfAttention(
        heads: heads, keyHeads: keyHeads, isCausal: isCausal, keyMask: keyMask, dropout: dropout))
  }

  /// Attention to another sequence [batch, keys, width], which gives keys and values.
  package func callAsFunction<T>(
    _ x: Node<T>, to memory: Node<T>, keyMask: Node<T>? = nil
  ) throws(TensorError) -> Node<T> {
    let (weight, bias) = try projections(x.graph)
    let keys = width + keyHeads * (width / heads)
    func part(_ x: Node<T>, _ range: Range<Int>) throws(TensorError) -> Node<T> {
      try x.linear(weight.slice(range, axis: 0), bias.slice(range, axis: 0))
    }
    return try projected(
      part(x, 0..<width).attention(
        to: part(memory, width..<keys), values: part(memory, keys..<weight.shape[0]), heads: heads,
        keyHeads: keyHeads, isCausal: isCausal, keyMask: keyMask, dropout: dropout))
  }

  /// Of queries, keys and values, one below the other.
  private func projections<T>(
    _ graph: Graph<T>
  ) throws(TensorError) -> (weight: Node<T>, bias: Node<T>) {
    guard heads > 0, keyHeads > 0, width > 0, width % heads == 0, heads % keyHeads == 0 else {
      throw .setting(
        graph.place("attention"),
        finding: "\(heads) heads and \(keyHeads) of keys do not divide a width of \(width)")
    }
    let rows = width + 2 * keyHeads * (width / heads)
    return (
      try graph.parameter("in_proj_weight", [rows, width], .xavierUniform()),
      try graph.parameter("in_proj_bias", [rows], .zeros)
    )
  }

  private func projected<T>(_ mixed: Node<T>) throws(TensorError) -> Node<T> {
    let graph = mixed.graph
    return try graph.named("out_proj") { () throws(TensorError) in
      let bound = Initialiser.uniform(bound: 1 / Double(width).squareRoot())
      return try mixed.linear(
        graph.parameter("weight", [width, width], bound), graph.parameter("bias", [width], .zeros))
    }
  }
}

extension Node {
  /// Attention of a sequence to itself, from queries, keys and values that stand side by side:
  /// [batch, steps, (heads + 2 · key heads) · width].
  package func selfAttention(
    heads: Int, keyHeads: Int? = nil, isCausal: Bool = false, keyMask: Node? = nil,
    dropout: Double = 0
  ) throws(TensorError) -> Node {
    let keyHeads = keyHeads ?? heads
    let place = graph.place("attention")
    guard shape.rank == 3, heads > 0, keyHeads > 0, heads % keyHeads == 0,
      shape[2] % (heads + 2 * keyHeads) == 0
    else {
      throw .shape(
        place, shape, needed: "[batch, steps, a multiple of \(heads + 2 * keyHeads) columns]")
    }
    let width = shape[2] / (heads + 2 * keyHeads)
    let sizes = AttentionSizes(
      batch: shape[0], queries: shape[1], keys: shape[1], heads: heads, keyHeads: keyHeads,
      width: width, isCausal: isCausal)
    return try attention([self], sizes, isPacked: true, keyMask, dropout)
  }

  /// Attention of queries [batch, queries, heads · width] to keys and values
  /// [batch, keys, key heads · width].
  package func attention(
    to keys: Node, values: Node, heads: Int, keyHeads: Int? = nil, isCausal: Bool = false,
    keyMask: Node? = nil, dropout: Double = 0
  ) throws(TensorError) -> Node {
    let keyHeads = keyHeads ?? heads
    let place = graph.place("attention")
    guard shape.rank == 3, heads > 0, keyHeads > 0, heads % keyHeads == 0, shape[2] % heads == 0
    else { throw .shape(place, shape, needed: "[batch, queries, a multiple of \(heads) columns]") }
    let width = shape[2] / heads
    guard keys.shape.rank == 3, keys.shape[0] == shape[0], keys.shape[2] == keyHeads * width else {
      throw .shapes(place, first: shape, second: keys.shape)
    }
    guard keys.shape == values.shape else {
      throw .shapes(place, first: keys.shape, second: values.shape)
    }
    let sizes = AttentionSizes(
      batch: shape[0], queries: shape[1], keys: keys.shape[1], heads: heads, keyHeads: keyHeads,
      width: width, isCausal: isCausal)
    return try attention([self, keys, values], sizes, isPacked: false, keyMask, dropout)
  }

  private func attention(
    _ inputs: [Node], _ sizes: AttentionSizes, isPacked: Bool, _ keyMask: Node?, _ dropout: Double
  ) throws(TensorError) -> Node {
    let place = graph.place("attention")
    if let keyMask, keyMask.shape != [sizes.batch, sizes.keys] {
      throw .shapes(place, first: shape, second: keyMask.shape)
    }
    guard (0...1).contains(dropout) else {
      throw .setting(place, finding: "a dropout of \(dropout) is no probability")
    }
    let isDropping = graph.isTraining && dropout > 0
    let operation = AttentionOperation<T>(
      sizes: sizes, isPacked: isPacked, hasMask: keyMask != nil,
      dropout: isDropping ? DropoutMask(graph.randomness, probability: dropout) : nil)
    return try graph.record(
      operation, inputs + (keyMask.map { [$0.stopGradient()] } ?? []),
      shape: [sizes.batch, sizes.queries, sizes.heads * sizes.width])
  }
}
