import Numerics
import Testing

/// `Golden/Statistics/regression.py` wrote the values, by mpmath at 80 digits.
@Suite("Least squares against 80 digits") struct RegressionTests {
  private let golden: [String: StatisticsSamples.Regression]

  init() throws {
    golden = try statisticsGolden("regression", as: [String: StatisticsSamples.Regression].self)
  }

  @Test(
    "coefficients and errors of all kinds agree, as far as the design's condition allows",
    arguments: [("plain", 3, 1e-12, 1e-12), ("near", 2, 1e-7, 1e-7)])
  func agrees(name: String, columns: Int, tolerance: Double, ofChances: Double) throws {
    let sample = try #require(golden[name])
    let rows = sample.response.count
    let design = Matrix<Double>(rows: rows, columns: columns, sample.design)
    let plain = try Regression(sample.response, on: design)
    #expect(greatestRelativeError(plain.coefficients, sample.coefficients) < tolerance)
    #expect(greatestRelativeError(plain.standardErrors, sample.classic) < tolerance)
    #expect(relativeError(plain.explainedShare, sample.explained) < tolerance)
    #expect(greatestRelativeError(try plain.chances(), sample.chances) < ofChances)
    for (isCorrected, expected) in [(false, sample.newey_west), (true, sample.corrected)] {
      let robust = try Regression(
        sample.response, on: design,
        errors: .neweyWest(lags: 5, smallSampleCorrection: isCorrected))
      #expect(greatestRelativeError(robust.standardErrors, expected) < tolerance)
    }
  }
}
