/// How samples move together.
public enum Correlation {
  /// Pearson's correlation of each column with each, from rows of observations: `numpy.corrcoef`
  /// with `rowvar=False`.
  ///
  /// Columns are centred twice, so that a mean far larger than the deviation costs no digits. A
  /// column that does not vary, or holds a value that is not finite, has NaN everywhere.
  public static func matrix(
    _ samples: MatrixView<Double>, on pool: Pool = .shared
  ) throws(StatisticsError) -> Matrix<Double> {
    try check(samples.shape, "correlation")
    let standard = standardized(samples, on: pool)
    let shape = Shape(rows: samples.columns, columns: samples.columns)
    var result = Matrix<Double>(uninitialized: shape, padded: false)
    try standard.withView { (standard) throws(StatisticsError) in
      try result.withMutableView { (result) throws(StatisticsError) in
        do throws(LinearAlgebraError) {
          // Rounding may leave [−1, 1] by a few units in the last place.
          try LinearAlgebra.multiplyBySelf(
            standard, transposingLeft: true, holdingTo: 1, into: result, on: pool)
        } catch {
          throw .linearAlgebra(error)
        }
        for i in 0..<result.rows { result[i, i] = result[i, i].isNaN ? .nan : 1 }
      }
    }
    return result
  }

  /// The same of a matrix.
  public static func matrix(
    _ samples: Matrix<Double>, on pool: Pool = .shared
  ) throws(StatisticsError) -> Matrix<Double> {
    try samples.withView { (view) throws(StatisticsError) in try matrix(view, on: pool) }
  }

  static func check(_ shape: Shape, _ operation: String) throws(StatisticsError) {
    guard shape.rows >= 2 else {
      throw .tooFew(operation: operation, count: shape.rows, needed: 2)
    }
    guard shape.columns >= 1 else { throw .tooFew(operation: operation, count: 0, needed: 1) }
  }

  /// The samples with columns of mean 0 and length 1.
  private static func standardized(_ samples: MatrixView<Double>, on pool: Pool) -> Matrix<Double> {
    var result = Matrix<Double>(uninitialized: samples.shape, padded: false)
    result.withMutableView { result in
      pool.forEachChunk(of: samples.columns, minimumChunk: 64, alignedTo: 8) { columns in
        let columnBlock = 0..<samples.rows
        ColumnCentring(samples.block(rows: columnBlock, columns: columns))
          .write(to: result.block(rows: columnBlock, columns: columns), scalesToUnitLength: true)
      }
    }
    return result
  }
}

/// Means of columns, taken off in two steps (Chan, Golub and LeVeque, Algorithms for Computing the
/// Sample Variance, 1983): the first difference is all but exact, and its own mean, which would be 0
/// but for rounding, is taken off as well.
struct ColumnCentring {
  private typealias Lanes = Double.Lanes

  private let samples: MatrixView<Double>

  init(_ samples: MatrixView<Double>) { self.samples = samples }

  /// Writes the centred columns.
  func write(to result: MutableMatrixView<Double>, scalesToUnitLength: Bool) {
    let width = Lanes.scalarCount
    for column in Swift.stride(from: 0, to: samples.columns, by: width) {
      write(
        column, min(width, samples.columns - column), to: result,
        scalesToUnitLength: scalesToUnitLength)
    }
  }

  /// As many columns as a register has lanes, or the last few.
  private func write(
    _ column: Int, _ count: Int, to result: MutableMatrixView<Double>, scalesToUnitLength: Bool
  ) {
    let source = samples.start + column
    let target = result.start + column
    let isWhole = count == Lanes.scalarCount
    @inline(__always) func load(_ place: UnsafePointer<Double>) -> Lanes {
      isWhole ? place.lanes() : place.lanes(first: count)
    }
    @inline(__always) func store(_ lanes: Lanes, _ place: UnsafeMutablePointer<Double>) {
      if isWhole { place.store(lanes) } else { place.store(lanes, first: count) }
    }
    let share = Lanes(repeating: 1 / Double(samples.rows))
    let first = load(source)
    var way = Lanes.zero
    for row in 0..<samples.rows {
      way.addProduct(load(source + row * samples.stride) - first, share)
    }
    // From the first value, so that a column that stands still is exactly its own mean.
    let mean = first + way
    var rest = Lanes.zero
    var squares = Lanes.zero
    for row in 0..<samples.rows {
      let difference = load(source + row * samples.stride) - mean
      store(difference, target + row * result.stride)
      rest += difference
      squares.addProduct(difference, difference)
    }
    // Sums of squares near the format's ends have lost digits, or everything.
    if scalesToUnitLength, !(0..<count).allSatisfy({ (0x1p-800...0x1p1000).contains(squares[$0]) })
    {
      bringNearOne(result, column, count)
      (rest, squares) = (.zero, .zero)
      for row in 0..<samples.rows {
        let difference = load(target + row * result.stride)
        rest += difference
        squares.addProduct(difference, difference)
      }
    }
    let restMean = rest * share
    squares -= rest * restMean
    let scale = scalesToUnitLength ? 1 / squares.squareRoot() : Lanes(repeating: 1)
    for row in 0..<samples.rows {
      let place = target + row * result.stride
      store((load(place) - restMean) * scale, place)
    }
  }

  /// Multiplies each of a few columns by the power of two that brings its greatest number near 1.
  private func bringNearOne(_ result: MutableMatrixView<Double>, _ start: Int, _ count: Int) {
    for column in start..<start + count {
      let greatest = (0..<result.rows).reduce(0.0) { max($0, result[$1, column].magnitude) }
      let factor = greatest.factorNearOne
      for row in 0..<result.rows { result[row, column] *= factor }
    }
  }
}
