import Numerics
import Runtime
import TestKit
import Testing

/// Samples and parameters of the worst kind: statistics answer, with NaN where there is no answer, or
/// throw their own errors, and never trap or hang.
@Suite("Statistics on hostile input") struct HostileSampleTests {
  private static let rounds = FuzzBudget.inputs(usual: isOptimized ? 2_000 : 100, nightly: 100_000)
  private static let numbers: [Double] = [
    .nan, .infinity, -.infinity, 0, -0.0, 1, -1, 0.1, .leastNonzeroMagnitude,
    -.leastNonzeroMagnitude, .leastNormalMagnitude, 1e-200, 1e200,
    .greatestFiniteMagnitude, -.greatestFiniteMagnitude,
  ]

  /// Some of a few of the numbers, so that ties and constant samples are common.
  private func sample(_ random: inout SeededGenerator) -> [Double] {
    let few = (0..<Int.random(in: 1...4, using: &random)).map { _ in
      Self.numbers[Int.random(in: 0..<Self.numbers.count, using: &random)]
    }
    return (0..<Int.random(in: 0...40, using: &random)).map { _ in
      few[Int.random(in: 0..<few.count, using: &random)]
    }
  }

  private func attempt(_ what: String, _ round: Int, _ body: () throws -> Void) {
    do {
      try body()
    } catch let error as StatisticsError {
      #expect(!error.diagnosis.finding.isEmpty && !error.diagnosis.remedy.isEmpty)
    } catch {
      Issue.record(error, "\(what), round \(round)")
    }
  }

  @Test("statistics of samples") func samples() {
    var random = SeededGenerator(seed: 11)
    for round in 0..<Self.rounds {
      let (x, y) = (sample(&random), sample(&random))
      let parameter = Self.numbers[Int.random(in: 0..<Self.numbers.count, using: &random)]
      let moments = StreamingMoments(x.span)
      _ = [moments.mean, moments.variance(), moments.sampleSkewness, moments.sampleExcessKurtosis]
      attempt("quantiles", round) { _ = try Quantiles.exact(x, at: [0, 0.3, parameter]) }
      attempt("digest", round) {
        var digest = try QuantileDigest(compression: 20)
        for value in x { try digest.add(value) }
        let found = try digest.quantile(0.3)
        #expect(found >= digest.least && found <= digest.greatest)
      }
      attempt("ranks", round) { _ = try Ranks.averaged(x) }
      attempt("correlation", round) { _ = try Correlation.pearson(x, y) }
      attempt("Spearman", round) { _ = try Correlation.spearman(x, y) }
      attempt("autocorrelation", round) { _ = try Autocorrelation.coefficients(x, greatestLag: 3) }
      attempt("average", round) {
        var mean = try ExponentialMean(halfLife: parameter)
        _ = mean.averages(of: x)
      }
      let columns = Int.random(in: 1...4, using: &random)
      let rows = x.count / columns
      let matrix = Matrix<Double>(rows: rows, columns: columns, x.prefix(rows * columns))
      attempt("matrix", round) {
        let found = try Correlation.matrix(matrix).elements
        #expect(found.allSatisfy { $0.isNaN || (-1...1).contains($0) })
      }
      attempt("shrunk", round) { _ = try ShrunkCovariance(matrix) }
      attempt("rolling", round) {
        try Correlation.rolling(matrix, width: 5, on: Pool(threads: 1)) { _, _ in }
      }
      attempt("regression", round) {
        _ = try Regression(Array(y.prefix(rows)), on: matrix, errors: .neweyWest(lags: 2)).chances()
      }
    }
  }

  @Test("distributions of any parameters at any place")
  func distributions() {
    var random = SeededGenerator(seed: 12)
    let parameters = Self.numbers + [1e-150, 1e-10, 0.5, 3, 1e3, 1e6, 1e9, 1e150]
    func pick() -> Double { parameters[Int.random(in: 0..<parameters.count, using: &random)] }
    for round in 0..<Self.rounds / 20 {
      let (a, b, x) = (pick(), pick(), pick())
      let makers: [() throws -> any ContinuousDistribution] = [
        { try NormalDistribution(mean: a, deviation: b) },
        { try GammaDistribution(shape: a, scale: b) }, { try ChiSquaredDistribution(freedom: a) },
        { try BetaDistribution(a, b) }, { try FDistribution(numerator: a, denominator: b) },
        { try StudentDistribution(freedom: a) },
      ]
      for make in makers {
        attempt("\(a) \(b) \(x)", round) {
          let distribution = try make()
          let (lower, upper) = (distribution.cumulative(x), distribution.survival(x))
          let isChance = { (p: Double) in (0...1).contains(p) || (x.isNaN && p.isNaN) }
          #expect(isChance(lower) && isChance(upper), "\(distribution) at \(x): \(lower), \(upper)")
          #expect(distribution.density(x) >= 0 || x.isNaN, "\(distribution) at \(x)")
          // A search takes many steps of √shape each.
          guard max(a, b) <= 1e6 else { return }
          #expect(try !distribution.quantile(0.3).isNaN)
          #expect(try !distribution.quantile(upper: 1e-20).isNaN)
        }
      }
    }
  }
}
