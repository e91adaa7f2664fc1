/// Q · R of a design with few columns, by Householder's reflections; it knows which column the ones
/// before it explain.
struct OrthogonalFactor {
  /// The reflections' vectors, one a row, below which R's columns stand.
  private var columns: Matrix<Double>
  private var upper: Matrix<Double>

  /// - Parameter columns: the design's columns, one a row
  init(_ columns: Matrix<Double>) throws(StatisticsError) {
    self.columns = columns
    let (k, n) = (columns.rows, columns.columns)
    upper = Matrix(rows: k, columns: k)
    for column in 0..<k {
      let whole = Self.length(columns, column, from: 0)
      let rest = Self.length(self.columns, column, from: column)
      guard rest > whole * Double(n).squareRoot() * 0x1p-50 else {
        throw .singularDesign(column: column, of: Shape(rows: n, columns: k))
      }
      let diagonal = self.columns[column, column] > 0 ? -rest : rest
      for row in 0..<column { upper[row, column] = self.columns[column, row] }
      upper[column, column] = diagonal
      self.columns[column, column] -= diagonal
      let scale = 1 / Self.length(self.columns, column, from: column)
      for row in column..<n { self.columns[column, row] *= scale }
      for row in 0..<column { self.columns[column, row] = 0 }
      for later in (column + 1)..<max(column + 1, k) {
        var sum = DoubleDouble.zero
        for row in column..<n {
          sum += DoubleDouble.product(self.columns[column, row], self.columns[later, row])
        }
        let twice = 2 * sum.value
        for row in column..<n { self.columns[later, row] -= twice * self.columns[column, row] }
      }
    }
  }

  /// The coefficients that fit best.
  func solve(_ response: [Double]) -> [Double] {
    var rotated = response
    for column in 0..<columns.rows { reflect(&rotated, column) }
    var result = [Double](repeating: 0, count: columns.rows)
    for row in result.indices.reversed() {
      var rest = rotated[row]
      for column in (row + 1)..<max(row + 1, result.count) {
        rest -= upper[row, column] * result[column]
      }
      result[row] = rest / upper[row, row]
    }
    return result
  }

  /// Q's columns, one a row.
  var orthonormal: Matrix<Double> {
    var result = Matrix<Double>(rows: columns.rows, columns: columns.columns)
    for row in 0..<result.rows {
      var line = [Double](repeating: 0, count: result.columns)
      line[row] = 1
      for column in (0..<columns.rows).reversed() { reflect(&line, column) }
      for place in line.indices { result[row, place] = line[place] }
    }
    return result
  }

  private func reflect(_ vector: inout [Double], _ column: Int) {
    var sum = DoubleDouble.zero
    for row in column..<vector.count {
      sum += DoubleDouble.product(columns[column, row], vector[row])
    }
    let twice = 2 * sum.value
    for row in column..<vector.count { vector[row] -= twice * columns[column, row] }
  }

  /// R⁻¹.
  var inverse: Matrix<Double> {
    let k = upper.rows
    var inverse = Matrix<Double>(rows: k, columns: k)
    for column in 0..<k {
      for row in (0...column).reversed() {
        var rest = row == column ? 1.0 : 0
        for inner in (row + 1)..<max(row + 1, k) {
          rest -= upper[row, inner] * inverse[inner, column]
        }
        inverse[row, column] = rest / upper[row, row]
      }
    }
    return inverse
  }

  private static func length(_ columns: Matrix<Double>, _ column: Int, from row: Int) -> Double {
    var sum = DoubleDouble.zero
    for row in row..<columns.columns {
      sum += DoubleDouble.product(columns[column, row], columns[column, row])
    }
    return sum.value.squareRoot()
  }
}
