import Market
import Runtime

/// What one batch has other than another of the same series, complete enough to go back bit by bit.
///
/// Rows are told apart by their start. Times of a bar that stays never change.
public struct BarChanges: Equatable, Sendable {
  /// Values that stood in rows of one column before; rows are those of the batch before.
  struct Values: Equatable, Sendable {
    let column: String
    let rows: [Int]
    /// IEEE 754, so that nothing is lost on the way through text.
    let bits: [UInt64]
  }

  let countBefore: Int
  /// Rows of the batch after that were not there before.
  let inserted: [Int]
  /// Rows of the batch before that are gone, with their times.
  let removed: [Int]
  let removedTimes: [[Int64]]
  /// Values of removed rows and of changed ones.
  let values: [Values]

  init(from before: BarBatch, to after: BarBatch) {
    countBefore = before.count
    var (inserted, removed, kept): ([Int], [Int], [(Int, Int)]) = ([], [], [])
    var (row, newRow) = (0, 0)
    while row < before.count || newRow < after.count {
      let start = row < before.count ? before.start[row] : .max
      let newStart = newRow < after.count ? after.start[newRow] : .max
      if start == newStart, row < before.count, newRow < after.count {
        kept.append((row, newRow))
      } else if start < newStart || newRow == after.count {
        removed.append(row)
      } else {
        inserted.append(newRow)
      }
      if start <= newStart, row < before.count { row += 1 }
      if newStart <= start, newRow < after.count { newRow += 1 }
    }
    self.inserted = inserted
    self.removed = removed
    removedTimes = removed.map { [before.start[$0], before.end[$0], before.knownAt[$0]] }
    values = before.columns.compactMap { name, old in
      let new = after[name]
      let changed = kept.filter { row, newRow in
        old[row].bitPattern != new?[newRow].bitPattern
      }.map(\.0)
      let rows = (removed + changed).sorted()
      return rows.isEmpty
        ? nil : Values(column: name, rows: rows, bits: rows.map { old[$0].bitPattern })
    }
  }

  init(
    countBefore: Int, inserted: [Int], removed: [Int], removedTimes: [[Int64]], values: [Values]
  ) {
    self.countBefore = countBefore
    self.inserted = inserted
    self.removed = removed
    self.removedTimes = removedTimes
    self.values = values
  }

  public var isNothing: Bool { inserted.isEmpty && values.isEmpty && removed.isEmpty }

  /// The batch as it was before; `nil` where these are not its changes.
  func undone(_ after: BarBatch) -> BarBatch? {
    let insertedRows = Set(inserted)
    let keptRows = (0..<after.count).filter { !insertedRows.contains($0) }
    let removedPlaces = Dictionary(
      removed.enumerated().map { ($0.element, $0.offset) }, uniquingKeysWith: { first, _ in first })
    guard keptRows.count + removed.count == countBefore, removedPlaces.count == removed.count,
      inserted.allSatisfy((0..<after.count).contains),
      removed.allSatisfy((0..<countBefore).contains),
      removedTimes.count == removed.count, removedTimes.allSatisfy({ $0.count == 3 }),
      values.allSatisfy({ $0.rows.count == $0.bits.count }),
      values.allSatisfy({ $0.rows.allSatisfy((0..<countBefore).contains) })
    else { return nil }
    // Where each row of the batch before is now; `nil` for a removed one.
    var sources: [Int?] = []
    var next = 0
    for row in 0..<countBefore {
      if removedPlaces[row] == nil {
        sources.append(keptRows[next])
        next += 1
      } else {
        sources.append(nil)
      }
    }
    func times(_ column: Column<Int64>, _ which: Int) -> Column<Int64> {
      Column(
        sources.enumerated().map { row, source in
          source.map { column[$0] } ?? removedPlaces[row].map { removedTimes[$0][which] } ?? 0
        })
    }
    let columns = after.columns.map { name, new -> (name: String, values: Column<Double>) in
      var old = sources.map { source in source.map { new[$0] } ?? .nan }
      for change in values where change.column == name {
        for (row, bits) in zip(change.rows, change.bits) { old[row] = Double(bitPattern: bits) }
      }
      return (name, Column(old))
    }
    return BarBatch(
      symbol: after.symbol, interval: after.interval, start: times(after.start, 0),
      end: times(after.end, 1), knownAt: times(after.knownAt, 2), columns: columns)
  }
}

extension BarBatch {
  /// SHA-256 over times and figures, the same for the same bars from any store: columns in order of
  /// name, those without a single value left out, one NaN.
  public var fingerprint: String {
    var hash = SHA256()
    hash.update("\(symbol.text) \(interval) \(count)\n")
    for column in [start, end, knownAt] {
      hash.update(column.map { UInt64(bitPattern: $0) })
    }
    for (name, values) in columns.sorted(by: { $0.name < $1.name })
    where !values.allSatisfy(\.isNaN) {
      hash.update(name + "\n")
      hash.update(values.map { ($0.isNaN ? Double.nan : $0).bitPattern })
    }
    return hash.finish().description
  }
}

extension SHA256 {
  /// Words in the byte order of most machines, so that all give the same hash.
  fileprivate mutating func update(_ words: [UInt64]) {
    words.map(\.littleEndian).withUnsafeBytes { update($0) }
  }
}
