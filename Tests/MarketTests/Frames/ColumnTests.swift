import Market
import Synchronization
import Testing

@Suite("Column") struct ColumnTests {
  @Test("holds its values, aligned to 64 bytes, and slices share the memory")
  func slices() {
    let column = Column((0..<100).map(Double.init))
    #expect(Array(column) == (0..<100).map(Double.init))
    let slice = column.slice(10..<20).slice(2..<4)
    #expect(Array(slice) == [12, 13])
    #expect(column.handle.values.baseAddress.map { Int(bitPattern: $0) % 64 } == 0)
    #expect(slice.handle.values.baseAddress == column.handle.values.baseAddress.map { $0 + 12 })
    let ownerIsShared = slice.handle.owner === column.handle.owner
    #expect(ownerIsShared)
    slice.withUnsafeValues { #expect($0.count == 2 && $0[1] == 13) }
    #expect(column.slice(100..<100).isEmpty)
    #expect(Column<Int32>([]).handle.values.isEmpty)
    #expect(Column(repeating: true, count: 3) == Column([true, true, true]))
  }

  @Test("memory outlives the column as long as someone keeps the handle")
  func handleKeepsMemory() {
    weak var storage: AnyObject?
    var handle: Column<Int64>.Handle? = Column<Int64>([1, 2, 3]).slice(1..<3).handle
    storage = handle?.owner
    #expect(handle.map { Array($0.values) } == [2, 3])
    handle = nil
    #expect(storage == nil)
  }

  @Test("foreign memory is not copied and is released once, after the last slice")
  func foreignMemory() {
    let releases = Mutex(0)
    let memory = UnsafeMutableBufferPointer<Int32>.allocate(capacity: 4)
    defer { memory.deallocate() }
    _ = memory.initialize(fromContentsOf: [1, 2, 3, 4])
    func slice() -> Column<Int32> {
      let column = Column(foreign: UnsafeBufferPointer(memory)) { releases.withLock { $0 += 1 } }
      #expect(column.handle.values.baseAddress == UnsafePointer(memory.baseAddress))
      return column.slice(1..<2)
    }
    do {
      let kept = slice()
      #expect(Array(kept) == [2])
      withExtendedLifetime(kept) { #expect(releases.withLock { $0 } == 0) }
    }
    #expect(releases.withLock { $0 } == 1)
  }

  @Test("a fill that fails hands on its error")
  func failingFill() {
    struct Failure: Error, Equatable {}
    #expect(throws: Failure()) {
      try Column<Double>(count: 8) { (_) throws(Failure) in throw Failure() }
    }
  }
}
