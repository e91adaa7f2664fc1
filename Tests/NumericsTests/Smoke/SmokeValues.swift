import Foundation
import Numerics
import Testing

/// What `Tests/run` names for the two modes to meet in: the debug run leaves its values there, and
/// the release run compares its own with them.
private let meetingPlace: String? = {
  let path = ProcessInfo.processInfo.environment["MARTINET_DEBUG_VALUES"] ?? ""
  return path.isEmpty ? nil : path
}()

/// Values are the same whether the compiler optimises or not, to the last bit: of everything that
/// is computed with floating-point numbers here. Constants would not do, because values of OpenBLAS
/// differ from one set of its kernels to the next.
@Suite("Smoke: debug and release give the same values")
struct SmokeValues {
  @Test(
    "Kernels, linear algebra, random numbers and statistics, bit for bit",
    .enabled(
      if: meetingPlace.map { !isOptimized || FileManager.default.fileExists(atPath: $0) } ?? false,
      "there are no values of a debug run to compare with: make test"))
  func agree() throws {
    var values = ValueRecord()
    try values.addKernels(Float.self, name: "Float")
    try values.addKernels(Double.self, name: "Double")
    try values.addScans()
    values.addGates()
    try values.addLinearAlgebra(Float.self, name: "Float")
    try values.addLinearAlgebra(Double.self, name: "Double")
    try values.addRandomNumbers()
    try values.addStatistics()
    try values.addDistributions()
    let path = try #require(meetingPlace)
    if isOptimized {
      let debug = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
      #expect(values.lines.count == debug.count)
      for (own, other) in zip(values.lines, debug) { #expect(own == other) }
    } else {
      try values.lines.joined(separator: "\n").write(
        toFile: path, atomically: true, encoding: .utf8)
    }
  }
}

/// One line for each computation: its name and the bits of all its results, folded into one word.
struct ValueRecord {
  private(set) var lines: [String] = []

  /// Every NaN counts as the same one.
  mutating func add(_ name: String, _ values: some Sequence<some BinaryFloatingPoint>) {
    let hash = values.reduce(into: UInt64(0xcbf2_9ce4_8422_2325)) { hash, value in
      let bits = value.isNaN ? 1 : Double(value).bitPattern
      hash = (hash ^ bits) &* 0x100_0000_01b3  // FNV-1a over the words
    }
    lines.append("\(name) \(String(hash, radix: 16))")
  }
}

extension ValueRecord {
  fileprivate mutating func addKernels<T: VectorScalar & BLASScalar>(
    _: T.Type, name: String
  ) throws {
    let random = Self.numbers(2049, T.self)
    for function in ElementwiseFunction.allCases {
      add("\(name) \(function)", try function.applied(to: random))
    }
    var output = random
    add("\(name) sum", [Vector.sum(random.span)])
    add("\(name) dot", [try Vector.dot(random.span, output.span)])
    var target = output.mutableSpan
    try Vector.multiplyAdd(random.span, random.span, random.span, into: &target)
    add("\(name) multiplyAdd", output)
    target = output.mutableSpan
    try Vector.softmaxRows(random.span, rowLength: 683, into: &target)
    add("\(name) softmaxRows", output)
    target = output.mutableSpan
    try Vector.logSoftmaxRows(random.span, rowLength: 683, into: &target)
    add("\(name) logSoftmaxRows", output)
    target = output.mutableSpan
    try Vector.cumulativeProduct(random.span, into: &target)
    add("\(name) cumulativeProduct", output)
    target = output.mutableSpan
    try Vector.cumulativeMaximum(random.span, into: &target)
    add("\(name) cumulativeMaximum", output)
    target = output.mutableSpan
    try Vector.cumulativeMinimum(random.span, into: &target)
    add("\(name) cumulativeMinimum", output)
    add(
      "\(name) extrema", [Vector.minimum(random.span), Vector.maximum(random.span)].map { $0 ?? 0 })
    let places = [Vector.indexOfMinimum(random.span), Vector.indexOfMaximum(random.span)]
    add("\(name) places of extrema", places.map { T($0 ?? -1) })
  }

  fileprivate mutating func addScans() throws {
    let doubles = Self.numbers(2049, Double.self)
    var sums = doubles
    var target = sums.mutableSpan
    try Vector.cumulativeSum(doubles.span, into: &target)
    add("Double cumulativeSum", sums)
    let floats = Self.numbers(2049, Float.self)
    var floatSums = floats
    var floatTarget = floatSums.mutableSpan
    try Vector.cumulativeSum(floats.span, into: &floatTarget)
    add("Float cumulativeSum", floatSums)
  }

  /// What works on registers alone.
  fileprivate mutating func addGates() {
    let random = Self.numbers(64, Float.self)
    for start in stride(from: 0, to: 64, by: 16) {
      var register = SIMD16<Float>.zero
      for lane in 0..<16 { register[lane] = 8 * random[start + lane] }
      for (name, value) in [
        ("gate", SIMD16<Float>.gate(register)), ("squash", .squash(register)),
        ("exponential", .expOfNonPositive(-register.magnitudes)),
      ] { add("\(name) \(start)", (0..<16).map { value[$0] }) }
    }
  }

  fileprivate mutating func addLinearAlgebra<T: BLASScalar & VectorScalar>(
    _: T.Type, name: String
  ) throws {
    let pool = Pool(threads: 2)
    let a = Matrix(rows: 120, columns: 90, Self.numbers(120 * 90, T.self))
    let square = Matrix(rows: 60, columns: 60, Self.numbers(3600, T.self))
    let right = Matrix(rows: 60, columns: 3, Self.numbers(180, T.self))
    let product = try LinearAlgebra.product(a, a, transposingLeft: true, on: pool)
    add("\(name) product", product.elements)
    var own = Matrix<T>(rows: 90, columns: 90)
    try a.withView { a in
      try own.withMutableView {
        try LinearAlgebra.multiplyBySelf(a, transposingLeft: true, into: $0, on: pool)
      }
    }
    add("\(name) by itself", own.elements)
    try addProducts(a, name: name, on: pool)
    for i in 0..<own.rows { own[i, i] += 1 }
    let cholesky = try Cholesky(own, on: pool)
    add("\(name) Cholesky", cholesky.lower.elements + [cholesky.logDeterminant])
    let lu = try LU(square)
    add("\(name) LU", try lu.solve(right).elements + [lu.determinant])
    let qr = try QR(a)
    add("\(name) QR", qr.q.elements + qr.r.elements)
    let eigen = try SymmetricEigen(own)
    add("\(name) eigen", eigen.values + eigen.vectors.elements)
    let svd = try SVD(a)
    add("\(name) SVD", svd.values + svd.u.elements + svd.vTransposed.elements)
    let fit = try LeastSquares(square, right)
    add("\(name) least squares", fit.solution.elements + fit.singularValues)
    let triangle = try LinearAlgebra.solveTriangular(cholesky.lower, .lower, own, on: pool)
    add("\(name) triangle", triangle.elements + (try cholesky.solve(own, on: pool)).elements)
  }

  /// Matrix times vector, and a batch of products of ten rows each.
  private mutating func addProducts<T: BLASScalar>(
    _ a: Matrix<T>, name: String, on pool: Pool
  ) throws {
    var vector = [T](repeating: 0, count: a.rows)
    var batch = Matrix<T>(rows: a.rows, columns: 10)
    try a.withView { a in
      var target = vector.mutableSpan
      try LinearAlgebra.multiply(
        a, vector: UnsafeBufferPointer(start: a.start, count: a.columns).span, into: &target,
        on: pool)
      try batch.withMutableView { c in
        let first = a.block(rows: 0..<10, columns: 0..<a.columns)
        try LinearAlgebra.multiplyBatch(
          first, step: 10 * a.columns, first, step: 0, transposingRight: true,
          into: c.block(rows: 0..<10, columns: 0..<10), step: 100, count: a.rows / 10, on: pool)
      }
    }
    add("\(name) times a vector", vector)
    add("\(name) batch", batch.elements)
  }

  fileprivate mutating func addRandomNumbers() throws {
    var random = RandomStream(seed: 1, purpose: "values")
    add("normals", (0..<500).map { _ in random.normal() })
    add("exponentials", (0..<500).map { _ in random.exponential() })
    add("gammas", try (0..<500).map { _ in try random.gamma(shape: 0.7) })
    add("betas", try (0..<500).map { _ in try random.beta(0.5, 3) })
    add("Dirichlet", try random.dirichlet([0.5, 1, 4]))
    var filled = [Float](repeating: 0, count: 1000)
    filled.withUnsafeMutableBufferPointer { random.fillNormal($0) }
    add("filled normals", filled)
    filled.withUnsafeMutableBufferPointer { random.fillUniform($0) }
    add("filled uniforms", filled)
    var words = [UInt32](repeating: 0, count: 1000)
    words.withUnsafeMutableBufferPointer { random.fillWords($0) }
    add("filled words", words.map(Double.init))
    add("uniforms", (0..<500).map { _ in random.uniform() })
    add("categories", try (0..<100).map { _ in Double(try random.categorical([1, 2, 3])) })
    let table = try WeightTable([1, 2, 3])
    add("table", (0..<100).map { _ in Double(table.draw(from: &random)) })
    add("permutation", random.permutation(100).map(Double.init))
    let derived = Threefry.block(SIMD4(1, 2, 3, 4), key: SIMD4(5, 6, 7, 8))
    add("Threefry", (0..<4).map { Double(derived[$0] >> 11) })
  }

  fileprivate mutating func addStatistics() throws {
    let pool = Pool(threads: 2)
    let values = Self.numbers(3000, Double.self)
    let moments = StreamingMoments(values.span, on: pool)
    add(
      "moments",
      [
        moments.mean, moments.variance(), moments.sampleSkewness, moments.sampleExcessKurtosis,
      ])
    add("quantiles", try Quantiles.exact(values, at: [0.01, 0.5, 0.9], on: pool))
    var digest = try QuantileDigest(compression: 100)
    for value in values { try digest.add(value) }
    add("digest", try [0.01, 0.5, 0.9].map { try digest.quantile($0) })
    let samples = Matrix(rows: 300, columns: 10, values)
    add("correlation", try Correlation.matrix(samples, on: pool).elements)
    add("shrunk covariance", try ShrunkCovariance(samples, on: pool).matrix.elements)
    add("Spearman", [try Correlation.spearman(Array(values[..<500]), Array(values[500..<1000]))])
    var average = try ExponentialMean(span: 20)
    add("averages", average.averages(of: values))
    add("autocorrelation", try Autocorrelation.coefficients(values, greatestLag: 20))
    let fit = try Regression(
      Array(values[..<300]), on: samples, errors: .neweyWest(lags: 5, smallSampleCorrection: true))
    add("regression", fit.coefficients + fit.standardErrors)
    let stream = RandomStream(seed: 2, purpose: "values")
    let replicates = try Resampling.stationary(meanLength: 5)
      .replicates(20, of: 300, from: stream, on: pool) { rows in
        (0..<rows.count).reduce(0) { $0 + values[rows[$1]] }
      }
    add("bootstrap", replicates)
    try addStreams(values)
  }

  private mutating func addStreams(_ values: [Double]) throws {
    var pairs = StreamingCovariance()
    var autocorrelation = try StreamingAutocorrelation(greatestLag: 5)
    for (x, y) in zip(values, values.dropFirst(7)) {
      pairs.add(x, y)
      autocorrelation.add(x)
    }
    add("covariance", [pairs.covariance(), pairs.correlation])
    add("streaming autocorrelation", autocorrelation.coefficients)
    add("ranks", try Ranks.averaged(values.map { ($0 * 8).rounded() }))
    let samples = Matrix(rows: 60, columns: 50, values)
    var rolled = [Float](repeating: 0, count: 51)
    try Correlation.rolling(samples, width: 10, on: Pool(threads: 1)) { window, matrix in
      rolled[window] = (0..<50).reduce(0) { $0 + matrix[$1, ($1 + 1) % 50] }
    }
    add("rolling correlation", rolled)
  }

  fileprivate mutating func addDistributions() throws {
    let distributions: [(String, any ContinuousDistribution)] = [
      ("normal", try NormalDistribution(mean: 1, deviation: 2)),
      ("Student", try StudentDistribution(freedom: 3.5)),
      ("chi squared", try ChiSquaredDistribution(freedom: 7)),
      ("F", try FDistribution(numerator: 3, denominator: 11)),
      ("beta", try BetaDistribution(0.4, 2.5)),
      ("gamma", try GammaDistribution(shape: 2.2, scale: 3)),
    ]
    for (name, distribution) in distributions {
      let chances = (1..<20).map { Double($0) / 20 }
      let quantiles = try chances.map { try distribution.quantile($0) }
      add(
        name,
        quantiles + quantiles.map(distribution.density) + quantiles.map(distribution.cumulative)
          + quantiles.map(distribution.survival))
    }
  }

  private static func numbers<T: BLASScalar>(_ count: Int, _: T.Type) -> [T] {
    var random = RandomStream(seed: 3, purpose: "inputs of values")
    return (0..<count).map { _ in T(4 * random.uniform() - 2) }
  }
}
