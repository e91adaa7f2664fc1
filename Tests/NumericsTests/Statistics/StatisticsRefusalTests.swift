import CAllocations
import Numerics
import Testing

@Suite("What statistics refuse, and what they take") struct StatisticsRefusalTests {
  @Test("samples that do not fit together are refused with both shapes") func shapes() {
    let three = Shape(rows: 3, columns: 1)
    #expect(
      throws: StatisticsError.shapes(
        operation: "spearman", first: three, second: Shape(rows: 2, columns: 1))
    ) { try Correlation.spearman([1, 2, 3], [1, 2]) }
    #expect(
      throws: StatisticsError.shapes(
        operation: "regression", first: three, second: Shape(rows: 4, columns: 1))
    ) { try Regression([1, 2, 3], on: Matrix(rows: 4, columns: 1)) }
  }

  @Test("a regressor that others explain is named") func singular() {
    let design = Matrix<Double>(rows: 20, columns: 3) { row, column in
      let x = Double(row * row % 7)
      return column == 0 ? x : column == 1 ? Double(row) : 3 * x - 2 * Double(row) + 1
    }
    #expect(
      throws: StatisticsError.singularDesign(column: 3, of: Shape(rows: 20, columns: 4))
    ) { try Regression((0..<20).map { Double($0 % 3) }, on: design) }
  }

  @Test("values that are not finite are refused with their place") func nonFinite() {
    let design = Matrix<Double>(rows: 5, columns: 1) { row, _ in row == 3 ? .nan : Double(row) }
    #expect(throws: StatisticsError.notANumber(operation: "regression design column 1", index: 3)) {
      try Regression([1, 2, 3, 4, 6], on: design)
    }
    #expect(throws: StatisticsError.self) {
      try ShrunkCovariance(Matrix(rows: 3, columns: 2) { _, column in column == 1 ? .nan : 1 })
    }
  }

  @Test("too short samples and senseless parameters are refused") func parameters() throws {
    #expect(throws: StatisticsError.self) { try Correlation.matrix(Matrix(rows: 1, columns: 2)) }
    #expect(throws: StatisticsError.self) { try Correlation.pearson([1], [1]) }
    #expect(throws: StatisticsError.self) { try ExponentialMean(alpha: 0) }
    #expect(throws: StatisticsError.self) { try ExponentialMean(span: .nan) }
    #expect(throws: StatisticsError.self) { try ExponentialMean(halfLife: -1) }
    #expect(throws: StatisticsError.self) { try StreamingAutocorrelation(greatestLag: -1) }
    #expect(throws: StatisticsError.self) {
      try Autocorrelation.coefficients([1, 2], greatestLag: 2)
    }
    #expect(throws: StatisticsError.self) { try QuantileDigest(compression: 1) }
    let same = try Correlation.matrix(
      Matrix<Double>(rows: 4, columns: 2) { $1 == 0 ? 1 : Double($0) })
    #expect(same[0, 0].isNaN && same[0, 1].isNaN && same[1, 1] == 1)
  }

  @Test("streaming forms take no memory once they are made") func allocations() throws {
    guard martinet_counts_allocations() != 0 else { return }
    var random = RandomStream(seed: 9, purpose: "allocations")
    var moments = StreamingMoments()
    var covariance = StreamingCovariance()
    var average = try ExponentialMean(span: 20)
    var autocorrelation = try StreamingAutocorrelation(greatestLag: 10)
    var digest = try QuantileDigest(compression: 100)
    var rows = [Int](repeating: 0, count: 100)
    func work(_ times: Int) throws {
      for _ in 0..<times {
        let (x, y) = (random.normal(), random.normal())
        moments.add(x)
        covariance.add(x, y)
        average.add(x)
        autocorrelation.add(x)
        try digest.add(x)
      }
      var span = rows.mutableSpan
      try Resampling.stationary(meanLength: 5).draw(into: &span, of: 100, from: &random)
    }
    try work(1000)
    let before = martinet_thread_allocations()
    try work(5000)
    #expect(martinet_thread_allocations() == before)
  }
}
