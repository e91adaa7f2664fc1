import Market
import MarketData
import Runtime

/// Looks for columns of a ready-made table that know what comes later.
///
/// Nobody can be asked to compute such a table again, so it is judged by what stands in it: each check
/// has an innocent explanation to refute, and says by how much it did.
public struct TableAudit: Sendable {
  public let rows: Int
  /// Columns of numbers that were looked at, the price not among them.
  public let columns: [String]
  /// Flagged columns only, in the order of the table, one finding each.
  public let findings: [TableFinding]

  public var isClean: Bool { findings.isEmpty }

  /// - Parameters:
  ///   - price: the column of prices that the others are held against
  ///   - file: what errors call the table
  public init(_ table: ForeignTable, price: String, file: String) throws(TableAuditError) {
    let names = table.numbers.names
    guard let prices = table.numbers[price] else {
      throw .noPrice(
        file: file, price, isText: table.words.contains { $0.name == price }, found: names)
    }
    rows = table.rowCount
    columns = names.filter { $0 != price }
    var found: [String: TableFinding] = [:]
    var isEnough = false
    for series in TableSeries.of(table) {
      func values(_ column: Column<Double>) -> [Double] { series.rows.map { column[$0] } }
      guard
        let audited = AuditedTable(
          names: columns, columns: columns.compactMap { table.numbers[$0].map(values) },
          price: values(prices))
      else { continue }
      isEnough = true
      for finding in Self.findings(audited) where found[finding.column] == nil {
        found[finding.column] = finding.moved(to: series.rows[finding.row])
      }
    }
    guard isEnough else { throw .tooFew(file: file, price, needed: AuditedTable.leastRows) }
    findings = columns.compactMap { found[$0] }
  }

  private static func findings(_ table: AuditedTable) -> [TableFinding] {
    let (backwards, later) = (BackwardAverages(table: table), LaterPrices(table))
    var found: [Int: TableFinding] = [:]
    for (place, name) in table.names.enumerated() {
      let column = table.columns[place]
      found[place] =
        backwards.finding(name, column) ?? later.finding(name, column)
        ?? WholeFileScales().finding(name, column)
    }
    var rest = table.names.indices.filter { found[$0] == nil }
    found.merge(ReversedBlocks(table: table).findings(rest)) { first, _ in first }
    rest = rest.filter { found[$0] == nil }
    found.merge(SameDayFields(table: table).findings(rest)) { first, _ in first }
    return table.names.indices.compactMap { found[$0] }
  }

  public var json: JSON {
    [
      "verdict": JSON(isClean ? "clean" : "leak"), "rows": JSON(rows),
      "columns": JSON(columns.count), "findings": JSON(findings.map(\.json)),
    ]
  }
}

/// The rows of one symbol, in the order of time.
struct TableSeries {
  let rows: [Int]

  /// One series, or one a word of a column that tells rows of the same dates apart.
  static func of(_ table: ForeignTable) -> [TableSeries] {
    let all = Array(0..<table.rowCount)
    var groups = [all]
    let keys = table.words.first { column in
      let words = Set(column.values)
      return words.count > 1 && words.count * AuditedTable.leastRows <= table.rowCount
    }
    if let keys, hasRepeatedTimes(table) {
      groups = Dictionary(grouping: all) { keys.values[$0] }.sorted { $0.key < $1.key }.map(\.value)
    }
    return groups.map { TableSeries(rows: isBackwards($0, table) ? $0.reversed() : $0) }
  }

  /// Dates as texts sort as they follow each other, where years stand first.
  private static func times(_ table: ForeignTable) -> [String]? {
    let words = table.words.first { column in
      column.values.prefix(50).allSatisfy { $0.utf8.count >= 8 && $0.first?.isNumber == true }
    }
    if let words { return words.values }
    let titles: Set<String> = ["date", "datetime", "time", "timestamp", "trade_date", "day"]
    guard let name = table.numbers.names.first(where: { titles.contains($0.lowercased()) }),
      let column = table.numbers[name]
    else { return nil }
    return column.map { value in
      guard let whole = Int64(exactly: value.rounded()) else { return "" }
      let digits = String(whole)
      return String(repeating: "0", count: max(0, 20 - digits.count)) + digits
    }
  }

  private static func hasRepeatedTimes(_ table: ForeignTable) -> Bool {
    guard let times = times(table) else { return false }
    return Set(times).count < times.count
  }

  private static func isBackwards(_ rows: [Int], _ table: ForeignTable) -> Bool {
    guard let times = times(table), let first = rows.first, let last = rows.last,
      times[first] > times[last]
    else { return false }
    return zip(rows, rows.dropFirst()).allSatisfy { times[$0] >= times[$1] }
  }
}

/// Why a table cannot be looked at.
public enum TableAuditError: DiagnosedError, Equatable {
  case noPrice(file: String, String, isText: Bool, found: [String])
  case tooFew(file: String, String, needed: Int)

  public var diagnosis: Diagnosis {
    switch self {
    case .noPrice(let file, let name, let isText, let found):
      let shown = found.prefix(8).joined(separator: ", ") + (found.count > 8 ? ", …" : "")
      return Diagnosis(
        place: file,
        finding: isText
          ? "the column \(Excerpt.quoted(name)) holds words, not prices"
          : "there is no column \(Excerpt.quoted(name)) (found: \(shown))",
        remedy: Words.nearest(to: name, among: found).map { "did you mean --price \($0)?" }
          ?? "name the column of prices: --price COLUMN", exitCode: .wrongUsage)
    case .tooFew(let file, let price, let needed):
      return Diagnosis(
        place: file,
        finding: "\(price) has fewer than \(needed) changes to hold other columns against",
        remedy: "give a longer table, or another column of prices")
    }
  }
}
