import Numerics

/// A graph made into a program: what to do in which order, in memory laid out once.
///
/// ```swift
/// let graph = Graph(weights, isTraining: true)
/// let x = graph.input([32, 26])
/// let y = graph.indices([32], below: 9)
/// let plan = try Plan(minimizing: model("policy", x).crossEntropy(y))
/// try plan.write(x) { … }
/// plan.run()  // forward and backward, without an allocation
/// ```
package final class Plan<T: VectorScalar> {
  let graph: Graph<T>
  /// The gradients of all parameters, laid out as the parameters are.
  let gradients: UnsafeMutablePointer<T>?
  private let arena: UnsafeMutablePointer<T>
  /// Numbers of memory that the plan holds for values, gradients and work.
  package let memoryCount: Int
  private let frames = FrameMemory<T>()
  private let owned: [Instruction]
  private let forward: UnsafeMutableBufferPointer<Unmanaged<Instruction>>
  private let backward: UnsafeMutableBufferPointer<Unmanaged<Instruction>>
  private let prepared: [Instruction]
  private var preparedVersion: UInt64?
  private let layout: PlanLayout<T>
  private let loss: Node<T>?
  /// Whether each parameter's first gradient is written over what is there, as flags of frames.
  private let firstWrites: [UnsafeMutablePointer<Bool>]
  private let results: [(place: TensorError.Place, start: UnsafeMutablePointer<T>, count: Int)]
  /// Looks at the result of every operation, and names the first that is not finite.
  package var checksFinite = false

  /// A program that computes the outputs.
  package convenience init(computing outputs: [Node<T>]) throws(TensorError) {
    try self.init(outputs: outputs, loss: nil)
  }

  /// A program that computes a loss and the gradient of every parameter.
  package convenience init(
    minimizing loss: Node<T>, computing outputs: [Node<T>] = []
  ) throws(TensorError) {
    guard loss.shape.count == 1 else {
      throw .shape(loss.graph.place("minimize"), loss.shape, needed: "a single number")
    }
    try self.init(outputs: outputs + [loss], loss: loss)
  }

  private init(outputs: [Node<T>], loss: Node<T>?) throws(TensorError) {
    guard let graph = outputs.first?.graph else {
      throw .setting(.init(operation: "plan", path: ""), finding: "there is nothing to compute")
    }
    for output in outputs where output.graph !== graph {
      throw .foreignValue(graph.place("plan"))
    }
    guard let parameters = graph.parameters else {
      throw .setting(graph.place("plan"), finding: "the graph only declares parameters")
    }
    self.graph = graph
    self.loss = loss
    let layout = PlanLayout(graph, outputs: outputs.map(\.id), loss: loss?.id)
    self.layout = layout
    memoryCount = layout.count
    arena = Memory<T>.allocate(layout.count)
    gradients = loss.map { _ in Memory<T>.allocate(parameters.count) }
    let addresses = PlanAddresses(
      graph: graph, layout: layout, arena: arena, parameters: parameters.start,
      gradients: gradients)
    var program = PlanProgram(addresses: addresses, frames: frames)
    program.assemble()
    prepared = program.prepared
    owned = program.forward + program.backward
    forward = Self.list(program.forward)
    backward = Self.list(program.backward)
    firstWrites = program.firstWrites
    results = program.results
  }

  private static func list(
    _ instructions: [Instruction]
  ) -> UnsafeMutableBufferPointer<Unmanaged<Instruction>> {
    let list = UnsafeMutableBufferPointer<Unmanaged<Instruction>>.allocate(
      capacity: instructions.count)
    for (index, instruction) in instructions.enumerated() {
      list.initializeElement(at: index, to: Unmanaged.passUnretained(instruction))
    }
    return list
  }

  deinit {
    forward.deallocate()
    backward.deallocate()
    Memory<T>.free(arena)
    if let gradients { Memory<T>.free(gradients) }
  }

  /// Computes the outputs and, where there is a loss, the gradients.
  ///
  /// - Parameters:
  ///   - weight: what the loss counts, such as a slice's share of its batch
  ///   - accumulates: whether gradients are added to those of the run before
  package func run(weight: T = 1, accumulates: Bool = false) throws(TensorError) {
    graph.randomness.run.pointee &+= 1
    prepare()
    if checksFinite { return try runChecked(weight: weight, accumulates: accumulates) }
    for instruction in forward { instruction._withUnsafeGuaranteedRef { $0.forward() } }
    if loss != nil { differentiate(weight: weight, accumulates: accumulates) }
  }

  /// Lays weights out anew where they have changed.
  private func prepare() {
    guard let version = graph.parameters?.version, version != preparedVersion else { return }
    for instruction in prepared { instruction.prepare() }
    preparedVersion = version
  }

  private func differentiate(weight: T, accumulates: Bool) {
    for flag in firstWrites { flag.pointee = accumulates }
    layout.lossGradient.map { arena[$0] = weight }
    for instruction in backward { instruction._withUnsafeGuaranteedRef { $0.backward() } }
  }

  private func runChecked(weight: T, accumulates: Bool) throws(TensorError) {
    for (instruction, result) in zip(forward, results) {
      instruction._withUnsafeGuaranteedRef { $0.forward() }
      for i in 0..<result.count where !result.start[i].isFinite {
        throw .notFinite(result.place, value: "\(result.start[i])")
      }
    }
    guard loss != nil, let gradients, let parameters = graph.parameters else { return }
    differentiate(weight: weight, accumulates: accumulates)
    for entry in parameters.entries {
      for i in entry.offset..<entry.offset + entry.shape.count where !gradients[i].isFinite {
        throw .notFinite(
          .init(operation: "gradient", path: entry.name), value: "\(gradients[i])")
      }
    }
  }

  private func address(_ node: Node<T>) -> UnsafeMutablePointer<T> {
    precondition(node.graph === graph, "a value of the graph the plan was made from")
    let (root, offset) = graph.root(of: node.id)
    if case .parameter(let index) = graph.records[root].source, let parameters = graph.parameters {
      return parameters.start + parameters.entries[index].offset + offset
    }
    guard let place = layout.valueOffset(root) else {
      preconditionFailure("a value the plan computes")
    }
    return arena + place + offset
  }

  /// Lends the memory of an input for writing.
  package func write(_ input: Node<T>, _ body: (inout MutableSpan<T>) -> Void) {
    var span = UnsafeMutableBufferPointer(start: address(input), count: input.shape.count)
      .mutableSpan
    body(&span)
  }

  package func write(_ input: Node<T>, _ tensor: Tensor<T>) throws(TensorError) {
    guard tensor.count == input.shape.count else {
      throw .inputCount(input.shape, given: tensor.count)
    }
    tensor.copy(to: address(input))
  }

  /// A copy of a value after a run: an output, an input or a parameter.
  package func value(of node: Node<T>) -> Tensor<T> {
    Tensor(node.shape, UnsafeBufferPointer(start: address(node), count: node.shape.count))
  }

  /// Lends the memory of an output.
  package func read<R>(_ output: Node<T>, _ body: (Span<T>) -> R) -> R {
    body(UnsafeBufferPointer(start: address(output), count: output.shape.count).span)
  }

  /// The loss of the latest run.
  package var lossValue: T { loss.map { address($0).pointee } ?? .nan }

  /// The gradient of a parameter, or of an input that wants one, after a run.
  package func gradient(of node: Node<T>) -> Tensor<T>? {
    let (root, offset) = graph.root(of: node.id)
    if case .parameter(let index) = graph.records[root].source {
      guard let gradients, let parameters = graph.parameters else { return nil }
      let start = gradients + parameters.entries[index].offset + offset
      return Tensor(node.shape, UnsafeBufferPointer(start: start, count: node.shape.count))
    }
    guard let place = layout.gradientOffset(root) else { return nil }
    return Tensor(
      node.shape, UnsafeBufferPointer(start: arena + place + offset, count: node.shape.count))
  }

  /// The gradient of a parameter by its name.
  package func gradient(named name: String) -> Tensor<T>? {
    guard let gradients, let parameters = graph.parameters,
      let entry = parameters.entries.first(where: { $0.name == name })
    else { return nil }
    return Tensor(
      entry.shape, UnsafeBufferPointer(start: gradients + entry.offset, count: entry.shape.count))
  }
}
