import Glibc

/// Which half of a square matrix is meant; the other is not read.
public enum Triangle: Sendable { case lower, upper }

extension LinearAlgebra {
  /// X of T · X = B, or of Tᵀ · X = B, for a triangular T.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public static func solveTriangular<Scalar: BLASScalar>(
    _ matrix: Matrix<Scalar>, _ triangle: Triangle, transposed isTransposed: Bool = false,
    _ right: Matrix<Scalar>, on pool: Pool = .shared
  ) throws(LinearAlgebraError) -> Matrix<Scalar> {
    try matrix.checkDecomposable("solve triangular", square: true)
    guard right.rows == matrix.rows else {
      throw .shapes(operation: "solve triangular", left: matrix.shape, right: right.shape)
    }
    for i in 0..<matrix.rows where matrix[i, i] == 0 {
      throw .singular(pivot: i, of: matrix.shape)
    }
    let routines = try Scalar.routines()
    var solution = right
    matrix.withView { a in
      solution.withMutableView { x in
        let minimumChunk = max(16, ProductGrid.minimumWork / (a.rows * a.rows))
        pool.forEachChunk(of: x.columns, minimumChunk: minimumChunk, alignedTo: 16) { columns in
          routines.solveFromLeft(
            a, triangle, transposed: isTransposed, x.block(rows: 0..<x.rows, columns: columns))
        }
      }
    }
    return solution
  }
}

extension Routines {
  /// Puts T⁻¹ · X in the place of X. Column-major eyes see Xᵀ · T⁻ᵀ, T itself transposed.
  func solveFromLeft<Scalar: BLASScalar>(
    _ a: MatrixView<Scalar>, _ triangle: Triangle, transposed isTransposed: Bool,
    _ x: MutableMatrixView<Scalar>
  ) {
    solve(side: UInt8(ascii: "R"), a, triangle, isTransposed, x)
  }

  /// Puts X · T⁻¹ in the place of X.
  func solveFromRight<Scalar: BLASScalar>(
    _ a: MatrixView<Scalar>, _ triangle: Triangle, transposed isTransposed: Bool,
    _ x: MutableMatrixView<Scalar>
  ) {
    solve(side: UInt8(ascii: "L"), a, triangle, isTransposed, x)
  }

  private func solve<Scalar: BLASScalar>(
    side: UInt8, _ a: MatrixView<Scalar>, _ triangle: Triangle, _ isTransposed: Bool,
    _ x: MutableMatrixView<Scalar>
  ) {
    guard x.rows > 0, x.columns > 0 else { return }
    var side = side
    var half = triangle == .lower ? UInt8(ascii: "U") : UInt8(ascii: "L")
    var letter = isTransposed ? UInt8(ascii: "T") : UInt8(ascii: "N")
    var diagonal = UInt8(ascii: "N")
    var rows = Int32(x.rows)
    var columns = Int32(x.columns)
    var stride = Int32(a.stride)
    var xStride = Int32(x.stride)
    var one: Scalar = 1
    trsm(
      &side, &half, &letter, &diagonal, &columns, &rows, &one, a.start, &stride, x.start, &xStride,
      1, 1, 1, 1)
  }
}

extension Matrix {
  /// What every decomposition asks of its input.
  func checkDecomposable(
    _ operation: String, square isSquare: Bool
  ) throws(LinearAlgebraError) {
    guard rows > 0, columns > 0 else { throw .empty(operation: operation, shape) }
    guard !isSquare || rows == columns else { throw .notSquare(operation: operation, shape) }
    try withView { (view) throws(LinearAlgebraError) in
      try view.checkIndexable(operation)
      if let (row, column) = view.firstNonFinite() {
        throw .notFinite(operation: operation, row: row, column: column)
      }
    }
  }
}

func logarithm(_ x: Double) -> Double { log(x) }
