import Glibc
import Market

/// Columns that a batch fills: for each symbol one an output, all in one piece of memory.
///
/// `@unchecked Sendable`: it is written by one batch at a time, and shared as columns only when that is
/// done.
public final class FeatureTable: @unchecked Sendable {
  /// How many bars each symbol has.
  public let counts: [Int]
  public let outputCount: Int
  private let memory: UnsafeMutablePointer<Double>
  private let starts: [Int]
  let byteCount: Int
  /// Tables up to this size are worth keeping in the caches.
  static let cachedBytes = 16 << 20
  private static let hugePage = 2 << 20

  public init(counts: [Int], outputCount: Int) {
    self.counts = counts
    self.outputCount = outputCount
    var size = 0
    starts = counts.map { count in
      defer { size += Self.room(count) * outputCount }
      return size
    }
    byteCount = max(1, size) * MemoryLayout<Double>.stride
    let isLarge = byteCount > Self.cachedBytes
    let bytes = UnsafeMutableRawPointer.allocate(
      byteCount: byteCount, alignment: isLarge ? Self.hugePage : 64)
    // Hundreds of columns are written side by side: more pages than the processor remembers, unless
    // they are large. Only a wish, so its refusal is no error.
    if isLarge { _ = madvise(bytes, byteCount, MADV_HUGEPAGE) }
    memory = bytes.bindMemory(to: Double.self, capacity: size)
  }

  deinit { memory.deallocate() }

  /// A column's length, rounded up so that the next one begins on a line of the cache.
  private static func room(_ count: Int) -> Int { (count + 7) / 8 * 8 }

  /// One column, for as long as the table lives.
  public func values(symbol: Int, output: Int) -> UnsafeBufferPointer<Double> {
    UnsafeBufferPointer(target(symbol: symbol, output: output))
  }

  func target(symbol: Int, output: Int) -> UnsafeMutableBufferPointer<Double> {
    precondition((0..<outputCount).contains(output), "no such output")
    let count = counts[symbol]
    let start = memory + (starts[symbol] + Self.room(count) * output)
    return UnsafeMutableBufferPointer(start: start, count: count)
  }

  /// One column that keeps the table's memory alive; the table must not be filled again.
  func column(symbol: Int, output: Int) -> Column<Double> {
    Column(foreign: values(symbol: symbol, output: output), release: { [self] in _ = self })
  }
}
