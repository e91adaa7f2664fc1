import Runtime

/// Fields of the day from which the day's price can be told without the price itself.
///
/// Whoever is to forecast the close must not be given the day's change beside yesterday's close. What
/// is computed from the price column alone is left in peace: it is known when the price is, and whoever
/// forecasts the next row may use it. What is told apart is the field that the exchange or the vendor
/// delivers: it differs from the column's own changes where dividends or new shares come in.
struct SameDayFields {
  let table: AuditedTable

  /// - Parameter candidates: places of columns that nothing else was found in.
  func findings(_ candidates: [Int]) -> [Int: TableFinding] {
    let before = candidates.filter { isPriceBefore(table.columns[$0]) }
    let slow = candidates.filter { isSlow(table.columns[$0]) }
    var findings: [Int: TableFinding] = [:]
    for place in candidates {
      let tests =
        before.flatMap { known in Rule.withPriceBefore.map { ($0, known) } }
        + slow.map { (Rule.quotient, $0) }
      for (rule, known) in tests where known != place && findings[place] == nil {
        findings[place] = finding(place, known: known, rule)
      }
    }
    return findings
  }

  private enum Rule {
    case sum, growth, percentGrowth, quotient
    static let withPriceBefore: [Rule] = [.sum, .growth, .percentGrowth]

    func price(_ field: Double, _ known: Double) -> Double {
      switch self {
      case .sum: known + field
      case .growth: known * (1 + field)
      case .percentGrowth: known * (1 + field / 100)
      case .quotient: field / known
      }
    }

    func words(_ field: String, _ known: String) -> String {
      switch self {
      case .sum: "\(known) + \(field)"
      case .growth: "\(known) × (1 + \(field))"
      case .percentGrowth: "\(known) × (1 + \(field) / 100)"
      case .quotient: "\(field) / \(known)"
      }
    }
  }

  /// The price of the row before in most rows, but not in all: as the exchange states it, less what
  /// was paid out.
  private func isPriceBefore(_ column: [Double]) -> Bool {
    let step = max(ColumnMath.step(of: column), ColumnMath.step(of: table.price))
    let (same, rows) = count { row in
      row > 0 ? (column[row], table.price[row - 1], 0.51 * step) : nil
    }
    return rows >= AuditedTable.leastRows && same < rows - 2 && Double(same) >= 0.8 * Double(rows)
  }

  /// The value of the row before in most rows, though not always: a number of shares.
  private func isSlow(_ column: [Double]) -> Bool {
    guard column.allSatisfy({ !($0 <= 0) }) else { return false }
    let (same, rows) = count { row in row > 0 ? (column[row], column[row - 1], 0) : nil }
    return rows >= AuditedTable.leastRows && rows - same >= 3 && Double(same) >= 0.8 * Double(rows)
  }

  private func finding(_ place: Int, known: Int, _ rule: Rule) -> TableFinding? {
    let (field, other) = (table.columns[place], table.columns[known])
    let step = ColumnMath.step(of: table.price)
    let (same, rows) = count { row in
      let value = rule.price(field[row], other[row])
      return (value, table.price[row], max(0.51 * step, 1e-5 * abs(table.price[row])))
    }
    guard rows >= AuditedTable.leastRows, Double(same) >= 0.99 * Double(rows), !isLevel(field)
    else { return nil }
    let formula = rule.words(table.names[place], table.names[known])
    return TableFinding(
      column: table.names[place], cause: .sameDay,
      row: field.indices.first { field[$0].isFinite && other[$0].isFinite } ?? 0,
      explanation: "tells the row's own price: it is \(formula) in \(same) of \(rows) rows, and "
        + "\(table.names[known]) is known the day before, so this field must not stand in a row whose "
        + "price is to be foreseen",
      evidence: [
        .init("formula", JSON(formula)), .init("rows_that_fit", JSON(same)),
        .init("rows", JSON(rows)),
      ])
  }

  /// Whether the column is the price itself times a constant.
  private func isLevel(_ column: [Double]) -> Bool {
    guard let line = ColumnMath.line(table.price, column) else { return false }
    return abs(line.correlation) > 1 - 1e-9
  }

  /// In how many rows two values agree, of those that have both.
  private func count(
    _ pair: (Int) -> (a: Double, b: Double, tolerance: Double)?
  ) -> (same: Int, rows: Int) {
    var (same, rows) = (0, 0)
    for row in 0..<table.rowCount {
      guard let (a, b, tolerance) = pair(row), a.isFinite, b.isFinite else { continue }
      rows += 1
      same += abs(a - b) <= tolerance ? 1 : 0
    }
    return (same, rows)
  }
}
