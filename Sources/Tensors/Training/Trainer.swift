import Numerics
import Runtime

/// Trains a model: every core has a plan of its own for a slice of the batch and runs it single-handed.
///
/// ```swift
/// let trainer = try Trainer(weights, optimizer: .adam(), batch: 256) { graph, rows in
///   let x = graph.input([rows, 60, 107])
///   let y = graph.indices([rows], below: 3)
///   return (inputs: (x, y), loss: try model("model", x).crossEntropy(y))
/// }
/// let loss = try trainer.step(rate: 1e-3) { plan, inputs, rows in
///   try plan.write(inputs.0) { … }  // the rows of this slice
/// }
/// ```
///
/// Slices are shared out by their number alone and gradients are added in their order, so a step gives
/// the same bytes on the same number of cores. A loss is the mean over the slices of a batch.
package final class Trainer<T: VectorScalar, Inputs> {
  package let parameters: Parameters<T>
  package let batch: Int
  /// Rows of a slice.
  package let slice: Int
  private let replicas: [Replica]
  private let plans: [Plan<T>]
  let descent: Descent<T>
  private let losses: UnsafeMutableBufferPointer<T>
  /// What went wrong in each replica's part of a step.
  private let failures: UnsafeMutableBufferPointer<TensorError?>

  private struct Replica {
    let plan: Plan<T>
    let inputs: Inputs
    let slices: Range<Int>
  }

  /// Numbers that one core may work on in a slice: half of what lies near it.
  private static var sliceMemory: Int { 1 << 20 }
  /// Multiplications of a batch that pay for more than one core.
  private static var leastWork: Int { 1 << 21 }

  /// - Parameters:
  ///   - batch: rows of a step
  ///   - slice: rows that a plan works on at once; by the size of the model where nil
  ///   - trace: records the loss of so many rows, and gives back its inputs
  package init(
    _ parameters: Parameters<T>, optimizer: Optimizer, batch: Int, slice: Int? = nil,
    cores: Int? = nil, seed: UInt64 = 0,
    _ trace: (Graph<T>, Int) throws(TensorError) -> (inputs: Inputs, loss: Node<T>)
  ) throws(TensorError) {
    guard batch > 0, slice.map({ $0 > 0 && batch % $0 == 0 }) ?? true else {
      throw .slices(batch: batch, slice: slice ?? batch)
    }
    self.parameters = parameters
    self.batch = batch
    let cores = max(1, cores ?? Pool.shared.threads)
    let choice = try Self.choose(parameters, batch, slice, cores, trace)
    self.slice = choice.slice
    let slices = batch / choice.slice
    let parts = Partition(count: slices, threads: choice.cores)
    var replicas: [Replica] = []
    for part in 0..<parts.parts {
      let graph = Graph(parameters, isTraining: true, seed: seed &+ UInt64(part))
      let traced = try trace(graph, choice.slice)
      replicas.append(
        Replica(
          plan: try Plan(minimizing: traced.loss), inputs: traced.inputs, slices: parts[part]))
    }
    self.replicas = replicas
    plans = replicas.map(\.plan)
    descent = try Descent(parameters, optimizer)
    losses = .allocate(capacity: slices)
    losses.initialize(repeating: 0)
    failures = .allocate(capacity: replicas.count)
    failures.initialize(repeating: nil)
  }

  deinit {
    losses.deallocate()
    failures.deinitialize()
    failures.deallocate()
  }

  /// How many cores, and how many rows at once: as many as keep a slice's numbers near the core.
  private static func choose(
    _ parameters: Parameters<T>, _ batch: Int, _ slice: Int?, _ cores: Int,
    _ trace: (Graph<T>, Int) throws(TensorError) -> (inputs: Inputs, loss: Node<T>)
  ) throws(TensorError) -> (slice: Int, cores: Int) {
    let graph = Graph(parameters, isTraining: true)
    let loss = try trace(graph, slice ?? batch).loss
    let perRow = graph.work / max(1, slice ?? batch)
    let cores = perRow * batch < leastWork ? 1 : cores
    if let slice { return (slice, cores) }
    let memory = PlanLayout(graph, outputs: [loss.id], loss: loss.id).count / batch
    let fitting = max(1, sliceMemory / max(1, memory))
    let most = max(1, batch / cores)
    let slice = (1...most).last { batch % $0 == 0 && $0 <= max(fitting, min(most, 8)) }
    return (slice ?? batch, cores)
  }

  package var slices: Int { batch / slice }
  package var cores: Int { replicas.count }
  /// Numbers that all plans hold together.
  package var memoryCount: Int { plans.reduce(0) { $0 + $1.memoryCount } }
  /// Steps taken.
  package var stepCount: Int { descent.stepCount }

  /// Gradients longer than this, all taken together, are shortened to it.
  package var gradientNormMax: Double? {
    get { descent.gradientNormMax }
    set { descent.gradientNormMax = newValue }
  }
  /// The length of the latest gradient; known where gradients are limited.
  package var gradientNorm: Double { descent.gradientNorm }

  /// Runs of each plan, which chance depends on.
  var runCount: UInt64 {
    get { plans.first?.graph.randomness.run.pointee ?? 0 }
    set { for plan in plans { plan.graph.randomness.run.pointee = newValue } }
  }

  /// Looks for numbers that are not finite after every operation.
  package var checksFinite: Bool {
    get { plans.first?.checksFinite ?? false }
    set { for plan in plans { plan.checksFinite = newValue } }
  }

  /// Takes one step, and gives the mean loss before it. Allocates nothing.
  ///
  /// - Parameters:
  ///   - rate: the learning rate
  ///   - feed: writes the inputs of a plan for a range of the batch's rows; called on several threads
  @discardableResult
  package func step(
    rate: Double, _ feed: (Plan<T>, Inputs, Range<Int>) throws(TensorError) -> Void
  ) throws(TensorError) -> T {
    try differentiate(feed)
    try apply(rate: rate)
    var total: T = 0
    for loss in losses { total += loss }
    return total / T(slices)
  }

  private func differentiate(
    _ feed: (Plan<T>, Inputs, Range<Int>) throws(TensorError) -> Void
  ) throws(TensorError) {
    let weight = 1 / T(slices)
    Pool.shared.forEachPart(of: Partition(count: replicas.count, threads: replicas.count)) {
      part, _ in
      do throws(TensorError) {
        let replica = replicas[part]
        for index in replica.slices {
          try feed(replica.plan, replica.inputs, index * slice..<(index + 1) * slice)
          try replica.plan.run(weight: weight, accumulates: index > replica.slices.lowerBound)
          losses[index] = replica.plan.lossValue
        }
      } catch {
        failures[part] = error
      }
    }
    for part in replicas.indices {
      guard let failure = failures[part] else { continue }
      failures[part] = nil
      throw failure
    }
  }

  private func apply(rate: Double) throws(TensorError) {
    // By index: `first` and slices of an array allocate where a type is generic.
    guard let sum = plans[0].gradients else { return }
    for index in 1..<max(1, plans.count) {
      guard let other = plans[index].gradients else { continue }
      parameters.device.add(
        UnsafePointer(other.start), times: 1, to: sum.start, count: parameters.count)
    }
    try descent.step(rate: rate, sum, runs: slices)
  }
}
