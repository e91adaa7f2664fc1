import Runtime

/// Features of many rows, row by row, in memory that is never written to again: its own, or that of a
/// file which processes share.
///
/// Safe to share because nobody writes to it once it is made.
package final class FeatureMatrix: @unchecked Sendable {
  package let names: [String]
  package let rows: Int
  package let start: UnsafePointer<Float>
  private let release: @Sendable () -> Void

  package var columns: Int { names.count }

  /// - Parameter fill: writes all rows, features side by side
  package init(
    names: [String], rows: Int, _ fill: (UnsafeMutableBufferPointer<Float>) throws -> Void
  ) rethrows {
    self.names = names
    self.rows = rows
    let memory = UnsafeMutablePointer<Float>.allocate(capacity: max(1, rows * names.count))
    memory.initialize(repeating: 0, count: max(1, rows * names.count))
    start = UnsafePointer(memory)
    // Only this closure frees it, once nobody has the matrix any more.
    nonisolated(unsafe) let owned = memory
    release = { owned.deallocate() }
    try fill(UnsafeMutableBufferPointer(start: memory, count: rows * names.count))
  }

  /// Numbers that lie in memory already.
  ///
  /// - Parameter release: called when nobody needs them any more
  init(
    names: [String], rows: Int, at start: UnsafePointer<Float>,
    release: @escaping @Sendable () -> Void
  ) {
    self.names = names
    self.rows = rows
    self.start = start
    self.release = release
  }

  deinit { release() }

  /// All numbers, for writing them to a file.
  var bytes: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: start, count: rows * columns * MemoryLayout<Float>.stride)
  }

  package subscript(row: Int, column: Int) -> Float {
    precondition(row >= 0 && row < rows && column >= 0 && column < columns, "within the matrix")
    return start[row * columns + column]
  }
}
