import Numerics

/// What a model computes, recorded while the model's own code runs once.
///
/// A graph holds shapes and operations, no numbers. A `Plan` makes a program of it that runs again and
/// again in memory laid out beforehand; a `Tape` is a graph that computes while it records.
package class Graph<T: VectorScalar> {
  /// The parameters that layers find by name; nil while they are being declared.
  package let parameters: Parameters<T>?
  /// Whether layers that differ in training, as dropout does, behave as in training.
  package let isTraining: Bool
  let randomness: Randomness
  private(set) var records: [Record<T>] = []
  private var path: [String] = []
  private var parameterNodes: [String: Node<T>] = [:]
  private var declaration: Declaration?

  /// - Parameter seed: of what chance there is in the computation: dropout
  package init(_ parameters: Parameters<T>, isTraining: Bool = false, seed: UInt64 = 0) {
    self.parameters = parameters
    self.isTraining = isTraining
    randomness = Randomness(seed: seed)
  }

  /// A graph in which parameters come into being as layers ask for them.
  init(declaring: Void) {
    parameters = nil
    isTraining = true
    randomness = Randomness(seed: 0)
    declaration = Declaration()
  }

  /// Numbers that are written before each run.
  package func input(_ shape: TensorShape, wantsGradient: Bool = false) -> Node<T> {
    append(Record(source: .input, shape: shape, path: pathText, needsGradient: wantsGradient))
  }

  /// Whole numbers that are written before each run: classes, or rows to gather.
  package func indices(_ shape: TensorShape, below bound: Int) -> Indices {
    Indices(shape: shape, bound: bound)
  }

  /// Names what is recorded inside: the layers' path in errors, summaries and parameters.
  package func named<R>(
    _ name: String, _ body: () throws(TensorError) -> R
  ) throws(TensorError) -> R {
    path.append(name)
    defer { path.removeLast() }
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
    let name = (path + [name]).joined(separator: ".")
    let index: Int
    if let parameters {
      index = try parameters.index(of: name, shape: shape)
    } else {
      index = try declare(name, shape, initialiser)
    }
    if let known = parameterNodes[name] { return known }
    let node = append(
      Record(source: .parameter(index), shape: shape, path: name, needsGradient: isTraining))
    parameterNodes[name] = node
    return node
  }

  private func declare(
    _ name: String, _ shape: TensorShape, _ initialiser: Initialiser
  ) throws(TensorError) -> Int {
    guard let index = try declaration?.add(name, shape, initialiser) else {
      throw .unknownParameter(name, nearest: nil)
    }
    return index
  }

  /// What was declared, and an end to declaring.
  func declared() -> Declaration { declaration ?? Declaration() }

  /// Adds an operation whose inputs have been checked.
  func record(
    _ operation: some Operation<T>, _ inputs: [Node<T>], shape: TensorShape
  ) throws(TensorError) -> Node<T> {
    for input in inputs where input.graph !== self {
      throw .foreignValue(place(type(of: operation).name))
    }
    let needsGradient = inputs.contains { records[$0.id].needsGradient }
    return append(
      Record(
        source: .operation(operation, inputs.map(\.id)), shape: shape, path: pathText,
        needsGradient: needsGradient))
  }

  /// The same memory under another shape, from an offset on.
  func view(
    _ node: Node<T>, shape: TensorShape, offset: Int = 0, needsGradient: Bool? = nil
  ) -> Node<T> {
    append(
      Record(
        source: .view(of: node.id, offset: offset), shape: shape, path: pathText,
        needsGradient: needsGradient ?? records[node.id].needsGradient))
  }

  private func append(_ record: Record<T>) -> Node<T> {
    records.append(record)
    let node = Node(graph: self, id: records.count - 1, shape: record.shape)
    recorded(node)
    return node
  }

  /// Multiplications of one forward pass.
  package var work: Int {
    records.indices.reduce(0) { $0 + (operation($1)?.0.work ?? 0) }
  }

  /// For a graph that computes at once.
  func recorded(_ node: Node<T>) {}

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
}

/// One value of a graph.
struct Record<T: VectorScalar> {
  enum Source {
    case input
    case parameter(Int)
    case operation(any Operation<T>, [Int])
    case view(of: Int, offset: Int)
  }

  let source: Source
  let shape: TensorShape
  /// The layer it was recorded in.
  let path: String
  let needsGradient: Bool
}

/// A value while its graph is recorded: a shape, and where it comes from.
package struct Node<T: VectorScalar> {
  package let graph: Graph<T>
  let id: Int
  package let shape: TensorShape
}

/// Whole numbers that an operation reads, in memory of their own.
///
/// Safe to share because only the owner of a plan writes them, between runs.
package final class Indices: @unchecked Sendable {
  package let shape: TensorShape
  /// All of them are in 0..<bound.
  package let bound: Int
  let start: UnsafeMutablePointer<Int32>

  init(shape: TensorShape, bound: Int) {
    self.shape = shape
    self.bound = bound
    start = .allocate(capacity: max(1, shape.count))
    start.initialize(repeating: 0, count: max(1, shape.count))
  }

  deinit { start.deallocate() }

  package var count: Int { shape.count }

  /// Lends the numbers for writing, and looks at them afterwards.
  package func write(_ body: (inout MutableSpan<Int32>) -> Void) throws(TensorError) {
    var span = UnsafeMutableBufferPointer(start: start, count: count).mutableSpan
    body(&span)
    try check()
  }

  package func write(_ values: some Collection<Int>) throws(TensorError) {
    guard values.count == count else { throw .inputCount(shape, given: values.count) }
    for (place, value) in values.enumerated() { start[place] = Int32(clamping: value) }
    try check()
  }

  private func check() throws(TensorError) {
    for place in 0..<count where start[place] < 0 || start[place] >= bound {
      let value = Int(start[place])
      start[place] = 0
      throw .index(value, place: place, bound: bound)
    }
  }
}
