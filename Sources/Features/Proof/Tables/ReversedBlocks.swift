import Numerics
import Runtime

/// Blocks of neighbouring columns whose rows run against time.
///
/// A column of another market moves with the price on the same day. Where it does not, and does so
/// plainly once its rows are turned round, it was joined by row position to a file in the other order.
/// A few that show it speak for their neighbours, as long as none of these is seen to run forward.
struct ReversedBlocks {
  let table: AuditedTable
  private static let plainCorrelation = 0.2
  private static let leastErrors = 8.0
  /// So many plain ones before weaker ones count, or silent ones are taken with them.
  private static let leastPlain = 3

  private enum Direction {
    case reversed(Sighting, isPlain: Bool)
    case forward, silent
  }

  private struct Sighting {
    let turned, asGiven: Double
    let rows: Int
  }

  /// - Parameter candidates: places of columns that nothing else was found in.
  func findings(_ candidates: [Int]) -> [Int: TableFinding] {
    let directions = Dictionary(
      uniqueKeysWithValues: candidates.map { ($0, direction(of: table.columns[$0])) })
    var findings: [Int: TableFinding] = [:]
    for block in blocks(candidates, directions) {
      let shown = block.filter { if case .reversed? = directions[$0] { true } else { false } }
      for place in block {
        findings[place] = finding(
          table.names[place], table.columns[place], directions[place] ?? .silent,
          shown: shown.count,
          of: block)
      }
    }
    return findings
  }

  /// Stretches of candidates from one that is reversed to the last before one that runs forward.
  private func blocks(_ candidates: [Int], _ directions: [Int: Direction]) -> [[Int]] {
    var blocks: [[Int]] = []
    var current: [Int] = []
    var (plain, length) = (0, 0)
    func close() {
      if plain >= Self.leastPlain {
        blocks.append(Array(current.prefix(length)))
      }
      (current, plain, length) = ([], 0, 0)
    }
    for place in candidates {
      switch directions[place] ?? .silent {
      case .forward: close()
      case .silent: if !current.isEmpty { current.append(place) }
      case .reversed(_, let isPlain):
        current.append(place)
        plain += isPlain ? 1 : 0
        length = current.count
      }
    }
    close()
    return blocks
  }

  private func direction(of column: [Double]) -> Direction {
    var best: Sighting?
    var isForward = false
    for values in [column, ColumnMath.changes(column)] {
      guard let scores = RankScores(values, least: AuditedTable.leastRows) else { continue }
      let rows = scores.isPresent.count { $0 }
      let asGiven = scores.strongest(table.news, leads: -2...1).correlation
      let turned = scores.reversed.strongest(table.news, leads: -2...1).correlation
      isForward = isForward || abs(asGiven) * Double(rows).squareRoot() >= 5
      if abs(turned) > abs(best?.turned ?? 0) {
        best = Sighting(turned: turned, asGiven: asGiven, rows: rows)
      }
    }
    if isForward { return .forward }
    guard let best, abs(best.turned) >= 2.5 * abs(best.asGiven) else { return .silent }
    let errors = abs(best.turned) * Double(best.rows).squareRoot()
    if errors >= Self.leastErrors, abs(best.turned) >= Self.plainCorrelation {
      return .reversed(best, isPlain: true)
    }
    return errors >= 6 ? .reversed(best, isPlain: false) : .silent
  }

  private func finding(
    _ name: String, _ column: [Double], _ direction: Direction, shown: Int, of block: [Int]
  ) -> TableFinding {
    let row = column.firstIndex(where: \.isFinite) ?? 0
    let (first, last) = (table.names[block[0]], table.names[block[block.count - 1]])
    var evidence: [JSON.Member] = []
    var words = ""
    if case .reversed(let sighting, _) = direction {
      words =
        "moves with the price of the same row by \(ColumnMath.short(sighting.turned)) once its rows "
        + "are turned round, and by \(ColumnMath.short(sighting.asGiven)) as they stand"
      evidence = [
        .init("rank_correlation_reversed", JSON(sighting.turned)),
        .init("rank_correlation", JSON(sighting.asGiven)), .init("rows", JSON(sighting.rows)),
      ]
    } else {
      words =
        "stands in a block of \(block.count) columns, \(first) to \(last), of which \(shown) are "
        + "shown to run against time and none with it"
    }
    return TableFinding(
      column: name, cause: .reversedRows, row: row,
      explanation: words + ": the rows run against time, so early rows hold late values",
      evidence: evidence + [
        .init("block", JSON("\(first) to \(last)")), .init("block_columns", JSON(block.count)),
        .init("block_shown", JSON(shown)),
      ])
  }
}
