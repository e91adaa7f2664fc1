import Foundation
import Numerics
import Synchronization
import Testing

@testable import Tensors

@Suite("Plans, devices and what follows gradients")
struct MachineryTests {
  /// A device that counts what it is asked for, and works like the processor.
  private final class Counter: Device {
    let operations = Mutex<[String: Int]>([:])
    let blocks = Mutex(0)

    func allocate<T: VectorScalar>(_ count: Int) -> UnsafeMutablePointer<T> {
      blocks.withLock { $0 += 1 }
      return Processor().allocate(count)
    }

    func free<T: VectorScalar>(_ start: UnsafeMutablePointer<T>) {
      blocks.withLock { $0 -= 1 }
      Processor().free(start)
    }

    func instruction<Op: Tensors.Operation>(
      for operation: Op, on frame: Frame<Op.Scalar>, place: TensorError.Place
    ) -> Instruction {
      operations.withLock { $0[Op.name, default: 0] += 1 }
      return Processor().instruction(for: operation, on: frame, place: place)
    }

    func add<T: VectorScalar>(
      _ source: UnsafePointer<T>, times factor: T, to target: UnsafeMutablePointer<T>, count: Int
    ) {
      operations.withLock { $0["add", default: 0] += 1 }
      Processor().add(source, times: factor, to: target, count: count)
    }

    func approach<T: VectorScalar>(
      _ source: UnsafePointer<T>, by share: T, _ target: UnsafeMutablePointer<T>, count: Int
    ) {
      operations.withLock { $0["approach", default: 0] += 1 }
      Processor().approach(source, by: share, target, count: count)
    }

    func sumOfSquares<T: VectorScalar>(_ values: UnsafePointer<T>, count: Int) -> Double {
      operations.withLock { $0["sum of squares", default: 0] += 1 }
      return Processor().sumOfSquares(values, count: count)
    }

    func update<T: VectorScalar>(
      _ memory: UpdateMemory<T>, _ range: Range<Int>, by kernel: UpdateKernel<T>
    ) {
      operations.withLock { $0["update", default: 0] += 1 }
      Processor().update(memory, range, by: kernel)
    }

    func finish() {}
  }

  @Test("a device sums what replicas find and moves the weights")
  func trainingDevice() throws {
    let counter = Counter()
    let weights = try Parameters<Float>(seed: 1, on: counter) { (graph) throws(TensorError) in
      _ = try Linear(128, 128)(graph.input([1, 128]))
    }
    let trainer = try Trainer(weights, optimizer: .adam(), batch: 256, slice: 128, cores: 2) {
      (graph, rows) throws(TensorError) in
      let x = graph.input([rows, 128])
      return (inputs: x, loss: try Linear(128, 128)(x).square().mean())
    }
    // Less work than this would be done by one core.
    #expect(trainer.cores == 2)
    trainer.gradientNormMax = 1
    counter.operations.withLock { $0 = [:] }
    try trainer.step(rate: 0.1) { (plan, x, rows) throws(TensorError) in
      try plan.write(x, GoldenCases.wave(x.shape, 0.37, 0.5))
    }
    let average = try MovingAverage(of: weights, decay: 0.9)
    average.update()
    let asked = counter.operations.withLock { $0 }
    #expect(asked == ["add": 1, "sum of squares": 1, "update": 1, "approach": 1])
  }

  @Test("a device that layers know nothing of gives all memory and every instruction")
  func device() throws {
    let counter = Counter()
    for recorded in try GoldenCases.recorded("layers") {
      let weights: Parameters<Float> = try GoldenCases.weights(recorded, device: counter)
      counter.operations.withLock { $0 = [:] }
      let graph = Graph(weights)
      let x = graph.input(TensorShape(recorded.shape))
      let y = try GoldenCases.output(recorded.name, x)
      let plan = try Plan(computing: [y])
      try plan.write(x, GoldenCases.wave(x.shape, 0.37, 0.5))
      try plan.run()
      let asked = counter.operations.withLock { $0.values.reduce(0, +) }
      #expect(asked > 0 && counter.blocks.withLock { $0 } == 2)
      let tape = Tape(weights)
      let same = try GoldenCases.output(
        recorded.name, tape.input(GoldenCases.wave(x.shape, 0.37, 0.5)))
      #expect(try tape.value(of: same) == plan.value(of: y))
    }
    #expect(counter.blocks.withLock { $0 } == 0)
  }

  @Test("checkpointed layers need less memory")
  func memory() throws {
    func memory(_ isCheckpointed: Bool) throws -> Int {
      let layer = TransformerEncoderLayer(16, heads: 2, feedForward: 64)
      func model<T>(_ x: Node<T>) throws(TensorError) -> Node<T> {
        var x = x
        for index in 0..<6 {
          x =
            isCheckpointed
            ? try Checkpointed(layer)("\(index)", x) : try layer("\(index)", x)
        }
        return x
      }
      let weights = try Parameters<Float>(seed: 1) { (graph) throws(TensorError) in
        _ = try model(graph.input([4, 32, 16]))
      }
      let graph = Graph(weights, isTraining: true)
      return try Plan(minimizing: try model(graph.input([4, 32, 16])).sum()).memoryCount
    }
    let (kept, again) = (try memory(false), try memory(true))
    #expect(again * 2 < kept)
  }

  @Test("weights kept as BFloat16 change an encoder's output by their rounding only")
  func halves() throws {
    let layer = TransformerEncoderLayer(64, heads: 4, feedForward: 300, activation: .gelu)
    let model = TransformerEncoder(layer, count: 2)
    let weights = try Parameters<Float>(seed: 1) { (graph) throws(TensorError) in
      _ = try model(graph.input([2, 9, 64]))
    }
    func output(_ storage: WeightStorage) throws -> (numbers: [Float], memory: Int) {
      let graph = Graph(weights, storage: storage)
      let x = graph.input([2, 9, 64])
      let y = try model(x)
      let plan = try Plan(computing: [y])
      try plan.write(x, GoldenCases.wave(x.shape, 0.37, 0.5))
      try plan.run()
      return (try plan.value(of: y).elements, plan.memoryCount)
    }
    let (full, half) = (try output(.full), try output(.bfloat16))
    let greatest = full.numbers.reduce(0) { max($0, $1.magnitude) }
    let error = zip(full.numbers, half.numbers).reduce(0) { max($0, ($1.0 - $1.1).magnitude) }
    #expect(error > 0 && error < 0.01 * greatest)
    #expect(half.memory < full.memory)
    #expect(throws: TensorError.self) {
      let graph = Graph(weights, isTraining: true, storage: .bfloat16)
      _ = try model(graph.input([2, 9, 64]))
    }
  }

  private func weights() throws -> Parameters<Double> {
    try Parameters(seed: 1) { (graph) throws(TensorError) in
      let x = try Linear(3, 4)("actor", graph.input([2, 3]))
      _ = try BatchNorm(4)("critic", x)
    }
  }

  @Test("only what is named follows its gradient, and statistics follow the batch")
  func prefixes() throws {
    let weights = try weights()
    let before = Parameters(copying: weights)
    let graph = Graph(weights, isTraining: true)
    let x = graph.input([2, 3])
    let plan = try Plan(
      minimizing: BatchNorm(4)("critic", Linear(3, 4)("actor", x)).square().mean(axis: 0)
        .maximum())
    try plan.write(x, Tensor([2, 3], [1, 2, 3, -1, 0, 5]))
    try plan.run()
    let gradients = try #require(plan.gradients)
    try Descent(weights, .sgd(), of: "critic").step(rate: 0.1, gradients)
    #expect(weights["actor.weight"] == before["actor.weight"])
    #expect(weights["critic.weight"] != before["critic.weight"])
    #expect(weights["critic.running_mean"] != before["critic.running_mean"])
    #expect(throws: TensorError.self) { try Descent(weights, .sgd(), of: "actress") }
    #expect(throws: TensorError.self) {
      try Descent(before, .sgd()).step(rate: 0.1, gradients)
    }
  }

  @Test("an average of weights moves by its share")
  func average() throws {
    let weights = try weights()
    let average = try MovingAverage(of: weights, decay: 0.75)
    let first = try #require(weights["actor.bias"]).elements
    try weights.set("actor.bias", to: Tensor([4], [4, 8, 12, 16]))
    average.update()
    let moved = try #require(average.weights["actor.bias"]).elements
    for i in 0..<4 {
      #expect((moved[i] - (0.75 * first[i] + 0.25 * Double(4 * i + 4))).magnitude < 1e-15)
    }
    #expect(throws: TensorError.self) { try MovingAverage(of: weights, decay: 1) }
  }

  @Test("a gradient that is written in parts is added to over the slices of a batch")
  func parts() throws {
    func gradient(slice: Int) throws -> [Double] {
      let attention = MultiHeadAttention(4, heads: 2)
      let weights = try Parameters<Double>(seed: 2) { (graph) throws(TensorError) in
        let x = graph.input([1, 3, 4])
        _ = try attention(x, to: x)
      }
      let trainer = try Trainer(weights, optimizer: .sgd(), batch: 4, slice: slice, cores: 1) {
        (graph, rows) throws(TensorError) in
        let x = graph.input([rows, 3, 4])
        return (inputs: x, loss: try attention(x, to: x).square().mean())
      }
      try trainer.step(rate: 1) { (plan, x, rows) throws(TensorError) in
        try plan.write(x) { span in
          for i in span.indices { span[i] = sin(Double(rows.lowerBound * 12 + i)) }
        }
      }
      return try #require(weights["in_proj_weight"]).elements
    }
    let (whole, sliced) = (try gradient(slice: 4), try gradient(slice: 1))
    for (a, b) in zip(whole, sliced) { #expect((a - b).magnitude < 1e-12) }
  }

  @Test("what a tape decides by looking at a value")
  func decisions() throws {
    let tape = Tape(try weights(), isTraining: true)
    var x = tape.input(try Tensor([1, 1], [40.0]), wantsGradient: true)
    let first = x
    var count = 0
    while try tape.value(of: x).elements[0] > 1 {
      x = try x * 0.5
      count += 1
    }
    _ = try tape.gradients(of: x)
    #expect(count == 6)
    #expect(try tape.gradient(of: first).elements == [1.0 / 64])
  }

  @Test("initialisers go by PyTorch's names")
  func initialisers() throws {
    #expect(try Initialiser(named: "kaiming_normal_") == .kaimingNormal(fan: .inputs))
    #expect(throws: TensorError.self) { try Initialiser(named: "kaiming") }
    var stream = RandomStream(seed: 1, purpose: "weights")
    var numbers = [Double](repeating: 0, count: 4000)
    numbers.withUnsafeMutableBufferPointer {
      Initialiser.truncatedNormal(deviation: 2).fill($0, shape: [40, 100], from: &stream)
    }
    let square = numbers.reduce(0) { $0 + $1 * $1 } / 4000
    // The variance of a normal number cut off at two deviations is 0.774 of the whole one.
    #expect(numbers.allSatisfy { $0.magnitude <= 4 } && (square / 4 - 0.774).magnitude < 0.05)
  }
}
