import Numerics

/// Whole numbers that operations read, in memory of their own: classes, or rows to gather.
///
/// Safe to share because only the owner of a plan writes them, between runs, or the plan itself.
package final class Indices: @unchecked Sendable {
  package let shape: TensorShape
  /// All of them are in 0..<bound.
  package let bound: Int
  let start: UnsafeMutablePointer<Int32>
  /// The value of a graph whose operation writes them; nil where the owner of a plan does.
  private(set) var source: Int?
  private(set) weak var graph: AnyObject?

  init(shape: TensorShape, bound: Int) {
    self.shape = shape
    self.bound = bound
    start = .allocate(capacity: max(1, shape.count))
    start.initialize(repeating: 0, count: max(1, shape.count))
  }

  deinit { start.deallocate() }

  /// Says which value's operation writes them.
  func follow<T>(_ node: Node<T>) {
    source = node.id
    graph = node.graph
  }

  package var count: Int { shape.count }

  /// Lends the numbers for writing, and looks at them afterwards.
  package func write(_ body: (inout MutableSpan<Int32>) -> Void) throws(TensorError) {
    var span = UnsafeMutableBufferPointer(start: start, count: count).mutableSpan
    body(&span)
    try check()
  }

  package func write(_ values: some Collection<Int>) throws(TensorError) {
    guard values.count == count else { throw .count(shape, given: values.count) }
    for (place, value) in values.enumerated() { start[place] = Int32(clamping: value) }
    try check()
  }

  /// The numbers, in order of rows.
  package var values: [Int] { (0..<count).map { Int(start[$0]) } }

  private func check() throws(TensorError) {
    for place in 0..<count where start[place] < 0 || start[place] >= bound {
      let value = Int(start[place])
      start[place] = 0
      throw .index(value, place: place, bound: bound)
    }
  }
}

/// Truth values that operations read, in memory of their own: what is missing, or not allowed.
///
/// Safe to share because only the owner of a plan writes them, between runs.
package final class Mask: @unchecked Sendable {
  package let shape: TensorShape
  let start: UnsafeMutablePointer<Bool>

  init(shape: TensorShape) {
    self.shape = shape
    start = .allocate(capacity: max(1, shape.count))
    start.initialize(repeating: false, count: max(1, shape.count))
  }

  deinit { start.deallocate() }

  package var count: Int { shape.count }

  /// Lends the values for writing.
  package func write(_ body: (inout MutableSpan<Bool>) -> Void) {
    var span = UnsafeMutableBufferPointer(start: start, count: count).mutableSpan
    body(&span)
  }

  package func write(_ values: some Collection<Bool>) throws(TensorError) {
    guard values.count == count else { throw .count(shape, given: values.count) }
    for (place, value) in values.enumerated() { start[place] = value }
  }
}
