import Numerics

/// Where everything of a computation lies.
protocol Addresses<T> {
  associatedtype T: VectorScalar
  /// - Parameter again: of the second time that a checkpointed segment is computed
  func value(_ id: Int, again: Bool) -> UnsafeMutablePointer<T>
  /// Nil for what needs no gradient.
  func gradient(_ id: Int) -> UnsafeMutablePointer<T>?
  func saved(_ id: Int, again: Bool) -> UnsafeMutablePointer<T>
  func prepared(_ id: Int) -> UnsafeMutablePointer<T>
  var scratch: UnsafeMutablePointer<T> { get }
}

/// Where everything of a plan lies.
struct PlanAddresses<T: VectorScalar>: Addresses {
  let graph: Graph<T>
  let layout: PlanLayout<T>
  let arena: UnsafeMutablePointer<T>
  let parameters: Parameters<T>
  let gradients: Gradients<T>?

  func value(_ id: Int, again: Bool) -> UnsafeMutablePointer<T> {
    let (root, offset) = graph.root(of: id)
    if case .parameter(let index) = graph.records[root].source {
      return parameters.start + parameters.entries[index].offset + offset
    }
    return arena + (layout.valueOffset(root, again: again) ?? 0) + offset
  }

  func gradient(_ id: Int) -> UnsafeMutablePointer<T>? {
    guard graph.records[id].needsGradient else { return nil }
    let (root, offset) = graph.root(of: id)
    if case .parameter(let index) = graph.records[root].source {
      return gradients.map { $0.start + parameters.entries[index].offset + offset }
    }
    return layout.gradientOffset(root).map { arena + $0 + offset }
  }

  func saved(_ id: Int, again: Bool) -> UnsafeMutablePointer<T> {
    arena + layout.savedOffset(id, again: again)
  }
  func prepared(_ id: Int) -> UnsafeMutablePointer<T> { arena + layout.preparedOffset(id) }
  var scratch: UnsafeMutablePointer<T> { arena + layout.scratchOffset }
}

/// Numbers that are to be finite, and what wrote them.
struct Written<T: VectorScalar> {
  let place: TensorError.Place
  var spans: [UnsafeBufferPointer<T>] = []

  func check() throws(TensorError) {
    for span in spans {
      for value in span where !value.isFinite { throw .notFinite(place, value: "\(value)") }
    }
  }
}

/// The instructions of a computation while they are put together.
struct PlanProgram<A: Addresses> {
  typealias T = A.T
  let graph: Graph<T>
  let layout: PlanLayout<T>
  let addresses: A
  let frames: FrameMemory<T>
  let device: any Device
  private(set) var forward: [Instruction] = []
  private(set) var backward: [Instruction] = []
  /// To be prepared whenever parameters have changed.
  private(set) var prepared: [Instruction] = []
  private(set) var firstWrites: [UnsafeMutablePointer<Bool>] = []
  /// What each instruction writes, for whoever looks for numbers that are not finite.
  private(set) var forwardWrites: [Written<T>] = []
  private(set) var backwardWrites: [Written<T>] = []
  private var written: Set<Int> = []

  init(
    graph: Graph<T>, layout: PlanLayout<T>, addresses: A, frames: FrameMemory<T>,
    device: any Device
  ) {
    self.graph = graph
    self.layout = layout
    self.addresses = addresses
    self.frames = frames
    self.device = device
  }

  mutating func assemble() {
    for case .forward(let id) in layout.steps { addForward(id) }
    assembleBackward()
  }

  /// The gradients alone, of values that are there.
  mutating func assembleBackward() {
    for step in layout.steps {
      switch step {
      case .forward: continue
      case .again(let id): addAgain(id)
      case .backward(let id): addBackward(id)
      }
    }
  }

  private mutating func addForward(_ id: Int) {
    guard let (operation, inputs) = graph.operation(id) else { return }
    let none = Targets(gradients: inputs.map { _ in nil }, accumulates: inputs.map { _ in false })
    let instruction = operation.instruction(
      on: device, frame(id, inputs, again: false, none), path: graph.records[id].path)
    if operation.preparedCount > 0 {
      if operation.preparedInputs.allSatisfy({ graph.isFixed(inputs[$0]) }) {
        prepared.append(instruction)
      } else {
        forward.append(Prepare(instruction))
        forwardWrites.append(Written(place: instruction.place))
      }
    }
    forward.append(instruction)
    forwardWrites.append(
      Written(
        place: instruction.place, spans: [span(addresses.value(id, again: false), of: id)]))
  }

  private mutating func addAgain(_ id: Int) {
    guard let (operation, inputs) = graph.operation(id) else { return }
    let none = Targets(gradients: inputs.map { _ in nil }, accumulates: inputs.map { _ in false })
    let instruction = operation.instruction(
      on: device, frame(id, inputs, again: true, none), path: graph.records[id].path)
    backward.append(Again(instruction))
    backwardWrites.append(Written(place: instruction.place))
  }

  private mutating func addBackward(_ id: Int) {
    guard let (operation, inputs) = graph.operation(id) else { return }
    var targets = Targets(gradients: inputs.map { addresses.gradient($0) }, accumulates: [])
    var fresh: [Int] = []
    for (place, input) in inputs.enumerated() {
      let root = graph.root(of: input).id
      let isFirst = targets.gradients[place] != nil && written.insert(root).inserted
      let isCleared = layout.cleared.contains(root)
      if isFirst, isCleared { clear(root) }
      if isFirst, !isCleared, isParameter(root) { fresh.append(place) }
      targets.accumulates.append(!isFirst || isCleared)
    }
    let frame = frame(id, inputs, again: graph.segment(of: id) != nil, targets)
    firstWrites += fresh.map { frame.accumulates + $0 }
    let instruction = operation.instruction(on: device, frame, path: graph.records[id].path)
    backward.append(instruction)
    backwardWrites.append(
      Written(
        place: .init(
          operation: "gradient of \(instruction.place.operation)", path: instruction.place.path),
        spans: zip(inputs, targets.gradients).compactMap { input, target in
          target.map { span($0, of: input) }
        }))
  }

  private struct Targets {
    let gradients: [UnsafeMutablePointer<T>?]
    var accumulates: [Bool]
  }

  private func frame(
    _ id: Int, _ inputs: [Int], again: Bool, _ targets: Targets
  ) -> Frame<T> {
    let output = addresses.value(id, again: again)
    return frames.frame(
      inputs: inputs.map {
        addresses.value($0, again: again && graph.isRepeated(graph.root(of: $0).id, with: id))
      },
      output: output, gradients: targets.gradients, accumulates: targets.accumulates,
      gradient: addresses.gradient(id) ?? output, prepared: addresses.prepared(id),
      saved: addresses.saved(id, again: again), scratch: addresses.scratch)
  }

  private func span(
    _ start: UnsafeMutablePointer<T>, of id: Int
  ) -> UnsafeBufferPointer<T> {
    UnsafeBufferPointer(start: start, count: graph.records[id].shape.count)
  }

  private func isParameter(_ root: Int) -> Bool {
    if case .parameter = graph.records[root].source { return true }
    return false
  }

  /// Makes a gradient zero that is written in parts; a parameter's only where a run does not add to
  /// those before it.
  private mutating func clear(_ root: Int) {
    guard let start = addresses.gradient(root) else { return }
    let flag = frames.flag()
    if isParameter(root) { firstWrites.append(flag) }
    backward.append(Clear(start, count: graph.records[root].shape.count, unless: flag))
    backwardWrites.append(
      Written(place: .init(operation: "clear", path: graph.records[root].path)))
  }
}

extension Operation {
  func instruction(on device: any Device, _ frame: Frame<Scalar>, path: String) -> Instruction {
    device.instruction(for: self, on: frame, place: .init(operation: Self.name, path: path))
  }
}
