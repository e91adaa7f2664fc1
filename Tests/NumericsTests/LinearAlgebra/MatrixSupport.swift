import Numerics
import TestKit

extension Matrix {
  /// Numbers between -1 and 1.
  static func random(
    _ rows: Int, _ columns: Int, padded: Bool = false, _ random: inout SeededGenerator
  ) -> Matrix {
    var values = Matrix(rows: rows, columns: columns, padded: padded)
    for row in 0..<rows {
      for column in 0..<columns {
        values[row, column] = Scalar(Double.random(in: -1...1, using: &random))
      }
    }
    return values
  }

  /// A symmetric matrix with eigenvalues of at least `floor`.
  static func positiveDefinite(
    _ size: Int, floor: Scalar, _ random: inout SeededGenerator
  ) throws -> Matrix {
    let half = Matrix.random(size, size + 3, &random)
    var whole = try LinearAlgebra.product(half, half, transposingRight: true)
    for i in 0..<size { whole[i, i] += floor }
    return whole
  }

  /// The square root of the sum of squares.
  var norm: Double {
    elements.reduce(into: 0.0) { $0 += Double($1) * Double($1) }.squareRoot()
  }

  func distance(to other: Matrix) -> Double {
    guard shape == other.shape else { return .infinity }
    return zip(elements, other.elements).reduce(into: 0.0) { sum, pair in
      let difference = Double(pair.0) - Double(pair.1)
      sum += difference * difference
    }.squareRoot()
  }

  /// The product by its definition, in Double, and for each element the sum of the magnitudes of its
  /// terms, which is what its rounding error is measured by.
  func naiveProduct(_ other: Matrix) -> (value: Matrix<Double>, magnitude: Matrix<Double>) {
    func sum(_ row: Int, _ column: Int, _ term: (Double) -> Double) -> Double {
      (0..<columns).reduce(into: 0.0) { sum, k in
        sum += term(Double(self[row, k]) * Double(other[k, column]))
      }
    }
    return (
      Matrix<Double>(rows: rows, columns: other.columns) { sum($0, $1) { $0 } },
      Matrix<Double>(rows: rows, columns: other.columns) { sum($0, $1) { $0.magnitude } }
    )
  }

  static func diagonal(_ values: [Scalar]) -> Matrix {
    Matrix(rows: values.count, columns: values.count) { $0 == $1 ? values[$0] : 0 }
  }
}
