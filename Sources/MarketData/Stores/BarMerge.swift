import Market
import Runtime

/// What a delivery changes in a store: worked out from what is there, the same way for every store.
struct BarMerge {
  /// Bars the store does not have.
  let added: StoredBars
  /// Bars it has with other figures, as they are now and as they become, row by row.
  let superseded: StoredBars
  let replacing: StoredBars
  let counts: WriteCounts

  /// - Parameters:
  ///   - delivery: in order of start, one row for each.
  ///   - existing: the newest version of every bar between its first start and its last.
  init(_ delivery: BarBatch, into existing: StoredBars, recordedAt: Timestamp) {
    var added: [Int] = []
    var replaced: [Int] = []
    var replacing: [Int] = []
    var unchanged = 0
    let old = Figures(existing.bars)
    let new = Figures(delivery)
    var next = 0
    for row in 0..<delivery.count {
      let start = delivery.start[row]
      while next < existing.count, existing.bars.start[next] < start { next += 1 }
      if next == existing.count || existing.bars.start[next] != start {
        added.append(row)
      } else if old.equal(next, new, row) {
        unchanged += 1
      } else {
        replaced.append(next)
        replacing.append(row)
      }
    }
    superseded = existing.taking(replaced)
    self.added = StoredBars(
      bars: added.count == delivery.count ? delivery : delivery.taking(added),
      recordedAt: Column(repeating: recordedAt.nanoseconds, count: added.count),
      revision: Column(repeating: 0, count: added.count))
    let after = superseded
    let bars = delivery.taking(replacing)
    self.replacing = StoredBars(
      // When a bar was first known does not change with its figures.
      bars: BarBatch(
        symbol: bars.symbol, interval: bars.interval, start: bars.start, end: bars.end,
        knownAt: after.bars.knownAt, columns: bars.columns),
      // A version holds for some time, however the clocks of two writers differ.
      recordedAt: Column(after.recordedAt.map { max(recordedAt.nanoseconds, $0 + 1) }),
      revision: Column(after.revision.map { $0 + 1 }))
    counts = WriteCounts(added: added.count, revised: replaced.count, unchanged: unchanged)
  }
}

/// The figures of bars in the order of `StoredBars.columnNames`, and whether two bars have the same.
private struct Figures {
  let end: Column<Int64>
  let columns: [Column<Double>?]

  init(_ batch: BarBatch) {
    end = batch.end
    columns = StoredBars.columnNames.map { batch[$0] }
  }

  func equal(_ row: Int, _ other: Figures, _ otherRow: Int) -> Bool {
    guard end[row] == other.end[otherRow] else { return false }
    for index in columns.indices {
      let a = columns[index]?[row] ?? .nan
      let b = other.columns[index]?[otherRow] ?? .nan
      if a != b && !(a.isNaN && b.isNaN) { return false }
    }
    return true
  }
}
