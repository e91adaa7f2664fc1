import Numerics
import Testing

@testable import Tensors

@Suite("Recurrent layers")
struct RecurrentTests {
  /// Sizes at and beside the edges of registers and tiles.
  @Test(
    "gradients of LSTM and GRU agree with central differences",
    arguments: [(1, 3, 2, 3), (7, 4, 5, 8), (2, 5, 3, 13)])
  func gradients(batch: Int, steps: Int, inputs: Int, hidden: Int) throws {
    for isLSTM in [true, false] {
      let check = try GradientCheck { (graph) throws(TensorError) in
        let x = graph.input([batch, steps, inputs], wantsGradient: true)
        let labels = graph.indices([batch], below: 3)
        let sequence =
          isLSTM
          ? try LSTM(inputs, hidden, layers: 2)("r", x) : try GRU(inputs, hidden, layers: 2)("r", x)
        return try Linear(hidden, 3)("out", sequence.lastStep()).crossEntropy(labels)
      }
      let error = try check.greatestError()
      #expect(error < 1e-6)
    }
  }

  @Test("gradients flow through first and last states")
  func states() throws {
    let check = try GradientCheck { (graph) throws(TensorError) in
      let x = graph.input([3, 4, 2], wantsGradient: true)
      let first = (
        hidden: graph.input([3, 5], wantsGradient: true),
        cell: graph.input([3, 5], wantsGradient: true)
      )
      let labels = graph.indices([3], below: 5)
      let encoded = try graph.named("a") { () throws(TensorError) in
        try LSTM(2, 5)(x, from: first)
      }
      let decoded = try graph.named("b") { () throws(TensorError) in
        try LSTM(2, 5)(x, from: (encoded.hidden, encoded.cell))
      }
      let last = try graph.named("c") { () throws(TensorError) in
        try GRU(2, 5)(x, from: decoded.cell)
      }
      return try last.lastStep().crossEntropy(labels)
    }
    let error = try check.greatestError()
    #expect(error < 1e-6)
  }
}
