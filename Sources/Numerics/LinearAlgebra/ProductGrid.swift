/// How the result of a product is cut into blocks, one a thread.
///
/// It depends on the shapes and the number of threads alone.
struct ProductGrid {
  /// Multiply-adds that pay for a thread: about two microseconds of work.
  static let minimumWork = 1 << 19

  private let rows: Partition
  private let columns: Partition

  init(_ product: Shape, depth: Int, threads: Int) {
    let work = product.rows.multipliedReportingOverflow(by: product.columns).partialValue * depth
    let blocks = max(1, min(threads, work / Self.minimumWork))
    // Of all ways to write the number of blocks as a product, the one whose blocks are squarest
    // reads least of a and b.
    var best = (down: 1, across: blocks)
    var leastEdge = Int.max
    for down in 1...blocks where blocks % down == 0 {
      let across = blocks / down
      let edge = product.rows / down + product.columns / across
      if edge < leastEdge {
        leastEdge = edge
        best = (down, across)
      }
    }
    // Blocks end on cache lines and on the width of the kernels.
    rows = Partition(count: product.rows, threads: best.down, alignedTo: 16)
    columns = Partition(count: product.columns, threads: best.across, alignedTo: 16)
  }

  private var blocks: Int { rows.parts * columns.parts }

  /// One part a block.
  var partition: Partition { Partition(count: blocks, threads: max(1, blocks)) }

  subscript(block: Int) -> (rows: Range<Int>, columns: Range<Int>) {
    (rows[block / columns.parts], columns[block % columns.parts])
  }
}

/// How the lower triangle of a symmetric result is cut into bands of rows with equal area.
struct TriangleBands {
  let size: Int
  private let count: Int

  init(size: Int, depth: Int, threads: Int) {
    self.size = size
    let work = size * size / 2 * depth
    count = size == 0 ? 0 : max(1, min(threads, work / ProductGrid.minimumWork, size / 16))
  }

  /// One part a band.
  var partition: Partition { Partition(count: count, threads: max(1, count)) }

  subscript(band: Int) -> Range<Int> { edge(band)..<edge(band + 1) }

  private func edge(_ band: Int) -> Int {
    if band == count { return size }
    let exact = Double(size) * (Double(band) / Double(count)).squareRoot()
    return Int(exact / 16) * 16
  }
}
