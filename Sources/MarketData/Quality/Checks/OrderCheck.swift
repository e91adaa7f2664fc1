import Market
import Runtime

/// Whether the bars of a series follow each other, each once, as they came.
enum OrderCheck {
  static func findings(_ subject: Subject) -> [Finding] {
    outOfOrder(subject) + duplicates(subject) + badTimes(subject)
  }

  private static func outOfOrder(_ subject: Subject) -> [Finding] {
    let batch = subject.batch
    var latest = Int64.min
    var rows: [Int] = []
    for row in 0..<batch.count {
      if batch.start[row] < latest { rows.append(row) }
      latest = max(latest, batch.start[row])
    }
    return subject.findings(.outOfOrder, rows: rows, of: batch) { row in
      "row \(FigureText.count(row + 1)) starts \(subject.time(batch.start[row])), after "
        + "\(subject.time(batch.start[row - 1])) in the row above it"
    }
  }

  private static func duplicates(_ subject: Subject) -> [Finding] {
    let batch = subject.batch
    // As many rows as starts: nothing stands twice.
    guard subject.bars.batch.count < batch.count else { return [] }
    var firstRow: [Int64: Int] = [:]
    var earlier = [Int](repeating: 0, count: batch.count)
    var rows: [Int] = []
    for row in 0..<batch.count {
      if let first = firstRow[batch.start[row]] {
        earlier[row] = first
        rows.append(row)
      } else {
        firstRow[batch.start[row]] = row
      }
    }
    return subject.findings(.duplicateBar, rows: rows, of: batch) { row in
      let first = earlier[row]
      let differing = batch.columns.filter {
        $0.values[first].bitPattern != $0.values[row].bitPattern
      }.map(\.name)
      let figures =
        differing.isEmpty
        ? "with the same figures" : "with another \(differing.joined(separator: ", "))"
      return "\(subject.time(batch.start[row])) stands in row \(FigureText.count(row + 1)) again, "
        + figures
    }
  }

  private static func badTimes(_ subject: Subject) -> [Finding] {
    let batch = subject.bars.batch
    let rows = (0..<batch.count).filter { !fault(batch, $0).isEmpty }
    return subject.findings(.badTimes, rows: rows, of: batch) { row in
      "the bar of \(subject.time(batch.start[row])) \(fault(batch, row))"
    }
  }

  private static func fault(_ batch: BarBatch, _ row: Int) -> String {
    if batch.end[row] <= batch.start[row] { return "does not end after it starts" }
    if batch.knownAt[row] < batch.end[row] { return "is known before it ends" }
    if row > 0, batch.start[row] < batch.end[row - 1] { return "starts before the last one ends" }
    return ""
  }
}
