import Runtime

/// Features of many rows, row by row, in memory that is never written to again.
///
/// Safe to share because nobody writes to it once it is made.
package final class FeatureMatrix: @unchecked Sendable {
  package let names: [String]
  package let rows: Int
  package let start: UnsafePointer<Float>
  private let memory: UnsafeMutablePointer<Float>

  package var columns: Int { names.count }

  /// - Parameter fill: writes all rows, features side by side
  package init(
    names: [String], rows: Int, _ fill: (UnsafeMutableBufferPointer<Float>) throws -> Void
  ) rethrows {
    self.names = names
    self.rows = rows
    memory = .allocate(capacity: max(1, rows * names.count))
    memory.initialize(repeating: 0, count: max(1, rows * names.count))
    start = UnsafePointer(memory)
    try fill(UnsafeMutableBufferPointer(start: memory, count: rows * names.count))
  }

  deinit { memory.deallocate() }

  package subscript(row: Int, column: Int) -> Float {
    precondition(row >= 0 && row < rows && column >= 0 && column < columns, "within the matrix")
    return start[row * columns + column]
  }
}
