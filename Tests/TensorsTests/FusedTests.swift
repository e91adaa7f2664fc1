import Numerics
import Testing

@testable import Tensors

/// Every fused kernel against the same formula put together from single operations: values and the
/// gradients of inputs and weights.
@Suite("Fused kernels are their formulas")
struct FusedTests {
  typealias Form = @Sendable (Node<Double>) throws(TensorError) -> Node<Double>

  struct Pair: Sendable, CustomTestStringConvertible {
    let name: String
    let shape: TensorShape
    let fused: Form
    let plain: Form
    var testDescription: String { name }
  }

  /// All numbers of one pass of either form.
  private func numbers(_ form: Form, _ shape: TensorShape) throws -> [Double] {
    let weights = try Parameters<Double>(seed: 4) { (graph) throws(TensorError) in
      _ = try form(graph.input(shape))
    }
    for (index, entry) in weights.entries.sorted(by: { $0.name < $1.name }).enumerated() {
      try weights.set(entry.name, to: GoldenCases.wave(entry.shape, 0.7, Double(index), 0.4))
    }
    let graph = Graph(weights, isTraining: true)
    let x = graph.input(shape, wantsGradient: true)
    let y = try form(x)
    let plan = try Plan(minimizing: try GoldenCases.loss(y), computing: [y])
    try plan.write(x, GoldenCases.wave(shape, 0.37, 0.5))
    try plan.run()
    var numbers = try plan.value(of: y).elements + plan.gradient(of: x).elements
    for name in weights.entries.map(\.name).sorted() {
      numbers += try plan.gradient(named: name).elements
    }
    return numbers
  }

  @Test("in value and gradient", arguments: pairs)
  func same(pair: Pair) throws {
    let (fused, plain) = (
      try numbers(pair.fused, pair.shape), try numbers(pair.plain, pair.shape)
    )
    #expect(fused.count == plain.count)
    let scale = plain.reduce(0) { max($0, $1.magnitude) }
    let error = zip(fused, plain).reduce(0) { max($0, ($1.0 - $1.1).magnitude) }
    #expect(error < 1e-11 * scale)
  }

  static let pairs = [
    Pair(name: "linear", shape: [5, 7]) { (x) throws(TensorError) in
      try Linear(7, 9, activation: .gelu)(x)
    } plain: { (x) throws(TensorError) in
      let weight = try x.graph.parameter("weight", [9, 7], .zeros)
      let sums = try x.product(with: weight, transposingSecond: true)
      return try (sums + x.graph.parameter("bias", [9], .zeros)).activated(.gelu)
    },
    Pair(name: "layer norm", shape: [5, 19]) { (x) throws(TensorError) in
      try LayerNorm(19)(x)
    } plain: { (x) throws(TensorError) in
      let away = try x - x.mean(axis: 1, keepsAxis: true)
      let spread = try (x.variance(axis: 1, keepsAxis: true) + 1e-5).squareRoot()
      return try away / spread * x.graph.parameter("weight", [19], .ones)
        + x.graph.parameter("bias", [19], .zeros)
    },
    Pair(name: "RMS norm", shape: [5, 19]) { (x) throws(TensorError) in
      try RMSNorm(19)(x)
    } plain: { (x) throws(TensorError) in
      let size = try (x.square().mean(axis: 1, keepsAxis: true) + 1e-5).squareRoot()
      return try x / size * x.graph.parameter("weight", [19], .ones)
    },
    Pair(name: "batch norm", shape: [6, 5]) { (x) throws(TensorError) in
      // The way of a running statistic is no gradient: it is left out of the comparison.
      let graph = x.graph
      return try x.batchNorm(
        scale: graph.parameter("weight", [5], .ones), shift: graph.parameter("bias", [5], .zeros),
        mean: x.slice(0..<1, axis: 0).reshaped([5]).stopGradient(),
        variance: x.slice(0..<1, axis: 0).reshaped([5]).stopGradient())
    } plain: { (x) throws(TensorError) in
      let away = try x - x.mean(axis: 0, keepsAxis: true)
      let spread = try (x.variance(axis: 0, keepsAxis: true) + 1e-5).squareRoot()
      return try away / spread * x.graph.parameter("weight", [5], .ones)
        + x.graph.parameter("bias", [5], .zeros)
    },
    Pair(name: "cross-entropy", shape: [4, 6]) { (x) throws(TensorError) in
      let labels = x.graph.indices([4], below: 6)
      try labels.write([5, 0, 3, 3])
      return try x.crossEntropy(labels)
    } plain: { (x) throws(TensorError) in
      let labels = x.graph.indices([4], below: 6)
      try labels.write([5, 0, 3, 3])
      return try -x.logSoftmax().picked(labels).mean()
    },
    Pair(name: "attention", shape: [2, 70, 24]) { (x) throws(TensorError) in
      try x.selfAttention(heads: 4, keyHeads: 4, isCausal: true)
    } plain: { (x) throws(TensorError) in
      let parts = try x.reshaped([2, 70, 3, 4, 2]).permuted([2, 0, 3, 1, 4])
      func part(_ i: Int) throws(TensorError) -> Node<Double> {
        try parts.slice(i..<i + 1, axis: 0).reshaped([2, 4, 70, 2])
      }
      let scores = try part(0).product(with: part(1), transposingSecond: true) * 0.5.squareRoot()
      let later = x.graph.mask([70, 70])
      try later.write((0..<4900).map { $0 % 70 > $0 / 70 })
      let mixed = try scores.filled(later, with: -1e300).softmax().product(with: part(2))
      return try mixed.permuted([0, 2, 1, 3]).reshaped([2, 70, 8])
    },
    Pair(name: "LSTM", shape: [3, 5, 4]) { (x) throws(TensorError) in
      try LSTM(4, 6)(x)
    } plain: { (x) throws(TensorError) in
      try recurrence(x, gates: 4, lstm)
    },
    Pair(name: "GRU", shape: [3, 5, 4]) { (x) throws(TensorError) in
      try GRU(4, 6)(x)
    } plain: { (x) throws(TensorError) in
      try recurrence(x, gates: 3, gru)
    },
    Pair(name: "Mamba", shape: [2, 6, 8]) { (x) throws(TensorError) in
      try Mamba(8, states: 3, taps: 4)(x)
    } plain: { (x) throws(TensorError) in
      try mamba(x)
    },
  ]

  private typealias State = (hidden: Node<Double>, cell: Node<Double>)

  /// A step from the sums of the input and of the hidden state, [batch, gates · 6] each.
  private static func recurrence(
    _ x: Node<Double>, gates: Int,
    _ step: (Node<Double>, Node<Double>, State) throws(TensorError) -> State
  ) throws(TensorError) -> Node<Double> {
    let graph = x.graph
    let rows = gates * 6
    let (input, hidden) = (
      try graph.parameter("weight_ih_l0", [rows, 4], .zeros),
      try graph.parameter("weight_hh_l0", [rows, 6], .zeros)
    )
    let (inputBias, hiddenBias) = (
      try graph.parameter("bias_ih_l0", [rows], .zeros),
      try graph.parameter("bias_hh_l0", [rows], .zeros)
    )
    let zero = graph.constant(Tensor([3, 6], copying: [Double](repeating: 0, count: 18)))
    var state = (hidden: zero, cell: zero)
    var outputs: [Node<Double>] = []
    for t in 0..<5 {
      let now = try x.slice(t..<t + 1, axis: 1).reshaped([3, 4])
      state = try step(
        now.linear(input, inputBias), state.hidden.linear(hidden, hiddenBias), state)
      outputs.append(state.hidden)
    }
    return try .stacked(outputs, axis: 1)
  }

  private static func lstm(
    _ x: Node<Double>, _ h: Node<Double>, _ state: State
  ) throws(TensorError) -> State {
    let parts = try (x + h).split([6, 6, 6, 6], axis: 1)
    let (i, f, o) = (
      try parts[0].activated(.sigmoid), try parts[1].activated(.sigmoid),
      try parts[3].activated(.sigmoid)
    )
    let cell = try f * state.cell + i * parts[2].activated(.tanh)
    return (try o * cell.activated(.tanh), cell)
  }

  private static func gru(
    _ x: Node<Double>, _ h: Node<Double>, _ state: State
  ) throws(TensorError) -> State {
    let (a, b) = (try x.split([6, 6, 6], axis: 1), try h.split([6, 6, 6], axis: 1))
    let (r, z) = (
      try (a[0] + b[0]).activated(.sigmoid), try (a[1] + b[1]).activated(.sigmoid)
    )
    let n = try (a[2] + r * b[2]).activated(.tanh)
    let hidden = try n + z * (state.hidden - n)
    return (hidden, hidden)
  }

  /// Convolution, scan and gate a step at a time, with the names of a `Mamba` of 16 channels.
  private static func mamba(_ x: Node<Double>) throws(TensorError) -> Node<Double> {
    let graph = x.graph
    let wide = try Linear(8, 32, hasBias: false)("in_proj", x).split([16, 16], axis: 2)
    let u = try Conv1D(16, 16, taps: 4, padding: .causal, groups: 16)("conv1d", wide[0])
      .activated(.silu)
    let parts = try Linear(16, 7, hasBias: false)("x_proj", u).split([1, 3, 3], axis: 2)
    let delta = try Linear(1, 16)("dt_proj", parts[0]).activated(.softplus)
    let decay = try -graph.parameter("A_log", [16, 3], .zeros).exp()
    let skip = try graph.parameter("D", [16], .ones)
    var state = graph.constant(Tensor([2, 16, 3], copying: [Double](repeating: 0, count: 96)))
    var outputs: [Node<Double>] = []
    for t in 0..<6 {
      func now(_ node: Node<Double>, _ width: Int, axis: Int) throws(TensorError) -> Node<Double> {
        try node.slice(t..<t + 1, axis: 1).reshaped([2, width]).inserting(axis)
      }
      let (step, input) = (try now(delta, 16, axis: 2), try now(u, 16, axis: 2))
      state = try (step * decay).exp() * state + step * input * now(parts[1], 3, axis: 1)
      outputs.append(try (state * now(parts[2], 3, axis: 1)).sum(axis: 2))
    }
    let scanned = try Node.stacked(outputs, axis: 1) + skip * u
    return try Linear(16, 8, hasBias: false)("out_proj", scanned * wide[1].activated(.silu))
  }
}
