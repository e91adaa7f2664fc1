import Numerics

/// Numbers in up to six dimensions.
///
/// A value: a copy shares memory until one of the two changes. Views (slices, transposes) share it
/// too, and what is done to a view does not show in what it was taken from. Computation happens in
/// graphs; a tensor carries numbers in and out.
///
/// ```swift
/// let prices = try Tensor<Float>([2, 3], [1, 2, 3, 4, 5, 6])
/// let turned = try prices.permuted([1, 0])  // [3, 2], nothing is copied
/// try turned[2, 1]                          // 6
/// ```
package struct Tensor<Element: BitwiseCopyable & Sendable>: Sendable {
  package let shape: TensorShape
  /// From one index to the next along each dimension, in elements.
  let strides: [Int]
  private let offset: Int
  private var storage: TensorStorage<Element>

  init(shape: TensorShape, strides: [Int], offset: Int, storage: TensorStorage<Element>) {
    self.shape = shape
    self.strides = strides
    self.offset = offset
    self.storage = storage
  }

  /// One value everywhere.
  package init(_ shape: TensorShape, repeating value: Element) throws(TensorError) {
    self.init(try Self.checked(shape), copying: repeatElement(value, count: shape.count))
  }

  /// The elements in order of rows.
  package init(_ shape: TensorShape, _ elements: some Collection<Element>) throws(TensorError) {
    guard elements.count == shape.count else { throw .count(shape, given: elements.count) }
    self.init(try Self.checked(shape), copying: elements)
  }

  /// As many elements as the shape has, in order of rows.
  init(_ shape: TensorShape, copying elements: some Collection<Element>) {
    let storage = TensorStorage<Element>(count: shape.count)
    _ = UnsafeMutableBufferPointer(start: storage.start, count: shape.count)
      .initialize(fromContentsOf: elements)
    self.init(shape: shape, strides: shape.strides, offset: 0, storage: storage)
  }

  /// A copy of memory in order of rows.
  init(_ shape: TensorShape, copying start: UnsafePointer<Element>) {
    self.init(shape, copying: UnsafeBufferPointer(start: start, count: shape.count))
  }

  private static func checked(_ shape: TensorShape) throws(TensorError) -> TensorShape {
    if let fault = shape.fault {
      throw .shape(.init(operation: "tensor", path: ""), shape, needed: fault)
    }
    return shape
  }

  /// Memory that somebody else keeps, such as a mapped file; `owner` keeps it alive.
  init(_ shape: TensorShape, borrowing start: UnsafeMutablePointer<Element>, from owner: AnyObject)
  {
    self.init(
      shape: shape, strides: shape.strides, offset: 0,
      storage: TensorStorage(start: start, count: shape.count, owner: owner))
  }

  package var count: Int { shape.count }

  /// Whether the elements lie one after the other.
  package var isContiguous: Bool {
    var expected = 1
    for axis in shape.dimensions.indices.reversed() where shape.dimensions[axis] != 1 {
      if strides[axis] != expected { return false }
      expected *= shape.dimensions[axis]
    }
    return true
  }

  private func place(_ index: [Int]) throws(TensorError) -> Int {
    let isInside =
      index.count == shape.rank
      && zip(index, shape.dimensions).allSatisfy { $0 >= 0 && $0 < $1 }
    guard isInside else { throw .outside(shape, index: index) }
    return zip(index, strides).reduce(offset) { $0 + $1.0 * $1.1 }
  }

  package subscript(_ index: Int...) -> Element {
    get throws(TensorError) { storage.start[try place(index)] }
  }

  package mutating func set(_ value: Element, at index: Int...) throws(TensorError) {
    _ = try place(index)
    makeUnique()
    storage.start[try place(index)] = value
  }

  /// The elements in order of rows.
  package var elements: [Element] {
    [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
      if let start = buffer.baseAddress { copy(to: start) }
      initialized = count
    }
  }

  /// Copies the elements in order of rows.
  func copy(to target: UnsafeMutablePointer<Element>) {
    defer { withExtendedLifetime(storage) {} }
    if isContiguous { return target.update(from: storage.start + offset, count: count) }
    var index = [Int](repeating: 0, count: shape.rank)
    var place = offset
    for i in 0..<count {
      target[i] = storage.start[place]
      var axis = shape.rank - 1
      while axis >= 0 {
        index[axis] += 1
        place += strides[axis]
        if index[axis] < shape.dimensions[axis] { break }
        place -= index[axis] * strides[axis]
        index[axis] = 0
        axis -= 1
      }
    }
  }

  private mutating func makeUnique() {
    if isKnownUniquelyReferenced(&storage), storage.owner == nil { return }
    self = Tensor(shape, copying: elements)
  }
}

extension Tensor {
  /// The same elements under another shape of the same count.
  package func reshaped(_ shape: TensorShape) throws(TensorError) -> Tensor {
    guard shape.count == count, shape.fault == nil else {
      throw .shapes(.init(operation: "reshape", path: ""), first: self.shape, second: shape)
    }
    guard isContiguous else { return Tensor(shape, copying: elements) }
    return Tensor(shape: shape, strides: shape.strides, offset: offset, storage: storage)
  }

  /// Dimensions in another order, without a copy.
  package func permuted(_ order: [Int]) throws(TensorError) -> Tensor {
    guard order.sorted() == Array(0..<shape.rank) else {
      throw .shape(
        .init(operation: "permute", path: ""), shape, needed: "an order of \(shape.rank) dimensions"
      )
    }
    return Tensor(
      shape: TensorShape(order.map { shape.dimensions[$0] }), strides: order.map { strides[$0] },
      offset: offset, storage: storage)
  }

  /// A range of one dimension, without a copy.
  package func slice(_ range: Range<Int>, axis: Int) throws(TensorError) -> Tensor {
    guard let axis = shape.axis(axis), range.lowerBound >= 0, !range.isEmpty,
      range.upperBound <= shape.dimensions[axis]
    else {
      throw .shape(
        .init(operation: "slice", path: ""), shape,
        needed: "a dimension \(axis) of \(range.upperBound) or more")
    }
    return Tensor(
      shape: shape.replacing(axis, with: range.count), strides: strides,
      offset: offset + range.lowerBound * strides[axis], storage: storage)
  }
}

extension Tensor: Equatable where Element: Equatable {
  package static func == (a: Tensor, b: Tensor) -> Bool {
    a.shape == b.shape && a.elements == b.elements
  }
}

/// Safe to share because a tensor changes it only when no other tensor refers to it.
final class TensorStorage<Element: BitwiseCopyable & Sendable>: @unchecked Sendable {
  let start: UnsafeMutablePointer<Element>
  let owner: AnyObject?

  init(count: Int) {
    let bytes = UnsafeMutableRawPointer.allocate(
      byteCount: max(1, count) * MemoryLayout<Element>.stride, alignment: 64)
    start = bytes.bindMemory(to: Element.self, capacity: max(1, count))
    owner = nil
  }

  /// - Parameter owner: frees the memory
  init(start: UnsafeMutablePointer<Element>, count: Int, owner: AnyObject) {
    self.start = start
    self.owner = owner
  }

  deinit { if owner == nil { UnsafeMutableRawPointer(start).deallocate() } }
}
