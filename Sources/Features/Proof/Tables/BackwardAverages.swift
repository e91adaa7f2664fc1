import Numerics
import Runtime

/// Averages that were run from the end of the file: each value is made of its own price and of the
/// value of the next row, where an honest one is made of the value of the row before.
struct BackwardAverages {
  let table: AuditedTable

  func finding(_ name: String, _ column: [Double]) -> TableFinding? {
    let scale = ColumnMath.rootMeanSquare(ColumnMath.changes(column))
    guard scale > 0 else { return nil }
    let tolerance = max(1e-3 * scale, 2 * ColumnMath.step(of: column), 1e-12)
    // Values so coarse that anything fits prove nothing.
    guard tolerance < 0.1 * scale else { return nil }
    return exponential(name, column, scale, tolerance) ?? simple(name, column, scale, tolerance)
  }

  /// X[t] = a · X[t + 1] + b · P[t], with a between 0 and 1.
  private func exponential(
    _ name: String, _ column: [Double], _ scale: Double, _ tolerance: Double
  ) -> TableFinding? {
    guard let next = fit(column, other: 1), next.error <= tolerance, next.memory > 0,
      next.memory < 1, next.price > 0,
      let before = fit(column, other: -1), before.error > 10 * next.error
    else { return nil }
    let width = (2 / (1 - next.memory) - 1).rounded()
    return TableFinding(
      column: name, cause: .backwardAverage, row: next.firstRow,
      explanation: "an exponential average run backwards: each value is "
        + "\(ColumnMath.short(next.memory)) of the NEXT row's value and \(ColumnMath.short(next.price)) of "
        + "its own price (about \(Int(width)) rows), so it holds prices that come later",
      evidence: [
        .init("next_row_share", JSON(next.memory)), .init("price_share", JSON(next.price)),
        .init("error", JSON(next.error)), .init("error_run_forward", JSON(before.error)),
        .init("rows", JSON(next.count)),
      ])
  }

  private struct Fit {
    let memory, price, error: Double
    let count, firstRow: Int
  }

  /// The column from its value so many rows on and the price of its own row.
  private func fit(_ column: [Double], other: Int) -> Fit? {
    let rows = column.indices.filter { row in
      column.indices.contains(row + other) && column[row].isFinite
        && column[row + other].isFinite && table.price[row].isFinite
    }
    guard rows.count >= AuditedTable.leastRows else { return nil }
    // Both sides less the price, so that levels do not drown what is to be seen.
    let known = Matrix<Double>(rows: rows.count, columns: 2) { row, column_ in
      column_ == 0 ? column[rows[row] + other] - table.price[rows[row]] : 1
    }
    let wanted = Matrix<Double>(rows: rows.count, columns: 1) { row, _ in
      column[rows[row]] - table.price[rows[row]]
    }
    guard let solution = ColumnMath.solution(known, wanted) else { return nil }
    let memory = solution[0, 0]
    let errors = rows.indices.map { wanted[$0, 0] - memory * known[$0, 0] - solution[1, 0] }
    return Fit(
      memory: memory, price: 1 - memory, error: ColumnMath.rootMeanSquare(errors),
      count: rows.count, firstRow: rows[0])
  }

  /// X[t] − X[t + 1] = (P[t] − P[t + n]) / n.
  private func simple(
    _ name: String, _ column: [Double], _ scale: Double, _ tolerance: Double
  ) -> TableFinding? {
    for width in 2...min(260, max(2, table.rowCount / 4)) {
      let errors = (0..<max(0, table.rowCount - width)).map { row in
        column[row] - column[row + 1] - (table.price[row] - table.price[row + width])
          / Double(width)
      }
      let there = errors.count(where: \.isFinite)
      guard there >= AuditedTable.leastRows else { continue }
      let error = ColumnMath.rootMeanSquare(errors)
      guard error <= tolerance, let row = errors.firstIndex(where: \.isFinite) else { continue }
      return TableFinding(
        column: name, cause: .backwardAverage, row: row,
        explanation:
          "the mean of its own price and the \(width - 1) that FOLLOW: from row to row it "
          + "changes by what enters from the future",
        evidence: [
          .init("width", JSON(width)), .init("error", JSON(error)), .init("rows", JSON(there)),
        ])
    }
    return nil
  }
}
