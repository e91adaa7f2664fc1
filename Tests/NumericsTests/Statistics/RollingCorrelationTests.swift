import Numerics
import Synchronization
import Testing

@Suite("Correlations that roll over a window") struct RollingCorrelationTests {
  private static func samples(rows: Int, columns: Int, mean: Double = 0) -> Matrix<Double> {
    var stream = RandomStream(seed: 3, purpose: "rolling")
    let factor = (0..<rows).map { _ in stream.normal() }
    return Matrix(rows: rows, columns: columns) { row, _ in
      mean + 0.01 * (factor[row] + stream.normal())
    }
  }

  /// Every window's matrix, in order.
  private static func rolled(
    _ samples: Matrix<Double>, width: Int, threads: Int = 1
  ) throws -> [[Float]] {
    let found = Mutex([Int: [Float]]())
    try Correlation.rolling(samples, width: width, on: Pool(threads: threads)) { window, matrix in
      let elements = (0..<matrix.rows).flatMap { row in
        (0..<matrix.columns).map { matrix[row, $0] }
      }
      found.withLock { $0[window] = elements }
    }
    let count = samples.rows - width + 1
    return try found.withLock { found in try (0..<count).map { try #require(found[$0]) } }
  }

  @Test(
    "each window's matrix is that of its rows alone, for all shapes and however far from zero",
    arguments: [
      (2, 3, 1, 0), (40, 5, 7, 0), (33, 30, 16, 100), (35, 30, 48, 0), (34, 30, 49, 1e6),
      (70, 60, 100, 1e4),
    ] as [(Int, Int, Int, Double)])
  func exact(rows: Int, width: Int, columns: Int, mean: Double) throws {
    let width = min(width, rows)
    let samples = Self.samples(rows: rows, columns: columns, mean: mean)
    let rolled = try Self.rolled(samples, width: width)
    for (window, found) in rolled.enumerated() {
      let alone = Matrix(rows: width, columns: columns) { samples[window + $0, $1] }
      let exact = try Correlation.matrix(alone).elements
      let worst = zip(found, exact).map { (Double($0) - $1).magnitude }.max() ?? .infinity
      #expect(worst < 1e-6, "window \(window)")
    }
  }

  @Test("the matrix is symmetric with ones on its diagonal, the same on any number of threads")
  func symmetric() throws {
    let samples = Self.samples(rows: 64, columns: 70)
    let one = try Self.rolled(samples, width: 20)
    #expect(try Self.rolled(samples, width: 20, threads: 3) == one)
    for matrix in one {
      for i in 0..<70 {
        #expect(matrix[i * 70 + i] == 1)
        for j in 0..<i where matrix[i * 70 + j] != matrix[j * 70 + i] {
          Issue.record("\(i), \(j) differ")
        }
      }
    }
  }

  @Test("a column has NaN in the windows where it stands still or is not finite, and nowhere else")
  func holes() throws {
    var samples = Self.samples(rows: 60, columns: 20)
    samples[30, 4] = .nan
    samples[31, 5] = .infinity
    for row in 10..<25 { samples[row, 6] = 0.5 }
    let rolled = try Self.rolled(samples, width: 10)
    for (window, matrix) in rolled.enumerated() {
      let rows = window..<window + 10
      let missing: Set<Int> = Set(
        (rows.contains(30) ? [4] : []) + (rows.contains(31) ? [5] : [])
          + ((10...15).contains(window) ? [6] : []))
      for i in 0..<20 {
        for j in 0..<20 {
          let isMissing = missing.contains(i) || missing.contains(j)
          if matrix[i * 20 + j].isNaN != isMissing {
            Issue.record("window \(window): \(i), \(j) is \(matrix[i * 20 + j])")
          }
        }
      }
    }
  }

  @Test("a window of one row, or more rows than there are, is refused")
  func refused() {
    let samples = Self.samples(rows: 10, columns: 3)
    #expect(throws: StatisticsError.self) {
      try Correlation.rolling(samples, width: 1) { _, _ in }
    }
    #expect(
      throws: StatisticsError.tooFew(operation: "rolling correlation", count: 10, needed: 11)
    ) { try Correlation.rolling(samples, width: 11) { _, _ in } }
  }
}
