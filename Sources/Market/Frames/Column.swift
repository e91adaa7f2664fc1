/// One contiguous, typed, immutable column; slices share its memory.
///
/// Memory made here is aligned to 64 bytes, so that vector code and Arrow can use it as it is.
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
    precondition(count >= 0, "a column has no negative length")
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: Swift.max(1, count) * MemoryLayout<Element>.stride, alignment: 64)
    let buffer = UnsafeMutableBufferPointer(
      start: memory.bindMemory(to: Element.self, capacity: count), count: count)
    do throws(Failure) {
      try fill(buffer)
    } catch {
      memory.deallocate()
      throw error
    }
    self.init(
      storage: ColumnStorage(buffer: UnsafeBufferPointer(buffer), origin: .allocated(memory)),
      offset: 0, count: count)
  }

  public init(_ values: some Collection<Element>) {
    self.init(count: values.count) { buffer in
      _ = buffer.initialize(fromContentsOf: values)
    }
  }

  /// `count` times the same value.
  public init(repeating value: Element, count: Int) {
    self.init(count: count) { $0.initialize(repeating: value) }
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
    try withExtendedLifetime(storage) { () throws(Failure) in
      try body(UnsafeBufferPointer(rebasing: storage.buffer[offset..<offset + count]))
    }
  }
}

extension Column: Equatable where Element: Equatable {
  /// Equal values in the same order; NaN is not equal to itself.
  public static func == (a: Column, b: Column) -> Bool { a.elementsEqual(b) }
}

// Sharing memory with another library, as the Arrow C data interface does.
extension Column {
  /// A column's memory and what keeps it alive: whoever holds `owner` may read `values`.
  package struct Handle: @unchecked Sendable {
    // Safe to send: the memory is written only before the column exists.
    package let values: UnsafeBufferPointer<Element>
    package let owner: AnyObject
  }

  /// The memory itself, without copying, for one that outlives the call: keep the handle's owner as
  /// long as the values are read.
  package var handle: Handle {
    Handle(
      values: UnsafeBufferPointer(rebasing: storage.buffer[offset..<offset + count]),
      owner: storage)
  }

  /// A column over memory that another library made, without copying.
  ///
  /// `values` must not change until `release` is called, which happens once, when the last column
  /// that shares the memory is gone, on any thread.
  package init(
    foreign values: UnsafeBufferPointer<Element>, release: @escaping @Sendable () -> Void
  ) {
    self.init(
      storage: ColumnStorage(buffer: values, origin: .foreign(release)), offset: 0,
      count: values.count)
  }
}

/// The memory behind columns.
///
/// `@unchecked Sendable`: it is written once, inside `Column.init` or by another library, before any
/// other owner exists, and only read afterwards.
final class ColumnStorage<Element: BitwiseCopyable & Sendable>: @unchecked Sendable {
  enum Origin {
    case allocated(UnsafeMutableRawPointer)
    case foreign(@Sendable () -> Void)
  }

  let buffer: UnsafeBufferPointer<Element>
  private let origin: Origin

  init(buffer: UnsafeBufferPointer<Element>, origin: Origin) {
    self.buffer = buffer
    self.origin = origin
  }

  deinit {
    switch origin {
    case .allocated(let memory): memory.deallocate()
    case .foreign(let release): release()
    }
  }
}
