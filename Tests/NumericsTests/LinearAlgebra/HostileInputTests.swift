import Numerics
import Runtime
import TestKit
import Testing

/// Numbers that break formulas, in matrices of all small shapes: every routine answers or throws its
/// own kind of error, and none ever traps or hangs.
@Suite("Linear algebra on hostile input") struct HostileInputTests {
  private static let rounds = FuzzBudget.inputs(usual: isOptimized ? 3_000 : 150, nightly: 300_000)

  @Test("nothing traps, finite input alone is decomposed, and a refusal says where it looked")
  func survives() throws {
    try check(Float.self, seed: 1)
    try check(Double.self, seed: 2)
  }

  private func check<Scalar: BLASScalar>(_: Scalar.Type, seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    for round in 0..<Self.rounds {
      let a = Self.matrix(Scalar.self, &random)
      let isSquare = Bool.random(using: &random)
      let b = Self.matrix(
        Scalar.self, rows: isSquare ? a.rows : nil, columns: isSquare ? a.rows : nil, &random)
      let isFinite = a.elements.allSatisfy(\.isFinite)
      func attempt(_ what: String, asksForFinite: Bool, _ body: () throws -> Void) {
        do {
          try body()
          #expect(isFinite || !asksForFinite, "\(what), round \(round)")
        } catch let error as LinearAlgebraError {
          #expect(!error.diagnosis.finding.isEmpty && !error.diagnosis.remedy.isEmpty)
        } catch {
          Issue.record(error, "\(what), round \(round)")
        }
      }
      attempt("product", asksForFinite: false) { _ = try LinearAlgebra.product(a, b) }
      attempt("transposed", asksForFinite: false) {
        _ = try LinearAlgebra.product(a, b, transposingLeft: true, transposingRight: true)
      }
      attempt("by self", asksForFinite: false) { try Self.multiplyBySelf(a, b) }
      attempt("vector", asksForFinite: false) { try Self.multiplyVector(a, b.elements) }
      attempt("Cholesky", asksForFinite: true) {
        let cholesky = try Cholesky(a)
        _ = cholesky.logDeterminant
        _ = try cholesky.solve(b)
      }
      attempt("LU", asksForFinite: true) {
        let lu = try LU(a)
        _ = lu.determinant
        _ = try lu.solve(b)
      }
      attempt("QR", asksForFinite: true) { _ = try QR(a) }
      attempt("eigen", asksForFinite: true) { _ = try SymmetricEigen(a) }
      attempt("SVD", asksForFinite: true) { _ = try SVD(a) }
      attempt("least squares", asksForFinite: true) { _ = try LeastSquares(a, b) }
      attempt("triangle", asksForFinite: true) {
        _ = try LinearAlgebra.solveTriangular(a, .upper, transposed: isSquare, b)
      }
    }
  }

  private static func matrix<Scalar: BLASScalar>(
    _: Scalar.Type, rows: Int? = nil, columns: Int? = nil, _ random: inout SeededGenerator
  ) -> Matrix<Scalar> {
    let rows = rows ?? Int.random(in: 0...9, using: &random)
    let columns =
      columns ?? (Bool.random(using: &random) ? rows : Int.random(in: 0...9, using: &random))
    let kind = Int.random(in: 0..<6, using: &random)
    let least = Scalar.leastNonzeroMagnitude
    let greatest = Scalar.greatestFiniteMagnitude
    let hostile: [Scalar] =
      switch kind {
      case 0: [.nan, .infinity, -.infinity, 0, 1]
      case 1: [greatest, -greatest, greatest / 2, 1]
      case 2: [least, -least, .leastNormalMagnitude, 0, -0.0]
      case 3: [greatest, least, 0, 1, -1]
      case 4: [0, 1]
      default: [1, -1, 0.5, 3, 1e-3, 100]
      }
    var matrix = Matrix<Scalar>(
      rows: rows, columns: columns, padded: Bool.random(using: &random))
    for row in 0..<rows {
      for column in 0..<columns {
        matrix[row, column] = hostile[Int.random(in: 0..<hostile.count, using: &random)]
      }
    }
    return matrix
  }

  private static func multiplyBySelf<Scalar: BLASScalar>(
    _ a: Matrix<Scalar>, _ b: Matrix<Scalar>
  ) throws {
    var c = b
    try a.withView { a in try c.withMutableView { try LinearAlgebra.multiplyBySelf(a, into: $0) } }
  }

  private static func multiplyVector<Scalar: BLASScalar>(
    _ a: Matrix<Scalar>, _ x: [Scalar]
  ) throws {
    var y = [Scalar](repeating: 1, count: a.rows)
    try a.withView { a in
      var target = y.mutableSpan
      try LinearAlgebra.multiply(a, vector: x.span, beta: 2, into: &target)
    }
  }
}
