import Numerics

/// A matrix somewhere in memory, by the distances from row to row and from column to column.
@usableFromInline
struct Strided<T: VectorScalar> {
  let start: UnsafePointer<T>
  let row: Int
  let column: Int

  init(_ start: UnsafePointer<T>, row: Int, column: Int = 1) {
    self.start = start
    self.row = row
    self.column = column
  }

  var transposed: Strided { Strided(start, row: column, column: row) }

  @inline(__always)
  func at(_ i: Int, _ j: Int) -> UnsafePointer<T> { start + (i &* row &+ j &* column) }
}
