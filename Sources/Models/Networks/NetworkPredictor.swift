import Foundation
import Learning
import Tensors

/// Runs a network over samples with programs that are kept: one for many samples, one for a single one.
final class NetworkPredictor: Predictor {
  private typealias Program = (plan: Plan<Float>, input: Node<Float>, output: Node<Float>)

  private let body: NetworkBody
  private let centre, width: Double
  private let single: Program
  private var many: Program?

  /// Samples that a program works on at once.
  private static let block = 64

  init(_ body: NetworkBody, centre: Double, width: Double) throws {
    self.body = body
    self.centre = centre
    self.width = width
    single = try body.plan(rows: 1)
  }

  func predict(_ samples: Windows) throws -> PredictionOutput {
    let numbers = try outputs(samples)
    guard body.outputs == 3 else {
      return PredictionOutput(samples, points: numbers.map { Double($0) * width + centre })
    }
    return PredictionOutput(samples, probabilities: Self.softmax(numbers))
  }

  /// What the network gives, sample by sample.
  func outputs(_ samples: Windows) throws -> [Float] {
    guard samples.steps == body.steps, samples.featureCount == body.features else {
      throw NetworkError.shape(
        found: "\(samples.steps) × \(samples.featureCount)",
        needed: "\(body.steps) × \(body.features)")
    }
    var all: [Float] = []
    all.reserveCapacity(samples.count * body.outputs)
    var start = 0
    while start < samples.count {
      let isBlock = samples.count - start >= Self.block
      let program = isBlock ? try manyAtOnce() : single
      let rows = isBlock ? Self.block : 1
      try Self.write(samples, start..<start + rows, to: program.plan, program.input)
      try program.plan.run()
      try program.plan.read(program.output) { values in
        for index in values.indices { all.append(values[index]) }
      }
      start += rows
    }
    return all
  }

  private func manyAtOnce() throws -> Program {
    if let many { return many }
    let program = try body.plan(rows: Self.block)
    many = program
    return program
  }

  static func write(
    _ samples: Windows, _ range: Range<Int>, to plan: Plan<Float>, _ input: Node<Float>
  ) throws(TensorError) {
    try plan.write(input) { span in
      span.withUnsafeMutableBufferPointer { buffer in
        if let start = buffer.baseAddress { samples.copy(range, to: start) }
      }
    }
  }

  private static func softmax(_ numbers: [Float]) -> [Double] {
    var all = [Double](repeating: 0, count: numbers.count)
    for row in stride(from: 0, to: numbers.count, by: 3) {
      let three = (row..<row + 3).map { Double(numbers[$0]) }
      let most = three.max() ?? 0
      let powers = three.map { exp($0 - most) }
      let sum = powers.reduce(0, +)
      for c in 0..<3 { all[row + c] = powers[c] / sum }
    }
    return all
  }
}
