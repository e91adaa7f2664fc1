import Foundation
import Numerics

/// How many independent trials a number of like ones amount to.
///
/// Counting clusters, or the eigenvalues of the correlations, makes too few of them: a hundred trials
/// with correlations of a half are one cluster, and yet the best of them is 1.6 deviations lucky. What
/// is wanted is how far luck carries the best, so that is what is measured.
public enum EffectiveTrials {
  /// From the trials' returns: as many independent ones as would, by luck alone, reach as high as the
  /// best of these does.
  ///
  /// The returns are centred and given the deviation 1, and each bar of all of them is multiplied by one
  /// normal number: what remains has their correlations and no skill. The mean of the greatest of the
  /// sums is that of so many independent trials (Deflation.expectedMaximum). Chernozhukov, Chetverikov
  /// and Kato, Gaussian Approximations and Multiplier Bootstrap for Maxima of Sums (2013), section 3.
  /// - Parameter returns: rows are bars, columns are trials
  public static func byLuck(
    returns: Matrix<Double>, draws: Int = 200, seed: UInt64
  ) throws(EvidenceError) -> Double {
    let (bars, trials) = (returns.rows, returns.columns)
    guard bars > 1, trials > 0 else { throw .noBars }
    guard draws > 1 else {
      throw .parameter("draws", "\(draws)", expected: "at least 2")
    }
    if let (row, column) = returns.withView({ $0.firstNonFinite() }) {
      throw .notFinite("returns of trial \(column)", row: row)
    }
    guard trials > 1 else { return 1 }
    let standard = standardised(returns)
    var random = RandomStream(seed: seed, purpose: "effective trials")
    let multipliers = Matrix<Double>(rows: draws, columns: bars) { _, _ in random.normal() }
    var sums = Matrix<Double>(rows: draws, columns: trials)
    do throws(LinearAlgebraError) {
      try multipliers.withView { (multipliers) throws(LinearAlgebraError) in
        try standard.withView { (standard) throws(LinearAlgebraError) in
          try sums.withMutableView { (sums) throws(LinearAlgebraError) in
            try LinearAlgebra.multiply(multipliers, standard, into: sums)
          }
        }
      }
    } catch {
      throw .parameter("trials", "\(trials)", expected: "few enough for the memory there is")
    }
    let greatest = (0..<draws).map { draw in
      sums.withRow(draw) { values in values.indices.reduce(-Double.infinity) { max($0, values[$1]) }
      }
    }
    let moments = StreamingMoments(greatest.span)
    // One standard error more, lest the draws were lucky themselves.
    let reach = moments.mean + moments.deviation() / Double(draws).squareRoot()
    return inverse(ofExpectedMaximum: reach, most: Double(trials))
  }

  /// From the trials' mean correlation: ρ̄ + (1 − ρ̄) K (Bailey and López de Prado, The Deflated Sharpe
  /// Ratio, 2014, equation 8), where their returns were not kept.
  public static func byMeanCorrelation(_ correlation: Double, trials: Int) -> Double {
    let correlation = min(max(correlation, 0), 1)
    return max(1, correlation + (1 - correlation) * Double(trials))
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

  /// The number of trials, up to `most`, whose greatest is `reach` on average.
  private static func inverse(ofExpectedMaximum reach: Double, most: Double) -> Double {
    guard Deflation.expectedMaximum(trials: most) > reach else { return most }
    var (low, high) = (1.0, most)
    for _ in 0..<100 {
      let middle = (low + high) / 2
      if Deflation.expectedMaximum(trials: middle) < reach { low = middle } else { high = middle }
    }
    return high
  }
}
