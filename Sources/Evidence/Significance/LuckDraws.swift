import Numerics

/// How far luck carries the best of many trials, whose returns come in portions: the measurement of
/// `EffectiveTrials.byLuck` for more trials than there is memory for.
public struct LuckDraws: Sendable {
  public let bars: Int
  public let seed: UInt64
  public private(set) var trials = 0
  /// Of each draw the greatest sum so far.
  public private(set) var greatest: [Double]
  /// The normal numbers that each draw multiplies the bars with: the same for every portion.
  private let multipliers: Matrix<Double>

  public init(bars: Int, draws: Int = 200, seed: UInt64) throws(EvidenceError) {
    guard bars > 1 else { throw .noBars }
    guard draws > 1 else { throw .parameter("draws", "\(draws)", expected: "at least 2") }
    self.bars = bars
    self.seed = seed
    greatest = Array(repeating: -.infinity, count: draws)
    var random = RandomStream(seed: seed, purpose: "effective trials")
    multipliers = Matrix(rows: draws, columns: bars) { _, _ in random.normal() }
  }

  /// - Parameter returns: finite; rows are bars, columns are trials
  public mutating func add(_ returns: Matrix<Double>) throws(EvidenceError) {
    guard returns.rows == bars else {
      throw .lengths("returns", returns.rows, bars: bars)
    }
    let standard = Self.standardised(returns)
    var sums = Matrix<Double>(rows: greatest.count, columns: returns.columns)
    do throws(LinearAlgebraError) {
      try multipliers.withView { (multipliers) throws(LinearAlgebraError) in
        try standard.withView { (standard) throws(LinearAlgebraError) in
          try sums.withMutableView { (sums) throws(LinearAlgebraError) in
            try LinearAlgebra.multiply(multipliers, standard, into: sums)
          }
        }
      }
    } catch {
      throw .parameter(
        "trials", "\(returns.columns)", expected: "few enough for the memory there is")
    }
    for draw in greatest.indices {
      greatest[draw] = sums.withRow(draw) { values in
        values.indices.reduce(greatest[draw]) { max($0, values[$1]) }
      }
    }
    trials += returns.columns
  }

  /// Adds what the same draws found of other trials.
  public mutating func merge(trials: Int, greatest: [Double]) {
    precondition(greatest.count == self.greatest.count, "the same draws")
    self.trials += trials
    for draw in greatest.indices { self.greatest[draw] = max(self.greatest[draw], greatest[draw]) }
  }

  /// As many independent trials as would reach as far.
  public var effectiveTrials: Double {
    guard trials > 1 else { return 1 }
    let moments = StreamingMoments(greatest.span)
    // One standard error more, lest the draws were lucky themselves.
    let reach = moments.mean + moments.deviation() / Double(greatest.count).squareRoot()
    return EffectiveTrials.inverse(ofExpectedMaximum: reach, most: Double(trials))
  }

  /// Columns of mean 0 and length 1; zeros where a trial never moved.
  private static func standardised(_ returns: Matrix<Double>) -> Matrix<Double> {
    let n = Double(returns.rows)
    let scales = (0..<returns.columns).map { column -> (mean: Double, scale: Double) in
      var (sum, squares) = (0.0, 0.0)
      for row in 0..<returns.rows { sum += returns[row, column] }
      let mean = sum / n
      for row in 0..<returns.rows {
        squares += (returns[row, column] - mean) * (returns[row, column] - mean)
      }
      return (mean, squares > n * 1e-30 ? 1 / squares.squareRoot() : 0)
    }
    return Matrix(rows: returns.rows, columns: returns.columns) { row, column in
      (returns[row, column] - scales[column].mean) * scales[column].scale
    }
  }
}
