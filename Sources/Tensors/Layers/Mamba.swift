import Foundation
import Numerics

/// A selective state-space block (Gu and Dao 2023), parameters named as in mamba_ssm.
package struct Mamba: Module {
  package var width: Int
  package var states: Int
  package var taps: Int
  package var expansion: Int

  package init(_ width: Int, states: Int = 16, taps: Int = 4, expansion: Int = 2) {
    self.width = width
    self.states = states
    self.taps = taps
    self.expansion = expansion
  }

  /// Channels inside the block.
  package var channels: Int { expansion * width }
  /// Columns from which the step sizes are made.
  package var rank: Int { (width + 15) / 16 }

  package func callAsFunction<T>(_ x: Node<T>) throws(TensorError) -> Node<T> {
    try run(x, state: nil)
  }

  /// The next token [batch, 1, width] of sequences whose earlier ones the state remembers. Every run of
  /// the plan is a token.
  package func step<T>(
    _ x: Node<T>, state: MambaState<T>
  ) throws(TensorError) -> Node<T> {
    let graph = x.graph
    let place = graph.place("Mamba step")
    guard x.shape == [state.batch, 1, width] else {
      throw .shape(place, x.shape, needed: "[\(state.batch), 1, \(width)]")
    }
    guard !graph.isTraining else {
      throw .setting(place, finding: "tokens one by one have no gradient; train on whole sequences")
    }
    guard (state.channels, state.states, state.taps) == (channels, states, taps) else {
      throw .setting(place, finding: "the state was made for a block of other sizes")
    }
    return try run(x, state: state)
  }

  private func run<T>(
    _ x: Node<T>, state: MambaState<T>?
  ) throws(TensorError) -> Node<T> {
    let graph = x.graph
    let place = graph.place("Mamba")
    guard x.shape.rank == 3, x.shape[2] == width else {
      throw .shape(place, x.shape, needed: "[batch, steps, \(width)]")
    }
    guard states > 0, taps > 0, channels > 0, channels % T.Lanes.scalarCount == 0 else {
      throw .setting(
        place, finding: "\(channels) channels do not fill registers of \(T.Lanes.scalarCount)")
    }
    let wide = try Linear(width, 2 * channels, hasBias: false)("in_proj", x)
    let convolved = try convolve(wide, state)
    let narrow = try Linear(channels, rank + 2 * states, hasBias: false)("x_proj", convolved)
    let delta = try graph.named("dt_proj") { () throws(TensorError) in
      let bound = Initialiser.uniform(bound: 1 / Double(rank).squareRoot())
      return try narrow.slice(0..<rank, axis: -1).linear(
        graph.parameter("weight", [channels, rank], bound),
        graph.parameter(
          "bias", [channels],
          .places(.inverseSoftplusOfSteps(least: 0.001, greatest: 0.1))))
    }
    let scan = ScanOperation<T>(
      batch: x.shape[0], steps: x.shape[1], channels: channels, states: states,
      projection: rank + 2 * states, column: rank, isTraining: graph.isTraining, state: state)
    let scanned = try graph.record(
      scan,
      [
        convolved, delta, narrow,
        graph.parameter("A_log", [channels, states], .places(.logOfCount(rowLength: states))),
        graph.parameter("D", [channels], .ones),
      ], shape: convolved.shape)
    let gate = GateOperation<T>(
      rows: wide.shape.rows, channels: channels, columns: 2 * channels, column: channels)
    let gated = try graph.record(gate, [scanned, wide], shape: convolved.shape)
    return try Linear(channels, width, hasBias: false)("out_proj", gated)
  }

  private func convolve<T>(
    _ wide: Node<T>, _ state: MambaState<T>?
  ) throws(TensorError) -> Node<T> {
    let graph = wide.graph
    return try graph.named("conv1d") { () throws(TensorError) in
      let bound = Initialiser.uniform(bound: 1 / Double(taps).squareRoot())
      let operation = CausalConvolutionOperation<T>(
        batch: wide.shape[0], steps: wide.shape[1], channels: channels, taps: taps,
        columns: 2 * channels, state: state)
      return try graph.record(
        operation,
        [
          wide, graph.parameter("weight", [channels, 1, taps], bound),
          graph.parameter("bias", [channels], bound),
        ], shape: [wide.shape[0], wide.shape[1], channels])
    }
  }
}
