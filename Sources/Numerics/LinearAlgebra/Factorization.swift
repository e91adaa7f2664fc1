/// L and U with P · A = L · U by partial pivoting, for solving A · X = B.
public struct LU<Scalar: BLASScalar>: Sendable {
  private let factors: Matrix<Scalar>
  private let pivots: [Int32]

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public init(_ matrix: Matrix<Scalar>) throws(LinearAlgebraError) {
    try matrix.checkDecomposable("solve", square: true)
    let routines = try Scalar.routines()
    var factors = matrix
    var pivots = [Int32](repeating: 0, count: matrix.rows)
    var info: Int32 = 0
    factors.withMutableView { a in
      var size = Int32(a.rows)
      var stride = Int32(a.stride)
      routines.getrf(&size, &size, a.start, &stride, &pivots, &info)
    }
    guard info <= 0 else { throw .singular(pivot: Int(info) - 1, of: matrix.shape) }
    self.factors = factors
    self.pivots = pivots
  }

  /// X of A · X = B.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func solve(_ right: Matrix<Scalar>) throws(LinearAlgebraError) -> Matrix<Scalar> {
    guard right.rows == factors.rows else {
      throw .shapes(operation: "solve", left: factors.shape, right: right.shape)
    }
    guard right.columns > 0 else { return right }
    let routines = try Scalar.routines()
    // LAPACK wants right sides by columns, and factored the transpose of A.
    var columns = right.transposed
    factors.withView { a in
      columns.withMutableView { x in
        var letter = UInt8(ascii: "T")
        var size = Int32(a.rows)
        var count = Int32(x.rows)
        var stride = Int32(a.stride)
        var xStride = Int32(x.stride)
        var info: Int32 = 0
        routines.getrs(
          &letter, &size, &count, a.start, &stride, pivots, x.start, &xStride, &info, 1)
      }
    }
    return columns.transposed
  }

  /// The determinant of A; it may overflow.
  public var determinant: Scalar {
    var product: Scalar = 1
    for i in 0..<factors.rows {
      product *= pivots[i] == Int32(i + 1) ? factors[i, i] : -factors[i, i]
    }
    return product
  }
}

/// A = Q · R with k = min(m, n): Q is m×k with orthonormal columns, R is k×n and upper triangular.
public struct QR<Scalar: BLASScalar>: Sendable {
  public let q: Matrix<Scalar>
  public let r: Matrix<Scalar>

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public init(_ matrix: Matrix<Scalar>) throws(LinearAlgebraError) {
    try matrix.checkDecomposable("qr", square: false)
    let routines = try Scalar.routines()
    var work = matrix
    let rank = min(matrix.rows, matrix.columns)
    var scales = [Scalar](repeating: 0, count: rank)
    // The transpose, which LAPACK sees, is L · Q′: L is Rᵀ, and Q′ is Qᵀ.
    work.withMutableView { a in routines.factorLQ(a, &scales) }
    r = Matrix(rows: rank, columns: matrix.columns) { $1 >= $0 ? work[$0, $1] : 0 }
    var q = Matrix<Scalar>(rows: matrix.rows, columns: rank) { work[$0, $1] }
    q.withMutableView { q in routines.formQ(q, scales) }
    self.q = q
  }
}

extension Routines {
  fileprivate func factorLQ<Scalar: BLASScalar>(
    _ a: MutableMatrixView<Scalar>, _ scales: inout [Scalar]
  ) {
    var rows = Int32(a.columns)
    var columns = Int32(a.rows)
    var stride = Int32(a.stride)
    var info: Int32 = 0
    var needed: Scalar = 0
    var count: Int32 = -1
    gelqf(&rows, &columns, a.start, &stride, &scales, &needed, &count, &info)
    withUnsafeTemporaryAllocation(of: Scalar.self, capacity: Int(needed)) { work in
      guard let start = work.baseAddress else { return }
      count = Int32(work.count)
      gelqf(&rows, &columns, a.start, &stride, &scales, start, &count, &info)
    }
  }

  fileprivate func formQ<Scalar: BLASScalar>(
    _ q: MutableMatrixView<Scalar>, _ scales: [Scalar]
  ) {
    var rows = Int32(q.columns)
    var columns = Int32(q.rows)
    var stride = Int32(q.stride)
    var info: Int32 = 0
    var needed: Scalar = 0
    var count: Int32 = -1
    orglq(&rows, &columns, &rows, q.start, &stride, scales, &needed, &count, &info)
    withUnsafeTemporaryAllocation(of: Scalar.self, capacity: Int(needed)) { work in
      guard let start = work.baseAddress else { return }
      count = Int32(work.count)
      orglq(&rows, &columns, &rows, q.start, &stride, scales, start, &count, &info)
    }
  }
}
