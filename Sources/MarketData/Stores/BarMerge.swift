import Market
import Runtime

/// What a delivery changes in a store: worked out from what is there, the same way for every store.
struct BarMerge {
  /// Bars the store does not have.
  let added: StoredBars
  /// Versions that do not hold any more, and from when on.
  let superseded: StoredBars
  let supersededAt: Column<Int64>
  /// Bars the store has with other figures, as they become.
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
    let superseded = existing.taking(replaced)
    let bars = delivery.taking(replacing)
    // A version holds for some time, however the clocks of two writers differ.
    let instants = Column(
      superseded.recordedAt.map { max(recordedAt.nanoseconds, $0 == .max ? $0 : $0 + 1) })
    self.superseded = superseded
    supersededAt = instants
    self.added = StoredBars(
      bars: added.count == delivery.count ? delivery : delivery.taking(added),
      recordedAt: Column(repeating: recordedAt.nanoseconds, count: added.count),
      revision: Column(repeating: 0, count: added.count))
    self.replacing = StoredBars(
      // When a bar was first known does not change with its figures.
      bars: BarBatch(
        symbol: bars.symbol, interval: bars.interval, start: bars.start, end: bars.end,
        knownAt: superseded.bars.knownAt, columns: bars.columns),
      recordedAt: instants, revision: Column(superseded.revision.map { $0 + 1 }))
    counts = WriteCounts(added: added.count, revised: replaced.count, unchanged: unchanged)
  }

  /// Bars that a store does not have, with all of their versions, as another store recorded them.
  init(adopting history: StoredBars) {
    let start = history.bars.start
    let newest = (0..<history.count).filter { row in
      row + 1 == history.count || start[row + 1] != start[row]
    }
    let isNewest = Set(newest)
    let older = (0..<history.count).filter { !isNewest.contains($0) }
    added = older.isEmpty ? history : history.taking(newest)
    superseded = history.taking(older)
    supersededAt = Column(older.map { history.recordedAt[$0 + 1] })
    replacing = history.slice(0..<0)
    counts = WriteCounts(added: newest.count, revised: older.count, unchanged: 0)
  }
}

/// The figures of bars in the order of `StoredBars.columnNames`, and whether two bars have the same.
struct Figures {
  private let end: Column<Int64>
  private let columns: [Column<Double>?]

  init(_ batch: BarBatch) {
    end = batch.end
    columns = StoredBars.columnNames.map { batch[$0] }
  }

  func equal(_ row: Int, _ other: Figures, _ otherRow: Int) -> Bool {
    end[row] == other.end[otherRow] && differences(row, other, otherRow).isEmpty
  }

  /// Which columns differ, and how; two missing values do not.
  func differences(
    _ row: Int, _ other: Figures, _ otherRow: Int
  ) -> [(name: String, here: Double, there: Double)] {
    var found: [(name: String, here: Double, there: Double)] = []
    for index in columns.indices {
      let a = columns[index]?[row] ?? .nan
      let b = other.columns[index]?[otherRow] ?? .nan
      if a != b && !(a.isNaN && b.isNaN) { found.append((StoredBars.columnNames[index], a, b)) }
    }
    return found
  }
}
