import Market
import Runtime

/// What a subject gave for the true world, and what was found where it gave something else.
struct Trials {
  private let columns: [ProvenColumn]
  private var truth: [ProvenTable] = []
  /// Columns that already failed, by table: one finding each is enough.
  private var failed: [Set<Int>] = []
  private(set) var findings: [LookAheadFinding] = []
  /// Values that were compared with those of the true world.
  private(set) var compared = 0

  init(_ columns: [ProvenColumn]) { self.columns = columns }

  var tableCount: Int { truth.count }

  /// Takes a table of the true world, and looks at its warm-up.
  mutating func take(_ table: ProvenTable) {
    precondition(table.values.count == columns.count, "a column for each that was announced")
    truth.append(table)
    failed.append([])
    for (index, column) in columns.enumerated() {
      let early = 0..<min(column.lookBack, table.usedAt.count)
      guard let row = early.first(where: { !table.values[index][$0].isNaN }) else { continue }
      fail(
        truth.count - 1, index,
        Difference(row: row, expected: .nan, was: table.values[index][row]), .warmUp)
    }
  }

  /// Compares whole tables of the true world: of a second run, or of the incremental form.
  mutating func compare(_ other: ProvenTable, place: Int, cause: LookAheadFinding.Cause) {
    compare(other, place: place, rows: Rows(first: truth[place].usedAt.count), cause, nil)
  }

  /// Compares the rows that are used before anything altered is known, in either world.
  mutating func compare(_ other: ProvenTable, place: Int, _ future: AlteredFuture) {
    let rows = Rows(truth[place].usedAt, other.usedAt, in: future)
    compare(other, place: place, rows: rows, .future, future)
  }

  private mutating func compare(
    _ other: ProvenTable, place: Int, rows: Rows, _ cause: LookAheadFinding.Cause,
    _ future: AlteredFuture?
  ) {
    compared += rows.count * columns.count
    for index in columns.indices where !failed[place].contains(index) {
      let values =
        index < other.values.count ? other.values[index] : Column(repeating: .nan, count: 0)
      guard let found = rows.difference(truth[place].values[index], values) else { continue }
      fail(place, index, found, cause, future)
    }
  }

  private mutating func fail(
    _ place: Int, _ column: Int, _ difference: Difference, _ cause: LookAheadFinding.Cause,
    _ future: AlteredFuture? = nil
  ) {
    failed[place].insert(column)
    let table = truth[place]
    findings.append(
      LookAheadFinding(
        column: columns[column].name, table: table.name, row: difference.row,
        usedAt: difference.row < table.usedAt.count ? table.usedAt[difference.row] : nil,
        expected: difference.expected, was: difference.was, cause: cause,
        cut: future.map { Timestamp(nanoseconds: $0.cut) }, alteration: future?.alteration))
  }
}

private struct Difference {
  let row: Int
  let expected, was: Double
}

/// The rows to compare: all before the first, and some further ones.
private struct Rows {
  var first: Int
  var further: [Int] = []

  init(first: Int) { self.first = first }

  /// Those that are used before anything altered is known, in either of two tables. A row that is used
  /// while its own bar is under way is not there where that bar was removed.
  init(_ truth: Column<Int64>, _ other: Column<Int64>, in future: AlteredFuture) {
    func isUsed(_ row: Int) -> Bool {
      if row < truth.count, truth[row] <= future.cut { return true }
      return row < other.count
        && (other[row] <= future.until || (row < truth.count && truth[row] <= future.until))
    }
    let count = max(truth.count, other.count)
    first = (0..<count).first { !isUsed($0) } ?? count
    further = (first..<count).filter(isUsed)
  }

  var count: Int { first + further.count }

  /// Bit for bit; one missing value is as good as another.
  func difference(_ truth: Column<Double>, _ other: Column<Double>) -> Difference? {
    truth.withUnsafeValues { truth in
      other.withUnsafeValues { other in
        let both = min(first, truth.count, other.count)
        func differs(_ row: Int) -> Bool {
          guard row < truth.count, row < other.count else { return true }
          let (a, b) = (truth[row], other[row])
          return a.bitPattern != b.bitPattern && !(a.isNaN && b.isNaN)
        }
        var row: Int?
        if !haveSameBits(truth, other, both) { row = (0..<both).first(where: differs) }
        if row == nil, both < first { row = both }
        guard let row = row ?? further.first(where: differs) else { return nil }
        return Difference(
          row: row, expected: row < truth.count ? truth[row] : .nan,
          was: row < other.count ? other[row] : .nan)
      }
    }
  }

  /// Without a branch a row, so that it is done a register at a time.
  private func haveSameBits(
    _ a: UnsafeBufferPointer<Double>, _ b: UnsafeBufferPointer<Double>, _ count: Int
  ) -> Bool {
    var bits: UInt64 = 0
    for row in 0..<count { bits |= a[row].bitPattern ^ b[row].bitPattern }
    return bits == 0
  }
}
