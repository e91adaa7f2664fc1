import Numerics
import Runtime

/// Whether what is seen higher does better: rank correlations of scores with what the close did.
package struct RankScores: Sendable, Equatable {
  /// The mean of the correlations; among the symbols of each instant where there are enough symbols,
  /// else over all rows.
  package let ic: Double
  /// Their mean over their standard deviation; NaN over all rows.
  package let icir: Double
  package let interval: ClosedRange<Double>?
  /// Correlations that were taken.
  package let count: Int
  package let isCrossSectional: Bool
  /// One an instant, for the page; empty over all rows.
  package let series: [Double]

  /// Symbols of an instant that make a correlation worth taking.
  static let leastSymbols = 5

  init?(
    scores: [Double], outcomes: [Double], instants: Instants, horizon: Int, seed: UInt64
  ) {
    let usable = scores.indices.filter { outcomes[$0].isFinite && scores[$0].isFinite }
    guard usable.count > 3 else { return nil }
    let keep = Set(usable)
    let groups = instants.rows.map { $0.filter(keep.contains) }
    let wide = groups.filter { $0.count >= Self.leastSymbols }
    isCrossSectional = wide.count >= 10 && wide.count * 2 > groups.count
    if isCrossSectional {
      let values = groups.map { rows in
        rows.count >= Self.leastSymbols
          ? Self.spearman(rows.map { scores[$0] }, rows.map { outcomes[$0] }) : .nan
      }
      let taken = values.filter { !$0.isNaN }
      guard !taken.isEmpty else { return nil }
      let moments = StreamingMoments(taken.span)
      ic = moments.mean
      icir = taken.count > 1 && moments.deviation() > 0 ? moments.mean / moments.deviation() : .nan
      count = taken.count
      series = values
      interval = instants.interval(horizon: horizon, seed: seed) { drawn in
        var (sum, count) = (0.0, 0.0)
        for place in drawn.indices where !values[drawn[place]].isNaN {
          sum += values[drawn[place]]
          count += 1
        }
        return count > 0 ? sum / count : .nan
      }
    } else {
      ic = Self.spearman(usable.map { scores[$0] }, usable.map { outcomes[$0] })
      icir = .nan
      count = 1
      series = []
      interval = instants.interval(horizon: horizon, seed: seed) { drawn in
        var rows: [Int] = []
        for place in drawn.indices { rows += groups[drawn[place]] }
        return Self.spearman(rows.map { scores[$0] }, rows.map { outcomes[$0] })
      }
    }
    guard !ic.isNaN else { return nil }
  }

  /// NaN where one side is constant.
  static func spearman(_ a: [Double], _ b: [Double]) -> Double {
    guard a.count > 2 else { return .nan }
    do throws(StatisticsError) {
      return try Correlation.spearman(a, b)
    } catch { return .nan }
  }
}
