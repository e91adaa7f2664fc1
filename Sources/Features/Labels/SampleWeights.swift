import Foundation
import Market

/// How much each sample counts, where labels overlap in time (López de Prado 2018, ch. 4).
///
/// A label lives on the bars after its own up to the one that settled it. Weights have mean 1 over
/// the samples that have a label, and are missing for the others.
public enum SampleWeights {
  /// The mean, over the bars a label lives on, of one over how many labels live there.
  public static func uniqueness(_ labels: LabelColumn) -> Column<Double> {
    let alive = Concurrency(labels)
    let sums = prefixSums(alive.counts.map { $0 > 0 ? 1 / Double($0) : 0 })
    return normalised(labels) { row, last in (sums[last + 1] - sums[row + 1]) / Double(last - row) }
  }

  /// The size of the log return that belongs to a label alone, where each bar's return is shared
  /// evenly by the labels that live on it.
  public static func returns(
    _ labels: LabelColumn, over frame: Frame
  ) throws(FeatureError) -> Column<Double> {
    let closes = try BarColumns(frame).close
    let alive = Concurrency(labels)
    let shares = closes.indices.map { row -> Double in
      guard row > 0, alive.counts[row] > 0 else { return 0 }
      let change = log(closes[row] / closes[row - 1])
      return change.isFinite ? change / Double(alive.counts[row]) : 0
    }
    let sums = prefixSums(shares)
    return normalised(labels) { row, last in abs(sums[last + 1] - sums[row + 1]) }
  }

  private struct Concurrency {
    /// How many labels live on each bar.
    let counts: [Int]

    init(_ labels: LabelColumn) {
      var changes = [Int](repeating: 0, count: labels.values.count + 1)
      for (row, last) in labels.settledRow.enumerated() where last >= 0 {
        changes[row + 1] += 1
        changes[Int(last) + 1] -= 1
      }
      var alive = 0
      counts = changes.dropLast().map { change in
        alive += change
        return alive
      }
    }
  }

  /// `sums[i]` is the sum of the first `i` values.
  private static func prefixSums(_ values: [Double]) -> [Double] {
    var sums = [0.0]
    sums.reserveCapacity(values.count + 1)
    for value in values { sums.append(sums[sums.count - 1] + value) }
    return sums
  }

  private static func normalised(
    _ labels: LabelColumn, _ weight: (_ row: Int, _ last: Int) -> Double
  ) -> Column<Double> {
    let weights = labels.settledRow.enumerated().map { row, last in
      last < 0 ? Double.nan : weight(row, Int(last))
    }
    let present = weights.filter { !$0.isNaN }
    let mean = present.reduce(0, +) / Double(max(1, present.count))
    return Column(mean > 0 ? weights.map { $0 / mean } : weights)
  }
}
