import Foundation
import Numerics

/// Whether the best of many beats a benchmark by more than choosing it among so many explains.
///
/// White, A Reality Check for Data Snooping (Econometrica 68, 2000), and Hansen, A Test for Superior
/// Predictive Ability (Journal of Business & Economic Statistics 23, 2005), with the stationary bootstrap
/// for both and studentised statistics for Hansen's.
public struct BestOfMany: Hashable, Sendable {
  /// White's: models that are far worse than the benchmark count as much as others.
  public let realityCheck: Double
  /// Hansen's three p-values: models that lose are centred at their own mean (lower bound), only those
  /// that lose clearly (consistent: the one to use), or none (upper bound).
  public let lower, consistent, upper: Double
  /// The statistic, √n × the greatest studentised mean, at least 0.
  public let statistic: Double
  /// Which of them is best.
  public let best: Int
  public let resamples: Int
  public let meanBlock: Double
  /// The mean difference of a bar, as a multiple of the best one's deviation, that this test finds in 80
  /// of 100 cases at 5%: what it can see at all.
  public let detectable: Double

  /// - Parameters:
  ///   - differences: rows are bars, columns are models; what each model did better than the benchmark
  public init(
    differences: Matrix<Double>, resamples: Int = 1000, meanBlock: Double? = nil, seed: UInt64
  ) throws(EvidenceError) {
    let (n, count) = (differences.rows, differences.columns)
    guard n >= 10, count >= 1 else {
      throw .parameter("bars", "\(n)", expected: "at least 10 bars of at least one model")
    }
    if let (row, column) = differences.withView({ $0.firstNonFinite() }) {
      throw .notFinite("differences of model \(column)", row: row)
    }
    let block = meanBlock ?? max(1, cbrt(Double(n)).rounded())
    guard resamples >= 100, block >= 1, block <= Double(n) else {
      throw .parameter(
        "resamples", "\(resamples) of blocks of \(block)",
        expected: "at least 100, of blocks from 1 bar to all")
    }
    let columns = (0..<count).map { column in
      (0..<n).map { differences[$0, column] }
    }
    let means = columns.map { $0.reduce(0, +) / Double(n) }
    let deviations = zip(columns, means).map { column, mean in
      max(Self.longRunDeviation(column, mean: mean, meanBlock: block), 1e-15)
    }
    let root = Double(n).squareRoot()
    let studentised = zip(means, deviations).map { root * $0 / $1 }
    let best = studentised.indices.max { studentised[$0] < studentised[$1] } ?? 0
    // Hansen's threshold, √(2 ln ln n): a model below it loses beyond doubt.
    let clear = -(2 * log(log(Double(n)))).squareRoot()
    let centres: [[Double]] = [
      means.map { max($0, 0) },
      zip(means, studentised).map { $1 >= clear ? $0 : 0 },
      means,
    ]
    let observed = max(0, studentised[best])
    let observedMean = max(0, root * (means.max() ?? 0))
    var counts = [0, 0, 0, 0]
    try Self.forEachResample(of: differences, resamples, block, seed) { sums in
      var greatest = [0.0, 0.0, 0.0, 0.0]
      for model in 0..<count {
        let mean = sums[model] / Double(n)
        for which in 0..<3 {
          let statistic = root * (mean - centres[which][model]) / deviations[model]
          greatest[which] = max(greatest[which], statistic)
        }
        greatest[3] = max(greatest[3], root * (mean - means[model]))
      }
      for which in 0..<3 where greatest[which] > observed { counts[which] += 1 }
      if greatest[3] > observedMean { counts[3] += 1 }
    }
    func chance(_ count: Int) -> Double { Double(count) / Double(resamples) }
    lower = chance(counts[0])
    consistent = chance(counts[1])
    upper = chance(counts[2])
    realityCheck = chance(counts[3])
    statistic = observed
    self.best = best
    self.resamples = resamples
    self.meanBlock = block
    // Against the greatest of so many normal numbers, at 5% and with a power of 80%.
    let critical = Deflation.critical(trials: Double(count), level: 0.05)
    detectable = (critical + 0.841_621_233_572_914_2) / root
  }

  /// Gives the sums of each model's differences over the rows of each resample. How often a row is drawn
  /// is counted, and the counts of many resamples are multiplied with all differences at once.
  private static func forEachResample(
    of differences: Matrix<Double>, _ resamples: Int, _ block: Double, _ seed: UInt64,
    _ body: ([Double]) -> Void
  ) throws(EvidenceError) {
    let (n, count) = (differences.rows, differences.columns)
    let random = RandomStream(seed: seed, purpose: "superior predictive ability")
    var rows = [Int](repeating: 0, count: n)
    let together = 64
    for first in stride(from: 0, to: resamples, by: together) {
      let size = min(together, resamples - first)
      var drawn = Matrix<Double>(rows: size, columns: n)
      var sums = Matrix<Double>(rows: size, columns: count)
      do {
        for resample in 0..<size {
          var stream = random.split(first + resample)
          var span = rows.mutableSpan
          try Resampling.stationary(meanLength: block).draw(into: &span, of: n, from: &stream)
          for row in rows { drawn[resample, row] += 1 }
        }
        try drawn.withView { drawn in
          try differences.withView { differences in
            try sums.withMutableView { sums in
              try LinearAlgebra.multiply(drawn, differences, into: sums)
            }
          }
        }
      } catch {
        throw .parameter("models", "\(count)", expected: "few enough for the memory there is")
      }
      for resample in 0..<size { body((0..<count).map { sums[resample, $0] }) }
    }
  }

  /// The deviation of √n × the mean under the stationary bootstrap, in closed form: Politis and Romano,
  /// The Stationary Bootstrap (1994), lemma 1, as Hansen has it in his appendix.
  static func longRunDeviation(_ values: [Double], mean: Double, meanBlock: Double) -> Double {
    let n = values.count
    let q = 1 / meanBlock
    let centred = values.map { $0 - mean }
    func covariance(_ lag: Int) -> Double {
      (lag..<n).reduce(0) { $0 + centred[$1] * centred[$1 - lag] } / Double(n)
    }
    var variance = covariance(0)
    for lag in 1..<n {
      let (share, i) = (Double(n - lag) / Double(n), Double(lag))
      let weight = share * pow(1 - q, i) + i / Double(n) * pow(1 - q, Double(n - lag))
      if weight < 1e-12 && i > meanBlock { continue }
      variance += 2 * weight * covariance(lag)
    }
    return max(0, variance).squareRoot()
  }
}

extension Deflation {
  /// Where the greatest of so many independent standard normal numbers lies with the chance `level`
  /// above it.
  public static func critical(trials: Double, level: Double) -> Double {
    let single = -expm1(log1p(-level) / trials)
    do { return try NormalDistribution.standard.quantile(upper: single) } catch { return .nan }
  }
}
