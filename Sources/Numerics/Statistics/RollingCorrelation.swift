extension Correlation {
  /// Pearson's correlation of each column with each, in every window of `width` rows: window w holds
  /// rows w to w + width − 1.
  ///
  /// No window is made from the one before, so nothing drifts; means and lengths are taken in double
  /// precision, coefficients in single, within 1e-6 of `matrix`. A column that does not vary in a
  /// window, or holds a value that is not finite, has NaN there.
  ///
  /// - Parameter body: is lent the matrix of a window while it is in the cache. Windows are shared out
  ///   on the pool: it runs on several threads at once.
  public static func rolling(
    _ samples: MatrixView<Double>, width: Int, on pool: Pool = .shared,
    _ body: (_ window: Int, _ matrix: MatrixView<Float>) -> Void
  ) throws(StatisticsError) {
    guard width >= 2 else {
      throw .parameter(
        operation: "rolling correlation", name: "width", value: Double(width),
        allowed: "2 rows or more")
    }
    guard samples.rows >= width else {
      throw .tooFew(operation: "rolling correlation", count: samples.rows, needed: width)
    }
    try check(samples.shape, "rolling correlation")
    let most = WindowBlock.most(width: width)
    pool.forEachChunk(
      of: samples.rows - width + 1, minimumChunk: most, alignedTo: most
    ) { windows in
      let block = WindowBlock(width: width, columns: samples.columns)
      for first in stride(from: windows.lowerBound, to: windows.upperBound, by: most) {
        let count = min(most, windows.upperBound - first)
        let rows = first..<first + width + count - 1
        block.run(samples.block(rows: rows, columns: 0..<samples.columns), count) {
          body(first + $0, $1)
        }
      }
    }
  }

  /// The same of a matrix.
  public static func rolling(
    _ samples: Matrix<Double>, width: Int, on pool: Pool = .shared,
    _ body: (_ window: Int, _ matrix: MatrixView<Float>) -> Void
  ) throws(StatisticsError) {
    try samples.withView { (view) throws(StatisticsError) in
      try rolling(view, width: width, on: pool, body)
    }
  }
}

/// A few neighbouring windows, computed together: products of the rows that all of them hold are
/// summed once, and each adds its own few.
///
/// Columns are measured from the mean of those common rows, in units of their length, so that
/// nothing cancels in the sums which does not in the window itself.
private final class WindowBlock {
  private typealias Square = LaneSquare16

  private let width: Int
  private let columns: Int
  private let memory: UnsafeMutablePointer<Float>
  /// The rows in those units, columns filled up with zeros to whole tiles.
  private let factors: MutableMatrixView<Float>
  /// Of each window its columns' sums, over the root of the width, and one over their lengths.
  private let sums: MutableMatrixView<Float>
  private let scales: MutableMatrixView<Float>
  private let products: [MutableMatrixView<Float>]

  /// How many windows a block has at most; at least two rows are common to them.
  static func most(width: Int) -> Int { max(1, min(4, width - 1)) }

  init(width: Int, columns: Int) {
    self.width = width
    self.columns = columns
    let padded = (columns + GramTile.columns - 1) / GramTile.columns * GramTile.columns
    let rows = (columns + Square.side - 1) / Square.side * Square.side
    let most = Self.most(width: width)
    let lines = width + most - 1 + 2 * most + most * rows
    let bytes = UnsafeMutableRawPointer.allocate(
      byteCount: lines * padded * MemoryLayout<Float>.stride, alignment: 64)
    let memory = bytes.bindMemory(to: Float.self, capacity: lines * padded)
    memory.initialize(repeating: 0, count: lines * padded)
    var start = memory
    func view(_ rows: Int) -> MutableMatrixView<Float> {
      defer { start += rows * padded }
      return MutableMatrixView(start: start, shape: Shape(rows: rows, columns: padded))
    }
    factors = view(width + most - 1)
    sums = view(most)
    scales = view(most)
    products = (0..<most).map { _ in view(rows) }
    self.memory = memory
  }

  deinit { memory.deallocate() }

  /// The rows of so many windows.
  func run(
    _ samples: MatrixView<Double>, _ count: Int, _ body: (Int, MatrixView<Float>) -> Void
  ) {
    let lanes = Double.Lanes.scalarCount
    for column in stride(from: 0, to: columns, by: lanes) {
      measure(samples, count, column, min(lanes, columns - column))
    }
    multiply(count)
    for window in 0..<count {
      let product = products[window]
      for i in 0..<columns { product[i, i] = product[i, i].isNaN ? .nan : 1 }
      body(window, product.view.block(rows: 0..<columns, columns: 0..<columns))
    }
  }

  /// Rows of the block that one window of so many holds and not all of them do.
  @inline(__always)
  private func ownRows(_ window: Int, of count: Int) -> (older: Range<Int>, newer: Range<Int>) {
    (window..<count - 1, width..<width + window)
  }

  /// One register of columns.
  private func measure(
    _ samples: MatrixView<Double>, _ count: Int, _ column: Int, _ width: Int
  ) {
    typealias Lanes = Double.Lanes
    let isWhole = width == Lanes.scalarCount
    @inline(__always) func load(_ row: Int) -> Lanes {
      let place = samples.start + (row * samples.stride + column)
      return isWhole ? place.lanes() : place.lanes(first: width)
    }
    let common = count - 1..<self.width
    let first = load(common.lowerBound)
    var sum = Lanes.zero
    for row in common { sum += load(row) - first }
    // From the first value, so that a column that stands still is exactly its own mean.
    let centre = first + sum * (1 / Double(common.count))
    var squares = Lanes.zero
    for row in common {
      let distance = load(row) - centre
      squares.addProduct(distance, distance)
    }
    let scale = unit(squares, load, centre, rows: samples.rows)
    (sum, squares) = (.zero, .zero)
    for row in 0..<samples.rows {
      let value = (load(row) - centre) * scale
      factors.write(value, row, column)
      guard common.contains(row) else { continue }
      sum += value
      squares.addProduct(value, value)
    }
    for window in 0..<count {
      var (total, length) = (sum, squares)
      let (older, newer) = ownRows(window, of: count)
      for row in [older, newer].joined() {
        let value = (load(row) - centre) * scale
        total += value
        length.addProduct(value, value)
      }
      total *= 1 / Double(self.width).squareRoot()
      sums.write(total, window, column)
      scales.write(1 / (length - total * total).squareRoot(), window, column)
    }
  }

  /// One over the length of the common rows, or, where they stand still, over the greatest finite
  /// distance of any row.
  private func unit(
    _ squares: Double.Lanes, _ load: (Int) -> Double.Lanes, _ centre: Double.Lanes, rows: Int
  ) -> Double.Lanes {
    var scale = 1 / squares.squareRoot()
    for lane in 0..<Double.Lanes.scalarCount where squares[lane] == 0 {
      let greatest = (0..<rows).reduce(0.0) { greatest, row in
        let distance = (load(row) - centre)[lane].magnitude
        return distance.isFinite ? max(greatest, distance) : greatest
      }
      scale[lane] = greatest > 0 ? 1 / greatest : 1
    }
    return scale
  }

  /// One half tile by tile, the other by turning squares of what was just written.
  private func multiply(_ count: Int) {
    let side = Square.side
    let common = count - 1..<width
    let rows = products[0].rows
    for left in stride(from: 0, to: rows, by: GramTile.columns) {
      for top in stride(from: left / side * side, to: rows, by: side) {
        for row in stride(from: top, to: top + side, by: GramTile.rows) {
          var shared = GramTile()
          shared.add(factors, common, row: row, column: left)
          for window in 0..<count { finish(shared, window, of: count, row: row, column: left) }
        }
        for window in 0..<count {
          for column in stride(from: left, to: min(left + GramTile.columns, top), by: side) {
            Square.copyTurned(products[window], row: top, column: column)
          }
        }
      }
    }
  }

  /// Adds a window's own rows to a tile of the sums over the common ones.
  ///
  /// Never inlined: the compiler keeps a tile in registers only in functions that are not too large.
  @inline(never)
  private func finish(_ shared: GramTile, _ window: Int, of count: Int, row: Int, column: Int) {
    var tile = shared
    let (older, newer) = ownRows(window, of: count)
    tile.add(factors, older, row: row, column: column)
    tile.add(factors, newer, row: row, column: column)
    let target = products[window]
    let start = target.start + (row &* target.stride &+ column)
    tile.store(start, apart: target.stride)
    let means = UnsafePointer(sums.start + window &* sums.stride)
    let lengths = UnsafePointer(scales.start + window &* scales.stride)
    GramTile.correlate(
      start, apart: target.stride, means: (means + row, means + column),
      scales: (lengths + row, lengths + column))
  }
}

extension MutableMatrixView<Float> {
  /// Writes what there is of a register of columns.
  @inline(__always)
  fileprivate func write(_ lanes: SIMD8<Double>, _ row: Int, _ column: Int) {
    let place = start + (row * stride + column)
    for lane in 0..<8 { place[lane] = Float(lanes[lane]) }
  }
}

/// A block of the product of a matrix's transpose with it, held in registers.
private struct GramTile {
  private typealias Lanes = SIMD16<Float>
  private typealias Line = InlineArray<3, Lanes>

  static let rows = 8
  static let columns = 48

  private var sums = InlineArray<8, Line>(repeating: Line(repeating: .zero))

  @inline(__always)
  init() {}

  @inline(__always)
  mutating func add(_ factors: MutableMatrixView<Float>, _ rows: Range<Int>, row: Int, column: Int)
  {
    var left = UnsafePointer(factors.start) + (rows.lowerBound &* factors.stride &+ row)
    var right = UnsafePointer(factors.start) + (rows.lowerBound &* factors.stride &+ column)
    var rest = rows.count
    while rest > 0 {
      let line: Line = [right.lanes(), (right + 16).lanes(), (right + 32).lanes()]
      for r in 0..<Self.rows {
        let factor = Lanes(repeating: left[r])
        for v in 0..<3 { sums[r][v] = sums[r][v].addingProduct(factor, line[v]) }
      }
      left += factors.stride
      right += factors.stride
      rest &-= 1
    }
  }

  @inline(__always)
  func store(_ target: UnsafeMutablePointer<Float>, apart step: Int) {
    for r in 0..<Self.rows {
      for v in 0..<3 { (target + (r &* step &+ v &* 16)).store(sums[r][v]) }
    }
  }

  /// Takes the means off and divides by the lengths; the same on both sides of the diagonal.
  ///
  /// In a pass of its own over what was just stored, for a tile does not leave registers for it.
  @inline(__always)
  static func correlate(
    _ target: UnsafeMutablePointer<Float>, apart step: Int,
    means: (rows: UnsafePointer<Float>, columns: UnsafePointer<Float>),
    scales: (rows: UnsafePointer<Float>, columns: UnsafePointer<Float>)
  ) {
    for row in 0..<rows {
      let mean = Lanes(repeating: -means.rows[row])
      let scale = scales.rows[row]
      for column in stride(from: 0, to: columns, by: 16) {
        let place = target + (row &* step &+ column)
        let product = UnsafePointer(place).lanes()
        let covariance = product.addingProduct(mean, (means.columns + column).lanes())
        let length = (scales.columns + column).lanes() * scale
        // Rounding may leave [−1, 1] by a few units in the last place.
        place.store((covariance * length).held(from: -1, to: 1))
      }
    }
  }
}

/// Sixteen registers of sixteen numbers: rows that become columns.
private struct LaneSquare16 {
  private typealias Lanes = SIMD16<Float>

  static let side = 16

  private var rows = InlineArray<16, Lanes>(repeating: .zero)

  /// Copies a square below the diagonal to the one above it.
  @inline(__always)
  static func copyTurned(_ matrix: MutableMatrixView<Float>, row: Int, column: Int) {
    var square = LaneSquare16(
      rows: UnsafePointer(matrix.start) + (row &* matrix.stride &+ column), apart: matrix.stride)
    square.turn()
    square.store(rows: matrix.start + (column &* matrix.stride &+ row), apart: matrix.stride)
  }

  @inline(__always)
  private init(rows source: UnsafePointer<Float>, apart step: Int) {
    for row in 0..<16 { rows[row] = (source + row &* step).lanes() }
  }

  @inline(__always)
  private func store(rows target: UnsafeMutablePointer<Float>, apart step: Int) {
    store(target, step, rows[0], rows[1], rows[2], rows[3])
    store(target + 4 &* step, step, rows[4], rows[5], rows[6], rows[7])
    store(target + 8 &* step, step, rows[8], rows[9], rows[10], rows[11])
    store(target + 12 &* step, step, rows[12], rows[13], rows[14], rows[15])
  }

  @inline(__always)
  private func store(
    _ target: UnsafeMutablePointer<Float>, _ step: Int, _ a: Lanes, _ b: Lanes, _ c: Lanes,
    _ d: Lanes
  ) {
    target.store(a)
    (target + step).store(b)
    (target + 2 &* step).store(c)
    (target + 3 &* step).store(d)
  }

  /// The perfect shuffle, four times.
  @inline(__always)
  private mutating func turn() {
    for _ in 0..<4 {
      var next = rows
      for pair in 0..<8 {
        let both = SIMD32(lowHalf: rows[2 &* pair], highHalf: rows[2 &* pair &+ 1])
        next[pair] = both.evenHalf
        next[pair &+ 8] = both.oddHalf
      }
      rows = next
    }
  }
}
