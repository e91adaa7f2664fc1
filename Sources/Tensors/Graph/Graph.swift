import Numerics

/// What a model computes, recorded while the model's own code runs once.
///
/// A graph holds shapes and operations, no numbers. A `Plan` makes a program of it that runs again and
/// again in memory laid out beforehand; a `Tape` is a graph that computes while it records.
///
/// ```swift
/// let graph = Graph(weights, isTraining: true)
/// let x = graph.input([32, 26])
/// let scores = try model("policy", x)   // a Node: a shape, and where it comes from
/// ```
package class Graph<T: VectorScalar> {
  /// The parameters that layers find by name; nil while they are being declared.
  package let parameters: Parameters<T>?
  /// Whether layers that differ in training, as dropout does, behave as in training.
  package let isTraining: Bool
  /// How plans keep the weights of linear layers.
  package let storage: WeightStorage
  let randomness: Randomness
  private(set) var records: [Record<T>] = []
  private var path: [String] = []
  /// By name the records of parameters; nodes would keep the graph alive.
  private var parameterRecords: [String: Int] = [:]
  private var declaration: Declaration?
  /// What went wrong where nothing could be thrown; whatever comes next throws it.
  private var fault: TensorError?
  private var segment: Int?
  private var segmentCount = 0

  /// - Parameters:
  ///   - storage: how plans keep the weights of linear layers; for training in full only
  ///   - seed: of what chance there is in the computation: dropout
  package init(
    _ parameters: Parameters<T>, isTraining: Bool = false, storage: WeightStorage = .full,
    seed: UInt64 = 0
  ) {
    self.parameters = parameters
    self.isTraining = isTraining
    self.storage = storage
    randomness = Randomness(seed: seed)
    if isTraining, storage != .full {
      fail(.setting(place("graph"), finding: "weights of \(storage) cannot be trained"))
    }
  }

  /// A graph in which parameters come into being as layers ask for them.
  init(declaring: Void) {
    parameters = nil
    isTraining = true
    storage = .full
    randomness = Randomness(seed: 0)
    declaration = Declaration()
  }

  /// Numbers that are written before each run.
  package func input(_ shape: TensorShape, wantsGradient: Bool = false) -> Node<T> {
    check(shape, "input")
    return append(.input, shape: shape, needsGradient: wantsGradient)
  }

  /// Numbers that stay the same.
  package func constant(_ tensor: Tensor<T>) -> Node<T> {
    append(.constant(tensor), shape: tensor.shape, needsGradient: false)
  }

  /// Whole numbers that are written before each run: classes, or rows to gather.
  package func indices(_ shape: TensorShape, below bound: Int) -> Indices {
    let isGood = check(shape, "indices")
    return Indices(shape: isGood ? shape : [1], bound: bound)
  }

  /// Truth values that are written before each run.
  package func mask(_ shape: TensorShape) -> Mask {
    Mask(shape: check(shape, "mask") ? shape : [1])
  }

  /// Keeps the first fault for whoever can throw it.
  @discardableResult
  private func check(_ shape: TensorShape, _ operation: String) -> Bool {
    guard let needed = shape.fault else { return true }
    fail(.shape(place(operation), shape, needed: needed))
    return false
  }

  func throwFault() throws(TensorError) { if let fault { throw fault } }

  func fail(_ error: TensorError) { fault = fault ?? error }

  /// Names what is recorded inside: the layers' path in errors, summaries and parameters.
  package func named<R>(
    _ name: String, _ body: () throws(TensorError) -> R
  ) throws(TensorError) -> R {
    try throwFault()
    path.append(name)
    defer { path.removeLast() }
    return try body()
  }

  /// Values inside are not kept for the gradient but computed a second time when it is needed: less
  /// memory for more work (Chen and others 2016).
  package func checkpointed<R>(
    _ body: () throws(TensorError) -> R
  ) throws(TensorError) -> R {
    // Of one inside the other the outer counts; what keeps all values has nothing to repeat.
    guard repeats, segment == nil else { return try body() }
    segment = segmentCount
    segmentCount += 1
    defer { segment = nil }
    return try body()
  }

  var pathText: String { path.joined(separator: ".") }

  func place(_ operation: String) -> TensorError.Place {
    TensorError.Place(operation: operation, path: pathText)
  }

  /// The parameter of that name in the layer being recorded.
  package func parameter(
    _ name: String, _ shape: TensorShape, _ initialiser: Initialiser
  ) throws(TensorError) -> Node<T> {
    try parameter(name, shape, initialiser, isTrained: true)
  }

  /// Numbers that are kept with the weights but follow the batches, such as a running mean.
  package func statistic(
    _ name: String, _ shape: TensorShape, _ initialiser: Initialiser
  ) throws(TensorError) -> Node<T> {
    try parameter(name, shape, initialiser, isTrained: false)
  }

  private func parameter(
    _ name: String, _ shape: TensorShape, _ initialiser: Initialiser, isTrained: Bool
  ) throws(TensorError) -> Node<T> {
    try throwFault()
    let fullName = (path + [name]).joined(separator: ".")
    if let needed = shape.fault { throw .shape(place(name), shape, needed: needed) }
    if let id = parameterRecords[fullName] {
      guard records[id].shape == shape else {
        throw .parameterShape(fullName, stored: records[id].shape, asked: shape)
      }
      return Node(graph: self, id: id, shape: shape)
    }
    let item = Declaration.Item(
      name: fullName, shape: shape, initialiser: initialiser, isTrained: isTrained)
    let index: Int
    if let parameters {
      index = try parameters.index(of: fullName, shape: shape)
    } else {
      index = try declare(item)
    }
    let node = append(
      .parameter(index), shape: shape, path: fullName, needsGradient: isTraining)
    parameterRecords[fullName] = node.id
    return node
  }

  private func declare(_ item: Declaration.Item) throws(TensorError) -> Int {
    guard let index = declaration?.add(item) else {
      throw .unknownParameter(item.name, nearest: nil)
    }
    return index
  }

  /// What was declared, and an end to declaring.
  func declared() -> Declaration { declaration ?? Declaration() }

  /// Adds an operation whose inputs have been checked.
  func record(
    _ operation: some Operation<T>, _ inputs: [Node<T>], shape: TensorShape
  ) throws(TensorError) -> Node<T> {
    try throwFault()
    for input in inputs where input.graph !== self {
      throw .foreignValue(place(type(of: operation).name))
    }
    if let needed = shape.fault {
      throw .shape(place(type(of: operation).name), shape, needed: needed)
    }
    return append(
      .operation(operation, inputs.map(\.id)), shape: shape,
      needsGradient: inputs.contains { records[$0.id].needsGradient })
  }

  /// The same memory under another shape, from an offset on.
  func view(
    _ node: Node<T>, shape: TensorShape, offset: Int = 0, needsGradient: Bool? = nil
  ) -> Node<T> {
    append(
      .view(of: node.id, offset: offset), shape: shape,
      needsGradient: needsGradient ?? records[node.id].needsGradient)
  }

  private func append(
    _ source: Record<T>.Source, shape: TensorShape, path: String? = nil, needsGradient: Bool
  ) -> Node<T> {
    records.append(
      Record(
        source: source, shape: shape, path: path ?? pathText, needsGradient: needsGradient,
        segment: segment))
    let node = Node(graph: self, id: records.count - 1, shape: shape)
    recorded(node)
    return node
  }

  /// Whether values can be computed a second time.
  var repeats: Bool { true }
  /// For a graph that computes at once.
  func recorded(_ node: Node<T>) {}

  /// Multiplications of one forward pass.
  package var work: Int {
    records.indices.reduce(0) { $0 + (operation($1)?.0.work ?? 0) }
  }

  /// The operation of a record and its inputs.
  func operation(_ id: Int) -> (any Operation<T>, [Int])? {
    guard case .operation(let operation, let inputs) = records[id].source else { return nil }
    return (operation, inputs)
  }

  /// The node whose memory a node lies in, and how far from its start.
  func root(of id: Int) -> (id: Int, offset: Int) {
    var id = id
    var offset = 0
    while case .view(let base, let start) = records[id].source {
      id = base
      offset += start
    }
    return (id, offset)
  }

  /// Whether a value lies in numbers that only training changes.
  func isFixed(_ id: Int) -> Bool {
    switch records[root(of: id).id].source {
    case .parameter, .constant: true
    case .input, .operation, .view: false
    }
  }
}

/// How a plan for inference keeps weights.
package enum WeightStorage: String, Sendable {
  case full
  /// The upper half of each `Float`, 8 bits of precision, in linear layers on processors that multiply
  /// pairs of them (AVX512-BF16); elsewhere the same as `full`.
  case bfloat16
}

/// One value of a graph.
struct Record<T: VectorScalar> {
  enum Source {
    case input
    case constant(Tensor<T>)
    case parameter(Int)
    case operation(any Operation<T>, [Int])
    case view(of: Int, offset: Int)
  }

  let source: Source
  let shape: TensorShape
  /// The layer it was recorded in.
  let path: String
  let needsGradient: Bool
  /// The checkpointed part of the graph it lies in.
  let segment: Int?
}

/// A value while its graph is recorded: a shape, and where it comes from.
///
/// ```swift
/// let error = try (forecast - target).square().mean(axis: -1)
/// ```
package struct Node<T: VectorScalar> {
  package let graph: Graph<T>
  let id: Int
  package let shape: TensorShape
}
