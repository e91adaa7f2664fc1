/// Row-major calls of column-major functions: what they read is the transpose of what we mean, so
/// `c = a · b` is asked for as `cᵀ = bᵀ · aᵀ`, with the operands in turn.
extension Routines {
  private static let plain = UInt8(ascii: "N")
  private static let transposed = UInt8(ascii: "T")

  func multiply<Scalar: BLASScalar>(
    _ a: MatrixView<Scalar>, _ b: MatrixView<Scalar>, _ isLeftTransposed: Bool,
    _ isRightTransposed: Bool, depth: Int, _ alpha: Scalar, _ beta: Scalar,
    _ c: MutableMatrixView<Scalar>
  ) {
    guard c.rows > 0, c.columns > 0 else { return }
    var left = isLeftTransposed ? Self.transposed : Self.plain
    var right = isRightTransposed ? Self.transposed : Self.plain
    var rows = Int32(c.rows)
    var columns = Int32(c.columns)
    var depth = Int32(depth)
    var aStride = Int32(max(1, a.stride))
    var bStride = Int32(max(1, b.stride))
    var cStride = Int32(max(1, c.stride))
    var alpha = alpha
    var beta = beta
    gemm(
      &right, &left, &columns, &rows, &depth, &alpha, b.start, &bStride, a.start, &aStride, &beta,
      c.start, &cStride, 1, 1)
  }

  func multiply<Scalar: BLASScalar>(
    _ a: MatrixView<Scalar>, _ isTransposed: Bool, vector x: UnsafePointer<Scalar>,
    _ alpha: Scalar, _ beta: Scalar, _ y: UnsafeMutablePointer<Scalar>
  ) {
    var letter = isTransposed ? Self.plain : Self.transposed
    var rows = Int32(a.rows)
    var columns = Int32(a.columns)
    var stride = Int32(max(1, a.stride))
    var one: Int32 = 1
    var alpha = alpha
    var beta = beta
    gemv(&letter, &columns, &rows, &alpha, a.start, &stride, x, &one, &beta, y, &one, 1)
  }

  /// The lower triangle of `alpha · a · aᵀ + beta · c`.
  func multiplyBySelf<Scalar: BLASScalar>(
    _ a: MatrixView<Scalar>, _ isTransposed: Bool, depth: Int, _ alpha: Scalar, _ beta: Scalar,
    _ c: MutableMatrixView<Scalar>
  ) {
    guard c.rows > 0 else { return }
    var upper = UInt8(ascii: "U")
    var letter = isTransposed ? Self.plain : Self.transposed
    var size = Int32(c.rows)
    var depth = Int32(depth)
    var aStride = Int32(max(1, a.stride))
    var cStride = Int32(max(1, c.stride))
    var alpha = alpha
    var beta = beta
    syrk(
      &upper, &letter, &size, &depth, &alpha, a.start, &aStride, &beta, c.start, &cStride, 1, 1)
  }
}
