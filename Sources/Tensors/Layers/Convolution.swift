import Numerics

/// A convolution along the steps of [batch, steps, inputs], parameters named as in PyTorch, whose
/// Conv1d has channels before steps.
///
/// ```swift
/// let each = Conv1D(7, 7, taps: 3, padding: .causal, dilation: 4, groups: 7)  // depthwise
/// ```
package struct Conv1D: Module {
  package var inputs: Int
  package var outputs: Int
  package var taps: Int
  package var padding: StepPadding
  package var stride: Int
  package var dilation: Int
  package var groups: Int
  package var hasBias: Bool

  package init(
    _ inputs: Int, _ outputs: Int, taps: Int, padding: StepPadding = .none, stride: Int = 1,
    dilation: Int = 1, groups: Int = 1, hasBias: Bool = true
  ) {
    self.inputs = inputs
    self.outputs = outputs
    self.taps = taps
    self.padding = padding
    self.stride = stride
    self.dilation = dilation
    self.groups = groups
    self.hasBias = hasBias
  }

  package func callAsFunction<T>(_ x: Node<T>) throws(TensorError) -> Node<T> {
    guard groups > 0, inputs > 0, taps > 0, inputs % groups == 0 else {
      throw .setting(
        x.graph.place("convolution"),
        finding: "\(inputs) inputs, \(taps) taps and \(groups) groups do not go together")
    }
    let bound = Initialiser.uniform(bound: 1 / Double(inputs / groups * taps).squareRoot())
    return try x.convolved(
      x.graph.parameter("weight", [outputs, inputs / groups, taps], bound),
      hasBias ? x.graph.parameter("bias", [outputs], bound) : nil, padding: padding,
      stride: stride, dilation: dilation, groups: groups)
  }
}
