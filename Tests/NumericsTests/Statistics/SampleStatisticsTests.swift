import Numerics
import Testing

@Suite("Statistics of samples against NumPy, SciPy, pandas, scikit-learn and statsmodels")
struct SampleStatisticsTests {
  private let golden: StatisticsSamples

  init() throws { golden = try StatisticsSamples.load() }

  @Test("ranks share the average among ties, and Spearman is their correlation")
  func ranks() throws {
    let ranks = golden.ranks
    #expect(try Ranks.averaged(ranks.values) == ranks.ranks)
    let spearman = try Correlation.spearman(ranks.values, ranks.other)
    #expect(relativeError(spearman, ranks.spearman) < 1e-12)
  }

  @Test("quantiles are NumPy's") func quantiles() throws {
    let plain = try #require(golden.moments["plain"]?.values)
    let found = try Quantiles.exact(plain, at: golden.quantiles.probabilities)
    #expect(greatestRelativeError(found, golden.quantiles.plain) < 1e-14)
    let ties = try Quantiles.exact(golden.ranks.values, at: golden.quantiles.probabilities)
    #expect(ties == golden.quantiles.ties)
  }

  @Test("exponential averages are pandas', with gaps") func averages() throws {
    let values = try #require(golden.averages["values"]).map { $0 ?? .nan }
    for (name, start) in [("adjusted", ExponentialMean.Start.adjusted), ("first", .firstValue)] {
      var averages = [
        "span": try ExponentialMean(span: 9, start: start),
        "half_life": try ExponentialMean(halfLife: 3.5, start: start),
        "alpha": try ExponentialMean(alpha: 0.2, start: start),
      ]
      for kind in ["span", "half_life", "alpha"] {
        let expected = try #require(golden.averages["\(kind)_\(name)"]).map { $0 ?? .nan }
        let found = averages[kind]?.averages(of: values) ?? []
        #expect(greatestRelativeError(found, expected) < 1e-12, "\(kind) \(name)")
      }
    }
  }

  @Test("autocorrelation, whole and one by one") func autocorrelation() throws {
    let sample = golden.autocorrelation
    let batch = try Autocorrelation.coefficients(sample.values, greatestLag: 12)
    #expect(greatestRelativeError(batch, sample.expected) < 1e-11)
    var streaming = try StreamingAutocorrelation(greatestLag: 12)
    for value in sample.values { streaming.add(value) }
    #expect(greatestRelativeError(streaming.coefficients, batch) < 1e-12)
    let far = sample.values.map { 1e9 + $0 * 1e-3 }
    var distant = try StreamingAutocorrelation(greatestLag: 12)
    for value in far { distant.add(value) }
    let whole = try Autocorrelation.coefficients(far, greatestLag: 12)
    #expect(greatestRelativeError(distant.coefficients, whole) < 1e-12)
  }

  @Test("the shrunk covariance and its share") func shrinkage() throws {
    let sample = golden.shrinkage
    let samples = Matrix<Double>(rows: sample.rows, columns: sample.columns, sample.samples)
    let shrunk = try ShrunkCovariance(samples)
    #expect(relativeError(shrunk.shrinkage, sample.shrinkage) < 1e-12)
    // Entries near zero are differences of larger ones.
    let scale = sample.matrix.map(\.magnitude).max() ?? 0
    for (value, expected) in zip(shrunk.matrix.elements, sample.matrix) {
      #expect((value - expected).magnitude < 1e-13 * scale)
    }
    let correlation = try Correlation.matrix(samples)
    for (value, expected) in zip(correlation.elements, golden.correlation) {
      #expect((value - expected).magnitude < 1e-13)
    }
  }

  @Test("least squares with plain and with Newey and West's errors") func regression() throws {
    let sample = golden.regression
    let design = Matrix<Double>(rows: 120, columns: 3, sample.design)
    let plain = try Regression(sample.response, on: design)
    #expect(greatestRelativeError(plain.coefficients, sample.coefficients) < 1e-11)
    #expect(greatestRelativeError(plain.standardErrors, sample.classic) < 1e-11)
    #expect(greatestRelativeError(try plain.chances(), sample.chances) < 1e-9)
    #expect(relativeError(plain.explainedShare, sample.explained) < 1e-11)
    let robust = try Regression(sample.response, on: design, errors: .neweyWest(lags: 5))
    #expect(greatestRelativeError(robust.standardErrors, sample.newey_west) < 1e-11)
    let corrected = try Regression(
      sample.response, on: design, errors: .neweyWest(lags: 5, smallSampleCorrection: true))
    #expect(greatestRelativeError(corrected.standardErrors, sample.corrected) < 1e-11)
  }
}
