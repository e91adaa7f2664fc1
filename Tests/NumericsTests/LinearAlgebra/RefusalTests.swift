import Numerics
import Runtime
import Testing

@Suite("Linear algebra refuses") struct RefusalTests {
  @Test("shapes that do not fit, naming both")
  func shapes() {
    let a = Matrix<Float>(rows: 3, columns: 4)
    let b = Matrix<Float>(rows: 5, columns: 2)
    #expect(
      throws: LinearAlgebraError.shapes(operation: "multiply", left: a.shape, right: b.shape)
    ) { try LinearAlgebra.product(a, b) }
    #expect(throws: LinearAlgebraError.self) {
      try a.withView { a in
        try Matrix<Float>(rows: 1, columns: 1).withView { b in
          var c = Matrix<Float>(rows: 9, columns: 9)
          try c.withMutableView { try LinearAlgebra.multiply(a, b, into: $0) }
        }
      }
    }
    #expect(throws: LinearAlgebraError.self) {
      var y = [Float](repeating: 0, count: 3)
      let x = [Float](repeating: 0, count: 3)
      try a.withView { a in
        var output = y.mutableSpan
        try LinearAlgebra.multiply(a, vector: x.span, into: &output)
      }
    }
    #expect(throws: LinearAlgebraError.self) {
      try LinearAlgebra.solve(Matrix<Float>.identity(3), Matrix(rows: 4, columns: 1))
    }
    #expect(throws: LinearAlgebraError.self) {
      try LeastSquares(a, Matrix(rows: 4, columns: 1))
    }
    let notSquare = LinearAlgebraError.notSquare(operation: "cholesky", a.shape)
    #expect(throws: notSquare) { try Cholesky(a) }
  }

  @Test("what is not positive definite, naming the pivot", arguments: [0, 3, 200])
  func notPositiveDefinite(pivot: Int) {
    var matrix = Matrix<Double>.identity(260)
    matrix[pivot, pivot] = -1
    #expect(
      throws: LinearAlgebraError.notPositiveDefinite(pivot: pivot, of: matrix.shape)
    ) { try Cholesky(matrix) }
  }

  @Test("singular matrices, naming the pivot")
  func singular() {
    var matrix = Matrix<Double>.identity(6)
    matrix[4, 4] = 0
    let expected = LinearAlgebraError.singular(pivot: 4, of: matrix.shape)
    #expect(throws: expected) { try LU(matrix) }
    #expect(throws: expected) {
      try LinearAlgebra.solveTriangular(matrix, .lower, Matrix(rows: 6, columns: 1))
    }
  }

  @Test("NaN and infinity, naming the place", arguments: [Double.nan, .infinity, -.infinity])
  func notFinite(value: Double) {
    var matrix = Matrix<Double>.identity(5)
    matrix[3, 1] = value
    func refusal(_ operation: String) -> LinearAlgebraError {
      .notFinite(operation: operation, row: 3, column: 1)
    }
    #expect(throws: refusal("cholesky")) { try Cholesky(matrix) }
    #expect(throws: refusal("eigen")) { try SymmetricEigen(matrix) }
    #expect(throws: refusal("svd")) { try SVD(matrix) }
    #expect(throws: refusal("qr")) { try QR(matrix) }
    #expect(throws: refusal("solve")) { try LU(matrix) }
    #expect(throws: refusal("least squares")) {
      try LeastSquares(matrix, Matrix(rows: 5, columns: 1))
    }
  }

  @Test("decompositions of nothing; products of nothing are nothing")
  func empty() throws {
    for shape in [
      Shape(rows: 0, columns: 0), Shape(rows: 0, columns: 3), Shape(rows: 3, columns: 0),
    ] {
      let matrix = Matrix<Double>(rows: shape.rows, columns: shape.columns)
      #expect(throws: LinearAlgebraError.self) { try Cholesky(matrix) }
      #expect(throws: LinearAlgebraError.self) { try SymmetricEigen(matrix) }
      #expect(throws: LinearAlgebraError.empty(operation: "svd", shape)) { try SVD(matrix) }
      #expect(throws: LinearAlgebraError.empty(operation: "qr", shape)) { try QR(matrix) }
      #expect(throws: LinearAlgebraError.self) { try LU(matrix) }
      let product = try LinearAlgebra.product(matrix, matrix, transposingLeft: true)
      #expect(product == Matrix(rows: shape.columns, columns: shape.columns))
      var gram = Matrix<Double>(rows: shape.rows, columns: shape.rows, repeating: 5)
      try matrix.withView { a in
        try gram.withMutableView { try LinearAlgebra.multiplyBySelf(a, into: $0) }
      }
      #expect(gram.elements.allSatisfy { $0 == 0 })
    }
  }

  @Test("denormal numbers pass through unharmed")
  func denormals() throws {
    let tiny = Float.leastNonzeroMagnitude
    let a = Matrix<Float>(rows: 20, columns: 1, repeating: tiny)
    let b = Matrix<Float>(rows: 1, columns: 20, repeating: 3)
    #expect(try LinearAlgebra.product(a, b).elements.allSatisfy { $0 == 3 * tiny })
  }

  @Test("every error says what was found and what to do, on one line")
  func diagnoses() {
    let shape = Shape(rows: 2, columns: 3)
    let errors: [LinearAlgebraError] = [
      .shapes(operation: "multiply", left: shape, right: shape), .singular(pivot: 1, of: shape),
      .notSquare(operation: "eigen", shape), .empty(operation: "svd", shape),
      .notFinite(operation: "qr", row: 1, column: 2), .notPositiveDefinite(pivot: 3, of: shape),
      .notConverged(operation: "svd", failures: 2), .tooLarge(operation: "multiply", shape),
      .library(.missing(searched: ["/a", "/b"])),
      .library(.notLoadable(path: "/a", message: "no")),
      .library(.symbolMissing(path: "/a", symbol: "gemm")),
    ]
    for error in errors {
      let diagnosis = error.diagnosis
      for text in [diagnosis.place, diagnosis.finding, diagnosis.remedy] {
        #expect(!text.isEmpty && !text.contains("\n"))
      }
    }
  }
}
