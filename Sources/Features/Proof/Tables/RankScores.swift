import Numerics

/// The ranks of a column's values with mean 0 and variance 1; missing values count as the mean.
///
/// Ranks, so that no single crash or error of a digit decides what is said of a column.
struct RankScores {
  let values: [Double]
  let isPresent: [Bool]

  /// `nil` where there are fewer than `least` values, or one and the same.
  init?(_ column: [Double], least: Int) {
    let rows = column.indices.filter { column[$0].isFinite }
    guard rows.count >= least else { return nil }
    let ranks: [Double]
    // Only finite values are ranked, so none is refused.
    do { ranks = try Ranks.averaged(rows.map { column[$0] }) } catch { return nil }
    let mean = Double(rows.count + 1) / 2
    let squares = ranks.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    guard squares > 0 else { return nil }
    let deviation = (squares / Double(rows.count)).squareRoot()
    var values = [Double](repeating: 0, count: column.count)
    for (row, rank) in zip(rows, ranks) { values[row] = (rank - mean) / deviation }
    self.values = values
    isPresent = column.map(\.isFinite)
  }

  private init(values: [Double], isPresent: [Bool]) {
    self.values = values
    self.isPresent = isPresent
  }

  /// With the last row first.
  var reversed: RankScores {
    RankScores(values: values.reversed(), isPresent: isPresent.reversed())
  }

  /// Turned on by so many rows, the end coming round to the beginning.
  func turned(by rows: Int) -> RankScores {
    let rows = rows % values.count
    return RankScores(
      values: Array(values[rows...] + values[..<rows]),
      isPresent: Array(isPresent[rows...] + isPresent[..<rows]))
  }

  /// Correlation of each value with the other's `lead` rows later.
  func correlation(_ other: RankScores, lead: Int) -> Double {
    let first = max(0, -lead)
    let last = values.count - max(0, lead)
    guard first < last else { return 0 }
    var (sum, both) = (0.0, 0)
    for row in first..<last {
      sum += values[row] * other.values[row + lead]
      both += isPresent[row] && other.isPresent[row + lead] ? 1 : 0
    }
    return both > 0 ? sum / Double(both) : 0
  }

  /// The lead of some with the strongest correlation, and that.
  func strongest(_ other: RankScores, leads: ClosedRange<Int>) -> (lead: Int, correlation: Double) {
    leads.map { ($0, correlation(other, lead: $0)) }
      .max { abs($0.1) < abs($1.1) } ?? (leads.lowerBound, 0)
  }
}
