import CAllocations
import Foundation
import Numerics
import Testing

@testable import Tensors

@Suite("Losses, optimizers and steps")
struct TrainingTests {
  @Test(
    "gradients of losses agree with central differences",
    arguments: [Loss.squared, .absolute, .huber(delta: 0.7), .pinball(quantile: 0.2)])
  func losses(loss: Loss) throws {
    let check = try GradientCheck { (graph) throws(TensorError) in
      let x = graph.input([7, 3], wantsGradient: true)
      let y = graph.input([7, 3], wantsGradient: true)
      return try x.loss(loss, against: y)
    }
    let error = try check.greatestError()
    #expect(error < 1e-7)
  }

  private func trainer(
    _ weights: Parameters<Float>, optimizer: Optimizer, slice: Int, cores: Int
  ) throws -> Trainer<Float, (Node<Float>, Indices)> {
    try Trainer(weights, optimizer: optimizer, batch: 24, slice: slice, cores: cores) {
      (graph, rows) throws(TensorError) in
      let x = graph.input([rows, 5, 6])
      let y = graph.indices([rows], below: 3)
      let hidden = try LSTM(6, 16)("r", x).lastStep()
      return (inputs: (x, y), loss: try Linear(16, 3)("o", hidden).crossEntropy(y))
    }
  }

  private func weights() throws -> Parameters<Float> {
    try Parameters(seed: 3) { (graph) throws(TensorError) in
      _ = try Linear(16, 3)("o", LSTM(6, 16)("r", graph.input([1, 5, 6])).lastStep())
    }
  }

  private func feed(
    _ plan: Plan<Float>, _ inputs: (Node<Float>, Indices), _ rows: Range<Int>
  ) throws(TensorError) {
    try plan.write(inputs.0) { span in
      for i in span.indices {
        let row = rows.lowerBound + i / 30
        span[i] = Float(sin(Double(row * 31 + i % 30)))
      }
    }
    try inputs.1.write { span in
      for i in span.indices { span[i] = Int32((rows.lowerBound + i) % 3) }
    }
  }

  @Test("slices and cores change a step by rounding only, and the same cut by nothing")
  func slices() throws {
    var results: [[Float]] = []
    for (slice, cores) in [(24, 1), (8, 1), (4, 2), (4, 2)] {
      let weights = try weights()
      let trainer = try trainer(weights, optimizer: .adam(), slice: slice, cores: cores)
      for _ in 0..<5 { try trainer.step(rate: 0.01, feed) }
      results.append(weights.entries.flatMap { weights[$0.name]?.elements ?? [] })
    }
    #expect(results[2] == results[3])
    for other in results.dropFirst() {
      for (a, b) in zip(results[0], other) { #expect((a - b).magnitude < 1e-4) }
    }
  }

  @Test("a step allocates nothing after the first")
  func allocations() throws {
    guard martinet_counts_allocations() != 0 else { return }
    let weights = try weights()
    let trainer = try trainer(weights, optimizer: .adamW(), slice: 24, cores: 1)
    try trainer.step(rate: 0.01, feed)
    let before = martinet_thread_allocations()
    for _ in 0..<20 { try trainer.step(rate: 0.01) { _, _, _ in } }
    #expect(martinet_thread_allocations() == before)
  }

  @Test(
    "a loss falls", arguments: [Optimizer.sgd(momentum: 0.9), .sgd(), .adam(), .adamW()])
  func falls(optimizer: Optimizer) throws {
    let trainer = try trainer(try weights(), optimizer: optimizer, slice: 24, cores: 1)
    let first = try trainer.step(rate: 0.01, feed)
    var last = first
    for _ in 0..<60 { last = try trainer.step(rate: 0.01, feed) }
    #expect(last < first)
  }

  @Test("the first operation with a result that is not finite is named")
  func notFinite() throws {
    let weights = try weights()
    let trainer = try trainer(weights, optimizer: .adam(), slice: 24, cores: 1)
    trainer.checksFinite = true
    try trainer.step(rate: 0.01, feed)
    try weights.set("o.bias", to: Tensor([3], [0, .infinity, 0]))
    #expect(
      throws: TensorError.notFinite(.init(operation: "linear", path: "o"), value: "inf")
    ) { try trainer.step(rate: 0.01, feed) }
  }

  @Test("classes that are not there are refused, not read past the end")
  func labels() throws {
    let weights = try weights()
    let trainer = try trainer(weights, optimizer: .adam(), slice: 24, cores: 1)
    #expect(throws: TensorError.index(3, place: 1, bound: 3)) {
      try trainer.step(rate: 0.01) { (_, inputs, rows) throws(TensorError) in
        try inputs.1.write(rows.map { $0 == 1 ? 3 : 0 })
      }
    }
  }

  @Test("schedules have PyTorch's rates")
  func schedules() {
    let cosine = Schedule.cosine(from: 1, to: 0.2, steps: 10)
    #expect(cosine.rate(at: 0) == 1)
    #expect((cosine.rate(at: 5) - 0.6).magnitude < 1e-12)
    #expect((cosine.rate(at: 99) - 0.2).magnitude < 1e-12)
    let cycle = Schedule.oneCycle(peak: 1, steps: 100)
    #expect((cycle.rate(at: 0) - 0.04).magnitude < 1e-12)
    #expect((cycle.rate(at: 29) - 1).magnitude < 1e-12)
    #expect((cycle.rate(at: 99) - 4e-6).magnitude < 1e-12)
    let warm = Schedule.warmUp(steps: 3, then: .constant(1))
    #expect((0..<5).map { warm.rate(at: $0) } == [0.25, 0.5, 0.75, 1, 1])
    var plateau = PlateauRate(rate: 1, factor: 0.5, patience: 1)
    for loss in [3, 2, 2, 2, 1.0] { plateau.record(loss) }
    #expect(plateau.rate == 0.5)
  }
}
