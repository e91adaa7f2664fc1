import Numerics

extension Product {
  /// Multiplications that pay for handing a part to another thread.
  private static var leastWork: Int { 1 << 19 }

  /// target = left · the packed matrix, on the threads of the pool where that pays, and something to
  /// do with finished rows while they are in the cache.
  @inline(__always)
  static func multiplyShared(
    _ left: Strided<T>, _ panels: Panels<T>, _ packed: UnsafePointer<T>, rows: Int,
    into target: Target, then finish: (Range<Int>) -> Void = { _ in }
  ) {
    let perRow = max(1, panels.depth &* panels.columns)
    let minimumChunk = max(12, leastWork / perRow)
    Pool.shared.forEachChunk(of: rows, minimumChunk: minimumChunk, alignedTo: 12) { range in
      // In blocks, so that `finish` finds the rows in the cache.
      var first = range.lowerBound
      while first < range.upperBound {
        let end = min(range.upperBound, first &+ 96)
        let block = Target(
          start: target.start + first &* target.stride, stride: target.stride, bias: target.bias,
          accumulates: target.accumulates)
        multiply(
          Strided(left.at(first, 0), row: left.row, column: left.column), panels, packed,
          rows: end &- first, into: block)
        finish(first..<end)
        first = end
      }
    }
  }
}
