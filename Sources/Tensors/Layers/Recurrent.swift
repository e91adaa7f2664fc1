import Numerics

/// Long short-term memory: layers of it one on the other, parameters named as in PyTorch.
package struct LSTM: Module {
  package var inputs: Int
  package var hidden: Int
  package var layers: Int

  package init(_ inputs: Int, _ hidden: Int, layers: Int = 1) {
    self.inputs = inputs
    self.hidden = hidden
    self.layers = layers
  }

  /// Hidden states [batch, steps, hidden] of sequences [batch, steps, inputs].
  package func callAsFunction<T>(_ x: Node<T>) throws(TensorError) -> Node<T> {
    guard layers > 0 else {
      throw .setting(x.graph.place("LSTM"), finding: "it has \(layers) layers")
    }
    var x = x
    for layer in 0..<layers {
      x = try Recurrence<LSTMCell<T>>(
        inputs: layer == 0 ? inputs : hidden, hidden: hidden, layer: layer
      ).run(x, state: nil).sequence
    }
    return x
  }

  /// The same for one layer from a first state on, with the last one: hidden and cell, both
  /// [batch, hidden].
  package func callAsFunction<T>(
    _ x: Node<T>, from state: (hidden: Node<T>, cell: Node<T>)?
  ) throws(TensorError) -> (sequence: Node<T>, hidden: Node<T>, cell: Node<T>) {
    guard layers == 1 else {
      throw .setting(
        x.graph.place("LSTM"), finding: "a state is given to \(layers) layers, which needs one")
    }
    let result = try Recurrence<LSTMCell<T>>(inputs: inputs, hidden: hidden, layer: 0).run(
      x, state: state.map { [$0.hidden, $0.cell] } ?? [], givesCell: true)
    let last = try result.sequence.lastStep()
    return (result.sequence, last, result.cell ?? last)
  }
}

/// Gated recurrent units: layers of them one on the other, parameters named as in PyTorch.
package struct GRU: Module {
  package var inputs: Int
  package var hidden: Int
  package var layers: Int

  package init(_ inputs: Int, _ hidden: Int, layers: Int = 1) {
    self.inputs = inputs
    self.hidden = hidden
    self.layers = layers
  }

  /// Hidden states [batch, steps, hidden] of sequences [batch, steps, inputs].
  package func callAsFunction<T>(_ x: Node<T>) throws(TensorError) -> Node<T> {
    guard layers > 0 else {
      throw .setting(x.graph.place("GRU"), finding: "it has \(layers) layers")
    }
    var x = x
    for layer in 0..<layers {
      x = try Recurrence<GRUCell<T>>(
        inputs: layer == 0 ? inputs : hidden, hidden: hidden, layer: layer
      ).run(x, state: nil).sequence
    }
    return x
  }

  /// The same for one layer from a first hidden state [batch, hidden] on.
  package func callAsFunction<T>(
    _ x: Node<T>, from hidden: Node<T>
  ) throws(TensorError) -> Node<T> {
    guard layers == 1 else {
      throw .setting(
        x.graph.place("GRU"), finding: "a state is given to \(layers) layers, which needs one")
    }
    return try Recurrence<GRUCell<T>>(inputs: inputs, hidden: self.hidden, layer: 0).run(
      x, state: [hidden]
    )
    .sequence
  }
}

/// One recurrent layer on a graph.
private struct Recurrence<Cell: RecurrentCell> {
  let inputs: Int
  let hidden: Int
  let layer: Int

  func run(
    _ x: Node<Cell.T>, state: [Node<Cell.T>]?, givesCell: Bool = false
  ) throws(TensorError) -> (sequence: Node<Cell.T>, cell: Node<Cell.T>?) {
    let graph = x.graph
    let name = RecurrentOperation<Cell>.name
    guard x.shape.rank == 3, x.shape[2] == inputs else {
      throw .shape(graph.place(name), x.shape, needed: "[batch, steps, \(inputs)]")
    }
    guard hidden > 0 else {
      throw .setting(graph.place(name), finding: "a layer of \(hidden) units")
    }
    let (batch, steps) = (x.shape[0], x.shape[1])
    let state = state ?? []
    for node in state where node.shape != [batch, hidden] {
      throw .shapes(graph.place("\(name) state"), first: x.shape, second: node.shape)
    }
    let rows = Cell.gateCount * hidden
    let bound = Initialiser.uniform(bound: 1 / Double(hidden).squareRoot())
    let weights = [
      try graph.parameter("weight_ih_l\(layer)", [rows, inputs], bound),
      try graph.parameter("weight_hh_l\(layer)", [rows, hidden], bound),
      try graph.parameter("bias_ih_l\(layer)", [rows], bound),
      try graph.parameter("bias_hh_l\(layer)", [rows], bound),
    ]
    let operation = RecurrentOperation<Cell>(
      sizes: RecurrentSizes(batch: batch, steps: steps, inputs: inputs, hidden: hidden),
      hasState: !state.isEmpty, givesCell: givesCell, isTraining: graph.isTraining)
    let shape: TensorShape = [batch, steps, hidden]
    guard givesCell else {
      return (try graph.record(operation, [x] + weights + state, shape: shape), nil)
    }
    let all = try graph.record(
      operation, [x] + weights + state, shape: [batch * (steps + 1) * hidden])
    return (
      graph.view(all, shape: shape),
      graph.view(all, shape: [batch, hidden], offset: batch * steps * hidden)
    )
  }
}
