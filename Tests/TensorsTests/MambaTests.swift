import Numerics
import Testing

@testable import Tensors

@Suite("State-space block")
struct MambaTests {
  @Test("gradients agree with central differences, over several runs of steps")
  func gradients() throws {
    let check = try GradientCheck { (graph) throws(TensorError) in
      let x = graph.input([2, 37, 4], wantsGradient: true)
      return try Mamba(4, states: 3, taps: 4)("m", x).crossEntropy(graph.indices([74], below: 4))
    }
    let error = try check.greatestError(samples: 12)
    #expect(error < 1e-6)
  }
}
