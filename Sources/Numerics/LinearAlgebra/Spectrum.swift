/// A = V · diag(λ) · Vᵀ of a symmetric matrix.
public struct SymmetricEigen<Scalar: BLASScalar>: Sendable {
  /// In ascending order.
  public let values: [Scalar]
  /// One eigenvector a column, in the order of the values. Their signs are LAPACK's.
  public let vectors: Matrix<Scalar>

  /// Decomposes a symmetric matrix, of which only the lower triangle is read.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public init(_ matrix: Matrix<Scalar>) throws(LinearAlgebraError) {
    try matrix.checkDecomposable("eigen", square: true)
    let routines = try Scalar.routines()
    var vectors = matrix
    var values = [Scalar](repeating: 0, count: matrix.rows)
    var info: Int32 = 0
    vectors.withMutableView { a in
      var job = UInt8(ascii: "V")
      var upper = UInt8(ascii: "U")
      var size = Int32(a.rows)
      var stride = Int32(a.stride)
      var needed: Scalar = 0
      var neededIntegers: Int32 = 0
      var ask: Int32 = -1
      routines.syevd(
        &job, &upper, &size, a.start, &stride, &values, &needed, &ask, &neededIntegers, &ask, &info,
        1, 1)
      var work = [Scalar](repeating: 0, count: Int(needed))
      var integers = [Int32](repeating: 0, count: Int(neededIntegers))
      var count = Int32(work.count)
      routines.syevd(
        &job, &upper, &size, a.start, &stride, &values, &work, &count, &integers, &neededIntegers,
        &info, 1, 1)
    }
    guard info == 0 else { throw .notConverged(operation: "eigen", failures: Int(info)) }
    self.values = values
    self.vectors = vectors.transposed
  }
}

/// A = U · diag(σ) · Vᵀ with k = min(m, n): U is m×k, Vᵀ is k×n.
public struct SVD<Scalar: BLASScalar>: Sendable {
  public let u: Matrix<Scalar>
  /// In descending order.
  public let values: [Scalar]
  public let vTransposed: Matrix<Scalar>

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public init(_ matrix: Matrix<Scalar>) throws(LinearAlgebraError) {
    try matrix.checkDecomposable("svd", square: false)
    let routines = try Scalar.routines()
    let rank = min(matrix.rows, matrix.columns)
    var input = matrix
    var values = [Scalar](repeating: 0, count: rank)
    var u = Matrix<Scalar>(rows: matrix.rows, columns: rank)
    var vTransposed = Matrix<Scalar>(rows: rank, columns: matrix.columns)
    // LAPACK sees Aᵀ = V · diag(σ) · Uᵀ: its left vectors are our right ones, and both come out in
    // the layout that is wanted.
    let info = input.withMutableView { a in
      u.withMutableView { u in
        vTransposed.withMutableView { v in
          routines.decomposeSingular(a, &values, left: v, right: u)
        }
      }
    }
    guard info == 0 else { throw .notConverged(operation: "svd", failures: Int(info)) }
    self.u = u
    self.values = values
    self.vTransposed = vTransposed
  }
}

extension Routines {
  fileprivate func decomposeSingular<Scalar: BLASScalar>(
    _ a: MutableMatrixView<Scalar>, _ values: inout [Scalar],
    left: MutableMatrixView<Scalar>, right: MutableMatrixView<Scalar>
  ) -> Int32 {
    var job = UInt8(ascii: "S")
    var rows = Int32(a.columns)
    var columns = Int32(a.rows)
    var stride = Int32(a.stride)
    var leftStride = Int32(left.stride)
    var rightStride = Int32(right.stride)
    var integers = [Int32](repeating: 0, count: 8 * values.count)
    var needed: Scalar = 0
    var count: Int32 = -1
    var info: Int32 = 0
    gesdd(
      &job, &rows, &columns, a.start, &stride, &values, left.start, &leftStride, right.start,
      &rightStride, &needed, &count, &integers, &info, 1)
    var work = [Scalar](repeating: 0, count: Int(needed))
    count = Int32(work.count)
    gesdd(
      &job, &rows, &columns, a.start, &stride, &values, left.start, &leftStride, right.start,
      &rightStride, &work, &count, &integers, &info, 1)
    return info
  }
}
