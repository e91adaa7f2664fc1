import Numerics
import Runtime

/// A model's weights: one flat run of numbers, each tensor under the path of its layer.
///
/// ```swift
/// let model = MLP([26, 64, 64, 9])
/// let weights = try Parameters<Float>(seed: 7) { graph in
///   _ = try model("policy", graph.input([1, 26]))
/// }
/// ```
///
/// The first values of a parameter depend on the seed and on its own name alone, so a layer more
/// changes no other. Safe to share because numbers are written only by the one who trains, between
/// runs of the plans that read them.
package final class Parameters<T: VectorScalar>: @unchecked Sendable {
  package struct Entry: Sendable, Equatable {
    package let name: String
    package let shape: TensorShape
    /// Where it begins in the flat run.
    package let offset: Int
    /// Whether it follows its gradient; a running statistic does not.
    package let isTrained: Bool
  }

  /// In the order in which layers asked for them.
  package let entries: [Entry]
  /// Numbers in the flat run; tensors begin on cache lines, and what lies between is zero.
  package let count: Int
  /// Those at the start of the run that follow gradients; running statistics come after them.
  let trainedCount: Int
  let start: UnsafeMutablePointer<T>
  let device: any Device
  /// Counts the changes of the numbers.
  private(set) var version: UInt64 = 0
  private let indices: [String: Int]
  let trace: Graph<T>

  /// Runs the model once on shapes and draws the first values of what its layers ask for.
  package convenience init(
    seed: UInt64, _ model: (Graph<T>) throws(TensorError) -> Void
  ) throws(TensorError) {
    try self.init(seed: seed, on: Processor(), model)
  }

  init(
    seed: UInt64, on device: any Device, _ model: (Graph<T>) throws(TensorError) -> Void
  ) throws(TensorError) {
    let graph = Graph<T>(declaring: ())
    try model(graph)
    try graph.throwFault()
    let items = graph.declared().items
    var offsets = [Int](repeating: 0, count: items.count)
    var end = 0
    func place(where isTrained: Bool) {
      for (index, item) in items.enumerated() where item.isTrained == isTrained {
        offsets[index] = end
        end += Memory<T>.rounded(item.shape.count)
      }
    }
    place(where: true)
    trainedCount = end
    place(where: false)
    count = end
    entries = zip(items, offsets).map {
      Entry(name: $0.name, shape: $0.shape, offset: $1, isTrained: $0.isTrained)
    }
    trace = graph
    indices = Dictionary(
      uniqueKeysWithValues: entries.enumerated().map { ($0.element.name, $0.offset) })
    self.device = device
    start = device.allocate(end)
    let chance = RandomStream(seed: seed, purpose: "parameters")
    for (entry, item) in zip(entries, items) {
      var stream = chance.split(entry.name)
      item.initialiser.fill(
        UnsafeMutableBufferPointer(start: start + entry.offset, count: entry.shape.count),
        shape: entry.shape, from: &stream)
    }
  }

  /// The same names with numbers of their own, which begin as a copy.
  package init(copying other: Parameters) {
    entries = other.entries
    count = other.count
    trainedCount = other.trainedCount
    trace = other.trace
    indices = other.indices
    device = other.device
    start = device.allocate(count)
    start.update(from: other.start, count: count)
  }

  deinit { device.free(start) }

  func index(of name: String, shape: TensorShape) throws(TensorError) -> Int {
    let index = try index(of: name)
    guard entries[index].shape == shape else {
      throw .parameterShape(name, stored: entries[index].shape, asked: shape)
    }
    return index
  }

  private func index(of name: String) throws(TensorError) -> Int {
    guard let index = indices[name] else {
      throw .unknownParameter(name, nearest: Words.nearest(to: name, among: entries.map(\.name)))
    }
    return index
  }

  /// The parameter of that name.
  package func entry(_ name: String) throws(TensorError) -> Entry { entries[try index(of: name)] }

  /// How many weights there are.
  package var weightCount: Int {
    entries.reduce(0) { $0 + ($1.isTrained ? $1.shape.count : 0) }
  }

  /// A copy of one parameter's numbers.
  package subscript(_ name: String) -> Tensor<T>? {
    indices[name].map { index in
      let entry = entries[index]
      return Tensor(entry.shape, copying: start + entry.offset)
    }
  }

  /// Gives one parameter new numbers.
  package func set(_ name: String, to tensor: Tensor<T>) throws(TensorError) {
    let index = try index(of: name, shape: tensor.shape)
    tensor.copy(to: start + entries[index].offset)
    changed()
  }

  /// To be called by whoever has written numbers.
  func changed() { version &+= 1 }
}

/// Parameters as layers ask for them, each once.
struct Declaration {
  struct Item {
    let name: String
    let shape: TensorShape
    let initialiser: Initialiser
    let isTrained: Bool
  }

  private(set) var items: [Item] = []

  /// The number of the new parameter.
  mutating func add(_ item: Item) -> Int {
    items.append(item)
    return items.count - 1
  }
}
