import Numerics

/// y = activation(x · Wᵀ + b) on rows, with W as PyTorch keeps it: outputs by inputs.
struct LinearOperation<T: VectorScalar>: Operation {
  static var name: String { "linear" }
  let rows, inputs, outputs: Int
  let hasBias: Bool
  let activation: Activation
  /// Whether the weight is laid out for the gradient too.
  let isTraining: Bool

  var keeps: Kept {
    activation == .identity || activation.needsArgument ? .inputs : [.inputs, .output]
  }
  var savedCount: Int { activation.needsArgument ? rows * outputs : 0 }
  private var forwardPanels: Panels<T> { Panels(depth: inputs, columns: outputs) }
  private var backwardPanels: Panels<T> { Panels(depth: outputs, columns: inputs) }
  var preparedCount: Int { forwardPanels.size + (isTraining ? backwardPanels.size : 0) }
  var preparedInputs: [Int] { [1] }
  var scratchCount: Int { Product<T>.workspace(depth: rows, columns: inputs) }
  var work: Int { rows * inputs * outputs }

  func prepare(_ frame: Frame<T>) {
    let weight = Strided(frame[1], row: inputs)
    forwardPanels.pack(weight.transposed, into: frame.prepared)
    if isTraining { backwardPanels.pack(weight, into: frame.prepared + forwardPanels.size) }
  }

  @specialized(where T == Float)
  @specialized(where T == Double)
  func forward(_ frame: Frame<T>) {
    let sums = activation.needsArgument ? frame.saved : frame.output
    let target = Product<T>.Target(
      start: sums, stride: outputs, bias: hasBias ? frame[2] : nil)
    Product<T>.multiplyShared(
      Strided(frame[0], row: inputs), forwardPanels, frame.prepared, rows: rows, into: target
    ) { range in
      let start = range.lowerBound &* outputs
      activation.apply(
        UnsafePointer(sums + start), into: frame.output + start, count: range.count &* outputs)
    }
  }

  @specialized(where T == Float)
  @specialized(where T == Double)
  func backward(_ frame: Frame<T>) {
    let gradient = frame.gradient
    if activation != .identity {
      activation.multiplySlope(
        UnsafePointer(activation.needsArgument ? frame.saved : frame.output),
        UnsafePointer(gradient), into: gradient, count: rows &* outputs)
    }
    if let target = frame.target(0, stride: inputs) {
      Product<T>.multiplyShared(
        Strided(UnsafePointer(gradient), row: outputs), backwardPanels,
        frame.prepared + forwardPanels.size, rows: rows, into: target)
    }
    if let target = frame.target(1, stride: inputs) {
      Product<T>.multiply(
        Strided(UnsafePointer(gradient), row: outputs).transposed, Strided(frame[0], row: inputs),
        rows: outputs, depth: rows, columns: inputs, into: target, workspace: frame.scratch)
    }
    if hasBias, let target = frame.gradients[2] {
      Lines.sumRows(
        UnsafePointer(gradient), rows: rows, columns: outputs, into: target,
        accumulates: frame.accumulates[2])
    }
  }
}

extension Node {
  /// activation(x · weightᵀ + bias) on the last dimension.
  package func linear(
    _ weight: Node, _ bias: Node? = nil, activation: Activation = .identity
  ) throws(TensorError) -> Node {
    guard shape.rank >= 1, weight.shape.rank == 2, weight.shape[1] == shape.last else {
      throw .shapes(graph.place("linear"), first: shape, second: weight.shape)
    }
    let outputs = weight.shape[0]
    if let bias, bias.shape != [outputs] {
      throw .shapes(graph.place("linear bias"), first: weight.shape, second: bias.shape)
    }
    let inputs = [self, weight] + (bias.map { [$0] } ?? [])
    let result = shape.replacingLast(with: outputs)
    if graph.storage == .bfloat16, HalfLinearOperation<T>.isOffered, graph.isFixed(weight.id) {
      let operation = HalfLinearOperation<T>(
        rows: shape.rows, inputs: shape.last, outputs: outputs, hasBias: bias != nil,
        activation: activation)
      return try graph.record(operation, inputs, shape: result)
    }
    let operation = LinearOperation<T>(
      rows: shape.rows, inputs: shape.last, outputs: outputs, hasBias: bias != nil,
      activation: activation, isTraining: graph.isTraining)
    return try graph.record(operation, inputs, shape: result)
  }
}
