import Numerics

/// A graph that computes while it is recorded, for what cannot be planned: code that looks at a value
/// and goes on accordingly, or shapes that differ from run to run.
///
/// ```swift
/// let tape = Tape(weights, isTraining: true)
/// var x = tape.input(try Tensor([1, 26], window))
/// while try tape.value(of: x.square().sum(axis: -1)).elements[0] > 1 { x = try model("halve", x) }
/// let gradients = try tape.gradients(of: x.mean(axis: -1))
/// try descent.step(rate: 1e-3, gradients)
/// ```
///
/// The operations are those of a plan, in the same order, and so are the bits of values and gradients.
/// A tape is for one pass; every value lives as long as the tape.
package final class Tape<T: VectorScalar>: Graph<T> {
  private let device: any Device
  private let weights: Parameters<T>
  private var memory: [Int: Place] = [:]
  private let frames = FrameMemory<T>()
  private var scratch: UnsafeMutablePointer<T>
  private var scratchCount = 0
  private var differentiated: (layout: PlanLayout<T>, arena: UnsafeMutablePointer<T>)?
  /// Looks at the result of every operation; the first that is not finite is thrown by what comes next.
  package var checksFinite = false

  private struct Place {
    let value: UnsafeMutablePointer<T>
    var saved: UnsafeMutablePointer<T>?
    var prepared: UnsafeMutablePointer<T>?
  }

  /// - Parameters:
  ///   - seed: of what chance there is in the computation: dropout
  ///   - run: another number, another chance; the runs of a plan count from 1
  package init(
    _ parameters: Parameters<T>, isTraining: Bool = false, seed: UInt64 = 0, run: UInt64 = 1
  ) {
    weights = parameters
    device = parameters.device
    scratch = device.allocate(0)
    super.init(parameters, isTraining: isTraining, seed: seed)
    randomness.run.pointee = run
  }

  deinit {
    for place in memory.values {
      device.free(place.value)
      place.saved.map { device.free($0) }
      place.prepared.map { device.free($0) }
    }
    device.free(scratch)
    if let differentiated { device.free(differentiated.arena) }
  }

  /// Numbers from outside.
  package func input(_ tensor: Tensor<T>, wantsGradient: Bool = false) -> Node<T> {
    let node = input(tensor.shape, wantsGradient: wantsGradient)
    tensor.copy(to: start(of: node.id))
    return node
  }

  override var repeats: Bool { false }

  override func recorded(_ node: Node<T>) {
    switch records[node.id].source {
    case .input:
      // A shape that no tensor has is thrown by what comes next.
      memory[node.id] = Place(
        value: device.allocate(node.shape.fault == nil ? node.shape.count : 0))
    case .constant(let tensor):
      let place = Place(value: device.allocate(node.shape.count))
      tensor.copy(to: place.value)
      memory[node.id] = place
    case .operation(let operation, let inputs): run(operation, inputs, node)
    case .parameter, .view: break
    }
  }

  private func run(_ operation: some Operation<T>, _ inputs: [Int], _ node: Node<T>) {
    var place = Place(value: device.allocate(node.shape.count))
    if operation.savedCount > 0 { place.saved = device.allocate(operation.savedCount) }
    if operation.preparedCount > 0 { place.prepared = device.allocate(operation.preparedCount) }
    memory[node.id] = place
    if operation.scratchCount > scratchCount {
      device.free(scratch)
      scratchCount = operation.scratchCount
      scratch = device.allocate(scratchCount)
    }
    let frame = frames.frame(
      inputs: inputs.map { start(of: $0) }, output: place.value,
      gradients: inputs.map { _ in nil }, accumulates: inputs.map { _ in false },
      gradient: place.value, prepared: place.prepared ?? place.value,
      saved: place.saved ?? place.value, scratch: scratch)
    let instruction = operation.instruction(
      on: device, frame, path: records[node.id].path)
    if operation.preparedCount > 0 { instruction.prepare() }
    instruction.forward()
    guard checksFinite else { return }
    device.finish()
    let span = UnsafeBufferPointer(start: place.value, count: node.shape.count)
    do throws(TensorError) {
      try Written(place: instruction.place, spans: [span]).check()
    } catch {
      fail(error)
    }
  }

  private func start(of id: Int) -> UnsafeMutablePointer<T> {
    let (root, offset) = root(of: id)
    if case .parameter(let index) = records[root].source {
      return weights.start + weights.entries[index].offset + offset
    }
    return (memory[root]?.value ?? scratch) + offset
  }

  /// A copy of a value.
  package func value(of node: Node<T>) throws(TensorError) -> Tensor<T> {
    try throwFault()
    guard node.graph === self else { throw .foreignValue(place("read")) }
    device.finish()
    return Tensor(node.shape, copying: start(of: node.id))
  }

  /// The gradients of a loss, once in a tape's life.
  package func gradients(of loss: Node<T>) throws(TensorError) -> Gradients<T> {
    try throwFault()
    guard loss.graph === self else { throw .foreignValue(place("gradients")) }
    guard loss.shape.count == 1 else {
      throw .shape(place("gradients"), loss.shape, needed: "a single number")
    }
    guard isTraining, differentiated == nil else {
      throw .setting(
        place("gradients"), finding: "it is asked for once, of a tape that is made for training")
    }
    let layout = PlanLayout(gradientsOf: self, loss: loss.id)
    let arena: UnsafeMutablePointer<T> = device.allocate(layout.count)
    differentiated = (layout, arena)
    let gradients = Gradients(of: weights)
    var program = PlanProgram(
      graph: self, layout: layout,
      addresses: TapeAddresses(tape: self, layout: layout, arena: arena, gradients: gradients),
      frames: frames, device: device)
    program.assembleBackward()
    layout.lossGradient.map { arena[$0] = 1 }
    for (instruction, written) in zip(program.backward, program.backwardWrites) {
      instruction.backward()
      if checksFinite {
        device.finish()
        try written.check()
      }
    }
    device.finish()
    return gradients
  }

  /// The gradient of an input that wants one.
  package func gradient(of node: Node<T>) throws(TensorError) -> Tensor<T> {
    guard node.graph === self else { throw .foreignValue(place("gradient")) }
    guard case .input = records[node.id].source, let differentiated,
      let offset = differentiated.layout.gradientOffset(node.id)
    else {
      throw .notComputed(.init(operation: "gradient", path: records[node.id].path), node.shape)
    }
    return Tensor(node.shape, copying: differentiated.arena + offset)
  }

  /// Where everything of a tape lies; nothing is computed again.
  private struct TapeAddresses: Addresses {
    let tape: Tape<T>
    let layout: PlanLayout<T>
    let arena: UnsafeMutablePointer<T>
    let gradients: Gradients<T>

    func value(_ id: Int, again: Bool) -> UnsafeMutablePointer<T> { tape.start(of: id) }

    func gradient(_ id: Int) -> UnsafeMutablePointer<T>? {
      guard tape.records[id].needsGradient else { return nil }
      let (root, offset) = tape.root(of: id)
      if case .parameter(let index) = tape.records[root].source {
        return gradients.start + tape.weights.entries[index].offset + offset
      }
      return layout.gradientOffset(root).map { arena + $0 + offset }
    }

    func saved(_ id: Int, again: Bool) -> UnsafeMutablePointer<T> {
      tape.memory[id]?.saved ?? tape.scratch
    }
    func prepared(_ id: Int) -> UnsafeMutablePointer<T> {
      tape.memory[id]?.prepared ?? tape.scratch
    }
    var scratch: UnsafeMutablePointer<T> { arena + layout.scratchOffset }
  }
}
