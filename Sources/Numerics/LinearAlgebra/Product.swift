extension LinearAlgebra {
  /// `c = alpha · op(a) · op(b) + beta · c`, where op may transpose. With `beta` 0, what `c` held
  /// before does not matter, be it NaN. Allocates nothing.
  ///
  /// A large product is cut into blocks of `c`, one for each thread of the pool.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public static func multiply<Scalar: BLASScalar>(
    _ a: MatrixView<Scalar>, _ b: MatrixView<Scalar>,
    transposingLeft isLeftTransposed: Bool = false,
    transposingRight isRightTransposed: Bool = false,
    alpha: Scalar = 1, beta: Scalar = 0, into c: MutableMatrixView<Scalar>, on pool: Pool = .shared
  ) throws(LinearAlgebraError) {
    let left = isLeftTransposed ? a.shape.transposed : a.shape
    let right = isRightTransposed ? b.shape.transposed : b.shape
    guard left.columns == right.rows else {
      throw .shapes(operation: "multiply", left: left, right: right)
    }
    let product = Shape(rows: left.rows, columns: right.columns)
    guard c.shape == product else {
      throw .shapes(operation: "multiply into", left: product, right: c.shape)
    }
    try a.checkIndexable("multiply")
    try b.checkIndexable("multiply")
    try c.view.checkIndexable("multiply")
    let routines = try Scalar.routines()
    let grid = ProductGrid(product, depth: left.columns, threads: pool.threads)
    pool.forEachPart(of: grid.partition) { part, _ in
      let (rows, columns) = grid[part]
      let aBlock = a.operandRows(rows, transposed: isLeftTransposed)
      let bBlock = b.operandRows(columns, transposed: !isRightTransposed)
      routines.multiply(
        aBlock, bBlock, isLeftTransposed, isRightTransposed, depth: left.columns, alpha, beta,
        c.block(rows: rows, columns: columns))
    }
  }

  /// `y = alpha · op(a) · x + beta · y`. Allocates nothing.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public static func multiply<Scalar: BLASScalar>(
    _ a: MatrixView<Scalar>, transposing isTransposed: Bool = false,
    vector x: UnsafeBufferPointer<Scalar>,
    alpha: Scalar = 1, beta: Scalar = 0, into y: UnsafeMutableBufferPointer<Scalar>,
    on pool: Pool = .shared
  ) throws(LinearAlgebraError) {
    let shape = isTransposed ? a.shape.transposed : a.shape
    guard x.count == shape.columns, y.count == shape.rows else {
      let given = x.count == shape.columns ? y.count : x.count
      throw .shapes(
        operation: "multiply vector", left: shape, right: Shape(rows: given, columns: 1))
    }
    try a.checkIndexable("multiply vector")
    let routines = try Scalar.routines()
    guard let xStart = x.baseAddress, let yStart = y.baseAddress, a.columns > 0, a.rows > 0 else {
      for i in y.indices { y[i] = beta == 0 ? 0 : beta * y[i] }
      return
    }
    // Memory rules here: below a megabyte or so one core has it all in its cache.
    let minimumChunk = max(16, (1 << 17) / max(1, shape.columns))
    pool.forEachChunk(of: shape.rows, minimumChunk: minimumChunk, alignedTo: 16) { range in
      let block = a.operandRows(range, transposed: isTransposed)
      routines.multiply(
        block, isTransposed, vector: xStart, alpha, beta, yStart + range.lowerBound)
    }
  }

  /// The same with spans.
  public static func multiply<Scalar: BLASScalar>(
    _ a: MatrixView<Scalar>, transposing isTransposed: Bool = false,
    vector x: Span<Scalar>, alpha: Scalar = 1, beta: Scalar = 0,
    into y: inout MutableSpan<Scalar>, on pool: Pool = .shared
  ) throws(LinearAlgebraError) {
    try x.withUnsafeBufferPointer { (x) throws(LinearAlgebraError) in
      try y.withUnsafeMutableBufferPointer { (y) throws(LinearAlgebraError) in
        try multiply(
          a, transposing: isTransposed, vector: x, alpha: alpha, beta: beta, into: y, on: pool)
      }
    }
  }

  /// `c = alpha · a · aᵀ + beta · c`, or with `aᵀ · a`: both halves of the symmetric result.
  ///
  /// With `beta`, `c` must be symmetric before. Elements outside of ±`limit` become that. Allocates
  /// nothing.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public static func multiplyBySelf<Scalar: BLASScalar>(
    _ a: MatrixView<Scalar>, transposingLeft isTransposed: Bool = false,
    alpha: Scalar = 1, beta: Scalar = 0, holdingTo limit: Scalar = .infinity,
    into c: MutableMatrixView<Scalar>, on pool: Pool = .shared
  ) throws(LinearAlgebraError) {
    let left = isTransposed ? a.shape.transposed : a.shape
    let product = Shape(rows: left.rows, columns: left.rows)
    guard c.shape == product else {
      throw .shapes(operation: "multiply by self into", left: product, right: c.shape)
    }
    try a.checkIndexable("multiply by self")
    try c.view.checkIndexable("multiply by self")
    let routines = try Scalar.routines()
    let bands = TriangleBands(size: left.rows, depth: left.columns, threads: pool.threads)
    pool.forEachPart(of: bands.partition) { part, _ in
      let band = bands[part]
      let before = 0..<band.lowerBound
      routines.multiply(
        a.operandRows(band, transposed: isTransposed),
        a.operandRows(before, transposed: isTransposed), isTransposed, !isTransposed,
        depth: left.columns, alpha, beta,
        c.block(rows: band, columns: before))
      routines.multiplyBySelf(
        a.operandRows(band, transposed: isTransposed), isTransposed, depth: left.columns, alpha,
        beta,
        c.block(rows: band, columns: band))
    }
    c.mirrorLowerTriangle(holdingTo: limit, on: pool)
  }

  /// Many products of one shape: `c[i] = alpha · op(a[i]) · op(b[i]) + beta · c[i]`.
  ///
  /// The first matrix of each operand is given, and how far it is to the next; a step of 0 uses the
  /// same one for all. The pool shares out the products, each on one thread. Allocates nothing.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public static func multiplyBatch<Scalar: BLASScalar>(
    _ a: MatrixView<Scalar>, step aStep: Int, _ b: MatrixView<Scalar>, step bStep: Int,
    transposingLeft isLeftTransposed: Bool = false,
    transposingRight isRightTransposed: Bool = false,
    alpha: Scalar = 1, beta: Scalar = 0, into c: MutableMatrixView<Scalar>, step cStep: Int,
    count: Int, on pool: Pool = .shared
  ) throws(LinearAlgebraError) {
    precondition(count >= 0, "a batch has no negative count")
    precondition(count <= 1 || cStep >= (c.rows - 1) * c.stride + c.columns, "results overlap")
    let left = isLeftTransposed ? a.shape.transposed : a.shape
    let right = isRightTransposed ? b.shape.transposed : b.shape
    let product = Shape(rows: left.rows, columns: right.columns)
    guard left.columns == right.rows else {
      throw .shapes(operation: "multiply batch", left: left, right: right)
    }
    guard c.shape == product else {
      throw .shapes(operation: "multiply batch into", left: product, right: c.shape)
    }
    try a.checkIndexable("multiply batch")
    try b.checkIndexable("multiply batch")
    try c.view.checkIndexable("multiply batch")
    let routines = try Scalar.routines()
    let work = max(1, product.rows * product.columns * left.columns)
    let minimumChunk = max(1, ProductGrid.minimumWork / work)
    pool.forEachChunk(of: count, minimumChunk: minimumChunk) { range in
      for i in range {
        routines.multiply(
          MatrixView(start: a.start + i * aStep, shape: a.shape, stride: a.stride),
          MatrixView(start: b.start + i * bStep, shape: b.shape, stride: b.stride),
          isLeftTransposed, isRightTransposed, depth: left.columns, alpha, beta,
          MutableMatrixView(start: c.start + i * cStep, shape: c.shape, stride: c.stride))
      }
    }
  }
}

extension MatrixView {
  /// Those rows of the operand op(a): columns of `a` where op transposes.
  fileprivate func operandRows(_ range: Range<Int>, transposed isTransposed: Bool) -> MatrixView {
    isTransposed
      ? block(rows: 0..<rows, columns: range) : block(rows: range, columns: 0..<columns)
  }

  /// The library counts in 32 bits.
  func checkIndexable(_ operation: String) throws(LinearAlgebraError) {
    guard max(rows, stride) <= Int(Int32.max) else {
      throw .tooLarge(operation: operation, shape)
    }
  }
}

extension MutableMatrixView {
  /// Copies what is below the diagonal to above it, in tiles that stay in the nearest cache, and
  /// holds all of it to ±`limit`.
  func mirrorLowerTriangle(holdingTo limit: Scalar, on pool: Pool) {
    let bands = (rows + Self.mirrorTile - 1) / Self.mirrorTile
    // A long band of tiles and a short one make a pair, so that shares are of equal size.
    pool.forEachChunk(of: (bands + 1) / 2, minimumChunk: 4) { pairs in
      for pair in pairs {
        mirrorBand(pair, holdingTo: limit)
        if bands - 1 - pair > pair { mirrorBand(bands - 1 - pair, holdingTo: limit) }
      }
    }
  }

  private static var mirrorTile: Int { 32 }

  private func mirrorBand(_ band: Int, holdingTo limit: Scalar) {
    let tile = Self.mirrorTile
    let top = band * tile
    for left in Swift.stride(from: 0, through: top, by: tile) {
      for row in top..<min(top + tile, rows) {
        let line = start + row * stride
        for column in left..<min(left + tile, row + 1) {
          let below = line[column] > limit ? limit : line[column]
          let value = below < -limit ? -limit : below
          line[column] = value
          start[column * stride + row] = value
        }
      }
    }
  }
}
