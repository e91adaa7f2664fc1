import Features
import Market

/// Means of the last closes for many lengths at once, each the bits of `WindowSum`: a column of sums is
/// made from the one of half its length in one addition a row, or two where the length is odd.
struct MeanColumns: Sendable {
  private let means: [Int: Column<Double>]

  init(_ closes: Column<Double>, lengths: Set<Int>) {
    var sums: [Int: Column<Double>] = [1: closes]
    for length in lengths.sorted() { Self.add(length, of: closes, to: &sums) }
    var means: [Int: Column<Double>] = [:]
    for length in lengths {
      guard let column = sums[length] else { continue }
      let divisor = Double(length)
      means[length] = Column(count: closes.count) { out in
        column.withUnsafeValues { sums in
          guard let out = out.baseAddress, let sums = sums.baseAddress else { return }
          for row in 0..<closes.count { out[row] = sums[row] / divisor }
        }
      }
    }
    self.means = means
  }

  /// Of this length; missing before so many closes are known.
  subscript(length: Int) -> Column<Double>? { means[length] }

  private static func add(
    _ length: Int, of closes: Column<Double>, to sums: inout [Int: Column<Double>]
  ) {
    guard sums[length] == nil else { return }
    let half = length / 2
    add(half, of: closes, to: &sums)
    guard let halves = sums[half] else { return }
    let isOdd = length % 2 != 0
    sums[length] = Column(count: closes.count) { out in
      halves.withUnsafeValues { halves in
        closes.withUnsafeValues { closes in
          let first = min(length - 1, out.count)
          out[..<first].initialize(repeating: .nan)
          guard let halves = halves.baseAddress, let closes = closes.baseAddress,
            let target = out.baseAddress
          else { return }
          // Each row is of earlier ones of other columns, so that registers of rows are taken at once.
          let (later, oldest) = (halves + first, closes + first - (length - 1))
          let (earlier, begun) = (halves + first - half, target + first)
          for row in 0..<out.count - first { begun[row] = later[row] + earlier[row] }
          guard isOdd else { return }
          for row in 0..<out.count - first { begun[row] += oldest[row] }
        }
      }
    }
  }
}

extension VectorMarket {
  /// Rows whose means are worked out at once where they serve one cross alone: what stays in the cache.
  private static var blockLength: Int { 4096 }

  /// What a cross of two averages decides: the same rows as `changes(of:)`, from shared columns.
  func changes(of cross: SMACross, _ means: MeanColumns) -> [PositionChange] {
    var changes: [PositionChange] = []
    var isAbove = false
    add(crossesOf: cross, means, rows, startingAt: 0, &isAbove, to: &changes)
    return changes
  }

  /// The same from columns that are made for it and forgotten, block by block.
  func changes(of cross: SMACross) -> [PositionChange] {
    var changes: [PositionChange] = []
    var isAbove = false
    for first in stride(from: rows.lowerBound, to: rows.upperBound, by: Self.blockLength) {
      let block = first..<min(first + Self.blockLength, rows.upperBound)
      let start = max(0, first - cross.slow)
      let means = MeanColumns(
        bars.close.slice(start..<block.upperBound), lengths: [cross.fast, cross.slow])
      add(crossesOf: cross, means, block, startingAt: start, &isAbove, to: &changes)
    }
    return changes
  }

  private func add(
    crossesOf cross: SMACross, _ means: MeanColumns, _ rows: Range<Int>, startingAt start: Int,
    _ isAbove: inout Bool, to changes: inout [PositionChange]
  ) {
    guard let fast = means[cross.fast], let slow = means[cross.slow] else { return }
    fast.withUnsafeValues { fast in
      slow.withUnsafeValues { slow in
        guard let fast = fast.baseAddress, let slow = slow.baseAddress else { return }
        isAbove = Crossings.changes(
          fast: fast, slow: slow, rows: rows.lowerBound - start..<rows.upperBound - start,
          from: isAbove
        ) { row, isAbove in
          changes.append(PositionChange(row: row + start, holds: isAbove))
        }
      }
    }
  }
}
