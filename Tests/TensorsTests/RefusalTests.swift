import Numerics
import Testing

@testable import Tensors

/// What a caller gets wrong is thrown, with shapes, operation and path; nothing ends the program.
@Suite("Mistakes are refused")
struct RefusalTests {
  private func weights() throws -> Parameters<Float> {
    try Parameters(seed: 1) { (graph) throws(TensorError) in
      _ = try Linear(3, 2)("a", graph.input([1, 3]))
    }
  }

  @Test("tensors of impossible shapes, counts and places")
  func tensors() throws {
    #expect(throws: TensorError.count([2, 2], given: 3)) { try Tensor<Float>([2, 2], [1, 2, 3]) }
    for shape: TensorShape in [[-1, -2], [0], [1 << 40, 1 << 40], [1, 1, 1, 1, 1, 1, 2]] {
      #expect(throws: TensorError.self) { try Tensor<Float>(shape, repeating: 0) }
      #expect(throws: TensorError.self) {
        try Tensor<Float>(shape, [Float](repeating: 0, count: 2))
      }
    }
    var tensor = try Tensor<Float>([2, 3], repeating: 1)
    #expect(throws: TensorError.outside([2, 3], index: [2, 0])) { try tensor[2, 0] }
    #expect(throws: TensorError.outside([2, 3], index: [0])) { try tensor[0] }
    #expect(throws: TensorError.self) { try tensor.set(1, at: 0, -1) }
    #expect(throws: TensorError.self) { try tensor.slice(1..<1, axis: 0) }
    #expect(tensor.shape[7] == 1)
  }

  @Test("an input of an impossible shape is told by what comes next, with its layer's path")
  func inputs() throws {
    let place = TensorError.Place(operation: "input", path: "encoder")
    let error = TensorError.shape(place, [4, -3], needed: "lengths of 1 and more")
    #expect(throws: error) {
      _ = try Parameters<Float>(seed: 1) { (graph) throws(TensorError) in
        _ = try graph.named("encoder") { () throws(TensorError) in
          try Linear(3, 2)("a", graph.input([4, -3]))
        }
      }
    }
    #expect(throws: TensorError.self) {
      _ = try Parameters<Float>(seed: 1) { (graph) throws(TensorError) in
        _ = graph.indices([0], below: 3)
      }
    }
  }

  @Test("values of other graphs, and values that are not kept")
  func foreign() throws {
    let weights = try weights()
    let (one, other) = (Graph(weights), Graph(weights))
    let (x, stranger) = (one.input([1, 3]), other.input([1, 3]))
    #expect(throws: TensorError.foreignValue(.init(operation: "arithmetic", path: ""))) {
      try x + stranger
    }
    let hidden = try Linear(3, 2)("a", x)
    let plan = try Plan(computing: [hidden.square()])
    #expect(throws: TensorError.foreignValue(.init(operation: "write", path: ""))) {
      try plan.write(stranger) { _ in }
    }
    #expect(throws: TensorError.foreignValue(.init(operation: "read", path: ""))) {
      try plan.value(of: stranger)
    }
    #expect(throws: TensorError.notComputed(.init(operation: "read", path: "a"), [1, 2])) {
      try plan.value(of: hidden)
    }
    #expect(throws: TensorError.self) { try plan.gradient(of: x) }
    #expect(throws: TensorError.self) { try plan.gradient(named: "a.weight") }
    #expect(throws: TensorError.count([1, 3], given: 2)) {
      try plan.write(x, Tensor([2], [1, 2]))
    }
  }

  @Test("a loss of a graph that keeps nothing for gradients")
  func notForTraining() throws {
    let weights = try weights()
    let graph = Graph(weights)
    let loss = try Linear(3, 2)("a", graph.input([1, 3])).sum()
    #expect(throws: TensorError.self) { try Plan(minimizing: loss) }
    let training = Graph(weights, isTraining: true)
    let vector = try Linear(3, 2)("a", training.input([1, 3]))
    #expect(throws: TensorError.self) { try Plan(minimizing: vector) }
  }

  /// Each is a layer or an operation with settings or shapes that do not go.
  @Test("operations and layers that do not fit name both shapes", arguments: 0..<26)
  func operations(case number: Int) throws {
    func attempt(_ x: Node<Float>, _ y: Node<Float>) throws(TensorError) {
      let graph = x.graph
      switch number {
      case 0: _ = try x + y
      case 1: _ = try x.product(with: y)
      case 2: _ = try x.linear(y)
      case 3: _ = try Node.concatenated([x, y], axis: 0)
      case 4: _ = try x.reshaped([7])
      case 5: _ = try x.permuted([0, 0])
      case 6: _ = try x.sum(axis: 2)
      case 7: _ = try x.top(9)
      case 8: _ = try x.gathered(graph.indices([2], below: 3))
      case 9: _ = try x.picked(graph.indices([3], below: 4))
      case 10: _ = try x.padded(before: -1, axis: 0)
      case 11: _ = try x.windows(of: 5, every: 1)
      case 12: _ = try x.pooled(.mean, window: 0)
      case 13: _ = try x.interpolated(to: 0)
      case 14: _ = try x.stretched(to: [3, 4])
      case 15: _ = try x.filled(graph.mask([3]), with: 0)
      case 16: _ = try LSTM(4, 5)("r", x)
      case 17: _ = try Conv1D(4, 5, taps: 2)("c", x)
      case 18: _ = try Mamba(4)("m", x)
      case 19: _ = try MultiHeadAttention(4, heads: 0)("h", x)
      case 20: _ = try GatedResidual(4, hidden: 3, outputs: 2, context: 5)("g", x)
      case 21: _ = try Linear(4, -1)("l", x)
      case 22: _ = try x.crossEntropy(graph.indices([2], below: 5))
      case 23: _ = try LSTM(4, 5, layers: -1)("r", x.inserting(0))
      case 24: _ = try x.convolved(y)
      default: _ = try x.gaussianLoss(deviation: y, against: x)
      }
    }
    #expect(throws: TensorError.self) {
      _ = try Parameters<Float>(seed: 1) { (graph) throws(TensorError) in
        try attempt(graph.input([2, 4]), graph.input([3, 5]))
      }
    }
  }

  @Test("NaN is named where it comes from: an input, an operation, a gradient")
  func notFinite() throws {
    let weights = try weights()
    let graph = Graph(weights, isTraining: true)
    let x = graph.input([1, 3], wantsGradient: true)
    let root = try graph.named("root") { () throws(TensorError) in try x.squareRoot() }
    let plan = try Plan(minimizing: try Linear(3, 2)("a", root).sum())
    plan.checksFinite = true
    try plan.write(x, Tensor([1, 3], [1, 4, 9]))
    try plan.run()
    try plan.write(x, Tensor([1, 3], [1, .nan, 9]))
    #expect(throws: TensorError.notFinite(.init(operation: "input", path: ""), value: "nan")) {
      try plan.run()
    }
    let function = "elementary function"
    try plan.write(x, Tensor([1, 3], [1, -4, 9]))
    let negative = TensorError.Place(operation: function, path: "root")
    let error = #expect(throws: TensorError.self) { try plan.run() }
    guard case .notFinite(negative, _) = error else { return #expect(error == nil) }
    // The root of 0 is a number, its slope is not.
    try plan.write(x, Tensor([1, 3], [1, 0, 9]))
    let slope = TensorError.Place(operation: "gradient of \(function)", path: "root")
    let other = #expect(throws: TensorError.self) { try plan.run() }
    guard case .notFinite(slope, _) = other else { return #expect(other == nil) }
  }

  @Test("a tape names it too, in whatever comes next")
  func tape() throws {
    let tape = Tape(try weights(), isTraining: true)
    tape.checksFinite = true
    let x = tape.input(try Tensor([1, 3], [1, -4, 9]))
    let root = try x.squareRoot()
    #expect(throws: TensorError.self) { try root + 1 }
    #expect(throws: TensorError.self) { try tape.value(of: x) }
  }
}
