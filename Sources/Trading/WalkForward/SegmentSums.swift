import Foundation

/// What settings earned between some rows, in sums from which the Sharpe ratio of any union of segments
/// follows.
struct SegmentSums: Sendable {
  /// Of one setting over some bars.
  struct Sum: Hashable, Sendable {
    var count = 0
    var sum = 0.0
    var squares = 0.0
    /// The logarithm of what one became.
    var growth = 0.0

    mutating func add(_ other: Sum) {
      count += other.count
      sum += other.sum
      squares += other.squares
      growth += other.growth
    }

    /// Of one bar; 0 where nothing moved.
    var sharpe: Double {
      guard count > 1 else { return 0 }
      let n = Double(count)
      let variance = (squares - sum * sum / n) / (n - 1)
      return variance > 1e-30 ? sum / n / variance.squareRoot() : 0
    }
  }

  /// Rows at which segments begin, and the end of the last.
  let edges: [Int]
  /// Of each setting, segment by segment.
  private(set) var sums: [[Sum]] = []

  init(edges: some Sequence<Int>) { self.edges = Set(edges).sorted() }

  /// - Parameter returns: one a bar, of all rows
  static func of(_ returns: [Double], edges: [Int]) -> [Sum] {
    zip(edges, edges.dropFirst()).map { first, end in
      var sum = Sum()
      for row in first..<end {
        sum.count += 1
        sum.sum += returns[row]
        sum.squares += returns[row] * returns[row]
        sum.growth += log1p(returns[row])
      }
      return sum
    }
  }

  mutating func add(_ setting: [Sum]) { sums.append(setting) }

  /// Over the rows of ranges whose ends are edges.
  func sum(of setting: Int, in ranges: [Range<Int>]) -> Sum {
    var total = Sum()
    for (segment, first) in edges.dropLast().enumerated()
    where ranges.contains(where: { $0.contains(first) }) {
      total.add(sums[setting][segment])
    }
    return total
  }

  /// The setting with the highest ratio over some rows; of equals the first.
  func best(in ranges: [Range<Int>]) -> (setting: Int, sharpe: Double) {
    var best = (setting: 0, sharpe: -Double.infinity)
    for setting in sums.indices {
      let sharpe = sum(of: setting, in: ranges).sharpe
      if sharpe > best.sharpe { best = (setting, sharpe) }
    }
    return best
  }
}
