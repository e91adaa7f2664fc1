/// Rows of numbers in memory that someone else owns, for reading.
///
/// Like `UnsafeBufferPointer`, it must not outlive that memory.
@frozen public struct MatrixView<Scalar: BLASScalar> {
  public let start: UnsafePointer<Scalar>
  public let shape: Shape
  /// From one row to the next, in elements.
  public let stride: Int

  @inlinable public var rows: Int { shape.rows }
  @inlinable public var columns: Int { shape.columns }

  @inlinable public init(start: UnsafePointer<Scalar>, shape: Shape, stride: Int? = nil) {
    self.start = start
    self.shape = shape
    self.stride = stride ?? shape.columns
    precondition(self.stride >= shape.columns, "rows do not overlap")
  }

  @inlinable public subscript(row: Int, column: Int) -> Scalar { start[row * stride + column] }

  /// A rectangle of it.
  @inlinable public func block(rows: Range<Int>, columns: Range<Int>) -> MatrixView {
    precondition(rows.upperBound <= self.rows && columns.upperBound <= self.columns, "inside")
    return MatrixView(
      start: start + rows.lowerBound * stride + columns.lowerBound,
      shape: Shape(rows: rows.count, columns: columns.count), stride: stride)
  }

  /// The place of the first NaN or infinity.
  public func firstNonFinite() -> (row: Int, column: Int)? {
    for row in 0..<rows {
      let line = UnsafeBufferPointer(start: start + row * stride, count: columns)
      // x − x is 0 for finite x and NaN for all others; one sum tells whether to look closer.
      let sum = line.reduce(into: Scalar(0)) { $0 += $1 - $1 }
      if sum == 0 { continue }
      if let column = line.firstIndex(where: { !$0.isFinite }) { return (row, column) }
    }
    return nil
  }
}

/// Rows of numbers in memory that someone else owns, for writing.
@frozen public struct MutableMatrixView<Scalar: BLASScalar> {
  public let start: UnsafeMutablePointer<Scalar>
  public let shape: Shape
  /// From one row to the next, in elements.
  public let stride: Int

  @inlinable public var rows: Int { shape.rows }
  @inlinable public var columns: Int { shape.columns }

  @inlinable public init(start: UnsafeMutablePointer<Scalar>, shape: Shape, stride: Int? = nil) {
    self.start = start
    self.shape = shape
    self.stride = stride ?? shape.columns
    precondition(self.stride >= shape.columns, "rows do not overlap")
  }

  @inlinable public subscript(row: Int, column: Int) -> Scalar {
    get { start[row * stride + column] }
    nonmutating set { start[row * stride + column] = newValue }
  }

  /// The same for reading.
  @inlinable public var view: MatrixView<Scalar> {
    MatrixView(start: start, shape: shape, stride: stride)
  }

  /// A rectangle of it.
  @inlinable public func block(rows: Range<Int>, columns: Range<Int>) -> MutableMatrixView {
    precondition(rows.upperBound <= self.rows && columns.upperBound <= self.columns, "inside")
    return MutableMatrixView(
      start: start + rows.lowerBound * stride + columns.lowerBound,
      shape: Shape(rows: rows.count, columns: columns.count), stride: stride)
  }
}
