import Numerics

/// A graph made into a program: what to do in which order, in memory laid out once.
///
/// ```swift
/// let graph = Graph(weights, isTraining: true)
/// let x = graph.input([32, 26])
/// let y = graph.indices([32], below: 9)
/// let plan = try Plan(minimizing: model("policy", x).crossEntropy(y))
/// try plan.write(x) { … }
/// try plan.run()  // forward and backward, without an allocation
/// try plan.gradient(named: "policy.0.weight")
/// ```
package final class Plan<T: VectorScalar> {
  let graph: Graph<T>
  private let parameters: Parameters<T>
  /// Those of the latest run, where there is a loss.
  package let gradients: Gradients<T>?
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
  private let forwardWrites: [Written<T>]
  private let backwardWrites: [Written<T>]
  /// Looks at what every operation and every gradient writes, and throws the first that is not finite.
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
    guard loss.graph.isTraining else {
      throw .setting(
        loss.graph.place("minimize"), finding: "the graph keeps nothing for gradients: isTraining")
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
    try graph.throwFault()
    guard let parameters = graph.parameters else {
      throw .setting(graph.place("plan"), finding: "the graph only declares parameters")
    }
    self.graph = graph
    self.loss = loss
    self.parameters = parameters
    let layout = PlanLayout(graph, outputs: outputs.map(\.id), loss: loss?.id)
    self.layout = layout
    memoryCount = layout.count
    let device = parameters.device
    arena = device.allocate(layout.count)
    gradients = loss.map { _ in Gradients(of: parameters) }
    let addresses = PlanAddresses(
      graph: graph, layout: layout, arena: arena, parameters: parameters,
      gradients: gradients)
    var program = PlanProgram(
      graph: graph, layout: layout, addresses: addresses, frames: frames, device: device)
    program.assemble()
    prepared = program.prepared
    owned = program.forward + program.backward
    forward = Self.list(program.forward)
    backward = Self.list(program.backward)
    firstWrites = program.firstWrites
    forwardWrites = program.forwardWrites
    backwardWrites = program.backwardWrites
    for (id, record) in graph.records.enumerated() {
      guard case .constant(let tensor) = record.source else { continue }
      tensor.copy(to: addresses.value(id, again: false))
    }
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
    parameters.device.free(arena)
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
    if loss != nil {
      begin(weight: weight, accumulates: accumulates)
      for instruction in backward { instruction._withUnsafeGuaranteedRef { $0.backward() } }
    }
    parameters.device.finish()
  }

  /// Lays weights out anew where they have changed.
  private func prepare() {
    guard parameters.version != preparedVersion else { return }
    for instruction in prepared { instruction.prepare() }
    preparedVersion = parameters.version
  }

  private func begin(weight: T, accumulates: Bool) {
    for flag in firstWrites { flag.pointee = accumulates }
    layout.lossGradient.map { arena[$0] = weight }
  }

  private func runChecked(weight: T, accumulates: Bool) throws(TensorError) {
    try checkInputs()
    for (instruction, written) in zip(forward, forwardWrites) {
      instruction._withUnsafeGuaranteedRef { $0.forward() }
      parameters.device.finish()
      try written.check()
    }
    guard loss != nil else { return }
    begin(weight: weight, accumulates: accumulates)
    for (instruction, written) in zip(backward, backwardWrites) {
      instruction._withUnsafeGuaranteedRef { $0.backward() }
      parameters.device.finish()
      try written.check()
    }
  }

  /// An infinite number may be meant, as in a mask; NaN is not.
  private func checkInputs() throws(TensorError) {
    for (id, record) in graph.records.enumerated() {
      guard case .input = record.source else { continue }
      let start = start(of: id)
      for i in 0..<record.shape.count where start[i].isNaN {
        throw .notFinite(.init(operation: "input", path: record.path), value: "nan")
      }
    }
  }

  private func start(of id: Int) -> UnsafeMutablePointer<T> {
    PlanAddresses(
      graph: graph, layout: layout, arena: arena, parameters: parameters, gradients: gradients
    ).value(id, again: false)
  }

  private func address(
    _ node: Node<T>, of operation: String
  ) throws(TensorError) -> UnsafeMutablePointer<T> {
    guard node.graph === graph else { throw .foreignValue(graph.place(operation)) }
    let root = graph.root(of: node.id).id
    if case .parameter = graph.records[root].source { return start(of: node.id) }
    guard layout.lasting.contains(root) else {
      throw .notComputed(
        .init(operation: operation, path: graph.records[node.id].path), node.shape)
    }
    return start(of: node.id)
  }

  /// Lends the memory of an input for writing.
  package func write(
    _ input: Node<T>, _ body: (inout MutableSpan<T>) -> Void
  ) throws(TensorError) {
    let start = try address(input, of: "write")
    var span = UnsafeMutableBufferPointer(start: start, count: input.shape.count).mutableSpan
    body(&span)
  }

  package func write(_ input: Node<T>, _ tensor: Tensor<T>) throws(TensorError) {
    guard tensor.count == input.shape.count else {
      throw .count(input.shape, given: tensor.count)
    }
    tensor.copy(to: try address(input, of: "write"))
  }

  /// A copy of a value after a run: an output, an input or a parameter.
  package func value(of node: Node<T>) throws(TensorError) -> Tensor<T> {
    Tensor(node.shape, copying: try address(node, of: "read"))
  }

  /// Lends the memory of an output.
  package func read<R>(_ output: Node<T>, _ body: (Span<T>) -> R) throws(TensorError) -> R {
    let start = try address(output, of: "read")
    return body(UnsafeBufferPointer(start: start, count: output.shape.count).span)
  }

  /// The loss of the latest run.
  package var lossValue: T { loss.map { start(of: $0.id).pointee } ?? .nan }

  /// The gradient of a parameter, or of an input that wants one, after a run.
  package func gradient(of node: Node<T>) throws(TensorError) -> Tensor<T> {
    guard node.graph === graph else { throw .foreignValue(graph.place("gradient")) }
    let (root, offset) = graph.root(of: node.id)
    switch graph.records[root].source {
    case .parameter(let index):
      guard let gradients else { break }
      let start = gradients.start + parameters.entries[index].offset + offset
      return Tensor(node.shape, copying: start)
    case .input:
      guard let place = layout.gradientOffset(root) else { break }
      return Tensor(node.shape, copying: arena + place + offset)
    case .constant, .operation, .view: break
    }
    throw .notComputed(
      .init(operation: "gradient", path: graph.records[node.id].path), node.shape)
  }

  /// The gradient of a parameter by its name.
  package func gradient(named name: String) throws(TensorError) -> Tensor<T> {
    guard let gradients else {
      throw .notComputed(
        .init(operation: "gradient", path: name), try parameters.entry(name).shape)
    }
    return try gradients[name]
  }
}
