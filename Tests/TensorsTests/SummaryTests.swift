import Numerics
import Testing

@testable import Tensors

@Suite("Summaries and memory")
struct SummaryTests {
  @Test("layers are told with their weights and what they cost")
  func layers() throws {
    let model = MLP([26, 64, 9])
    let weights = try Parameters<Float>(seed: 1) { (graph) throws(TensorError) in
      _ = try model("policy", graph.input([2, 26]))
    }
    #expect(
      weights.layers == [
        .init(path: "policy.0", output: [2, 64], weights: 27 * 64, operations: 2 * 2 * 26 * 64),
        .init(path: "policy.1", output: [2, 9], weights: 65 * 9, operations: 2 * 2 * 64 * 9),
      ])
    #expect(weights.weightCount == 27 * 64 + 65 * 9)
  }

  @Test("buffers that live at the same time never lie on each other", arguments: 0..<20)
  func memoryPlan(seed: UInt64) {
    var stream = RandomStream(seed: seed, purpose: "buffers")
    var plan = MemoryPlan()
    for _ in 0..<60 {
      let first = stream.index(below: 50)
      _ = plan.add(
        count: stream.index(below: 300), first: first, last: first + stream.index(below: 20))
    }
    plan.place(alignedTo: 16)
    for (i, a) in plan.buffers.enumerated() {
      #expect(a.offset % 16 == 0 && a.offset + a.count <= plan.count)
      for b in plan.buffers[..<i] where a.first <= b.last && b.first <= a.last {
        #expect(
          a.offset + a.count <= b.offset || b.offset + b.count <= a.offset || a.count * b.count == 0
        )
      }
    }
  }

  @Test("first values depend on the seed and on a parameter's own name alone")
  func seeds() throws {
    func weights(_ seed: UInt64, _ widths: [Int]) throws -> Parameters<Float> {
      try Parameters(seed: seed) { (graph) throws(TensorError) in
        _ = try MLP(widths)("m", graph.input([1, widths[0]]))
      }
    }
    let name = "m.0.weight"
    #expect(try weights(1, [4, 5])[name] == weights(1, [4, 5, 6])[name])
    #expect(try weights(1, [4, 5])[name] != weights(2, [4, 5])[name])
  }

  @Test("orthogonal rows have length and angle, and other draws their bounds")
  func initialisers() {
    var stream = RandomStream(seed: 1, purpose: "weights")
    var numbers = [Double](repeating: 0, count: 5 * 8)
    numbers.withUnsafeMutableBufferPointer {
      Initialiser.orthogonal(gain: 2).fill($0, shape: [5, 8], from: &stream)
    }
    for i in 0..<5 {
      for j in 0...i {
        let dot = (0..<8).reduce(0.0) { $0 + numbers[i * 8 + $1] * numbers[j * 8 + $1] }
        #expect((dot - (i == j ? 4 : 0)).magnitude < 1e-12)
      }
    }
    let bound = (6.0 / 13).squareRoot()
    numbers.withUnsafeMutableBufferPointer {
      Initialiser.xavierUniform().fill($0, shape: [5, 8], from: &stream)
    }
    #expect(numbers.allSatisfy { $0.magnitude <= bound })
    #expect(numbers.contains { $0.magnitude > 0.8 * bound })
  }

  @Test("views share until they change")
  func tensors() throws {
    let tensor = try Tensor<Float>([2, 3, 4], (0..<24).map { Float($0) })
    var turned = try tensor.permuted([2, 0, 1])
    #expect(try turned.shape == [4, 2, 3] && turned[3, 1, 2] == tensor[1, 2, 3])
    #expect(try turned.slice(1..<3, axis: 0)[1, 1, 0] == tensor[1, 0, 2])
    #expect(try tensor.slice(1..<2, axis: 1).elements == [4, 5, 6, 7, 16, 17, 18, 19])
    try turned.set(99, at: 0, 0, 0)
    #expect(try turned[0, 0, 0] == 99 && tensor[0, 0, 0] == 0)
    #expect(throws: TensorError.self) { try tensor.reshaped([5, 5]) }
    #expect(throws: TensorError.self) { try tensor.permuted([0, 0, 1]) }
    #expect(throws: TensorError.self) { try tensor.slice(0..<9, axis: 0) }
  }
}
