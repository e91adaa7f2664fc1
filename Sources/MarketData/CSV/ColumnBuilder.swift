import Market

/// A column that grows while a file is read.
final class ColumnBuilder<Element: BitwiseCopyable & Sendable> {
  private var memory: UnsafeMutableBufferPointer<Element>
  private(set) var count = 0

  init(capacity: Int) { memory = .allocate(capacity: max(1, capacity)) }

  deinit { memory.deallocate() }

  /// Room for `additional` values behind those that are there; `advance` says how many were set.
  func tail(reserving additional: Int) -> UnsafeMutableBufferPointer<Element> {
    if count + additional > memory.count {
      let larger = UnsafeMutableBufferPointer<Element>.allocate(
        capacity: max(count + additional, 2 * memory.count))
      _ = larger.initialize(fromContentsOf: memory[..<count])
      memory.deallocate()
      memory = larger
    }
    return UnsafeMutableBufferPointer(rebasing: memory[count...])
  }

  func advance(by added: Int) {
    precondition(count + added <= memory.count, "no more was set than there was room for")
    count += added
  }

  var values: UnsafeBufferPointer<Element> { UnsafeBufferPointer(rebasing: memory[..<count]) }

  func column() -> Column<Element> { Column(values) }
}
