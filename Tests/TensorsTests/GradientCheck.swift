import Numerics
import Testing

@testable import Tensors

/// Compares a plan's gradients with central differences in `Double`.
struct GradientCheck {
  let weights: Parameters<Double>
  /// Inputs whose gradients are looked at too.
  private(set) var inputs: [Node<Double>] = []
  private let plan: Plan<Double>

  /// - Parameter trace: records the loss; inputs that it makes with `wantsGradient` are filled with
  ///   normal numbers
  init(
    seed: UInt64 = 1, _ trace: (Graph<Double>) throws(TensorError) -> Node<Double>
  ) throws(TensorError) {
    weights = try Parameters(seed: seed) { (graph) throws(TensorError) in _ = try trace(graph) }
    let graph = Graph(weights, isTraining: true, seed: seed)
    let loss = try trace(graph)
    plan = try Plan(minimizing: loss)
    var stream = RandomStream(seed: seed, purpose: "inputs")
    for (id, record) in graph.records.enumerated() {
      guard case .input = record.source else { continue }
      let node = Node(graph: graph, id: id, shape: record.shape)
      try plan.write(node) { span in
        for i in span.indices { span[i] = stream.normal() }
      }
      if record.needsGradient { inputs.append(node) }
    }
    // Biases and scales that begin as zeros and ones would hide mistakes.
    for entry in weights.entries {
      for i in 0..<entry.shape.count { weights.start[entry.offset + i] += 0.1 * stream.normal() }
    }
    weights.changed()
  }

  private func loss() throws -> Double {
    plan.graph.randomness.run.pointee = 0
    weights.changed()
    try plan.run()
    return plan.lossValue
  }

  /// The greatest difference between slope and central difference, against the greatest slope of the
  /// same tensor.
  func greatestError(step: Double = 1e-5, samples: Int = 24) throws -> Double {
    var worst = 0.0
    var stream = RandomStream(seed: 3, purpose: "places")
    for entry in weights.entries where entry.isTrained {
      _ = try loss()
      let slopes = try plan.gradient(named: entry.name).elements
      worst = max(
        worst,
        try error(of: slopes, at: weights.start + entry.offset, step, samples, &stream))
    }
    for input in inputs {
      _ = try loss()
      let slopes = try plan.gradient(of: input).elements
      var start: UnsafeMutablePointer<Double>?
      try plan.write(input) { span in
        span.withUnsafeMutableBufferPointer { start = $0.baseAddress }
      }
      worst = max(worst, try error(of: slopes, at: try #require(start), step, samples, &stream))
    }
    return worst
  }

  private func error(
    of slopes: [Double], at start: UnsafeMutablePointer<Double>, _ step: Double, _ samples: Int,
    _ stream: inout RandomStream
  ) throws -> Double {
    let scale = max(1e-3, slopes.reduce(0) { max($0, $1.magnitude) })
    var worst = 0.0
    let places =
      slopes.count <= samples
      ? Array(slopes.indices) : (0..<samples).map { _ in stream.index(below: slopes.count) }
    for place in places {
      let before = start[place]
      start[place] = before + step
      let above = try loss()
      start[place] = before - step
      let below = try loss()
      start[place] = before
      worst = max(worst, ((above - below) / (2 * step) - slopes[place]).magnitude / scale)
    }
    return worst
  }
}
