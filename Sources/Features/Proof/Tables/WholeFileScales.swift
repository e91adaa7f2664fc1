import Foundation
import Numerics
import Runtime

/// Columns brought to a scale that only the whole file gives: its least and greatest value, its mean
/// and deviation, its quartiles, its ranks. Figures that come out so exactly are no accident, and they
/// were not known before the file ended.
struct WholeFileScales {
  func finding(_ name: String, _ column: [Double]) -> TableFinding? {
    let rows = column.indices.filter { column[$0].isFinite }
    let sorted = rows.map { column[$0] }.sorted()
    guard rows.count >= AuditedTable.leastRows, let least = sorted.first, let greatest = sorted.last
    else { return nil }
    let distinct = zip(sorted, sorted.dropFirst()).count { $0 != $1 } + 1
    // A clock and a row number are no scales, and steps too coarse hit round figures by accident.
    let isMonotone =
      zip(rows, rows.dropFirst()).allSatisfy { column[$0] <= column[$1] }
      || zip(rows, rows.dropFirst()).allSatisfy { column[$0] >= column[$1] }
    let step = ColumnMath.step(of: column)
    guard distinct >= rows.count / 2, !isMonotone,
      step < (greatest - least) / Double(20 * rows.count)
    else { return nil }
    let scale = Scale(
      sorted: sorted, step: step, isPersistent: Self.isPersistent(rows.map { column[$0] }))
    guard let (kind, words) = scale.kind else { return nil }
    let last = column.lastIndex { $0 == greatest || $0 == least } ?? 0
    return TableFinding(
      column: name, cause: .wholeFileScaling, row: rows[0],
      explanation:
        "\(words) over all \(rows.count) rows: early rows were scaled by figures of late "
        + "ones, such as row \(last)",
      evidence: [
        .init("scaling", JSON(kind)), .init("least", JSON(least)),
        .init("greatest", JSON(greatest)),
        .init("mean", JSON(scale.mean)), .init("deviation", JSON(scale.deviation)),
        .init("rows", JSON(rows.count)),
      ])
  }

  /// Whether each value is close to the one before, as prices and other levels are.
  private static func isPersistent(_ values: [Double]) -> Bool {
    let mean = StreamingMoments(values.span).mean
    let products = zip(values, values.dropFirst()).reduce(0) { $0 + ($1.0 - mean) * ($1.1 - mean) }
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return products > 0.9 * squares
  }

  private struct Scale {
    let sorted: [Double]
    let mean, deviation: Double
    let isPersistent: Bool
    private let tolerance: Double

    init(sorted: [Double], step: Double, isPersistent: Bool) {
      self.sorted = sorted
      self.isPersistent = isPersistent
      let moments = StreamingMoments(sorted.span)
      mean = moments.mean
      deviation = moments.deviation(degreesTaken: 0)
      tolerance = max(1e-7, 3 * step / Double(sorted.count).squareRoot())
    }

    var kind: (String, String)? {
      if let bounds = bounds { return bounds }
      let sample = deviation * (Double(sorted.count) / Double(sorted.count - 1)).squareRoot()
      let isUnit = abs(deviation - 1) <= tolerance || abs(sample - 1) <= tolerance
      if abs(mean) <= tolerance, isUnit {
        return ("standard", "mean 0 and deviation 1, to \(ColumnMath.short(tolerance)),")
      }
      if isRobust { return ("robust", "median 0 and distance of the quartiles 1, exactly,") }
      return isRanks ? ("ranks", "evenly spaced ranks") : nil
    }

    /// Both ends are met exactly, and once: what oscillates between bounds meets them often. A ratio
    /// that has bounds by its nature (where in its range a bar closed) comes close to them often, too;
    /// the ends that a file happens to have stand apart, or belong to a level that moves slowly.
    private var bounds: (String, String)? {
      let (least, greatest) = (sorted[0], sorted[sorted.count - 1])
      let isOnce = sorted[1] > least && sorted[sorted.count - 2] < greatest
      let isUnit = abs(greatest - 1) <= 1e-9 && (abs(least) <= 1e-9 || abs(least + 1) <= 1e-9)
      let gap = max(sorted[1] - least, greatest - sorted[sorted.count - 2])
      guard isOnce, isUnit, isPersistent || gap > 0.02 * (greatest - least) else { return nil }
      return ("min_max", "least value \(ColumnMath.short(least)) and greatest 1, each met once,")
    }

    private var isRobust: Bool {
      do throws(StatisticsError) {
        let quartiles = try Quantiles.exact(sorted, at: [0.25, 0.5, 0.75])
        return abs(quartiles[1]) <= 1e-9 && abs(quartiles[2] - quartiles[0] - 1) <= 1e-9
      } catch { return false }
    }

    private var isRanks: Bool {
      let width = (sorted[sorted.count - 1] - sorted[0]) / Double(sorted.count - 1)
      return sorted.indices.allSatisfy {
        abs(sorted[$0] - sorted[0] - Double($0) * width) <= 1e-6 * width * Double(sorted.count)
          && abs(sorted[$0] - sorted[0] - Double($0) * width) <= 0.01 * width
      }
    }
  }
}
