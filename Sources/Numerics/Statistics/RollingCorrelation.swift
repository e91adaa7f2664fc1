extension Correlation {
  /// Pearson's correlation of each column with each, in every window of `width` rows: window w holds
  /// rows w to w + width − 1.
  ///
  /// Each window is computed afresh, so nothing drifts; means and lengths are taken in double
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
    pool.forEachChunk(of: samples.rows - width + 1, minimumChunk: 4) { windows in
      var room = CorrelationRoom(width: width, columns: samples.columns)
      for window in windows {
        let rows = samples.block(
          rows: window..<window + width, columns: 0..<samples.columns)
        room.withMatrix(of: rows) { body(window, $0) }
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

/// What the correlation matrix of one window is computed in.
private struct CorrelationRoom {
  private typealias Square = LaneSquare16

  private let columns: Int
  /// Columns of mean 0 and length 1.
  private var standard: Matrix<Double>
  /// The same in single precision, columns filled up with zeros to whole tiles.
  private var factors: Matrix<Float>
  private var product: Matrix<Float>

  init(width: Int, columns: Int) {
    self.columns = columns
    let padded = (columns + GramTile.columns - 1) / GramTile.columns * GramTile.columns
    let rows = (columns + Square.side - 1) / Square.side * Square.side
    standard = Matrix(rows: width, columns: columns)
    factors = Matrix(rows: width, columns: padded)
    product = Matrix(rows: rows, columns: padded)
  }

  mutating func withMatrix(of samples: MatrixView<Double>, _ body: (MatrixView<Float>) -> Void) {
    let count = columns
    factors.withMutableView { factors in
      standard.withMutableView { standard in
        ColumnCentring(samples).write(to: standard, scalesToUnitLength: true)
        for row in 0..<standard.rows {
          let (from, to) = (
            standard.start + row * standard.stride, factors.start + row * factors.stride
          )
          for column in 0..<count { to[column] = Float(from[column]) }
        }
      }
      product.withMutableView { product in
        Self.multiplyBySelf(factors.view, into: product)
        for i in 0..<count { product[i, i] = product[i, i].isNaN ? .nan : 1 }
        body(product.view.block(rows: 0..<count, columns: 0..<count))
      }
    }
  }

  /// One half tile by tile, the other by turning squares of what was just written.
  private static func multiplyBySelf(
    _ factors: MatrixView<Float>, into product: MutableMatrixView<Float>
  ) {
    let side = Square.side
    for left in stride(from: 0, to: product.rows, by: GramTile.columns) {
      for top in stride(from: left / side * side, to: product.rows, by: side) {
        for row in stride(from: top, to: top + side, by: GramTile.rows) {
          var tile = GramTile()
          tile.add(factors, row: row, column: left)
          tile.store(product.start + (row * product.stride + left), apart: product.stride)
        }
        for column in stride(from: left, to: min(left + GramTile.columns, top), by: side) {
          var square = Square(
            rows: product.start + (top * product.stride + column), apart: product.stride)
          square.turn()
          square.store(
            rows: product.start + (column * product.stride + top), apart: product.stride)
        }
      }
    }
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
  mutating func add(_ factors: MatrixView<Float>, row: Int, column: Int) {
    var left = factors.start + row
    var right = factors.start + column
    var rest = factors.rows
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

  /// Rounding may leave [−1, 1] by a few units in the last place.
  @inline(__always)
  func store(_ target: UnsafeMutablePointer<Float>, apart step: Int) {
    for r in 0..<Self.rows {
      for v in 0..<3 {
        (target + (r &* step &+ v &* 16)).store(sums[r][v].held(from: -1, to: 1))
      }
    }
  }
}

/// Sixteen registers of sixteen numbers: rows that become columns.
private struct LaneSquare16 {
  private typealias Lanes = SIMD16<Float>

  static let side = 16

  private var rows = InlineArray<16, Lanes>(repeating: .zero)

  @inline(__always)
  init(rows source: UnsafePointer<Float>, apart step: Int) {
    for row in 0..<16 { rows[row] = (source + row &* step).lanes() }
  }

  @inline(__always)
  func store(rows target: UnsafeMutablePointer<Float>, apart step: Int) {
    for row in 0..<16 { (target + row &* step).store(rows[row]) }
  }

  /// The perfect shuffle, four times.
  @inline(__always)
  mutating func turn() {
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
