import Foundation
import Numerics
import TestKit
import Testing

/// Against the answers of NumPy and SciPy; `Golden/LinearAlgebra/make.py` wrote them.
@Suite("Linear algebra against NumPy and SciPy") struct GoldenTests {
  private struct Stored: Decodable {
    var rows: Int
    var columns: Int
    var elements: [Double]
    var matrix: Matrix<Double> { Matrix(rows: rows, columns: columns, elements) }
  }
  private struct Values: Decodable {
    var tall, wide, square, other, right, spread, deficient, tall_right, hilbert: Stored
    var tall_times_other, tall_gram, spread_cholesky, spread_solution, hilbert_cholesky: Stored
    var square_solution, lower_solution, upper_transposed_solution: Stored
    var tall_r_magnitude, wide_r_magnitude: Stored
    var tall_least_squares, deficient_least_squares, wide_least_squares: Stored
    var spread_log_determinant, square_determinant: Double
    var spread_eigenvalues, tall_singular_values, wide_singular_values: [Double]
    var deficient_rank: Int
  }
  private let golden: Values

  init() throws {
    let path = Package.path("Tests/NumericsTests/Golden/LinearAlgebra/values.json")
    golden = try JSONDecoder().decode(
      Values.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
  }

  @Test("products") func products() throws {
    let tall = golden.tall.matrix
    expect(try LinearAlgebra.product(tall, golden.other.matrix), golden.tall_times_other)
    expect(try LinearAlgebra.product(tall, tall, transposingLeft: true), golden.tall_gram)
  }

  @Test("Cholesky, its solution and determinant") func cholesky() throws {
    let cholesky = try Cholesky(golden.spread.matrix)
    expect(cholesky.lower, golden.spread_cholesky)
    expect(try cholesky.solve(golden.right.matrix), golden.spread_solution, 1e-11)
    #expect((cholesky.logDeterminant - golden.spread_log_determinant).magnitude < 1e-12)
    // Condition 1.5e10: the two sets of kernels may differ by that times ε.
    expect(try Cholesky(golden.hilbert.matrix).lower, golden.hilbert_cholesky, 1e-6)
  }

  @Test("LU, its determinant, and triangles") func solves() throws {
    let lu = try LU(golden.square.matrix)
    expect(try lu.solve(golden.right.matrix), golden.square_solution, 1e-11)
    #expect((lu.determinant - golden.square_determinant).magnitude < 1e-12)
    let square = golden.square.matrix
    let right = golden.right.matrix
    expect(try LinearAlgebra.solveTriangular(square, .lower, right), golden.lower_solution, 1e-10)
    expect(
      try LinearAlgebra.solveTriangular(square, .upper, transposed: true, right),
      golden.upper_transposed_solution, 1e-10)
  }

  @Test("eigenvalues and singular values") func spectra() throws {
    expect(try SymmetricEigen(golden.spread.matrix).values, golden.spread_eigenvalues)
    expect(try SVD(golden.tall.matrix).values, golden.tall_singular_values)
    expect(try SVD(golden.wide.matrix).values, golden.wide_singular_values)
  }

  @Test("QR, whose signs are free") func qr() throws {
    for (input, output) in [
      (golden.tall, golden.tall_r_magnitude), (golden.wide, golden.wide_r_magnitude),
    ] {
      let r = try QR(input.matrix).r
      let magnitudes = Matrix(rows: r.rows, columns: r.columns) { r[$0, $1].magnitude }
      expect(magnitudes, output)
    }
  }

  @Test("least squares: tall, wide and of deficient rank") func leastSquares() throws {
    let right = golden.tall_right.matrix
    expect(try LeastSquares(golden.tall.matrix, right).solution, golden.tall_least_squares)
    let deficient = try LeastSquares(golden.deficient.matrix, right)
    expect(deficient.solution, golden.deficient_least_squares)
    #expect(deficient.rank == golden.deficient_rank)
    let top = Matrix<Double>(rows: 3, columns: 2) { golden.right.matrix[$0, $1] }
    expect(try LeastSquares(golden.wide.matrix, top).solution, golden.wide_least_squares)
  }

  private func expect(
    _ value: Matrix<Double>, _ stored: Stored, _ tolerance: Double = 1e-12,
    at location: SourceLocation = #_sourceLocation
  ) {
    let distance = value.distance(to: stored.matrix)
    #expect(distance <= tolerance * max(1, stored.matrix.norm), sourceLocation: location)
  }

  private func expect(
    _ values: [Double], _ stored: [Double], at location: SourceLocation = #_sourceLocation
  ) {
    #expect(values.count == stored.count, sourceLocation: location)
    for (value, stored) in zip(values, stored) {
      #expect(
        (value - stored).magnitude <= 1e-12 * (stored.magnitude + 1), sourceLocation: location)
    }
  }
}
