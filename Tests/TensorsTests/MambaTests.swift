import Foundation
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

  @Test("tokens one by one give what the whole sequence gives, and a reset begins anew")
  func steps() throws {
    let (batch, steps, width) = (2, 23, 16)
    let block = Mamba(width, states: 3, taps: 4)
    let weights = try Parameters<Float>(seed: 5) { (graph) throws(TensorError) in
      _ = try block(graph.input([1, 2, 16]))
    }
    let numbers = (0..<batch * steps * width).map { Float(sin(Double($0) * 0.37)) }
    let whole = Graph(weights)
    let x = whole.input([batch, steps, width])
    let y = try block(x)
    let plan = try Plan(computing: [y])
    try plan.write(x, Tensor(x.shape, numbers))
    try plan.run()
    let expected = try plan.value(of: y).elements

    let state = MambaState<Float>(block, batch: batch)
    let single = Graph(weights)
    let token = single.input([batch, 1, width])
    let next = try block.step(token, state: state)
    let stepper = try Plan(computing: [next])
    for _ in 0..<2 {
      for step in 0..<steps {
        try stepper.write(token) { span in
          for row in 0..<batch {
            for i in 0..<width {
              span[row * width + i] = numbers[(row * steps + step) * width + i]
            }
          }
        }
        try stepper.run()
        let found = try stepper.value(of: next).elements
        for row in 0..<batch {
          for i in 0..<width {
            let wanted = expected[(row * steps + step) * width + i]
            #expect((found[row * width + i] - wanted).magnitude < 1e-6, "step \(step)")
          }
        }
      }
      state.reset()
    }
  }

  @Test("a state of another block, or of other sequences, is refused")
  func refusedState() throws {
    let block = Mamba(16)
    let graph = Graph<Float>(
      try Parameters(seed: 1) { (graph) throws(TensorError) in
        _ = try block(graph.input([1, 2, 16]))
      })
    let token = graph.input([1, 1, 16])
    #expect(throws: TensorError.self) {
      try block.step(token, state: MambaState(block, batch: 2))
    }
    #expect(throws: TensorError.self) {
      try block.step(token, state: MambaState(Mamba(16, states: 4), batch: 1))
    }
  }
}
