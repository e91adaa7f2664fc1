/// The lower triangle L of a positive definite matrix A = L · Lᵀ.
public struct Cholesky<Scalar: BLASScalar>: Sendable {
  /// L, with zeros above the diagonal.
  public let lower: Matrix<Scalar>

  /// Factors a symmetric matrix, of which only the lower triangle is read.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public init(_ matrix: Matrix<Scalar>, on pool: Pool = .shared) throws(LinearAlgebraError) {
    var lower = matrix
    try lower.checkDecomposable("cholesky", square: true)
    let routines = try Scalar.routines()
    try lower.withMutableView { (a) throws(LinearAlgebraError) in
      try routines.factorCholesky(a, on: pool)
      for row in 0..<a.rows {
        for column in (row + 1)..<max(row + 1, a.columns) { a[row, column] = 0 }
      }
    }
    self.lower = lower
  }

  /// X of A · X = B.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func solve(
    _ right: Matrix<Scalar>, on pool: Pool = .shared
  ) throws(LinearAlgebraError) -> Matrix<Scalar> {
    let half = try LinearAlgebra.solveTriangular(lower, .lower, right, on: pool)
    return try LinearAlgebra.solveTriangular(lower, .lower, transposed: true, half, on: pool)
  }

  /// The logarithm of the determinant of A, which itself would soon overflow.
  public var logDeterminant: Scalar {
    var sum = 0.0
    for i in 0..<lower.rows { sum += 2 * logarithm(Double(lower[i, i])) }
    return Scalar(sum)
  }
}

extension Routines {
  /// Columns factored at once; between such blocks everything is a product.
  private static var blockSize: Int { 192 }

  /// Blocks from left to right: the diagonal one is factored by LAPACK, the panel below it solved
  /// against it and the rest updated, the last two shared out over the pool (Golub and Van Loan,
  /// Matrix Computations, 4.2.9).
  fileprivate func factorCholesky<Scalar: BLASScalar>(
    _ a: MutableMatrixView<Scalar>, on pool: Pool
  ) throws(LinearAlgebraError) {
    let size = a.rows
    for start in stride(from: 0, to: size, by: Self.blockSize) {
      let block = start..<min(start + Self.blockSize, size)
      let diagonal = a.block(rows: block, columns: block)
      if let pivot = factorDiagonal(diagonal) {
        throw .notPositiveDefinite(pivot: start + pivot, of: a.shape)
      }
      let below = block.upperBound..<size
      if below.isEmpty { break }
      // Row by row: panel · Lᵀ = old panel.
      pool.forEachChunk(of: below.count, minimumChunk: 32, alignedTo: 16) { range in
        let rows = (below.lowerBound + range.lowerBound)..<(below.lowerBound + range.upperBound)
        solveFromRight(
          diagonal.view, .lower, transposed: true, a.block(rows: rows, columns: block))
      }
      let bands = TriangleBands(size: below.count, depth: block.count, threads: pool.threads)
      pool.forEachPart(of: bands.partition) { part, _ in
        let band = bands[part]
        let rows = (below.lowerBound + band.lowerBound)..<(below.lowerBound + band.upperBound)
        let before = below.lowerBound..<rows.lowerBound
        let panel = a.block(rows: rows, columns: block).view
        multiply(
          panel, a.block(rows: before, columns: block).view, false, true, depth: block.count, -1, 1,
          a.block(rows: rows, columns: before))
        multiplyBySelf(
          panel, false, depth: block.count, -1, 1, a.block(rows: rows, columns: rows))
      }
    }
  }

  /// The pivot that was not positive, if any.
  private func factorDiagonal<Scalar: BLASScalar>(_ a: MutableMatrixView<Scalar>) -> Int? {
    var upper = UInt8(ascii: "U")
    var size = Int32(a.rows)
    var stride = Int32(a.stride)
    var info: Int32 = 0
    potrf(&upper, &size, a.start, &stride, &info, 1)
    return info > 0 ? Int(info) - 1 : nil
  }
}
