import Glibc
import Numerics

/// Aligned memory that starts as zeros.
enum Memory<T: VectorScalar> {
  /// A count rounded up to whole cache lines.
  static func rounded(_ count: Int) -> Int {
    let line = T.Lanes.scalarCount
    return (count + line - 1) / line * line
  }

  /// The system's large pages: 512 small ones each, one entry of the processor's tables, and side by
  /// side in its caches.
  private static var largePage: Int { 1 << 21 }

  static func allocate(_ count: Int) -> UnsafeMutablePointer<T> {
    // A register more than asked for, so that the last one may be read whole.
    let capacity = rounded(count) + T.Lanes.scalarCount
    let byteCount = capacity * MemoryLayout<T>.stride
    let bytes: UnsafeMutableRawPointer
    if byteCount >= largePage / 2 {
      let whole = (byteCount + largePage - 1) / largePage * largePage
      bytes = .allocate(byteCount: whole, alignment: largePage)
      // A wish: where it is not granted, pages are small.
      madvise(bytes, whole, MADV_HUGEPAGE)
    } else {
      bytes = .allocate(byteCount: byteCount, alignment: 64)
    }
    let start = bytes.bindMemory(to: T.self, capacity: capacity)
    start.initialize(repeating: 0, count: capacity)
    return start
  }

  static func free(_ start: UnsafeMutablePointer<T>) { UnsafeMutableRawPointer(start).deallocate() }
}
