import Numerics

/// The gated residual network of temporal fusion Transformers (Lim and others 2021): as much of a
/// nonlinear part as its gate lets through, added to the input.
package struct GatedResidual: Module {
  package var inputs: Int
  package var hidden: Int
  package var outputs: Int
  /// Columns of a context; nil where there is none.
  package var context: Int?
  package var dropout: Double

  package init(
    _ inputs: Int, hidden: Int, outputs: Int, context: Int? = nil, dropout: Double = 0
  ) {
    self.inputs = inputs
    self.hidden = hidden
    self.outputs = outputs
    self.context = context
    self.dropout = dropout
  }

  package func callAsFunction<T>(_ x: Node<T>) throws(TensorError) -> Node<T> {
    try self(x, context: nil)
  }

  /// - Parameter context: [batch, context], the same for all steps, or of the rank of x
  package func callAsFunction<T>(
    _ x: Node<T>, context given: Node<T>?
  ) throws(TensorError) -> Node<T> {
    guard (given == nil) == (context == nil) else {
      throw .setting(
        x.graph.place("gated residual"), finding: "a context is given or set, but not both")
    }
    var wide = try Linear(inputs, hidden)("fc1", x)
    if var given, let context {
      if given.shape.rank + 1 == x.shape.rank { given = try given.inserting(-2) }
      wide = try wide + Linear(context, hidden, hasBias: false)("context", given)
    }
    let inner = try Linear(hidden, hidden)("fc2", wide.activated(.elu)).dropout(dropout)
    let gated = try Linear(hidden, 2 * outputs)("gate", inner).gated()
    let skipped = inputs == outputs ? x : try Linear(inputs, outputs)("skip", x)
    return try LayerNorm(outputs)("norm", skipped + gated)
  }
}

extension Node {
  /// The first half of the columns, each as far as its gate in the second half lets it through
  /// (Dauphin and others 2017).
  package func gated() throws(TensorError) -> Node {
    guard shape.rank >= 1, shape.last % 2 == 0 else {
      throw .shape(graph.place("gate"), shape, needed: "an even number of columns")
    }
    let half = shape.last / 2
    return try slice(0..<half, axis: -1)
      * slice(half..<shape.last, axis: -1).activated(.sigmoid)
  }
}

/// Chooses among variables, anew at every step (Lim and others 2021): each goes through a gated
/// residual network of its own, and one more gives their shares.
package struct VariableSelection: Sendable {
  package var variables: Int
  package var width: Int
  package var context: Int?
  package var dropout: Double

  package init(_ variables: Int, width: Int, context: Int? = nil, dropout: Double = 0) {
    self.variables = variables
    self.width = width
    self.context = context
    self.dropout = dropout
  }

  /// Of variables [.., width], their mixture and the shares [.., variables].
  package func callAsFunction<T>(
    _ name: String, _ x: [Node<T>], context given: Node<T>? = nil
  ) throws(TensorError) -> (mixture: Node<T>, shares: Node<T>) {
    guard let first = x.first, x.count == variables else {
      throw .setting(
        .init(operation: "variable selection", path: name),
        finding: "\(x.count) variables are given, not \(variables)")
    }
    return try first.graph.named(name) { () throws(TensorError) in
      let chooser = GatedResidual(
        variables * width, hidden: width, outputs: variables, context: context, dropout: dropout)
      let each = GatedResidual(width, hidden: width, outputs: width, dropout: dropout)
      let all = try Node.concatenated(x, axis: -1)
      let shares = try first.graph.named("shares") { () throws(TensorError) in
        try chooser(all, context: given).softmax()
      }
      var parts: [Node<T>] = []
      for (index, variable) in x.enumerated() {
        parts.append(try each("variables.\(index)", variable))
      }
      let stacked = try Node.stacked(parts, axis: -2)
      let mixture = try shares.inserting(-2).product(with: stacked)
      return (try mixture.reshaped(first.shape), shares)
    }
  }
}
