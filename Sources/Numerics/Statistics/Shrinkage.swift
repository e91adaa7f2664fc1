/// A covariance drawn towards a multiple of the identity, so that it can be inverted even from few
/// observations: Ledoit and Wolf, A Well-Conditioned Estimator for Large-Dimensional Covariance
/// Matrices (2004).
public struct ShrunkCovariance: Sendable {
  public let matrix: Matrix<Double>
  /// How much of it is the identity's multiple, from 0 to 1.
  public let shrinkage: Double

  /// - Parameter samples: rows of observations, all finite
  public init(_ samples: Matrix<Double>, on pool: Pool = .shared) throws(StatisticsError) {
    let shape = samples.shape
    try Correlation.check(shape, "ledoit-wolf")
    if let (row, column) = samples.withView({ $0.firstNonFinite() }) {
      throw .notANumber(operation: "ledoit-wolf row \(row)", index: column)
    }
    var centred = Matrix<Double>(rows: shape.rows, columns: shape.columns)
    samples.withView { samples in
      centred.withMutableView {
        ColumnCentring(samples).write(to: $0, scalesToUnitLength: false)
      }
    }
    let n = Double(shape.rows)
    let size = Double(shape.columns)
    var covariance = Matrix<Double>(rows: shape.columns, columns: shape.columns)
    try centred.withView { (view) throws(StatisticsError) in
      try covariance.withMutableView { (result) throws(StatisticsError) in
        do throws(LinearAlgebraError) {
          try LinearAlgebra.multiplyBySelf(
            view, transposingLeft: true, alpha: 1 / n, into: result, on: pool)
        } catch {
          throw .linearAlgebra(error)
        }
      }
    }
    let fourth = Self.sumOfSquaredLengths(centred)
    let scale = (0..<shape.columns).reduce(0) { $0 + covariance[$1, $1] } / size
    let (squares, distance) = Self.squares(covariance, from: scale)
    // How far observations scatter about their covariance, per observation.
    let noise = min((fourth / n - squares) / n, distance)
    shrinkage = distance > 0 ? max(0, noise / distance) : 0
    let share = shrinkage
    matrix = Matrix(rows: shape.columns, columns: shape.columns) { row, column in
      (1 - share) * covariance[row, column] + (row == column ? share * scale : 0)
    }
  }

  /// Σ over the rows of the fourth power of their lengths.
  private static func sumOfSquaredLengths(_ centred: Matrix<Double>) -> Double {
    var total = 0.0
    for row in 0..<centred.rows {
      let square = centred.withRow(row) { line in
        line.indices.reduce(0.0) { $0 + line[$1] * line[$1] }
      }
      total += square * square
    }
    return total
  }

  /// The squared length of the matrix, and that of its distance from the identity's multiple.
  private static func squares(
    _ matrix: Matrix<Double>, from scale: Double
  ) -> (Double, distance: Double) {
    var squares = 0.0
    var distance = 0.0
    for row in 0..<matrix.rows {
      matrix.withRow(row) { line in
        for column in line.indices {
          let away = line[column] - (row == column ? scale : 0)
          squares += line[column] * line[column]
          distance += away * away
        }
      }
    }
    return (squares, distance)
  }
}
