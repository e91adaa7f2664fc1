import Numerics

/// Rows grouped by when they were known: those of one instant rise and fall together, so that intervals
/// are drawn from instants, in blocks at least as long as labels reach.
struct Instants: Sendable {
  /// The rows of each, in the order of time.
  let rows: [[Int]]
  let times: [Int64]

  init(_ datetimes: [Int64]) {
    var groups: [Int64: [Int]] = [:]
    for (row, time) in datetimes.enumerated() { groups[time, default: []].append(row) }
    times = groups.keys.sorted()
    rows = times.map { groups[$0] ?? [] }
  }

  var count: Int { rows.count }

  /// The sum over the rows of each instant.
  func sums(_ value: (Int) -> Double) -> [Double] {
    rows.map { $0.reduce(0) { $0 + value($1) } }
  }

  /// The mean over the rows of each instant.
  func means(_ value: (Int) -> Double) -> [Double] {
    rows.map { rows in rows.reduce(0) { $0 + value($1) } / Double(rows.count) }
  }

  /// Where a statistic of the instants lies in 95 of 100 histories put together from blocks of the real
  /// one; nil where there are too few instants for blocks, or the statistic is not always there.
  func interval(
    horizon: Int, seed: UInt64, _ statistic: @Sendable (Span<Int>) -> Double
  ) -> ClosedRange<Double>? {
    let length = max(Double(horizon), Double(count).squareRoot().squareRoot() * 2)
    guard Double(count) >= 4 * length else { return nil }
    let draws: [Double]
    do throws(StatisticsError) {
      draws = try Resampling.stationary(meanLength: length).replicates(
        400, of: count, from: RandomStream(seed: seed, purpose: "evaluation"), statistic)
    } catch { return nil }
    let sorted = draws.filter { !$0.isNaN }.sorted()
    guard sorted.count >= 380 else { return nil }
    let last = Double(sorted.count - 1)
    return sorted[Int((0.025 * last).rounded(.down))]...sorted[Int((0.975 * last).rounded(.up))]
  }

  /// The interval of a mean over rows, whose sums by instant are given.
  func interval(
    ofMean sums: [Double], horizon: Int, seed: UInt64
  ) -> ClosedRange<Double>? {
    let counts = rows.map { Double($0.count) }
    return interval(horizon: horizon, seed: seed) { drawn in
      var (sum, count) = (0.0, 0.0)
      for place in drawn.indices {
        sum += sums[drawn[place]]
        count += counts[drawn[place]]
      }
      return sum / count
    }
  }
}
