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
          try LinearAlgebra.multiplyBySelf(standard, transposingLeft: true, into: result, on: pool)
        } catch {
          throw .linearAlgebra(error)
        }
        pool.forEachChunk(of: result.rows, minimumChunk: 128) { rows in
          for row in rows { hold(result, row: row) }
        }
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

  /// Rounding may leave [−1, 1] by a few units in the last place.
  private static func hold(_ result: MutableMatrixView<Double>, row: Int) {
    let line = result.start + row * result.stride
    for column in 0..<result.columns {
      let value = line[column]
      let below = value > 1 ? 1 : value
      line[column] = below < -1 ? -1 : below
    }
    line[row] = line[row].isNaN ? .nan : 1
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
  private let samples: MatrixView<Double>

  init(_ samples: MatrixView<Double>) { self.samples = samples }

  /// Writes the centred columns, and the mean of each where there is room given for it.
  func write(
    to result: MutableMatrixView<Double>, scalesToUnitLength: Bool,
    means: UnsafeMutablePointer<Double>? = nil
  ) {
    let columns = samples.columns
    withUnsafeTemporaryAllocation(of: Double.self, capacity: 3 * max(1, columns)) { buffer in
      guard let first = buffer.baseAddress else { return }
      let second = first + columns
      let squares = second + columns
      first.initialize(repeating: 0, count: 3 * columns)
      addColumns(into: first)
      let share = 1 / Double(samples.rows)
      for column in 0..<columns { first[column] *= share }
      subtract(first, into: result, sums: second, squares: squares)
      for column in 0..<columns {
        let sum = second[column]
        second[column] = sum * share
        squares[column] -= sum * second[column]
      }
      if let means {
        for column in 0..<columns { means[column] = first[column] + second[column] }
      }
      for column in 0..<columns {
        squares[column] = scalesToUnitLength ? 1 / squares[column].squareRoot() : 1
      }
      for row in 0..<samples.rows {
        let line = result.start + row * result.stride
        for column in 0..<columns {
          line[column] = (line[column] - second[column]) * squares[column]
        }
      }
    }
  }

  private func addColumns(into sums: UnsafeMutablePointer<Double>) {
    for row in 0..<samples.rows {
      let line = samples.start + row * samples.stride
      for column in 0..<samples.columns { sums[column] += line[column] }
    }
  }

  private func subtract(
    _ means: UnsafePointer<Double>, into result: MutableMatrixView<Double>,
    sums: UnsafeMutablePointer<Double>, squares: UnsafeMutablePointer<Double>
  ) {
    for row in 0..<samples.rows {
      let line = samples.start + row * samples.stride
      let target = result.start + row * result.stride
      for column in 0..<samples.columns {
        let difference = line[column] - means[column]
        target[column] = difference
        sums[column] += difference
        squares[column].addProduct(difference, difference)
      }
    }
  }
}
