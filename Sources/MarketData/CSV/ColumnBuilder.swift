import Market

/// A column that grows while a file is read.
final class ColumnBuilder<Element: BitwiseCopyable & Sendable> {
  private var memory: UnsafeMutableBufferPointer<Element>
  private(set) var count = 0

  init(capacity: Int) { memory = Self.allocate(capacity) }

  deinit { UnsafeMutableRawPointer(memory.baseAddress)?.deallocate() }

  /// Aligned as columns are.
  private static func allocate(_ capacity: Int) -> UnsafeMutableBufferPointer<Element> {
    let capacity = max(1, capacity)
    let bytes = UnsafeMutableRawPointer.allocate(
      byteCount: capacity * MemoryLayout<Element>.stride, alignment: 64)
    return UnsafeMutableBufferPointer(
      start: bytes.bindMemory(to: Element.self, capacity: capacity), count: capacity)
  }

  /// Room for `additional` values behind those that are there; `advance` says how many were set.
  func tail(reserving additional: Int) -> UnsafeMutableBufferPointer<Element> {
    if count + additional > memory.count {
      let larger = Self.allocate(max(count + additional, 2 * memory.count))
      _ = larger.initialize(fromContentsOf: memory[..<count])
      UnsafeMutableRawPointer(memory.baseAddress)?.deallocate()
      memory = larger
    }
    return UnsafeMutableBufferPointer(rebasing: memory[count...])
  }

  func advance(by added: Int) {
    precondition(count + added <= memory.count, "no more was set than there was room for")
    count += added
  }

  /// The values as a column that takes the memory over; the builder is empty afterwards.
  func column() -> Column<Element> {
    let taken = Handover(memory: memory)
    let values = UnsafeBufferPointer(rebasing: memory[..<count])
    memory = Self.allocate(0)
    count = 0
    return Column(foreign: values) { taken.release() }
  }

  /// Memory on its way into a column.
  ///
  /// `@unchecked Sendable`: the column is its only reader, and calls `release` once.
  private struct Handover: @unchecked Sendable {
    let memory: UnsafeMutableBufferPointer<Element>
    func release() { UnsafeMutableRawPointer(memory.baseAddress)?.deallocate() }
  }
}
