import Numerics

/// A layer or a model with one input and one output.
///
/// A module is a value: its settings and its parts. Its weights are named while it runs on a graph,
/// by the path of names under which modules call each other:
///
/// ```swift
/// struct Classifier: Module {
///   let trunk = MLP([26, 64, 64], activation: .tanh)
///   let head = Linear(64, 9)
///   func callAsFunction<T>(_ x: Node<T>) throws(TensorError) -> Node<T> {
///     try head("head", trunk("trunk", x))  // head.weight, head.bias, trunk.0.weight, …
///   }
/// }
/// ```
package protocol Module: Sendable {
  func callAsFunction<T>(_ x: Node<T>) throws(TensorError) -> Node<T>
}

extension Module {
  /// Runs the module under a name.
  package func callAsFunction<T>(
    _ name: String, _ x: Node<T>
  ) throws(TensorError) -> Node<T> {
    try x.graph.named(name) { () throws(TensorError) in try self(x) }
  }
}

/// A module whose inner values are not kept for the gradient but computed again: less memory for more
/// work. Its parameters keep their names.
package struct Checkpointed<Inner: Module>: Module {
  package var inner: Inner

  package init(_ inner: Inner) { self.inner = inner }

  package func callAsFunction<T>(_ x: Node<T>) throws(TensorError) -> Node<T> {
    try x.graph.checkpointed { () throws(TensorError) in try inner(x) }
  }
}

/// A fully connected layer.
package struct Linear: Module {
  package var inputs: Int
  package var outputs: Int
  package var hasBias: Bool
  package var activation: Activation
  /// Of the weight; PyTorch's default is uniform within 1/√inputs.
  package var initialiser: Initialiser?

  package init(
    _ inputs: Int, _ outputs: Int, hasBias: Bool = true, activation: Activation = .identity,
    initialiser: Initialiser? = nil
  ) {
    self.inputs = inputs
    self.outputs = outputs
    self.hasBias = hasBias
    self.activation = activation
    self.initialiser = initialiser
  }

  package func callAsFunction<T>(_ x: Node<T>) throws(TensorError) -> Node<T> {
    let bound = Initialiser.uniform(bound: 1 / Double(max(1, inputs)).squareRoot())
    let weight = try x.graph.parameter("weight", [outputs, inputs], initialiser ?? bound)
    let bias = hasBias ? try x.graph.parameter("bias", [outputs], bound) : nil
    return try x.linear(weight, bias, activation: activation)
  }
}

/// Fully connected layers one after the other, with an activation between them.
package struct MLP: Module {
  package var layers: [Linear]

  /// - Parameter widths: of the input, of what lies between, and of the output
  package init(_ widths: [Int], activation: Activation = .relu) {
    let count = max(0, widths.count - 1)
    layers = (0..<count).map { index in
      Linear(
        widths[index], widths[index + 1], activation: index == count - 1 ? .identity : activation)
    }
  }

  package func callAsFunction<T>(_ x: Node<T>) throws(TensorError) -> Node<T> {
    var x = x
    for (index, layer) in layers.enumerated() { x = try layer("\(index)", x) }
    return x
  }
}
