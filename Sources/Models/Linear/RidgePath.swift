import Numerics

/// Least squares for any penalty, from one decomposition.
///
/// With XᵀX / n = V·diag(λ)·Vᵀ the weights for a penalty p are V·diag(1 / (λ + p))·Vᵀ·Xᵀy / n.
struct RidgePath {
  private let values: [Double]
  private let vectors: Matrix<Double>
  /// Vᵀ·Xᵀy / n, one column a target.
  private let turned: Matrix<Double>

  /// - Parameters:
  ///   - x: one row a sample
  ///   - y: one row a sample and a column a target
  init(_ x: Matrix<Double>, _ y: Matrix<Double>) throws(LinearAlgebraError) {
    let share = 1 / Double(max(1, x.rows))
    var squares = Matrix<Double>(rows: x.columns, columns: x.columns)
    try x.withView { (x) throws(LinearAlgebraError) in
      try squares.withMutableView { (squares) throws(LinearAlgebraError) in
        try LinearAlgebra.multiplyBySelf(x, transposingLeft: true, alpha: share, into: squares)
      }
    }
    let products = try LinearAlgebra.product(x, y, transposingLeft: true)
    let eigen = try SymmetricEigen(squares)
    values = eigen.values
    vectors = eigen.vectors
    let turned = try LinearAlgebra.product(vectors, products, transposingLeft: true)
    self.turned = Matrix(rows: turned.rows, columns: turned.columns) { share * turned[$0, $1] }
  }

  init(_ x: Matrix<Double>, _ y: [Double]) throws(LinearAlgebraError) {
    try self.init(x, Matrix(rows: y.count, columns: 1, y))
  }

  /// One row a number of a sample, one column a target. Directions in which the samples do not differ
  /// get no weight, however small the penalty.
  func matrix(_ penalty: Double) throws(LinearAlgebraError) -> Matrix<Double> {
    let least = 1e-12 * max(1e-300, values.last ?? 0)
    return try LinearAlgebra.product(
      vectors,
      Matrix(rows: turned.rows, columns: turned.columns) { row, column in
        values[row] > least ? turned[row, column] / (values[row] + penalty) : 0
      })
  }

  /// Of the only target.
  func weights(_ penalty: Double) throws(LinearAlgebraError) -> [Double] {
    try matrix(penalty).elements
  }
}
