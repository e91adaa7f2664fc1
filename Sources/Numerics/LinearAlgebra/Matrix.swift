/// The memory of a matrix, beginning on a cache line.
///
/// Safe to share because `Matrix` changes it only when no other matrix refers to it.
@usableFromInline final class MatrixStorage<Scalar: BLASScalar>: @unchecked Sendable {
  @usableFromInline let base: UnsafeMutablePointer<Scalar>
  @usableFromInline let count: Int

  @usableFromInline init(count: Int) {
    self.count = count
    let bytes = UnsafeMutableRawPointer.allocate(
      byteCount: max(1, count) * MemoryLayout<Scalar>.stride, alignment: 64)
    base = bytes.bindMemory(to: Scalar.self, capacity: max(1, count))
  }

  deinit { UnsafeMutableRawPointer(base).deallocate() }
}

/// Rows of numbers, one after the other, that own their memory.
///
/// Value semantics: a copy shares memory until one of the two changes. Memory begins on a cache
/// line; with `padded`, so does every row.
public struct Matrix<Scalar: BLASScalar>: Sendable {
  public let shape: Shape
  /// From one row to the next, in elements.
  public let stride: Int
  @usableFromInline var storage: MatrixStorage<Scalar>

  @inlinable public var rows: Int { shape.rows }
  @inlinable public var columns: Int { shape.columns }

  /// A matrix of one value everywhere.
  @inlinable public init(rows: Int, columns: Int, repeating value: Scalar = 0, padded: Bool = false)
  {
    self.init(uninitialized: Shape(rows: rows, columns: columns), padded: padded)
    storage.base.initialize(repeating: value, count: storage.count)
  }

  /// A matrix with memory that holds nothing yet.
  @inlinable init(uninitialized shape: Shape, padded: Bool) {
    precondition(shape.rows >= 0 && shape.columns >= 0, "a matrix has no negative side")
    self.shape = shape
    let line = 64 / MemoryLayout<Scalar>.stride
    stride = padded ? (shape.columns + line - 1) / line * line : shape.columns
    storage = MatrixStorage(count: shape.rows * stride)
  }

  /// A matrix whose elements the body gives, by row and column.
  @inlinable public init(
    rows: Int, columns: Int, padded: Bool = false, _ element: (Int, Int) -> Scalar
  ) {
    self.init(rows: rows, columns: columns, padded: padded)
    for row in 0..<rows {
      for column in 0..<columns { storage.base[row * stride + column] = element(row, column) }
    }
  }

  /// A matrix of the elements in order of rows.
  @inlinable public init(rows: Int, columns: Int, _ elements: some Collection<Scalar>) {
    precondition(elements.count == rows * columns, "as many elements as the shape has")
    self.init(uninitialized: Shape(rows: rows, columns: columns), padded: false)
    _ = UnsafeMutableBufferPointer(start: storage.base, count: storage.count)
      .initialize(fromContentsOf: elements)
  }

  @inlinable public static func identity(_ size: Int) -> Matrix {
    Matrix(rows: size, columns: size) { $0 == $1 ? 1 : 0 }
  }

  @inlinable public subscript(row: Int, column: Int) -> Scalar {
    get {
      precondition(row >= 0 && row < rows && column >= 0 && column < columns, "outside the matrix")
      return storage.base[row * stride + column]
    }
    set {
      precondition(row >= 0 && row < rows && column >= 0 && column < columns, "outside the matrix")
      makeUnique()
      storage.base[row * stride + column] = newValue
    }
  }

  /// The elements in order of rows, without padding.
  @inlinable public var elements: [Scalar] {
    (0..<rows).flatMap { row in
      UnsafeBufferPointer(start: storage.base + row * stride, count: columns)
    }
  }

  @inlinable public var transposed: Matrix {
    Matrix(rows: columns, columns: rows) { storage.base[$1 * stride + $0] }
  }

  /// Lends one row for reading.
  @inlinable public func withRow<Result, Failure: Error>(
    _ row: Int, _ body: (Span<Scalar>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    precondition(row >= 0 && row < rows, "outside the matrix")
    defer { withExtendedLifetime(storage) {} }
    return try body(UnsafeBufferPointer(start: storage.base + row * stride, count: columns).span)
  }

  /// Lends the memory for reading.
  @inlinable public func withView<Result, Failure: Error>(
    _ body: (MatrixView<Scalar>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    // The storage must outlive the body, which only holds an address.
    defer { withExtendedLifetime(storage) {} }
    return try body(MatrixView(start: storage.base, shape: shape, stride: stride))
  }

  /// Lends the memory for writing.
  @inlinable public mutating func withMutableView<Result, Failure: Error>(
    _ body: (MutableMatrixView<Scalar>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    makeUnique()
    defer { withExtendedLifetime(storage) {} }
    return try body(MutableMatrixView(start: storage.base, shape: shape, stride: stride))
  }

  @inlinable mutating func makeUnique() {
    guard !isKnownUniquelyReferenced(&storage) else { return }
    let copy = MatrixStorage<Scalar>(count: storage.count)
    copy.base.initialize(from: storage.base, count: storage.count)
    storage = copy
  }
}

extension Matrix: Equatable {
  @inlinable public static func == (a: Matrix, b: Matrix) -> Bool {
    a.shape == b.shape && a.elements == b.elements
  }
}
