/// X that makes A · X − B smallest, and of those the X with the smallest norm: also where A has
/// fewer rows than columns, or columns that depend on each other.
public struct LeastSquares<Scalar: BLASScalar>: Sendable {
  public let solution: Matrix<Scalar>
  /// How many singular values count as more than zero.
  public let rank: Int
  /// Those of A, in descending order.
  public let singularValues: [Scalar]

  /// - Parameter cutoff: singular values below this share of the largest count as zero; by default
  ///   the rounding error of a matrix of this size
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public init(
    _ matrix: Matrix<Scalar>, _ right: Matrix<Scalar>, cutoff: Scalar? = nil
  ) throws(LinearAlgebraError) {
    try matrix.checkDecomposable("least squares", square: false)
    guard right.rows == matrix.rows else {
      throw .shapes(operation: "least squares", left: matrix.shape, right: right.shape)
    }
    try right.checkDecomposable("least squares", square: false)
    let routines = try Scalar.routines()
    let larger = max(matrix.rows, matrix.columns)
    let rank = min(matrix.rows, matrix.columns)
    var input = matrix.transposed
    // By columns, with room for solutions longer than the right sides.
    var columns = Matrix<Scalar>(rows: right.columns, columns: larger) {
      $1 < right.rows ? right[$1, $0] : 0
    }
    var values = [Scalar](repeating: 0, count: rank)
    var found: Int32 = 0
    let cutoff = cutoff ?? Scalar(larger) * .ulpOfOne
    let info = input.withMutableView { a in
      columns.withMutableView { x in
        routines.solveLeastSquares(a, x, cutoff, &values, &found)
      }
    }
    guard info == 0 else { throw .notConverged(operation: "least squares", failures: Int(info)) }
    solution = Matrix(rows: matrix.columns, columns: right.columns) { columns[$1, $0] }
    self.rank = Int(found)
    singularValues = values
  }
}

extension Routines {
  fileprivate func solveLeastSquares<Scalar: BLASScalar>(
    _ a: MutableMatrixView<Scalar>, _ x: MutableMatrixView<Scalar>, _ cutoff: Scalar,
    _ values: inout [Scalar], _ rank: inout Int32
  ) -> Int32 {
    var rows = Int32(a.columns)
    var columns = Int32(a.rows)
    var count = Int32(x.rows)
    var stride = Int32(a.stride)
    var xStride = Int32(x.stride)
    var cutoff = cutoff
    var needed: Scalar = 0
    var neededIntegers: Int32 = 0
    var workCount: Int32 = -1
    var info: Int32 = 0
    gelsd(
      &rows, &columns, &count, a.start, &stride, x.start, &xStride, &values, &cutoff, &rank,
      &needed, &workCount, &neededIntegers, &info)
    var work = [Scalar](repeating: 0, count: Int(needed))
    var integers = [Int32](repeating: 0, count: max(1, Int(neededIntegers)))
    workCount = Int32(work.count)
    gelsd(
      &rows, &columns, &count, a.start, &stride, x.start, &xStride, &values, &cutoff, &rank,
      &work, &workCount, &integers, &info)
    return info
  }
}

extension LinearAlgebra {
  /// X of A · X = B for a square A.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public static func solve<Scalar: BLASScalar>(
    _ matrix: Matrix<Scalar>, _ right: Matrix<Scalar>
  ) throws(LinearAlgebraError) -> Matrix<Scalar> {
    try LU(matrix).solve(right)
  }

  /// `op(a) · op(b)` in a matrix of its own.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public static func product<Scalar: BLASScalar>(
    _ a: Matrix<Scalar>, _ b: Matrix<Scalar>,
    transposingLeft isLeftTransposed: Bool = false,
    transposingRight isRightTransposed: Bool = false, on pool: Pool = .shared
  ) throws(LinearAlgebraError) -> Matrix<Scalar> {
    var c = Matrix<Scalar>(
      rows: isLeftTransposed ? a.columns : a.rows, columns: isRightTransposed ? b.rows : b.columns)
    try a.withView { (a) throws(LinearAlgebraError) in
      try b.withView { (b) throws(LinearAlgebraError) in
        try c.withMutableView { (c) throws(LinearAlgebraError) in
          try multiply(
            a, b, transposingLeft: isLeftTransposed, transposingRight: isRightTransposed, into: c,
            on: pool)
        }
      }
    }
    return c
  }
}
