import Numerics
import TestKit
import Testing

@Suite("Decompositions") struct DecompositionTests {
  static let sizes = [1, 2, 3, 17, 64, 200]

  @Test("L · Lᵀ is the matrix again", arguments: [1, 2, 5, 100, 191, 192, 193, 450])
  func cholesky(size: Int) throws {
    try checkCholesky(Float.self, size)
    try checkCholesky(Double.self, size)
  }

  @Test("V · λ · Vᵀ is the matrix again, and V is orthogonal", arguments: sizes)
  func eigen(size: Int) throws {
    try checkEigen(Float.self, size)
    try checkEigen(Double.self, size)
  }

  @Test(
    "U · σ · Vᵀ and Q · R are the matrix again",
    arguments: [(1, 1), (5, 3), (3, 5), (1, 7), (7, 1), (60, 60), (150, 40), (40, 150)])
  func rectangular(rows: Int, columns: Int) throws {
    try checkRectangular(Float.self, rows, columns)
    try checkRectangular(Double.self, rows, columns)
  }

  @Test("solutions leave residues of rounding size", arguments: sizes)
  func solves(size: Int) throws {
    try checkSolvers(Float.self, size)
    try checkSolvers(Double.self, size)
  }

  @Test("a Hilbert matrix of condition 10¹⁰ is solved to a small residue")
  func illConditioned() throws {
    let hilbert = Matrix<Double>(rows: 8, columns: 8) { 1 / Double($0 + $1 + 1) }
    let right = Matrix<Double>(rows: 8, columns: 1, repeating: 1)
    for solution in [
      try Cholesky(hilbert).solve(right), try LinearAlgebra.solve(hilbert, right),
    ] {
      let residue = try LinearAlgebra.product(hilbert, solution).distance(to: right)
      #expect(residue <= 1e-13 * hilbert.norm * solution.norm)
    }
  }

  @Test("what is the same on several threads: Cholesky of a large matrix", arguments: [1, 2, 3])
  func deterministicCholesky(threads: Int) throws {
    var random = SeededGenerator(seed: 4)
    let matrix = try Matrix<Double>.positiveDefinite(420, floor: 1, &random)
    let pool = Pool(threads: threads)
    let first = try Cholesky(matrix, on: pool).lower
    for _ in 0..<5 { #expect(try Cholesky(matrix, on: pool).lower == first) }
  }

  @Test("a copy of a matrix does not change with it")
  func hasValueSemantics() throws {
    let first = Matrix<Float>(rows: 2, columns: 2, repeating: 1)
    var second = first
    second[0, 0] = 5
    second.withMutableView { $0[1, 1] = 7 }
    #expect(first.elements == [1, 1, 1, 1])
    #expect(second.elements == [5, 1, 1, 7])
    #expect(second.transposed[1, 1] == 7)
  }

  @Test("memory and, where asked for, every row begins on a cache line")
  func isAligned() {
    for columns in [1, 7, 16, 33] {
      let plain = Matrix<Float>(rows: 3, columns: columns)
      let padded = Matrix<Double>(rows: 3, columns: columns, padded: true)
      #expect(plain.withView { Int(bitPattern: $0.start) % 64 } == 0)
      #expect(padded.stride * 8 % 64 == 0)
      #expect(plain.stride == columns)
    }
  }

  private func checkCholesky<S: BLASScalar>(_: S.Type, _ size: Int) throws {
    var random = SeededGenerator(seed: UInt64(size))
    let matrix = try Matrix<S>.positiveDefinite(size, floor: 0.1, &random)
    for threads in [1, 2, 3] {
      let lower = try Cholesky(matrix, on: Pool(threads: threads)).lower
      let again = try LinearAlgebra.product(lower, lower, transposingRight: true)
      #expect(again.distance(to: matrix) <= tolerance(S.self, size) * matrix.norm)
      #expect(
        (0..<size).allSatisfy { row in
          (row + 1..<max(size, row + 1)).allSatisfy { lower[row, $0] == 0 }
        })
    }
  }

  private func checkEigen<S: BLASScalar>(_: S.Type, _ size: Int) throws {
    var random = SeededGenerator(seed: UInt64(size))
    let half = Matrix<S>.random(size, size, &random)
    let matrix = Matrix<S>(rows: size, columns: size) { half[$0, $1] + half[$1, $0] }
    let eigen = try SymmetricEigen(matrix)
    let scaled = try LinearAlgebra.product(eigen.vectors, .diagonal(eigen.values))
    let again = try LinearAlgebra.product(scaled, eigen.vectors, transposingRight: true)
    #expect(again.distance(to: matrix) <= tolerance(S.self, size) * matrix.norm)
    #expect(eigen.values == eigen.values.sorted())
    try expectOrthonormal(eigen.vectors)
  }

  private func checkRectangular<S: BLASScalar>(_: S.Type, _ rows: Int, _ columns: Int) throws {
    var random = SeededGenerator(seed: UInt64(rows * 1_000 + columns))
    let matrix = Matrix<S>.random(rows, columns, padded: true, &random)
    let limit = tolerance(S.self, max(rows, columns)) * matrix.norm
    let svd = try SVD(matrix)
    let scaled = try LinearAlgebra.product(svd.u, .diagonal(svd.values))
    let again = try LinearAlgebra.product(scaled, svd.vTransposed)
    #expect(again.distance(to: matrix) <= limit)
    #expect(svd.values == svd.values.sorted(by: >))
    try expectOrthonormal(svd.u)
    try expectOrthonormal(svd.vTransposed.transposed)
    let qr = try QR(matrix)
    #expect(try LinearAlgebra.product(qr.q, qr.r).distance(to: matrix) <= limit)
    #expect(qr.q.columns == min(rows, columns))
    try expectOrthonormal(qr.q)
  }

  private func checkSolvers<S: BLASScalar>(_: S.Type, _ size: Int) throws {
    var random = SeededGenerator(seed: UInt64(size) + 9)
    let matrix = try Matrix<S>.positiveDefinite(size, floor: 1, &random)
    let general = Matrix<S>.random(size, size, padded: true, &random)
    let right = Matrix<S>.random(size, 3, padded: true, &random)
    func expectSolved(_ matrix: Matrix<S>, _ solution: Matrix<S>) throws {
      let residue = try LinearAlgebra.product(matrix, solution).distance(to: right)
      let scale = matrix.norm * solution.norm + right.norm
      #expect(residue <= tolerance(S.self, size) * scale)
    }
    try expectSolved(matrix, try Cholesky(matrix).solve(right))
    try expectSolved(general, try LinearAlgebra.solve(general, right))
    try expectSolved(matrix, try LeastSquares(matrix, right).solution)
    var triangle = general
    for i in 0..<size { triangle[i, i] += triangle[i, i] < 0 ? -3 : 3 }
    for half in [Triangle.lower, .upper] {
      let cut = Matrix<S>(rows: size, columns: size) {
        (half == .lower ? $0 >= $1 : $0 <= $1) ? triangle[$0, $1] : 0
      }
      try expectSolved(cut, try LinearAlgebra.solveTriangular(triangle, half, right))
      try expectSolved(
        cut.transposed,
        try LinearAlgebra.solveTriangular(triangle, half, transposed: true, right))
    }
  }

  private func expectOrthonormal<S: BLASScalar>(_ matrix: Matrix<S>) throws {
    let gram = try LinearAlgebra.product(matrix, matrix, transposingLeft: true)
    let size = matrix.columns
    #expect(gram.distance(to: .identity(size)) <= tolerance(S.self, matrix.rows) * Double(size))
  }

  /// The backward error bounds of LAPACK are a modest multiple of n·ε.
  private func tolerance<S: BLASScalar>(_: S.Type, _ size: Int) -> Double {
    Double(size + 8) * Double(S.ulpOfOne)
  }
}
