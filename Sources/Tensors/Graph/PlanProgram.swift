import Numerics

/// Where everything of a plan lies.
struct PlanAddresses<T: VectorScalar> {
  let graph: Graph<T>
  let layout: PlanLayout<T>
  let arena: UnsafeMutablePointer<T>
  let parameters: UnsafeMutablePointer<T>
  let gradients: UnsafeMutablePointer<T>?

  private func entryOffset(_ index: Int) -> Int {
    graph.parameters?.entries[index].offset ?? 0
  }

  func value(_ id: Int) -> UnsafeMutablePointer<T> {
    let (root, offset) = graph.root(of: id)
    if case .parameter(let index) = graph.records[root].source {
      return parameters + entryOffset(index) + offset
    }
    return arena + (layout.valueOffset(root) ?? 0) + offset
  }

  /// Nil for what needs no gradient.
  func gradient(_ id: Int) -> UnsafeMutablePointer<T>? {
    guard graph.records[id].needsGradient else { return nil }
    let (root, offset) = graph.root(of: id)
    if case .parameter(let index) = graph.records[root].source {
      return gradients.map { $0 + entryOffset(index) + offset }
    }
    return layout.gradientOffset(root).map { arena + $0 + offset }
  }
}

/// The instructions of a plan while they are put together.
struct PlanProgram<T: VectorScalar> {
  let addresses: PlanAddresses<T>
  let frames: FrameMemory<T>
  private(set) var forward: [Instruction] = []
  private(set) var backward: [Instruction] = []
  /// To be prepared whenever parameters have changed.
  private(set) var prepared: [Instruction] = []
  private(set) var firstWrites: [UnsafeMutablePointer<Bool>] = []
  private(set) var results:
    [(place: TensorError.Place, start: UnsafeMutablePointer<T>, count: Int)] = []

  init(addresses: PlanAddresses<T>, frames: FrameMemory<T>) {
    self.addresses = addresses
    self.frames = frames
  }

  mutating func assemble() {
    let graph = addresses.graph
    let layout = addresses.layout
    var written: Set<Int> = []
    var bound: [Int: Instruction] = [:]
    // From the end, so that it is known whose gradient of a value is written first.
    for id in layout.operations.reversed() {
      guard let (operation, inputs) = graph.operation(id) else { continue }
      let isDifferentiated = layout.isDifferentiated[id]
      let targets = inputs.map { isDifferentiated ? addresses.gradient($0) : nil }
      var accumulates: [Bool] = []
      var fresh: [Int] = []
      for (place, input) in inputs.enumerated() {
        let root = graph.root(of: input).id
        let isFirst = targets[place] != nil && written.insert(root).inserted
        if isFirst, layout.cleared.contains(root) { clear(root) }
        if isFirst, case .parameter = graph.records[root].source { fresh.append(place) }
        accumulates.append(!isFirst || layout.cleared.contains(root))
      }
      let output = addresses.value(id)
      let frame = frames.frame(
        inputs: inputs.map { addresses.value($0) }, output: output, gradients: targets,
        accumulates: accumulates, gradient: addresses.gradient(id) ?? output,
        prepared: addresses.arena + layout.preparedOffset(id),
        saved: addresses.arena + layout.savedOffset(id),
        scratch: addresses.arena + layout.scratchOffset)
      firstWrites += fresh.map { frame.accumulates + $0 }
      let instruction = operation.bound(to: frame, path: graph.records[id].path)
      bound[id] = instruction
      if isDifferentiated { backward.append(instruction) }
    }
    for id in layout.operations {
      guard let instruction = bound[id], let (operation, inputs) = graph.operation(id) else {
        continue
      }
      if operation.preparedCount > 0 {
        if operation.preparedInputs.allSatisfy({ isParameter(inputs[$0]) }) {
          prepared.append(instruction)
        } else {
          add(Prepare(instruction), result: addresses.value(id), count: 0)
        }
      }
      add(instruction, result: addresses.value(id), count: graph.records[id].shape.count)
    }
  }

  private mutating func add(
    _ instruction: Instruction, result: UnsafeMutablePointer<T>, count: Int
  ) {
    forward.append(instruction)
    results.append((instruction.place, result, count))
  }

  private func isParameter(_ id: Int) -> Bool {
    if case .parameter = addresses.graph.records[addresses.graph.root(of: id).id].source {
      return true
    }
    return false
  }

  private mutating func clear(_ root: Int) {
    guard let start = addresses.gradient(root) else { return }
    backward.append(Clear(start, count: addresses.graph.records[root].shape.count))
  }
}
