/// One contiguous, typed, immutable column; slices share its memory.
///
/// Memory is aligned to 64 bytes, so that vector code and Arrow can use it as it is.
/// Missing numbers are quiet NaN.
public struct Column<Element: BitwiseCopyable & Sendable>: RandomAccessCollection, Sendable {
  let storage: ColumnStorage<Element>
  let offset: Int
  public let count: Int

  init(storage: ColumnStorage<Element>, offset: Int, count: Int) {
    self.storage = storage
    self.offset = offset
    self.count = count
  }

  /// A column of `count` values, all of which `fill` must set.
  public init<Failure: Error>(
    count: Int, fill: (UnsafeMutableBufferPointer<Element>) throws(Failure) -> Void
  ) throws(Failure) {
    storage = ColumnStorage(capacity: count)
    offset = 0
    self.count = count
    try fill(storage.buffer)
  }

  public init(_ values: some Collection<Element>) {
    self.init(count: values.count) { buffer in
      _ = buffer.initialize(fromContentsOf: values)
    }
  }

  public var startIndex: Int { 0 }
  public var endIndex: Int { count }

  public subscript(position: Int) -> Element {
    precondition(position >= 0 && position < count, "column index out of range")
    return storage.buffer[offset + position]
  }

  /// The rows of `range`, without copying.
  public func slice(_ range: Range<Int>) -> Column {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "column slice out of range")
    return Column(storage: storage, offset: offset + range.lowerBound, count: range.count)
  }

  /// The one way to the memory itself, for kernels; valid only during the call.
  public func withUnsafeValues<Result, Failure: Error>(
    _ body: (UnsafeBufferPointer<Element>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(UnsafeBufferPointer(rebasing: storage.buffer[offset..<offset + count]))
  }
}

/// The memory behind columns.
///
/// `@unchecked Sendable`: it is written once, inside `Column.init`, before any other owner exists,
/// and only read afterwards.
final class ColumnStorage<Element: BitwiseCopyable & Sendable>: @unchecked Sendable {
  let buffer: UnsafeMutableBufferPointer<Element>

  init(capacity: Int) {
    let bytes = UnsafeMutableRawPointer.allocate(
      byteCount: Swift.max(1, capacity) * MemoryLayout<Element>.stride, alignment: 64)
    buffer = UnsafeMutableBufferPointer(
      start: bytes.bindMemory(to: Element.self, capacity: capacity), count: capacity)
  }

  deinit { UnsafeMutableRawPointer(buffer.baseAddress)?.deallocate() }
}
