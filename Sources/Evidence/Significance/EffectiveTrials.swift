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
  /// sums is that of so many independent trials (Deflation.expectedMaximum). The multiplier bootstrap of
  /// Chernozhukov, Chetverikov and Kato, Gaussian Approximations and Multiplier Bootstrap for Maxima of
  /// Sums of High-Dimensional Random Vectors (Annals of Statistics 41, 2013); to count trials by it is ours.
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
    var luck = try LuckDraws(bars: bars, draws: draws, seed: seed)
    try luck.add(returns)
    return luck.effectiveTrials
  }

  /// From the trials' mean correlation: ρ̄ + (1 − ρ̄) K, where their returns were not kept (Bailey and López
  /// de Prado, The Deflated Sharpe Ratio, 2014, in the appendix on the number of independent trials).
  public static func byMeanCorrelation(_ correlation: Double, trials: Int) -> Double {
    let correlation = min(max(correlation, 0), 1)
    return max(1, correlation + (1 - correlation) * Double(trials))
  }

  /// The number of trials, up to `most`, whose greatest is `reach` on average.
  static func inverse(ofExpectedMaximum reach: Double, most: Double) -> Double {
    guard Deflation.expectedMaximum(trials: most) > reach else { return most }
    var (low, high) = (1.0, most)
    for _ in 0..<100 {
      let middle = (low + high) / 2
      if Deflation.expectedMaximum(trials: middle) < reach { low = middle } else { high = middle }
    }
    return high
  }
}
