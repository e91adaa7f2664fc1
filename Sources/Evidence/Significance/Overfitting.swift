import Foundation
import Numerics

/// The probability of back-test overfitting by combinatorially symmetric cross-validation: how often the
/// setting that was best in one half of the data is below the median of all in the other half.
///
/// Bailey, Borwein, López de Prado and Zhu, The Probability of Backtest Overfitting (2017), section 3.
public struct Overfitting: Sendable {
  /// The part of the splits in which the best in sample is not above the median out of sample.
  public let probability: Double
  /// ln(ω ÷ (1 − ω)) of each split, ω the rank of the chosen one out of sample over (settings + 1).
  public let logits: [Double]
  public let splits: Int
  public let blocks: Int
  public let settings: Int
  /// Slope of the chosen ones' Sharpe ratio out of sample on that in sample; `nil` where it does not vary.
  public let degradation: Double?
  /// The part of the splits in which the chosen one lost out of sample.
  public let lossProbability: Double
  /// How far the probability may be off by chance, taking blocks for independent: two standard errors.
  public let uncertainty: Double

  /// - Parameters:
  ///   - returns: rows are bars, columns are settings
  ///   - blocks: an even number of blocks of neighbouring bars; bars at the end that fill none are left out
  public init(returns: Matrix<Double>, blocks: Int = 16) throws(EvidenceError) {
    if let (row, column) = returns.withView({ $0.firstNonFinite() }) {
      throw .notFinite("returns of setting \(column)", row: row)
    }
    var sums = try BlockSums(bars: returns.rows, blocks: blocks)
    sums.add(returns)
    try self.init(sums)
  }

  /// From sums that were kept in place of the returns.
  public init(_ sums: BlockSums) throws(EvidenceError) {
    let blocks = sums.blocks
    guard sums.count >= 2 else {
      throw .parameter("settings", "\(sums.count)", expected: "at least 2 to choose from")
    }
    let all = (1 << blocks) - 1
    var (logits, inside, outside): ([Double], [Double], [Double]) = ([], [], [])
    for half in 0...all where half.nonzeroBitCount == blocks / 2 {
      let first = sums.sharpe(half)
      let second = sums.sharpe(all & ~half)
      // Of equals the first: which is as good as any.
      let best = first.indices.max { first[$0] < first[$1] } ?? 0
      let below = Double(second.count { $0 < second[best] })
      let equal = Double(second.count { $0 == second[best] })
      let rank = (below + (equal + 1) / 2) / Double(second.count + 1)
      logits.append(log(rank / (1 - rank)))
      inside.append(first[best])
      outside.append(second[best])
    }
    self.logits = logits
    splits = logits.count
    self.blocks = blocks
    settings = sums.count
    let share = Double(logits.count { $0 <= 0 }) / Double(logits.count)
    probability = share
    lossProbability = Double(outside.count { $0 < 0 }) / Double(outside.count)
    // The splits overlap: there are no more independent ones than blocks.
    uncertainty = 2 * (share * (1 - share) / Double(blocks)).squareRoot()
    var pairs = StreamingCovariance()
    for (x, y) in zip(inside, outside) { pairs.add(x, y) }
    let spread = StreamingMoments(inside.span).variance()
    degradation = spread > 0 ? pairs.covariance() / spread : nil
  }
}
