import Foundation
import Numerics
import Runtime

/// Columns that know returns which come after their row.
///
/// Prices are close to a walk without memory: what their own past does not tell of the next return, no
/// honest column knows much of. A rank correlation of 0.2 with it, by more than eight standard errors,
/// would be a fortune; in a table it is a leak.
struct LaterPrices {
  private let table: AuditedTable
  private let forms: [(form: Form, ahead: Int, values: [Double])]
  private static let leads = 1...20
  private static let leastCorrelation = 0.2
  private static let leastErrors = 8.0

  init(_ table: AuditedTable) {
    self.table = table
    let ahead = Array(1...30) + [40, 50, 60, 100, 120, 126, 200, 250, 252]
    forms = ahead.filter { $0 < table.rowCount / 3 }.flatMap { ahead in
      Form.allCases.map { ($0, ahead, $0.values(table, ahead: ahead)) }
    }
  }

  func finding(_ name: String, _ column: [Double]) -> TableFinding? {
    let forms = [("", column), ("change of ", ColumnMath.changes(column))] + ratio(column)
    return identity(name, column)
      ?? forms.lazy.compactMap {
        known(name, $0.0, $0.1, from: column.firstIndex(where: \.isFinite) ?? 0)
      }.first
  }

  /// Over the price, for columns on the price's own scale.
  private func ratio(_ column: [Double]) -> [(String, [Double])] {
    let ratios = zip(column, table.price).map { $0 / $1 }
    let there = ratios.filter(\.isFinite).sorted()
    guard !there.isEmpty, (0.2...5).contains(there[there.count / 2]) else { return [] }
    return [("ratio to the price of ", ratios)]
  }

  private func known(
    _ name: String, _ form: String, _ values: [Double], from row: Int
  ) -> TableFinding? {
    guard let scores = RankScores(values, least: AuditedTable.leastRows) else { return nil }
    let correlations = Self.leads.map { scores.correlation(table.news, lead: $0) }
    let best = scores.strongest(table.news, leads: Self.leads)
    let rows = Double(scores.isPresent.count { $0 })
    let isOne =
      abs(best.correlation) >= Self.leastCorrelation
      && abs(best.correlation) * rows.squareRoot() >= Self.leastErrors
    let sum = correlations.reduce(0) { $0 + $1 * $1 }
    guard isOne || (sum >= 0.1 && sum >= 3 * byChance(scores)) else { return nil }
    return TableFinding(
      column: name, cause: .futurePrices, row: row,
      explanation: "the \(form)column foresees returns that come later: its rank correlation with "
        + "the return \(best.lead) \(best.lead == 1 ? "row" : "rows") on is "
        + "\(ColumnMath.short(best.correlation)), and the next 20 returns explain "
        + "\(ColumnMath.short(100 * min(1, sum)))% of it; an honest column comes to about "
        + "\(ColumnMath.short(1 / rows.squareRoot())). Was it known when the price was, or does its "
        + "market close after the price's?",
      evidence: [
        .init("lead", JSON(best.lead)), .init("rank_correlation", JSON(best.correlation)),
        .init("explained_by_20", JSON(min(1, sum))), .init("rows", JSON(Int(rows))),
      ])
  }

  /// What the same sum comes to at the most where the price stands at other times: whatever memory
  /// the column has, it has there too.
  private func byChance(_ scores: RankScores) -> Double {
    let turns = 40
    return (1...turns).map { turn in
      let news = table.news.turned(by: turn * table.rowCount / (turns + 1))
      return Self.leads.reduce(0) { sum, lead in
        let correlation = scores.correlation(news, lead: lead)
        return sum + correlation * correlation
      }
    }.max() ?? 0
  }

  /// Whether the column is, up to scale and shift, a well-known function of later prices.
  private func identity(_ name: String, _ column: [Double]) -> TableFinding? {
    for (form, ahead, values) in forms {
      guard ColumnMath.mayBeLine(values, column), let line = ColumnMath.line(values, column),
        abs(line.correlation) >= 0.9995
      else { continue }
      return TableFinding(
        column: name, cause: .futurePrices,
        row: column.indices.first { column[$0].isFinite && values[$0].isFinite } ?? 0,
        explanation: "equals \(ColumnMath.short(line.slope)) times \(form.words(ahead))"
          + (abs(line.intercept) > line.error ? " plus \(ColumnMath.short(line.intercept))" : "")
          + ", up to \(ColumnMath.short(line.error)) on \(line.count) rows: a function of prices that "
          + "come later",
        evidence: [
          .init("form", JSON(form.rawValue)), .init("rows_ahead", JSON(ahead)),
          .init("correlation", JSON(line.correlation)), .init("error", JSON(line.error)),
          .init("rows", JSON(line.count)),
        ])
    }
    return nil
  }

  /// Functions of later prices that people put into tables.
  private enum Form: String, CaseIterable {
    case change, loss, difference, direction, oneReturn = "one_return", highest, lowest, volatility

    func words(_ rows: Int) -> String {
      switch self {
      case .change: "the change of the price over the next \(rows) rows"
      case .loss: "P[t] / P[t+\(rows)] - 1"
      case .difference: "P[t+\(rows)] - P[t]"
      case .direction: "the sign of the change over the next \(rows) rows"
      case .oneReturn: "the return of the row \(rows) on"
      case .highest: "the highest of the next \(rows) prices over the price"
      case .lowest: "the lowest of the next \(rows) prices over the price"
      case .volatility: "the deviation of the next \(rows) returns"
      }
    }

    func values(_ table: AuditedTable, ahead: Int) -> [Double] {
      let price = table.price
      return price.indices.map { row in
        guard row + ahead < price.count else { return .nan }
        let (now, later) = (price[row], price[row + ahead])
        switch self {
        case .change: return later / now - 1
        case .loss: return now / later - 1
        case .difference: return later - now
        case .direction: return later.isFinite && now.isFinite ? (later > now ? 1 : 0) : .nan
        case .oneReturn: return table.returns[row + ahead]
        case .highest: return (price[row + 1...row + ahead].max() ?? .nan) / now
        case .lowest: return (price[row + 1...row + ahead].min() ?? .nan) / now
        case .volatility: return deviation(table.returns[row + 1...row + ahead])
        }
      }
    }

    private func deviation(_ values: ArraySlice<Double>) -> Double {
      guard values.count > 1 else { return .nan }
      let mean = values.reduce(0, +) / Double(values.count)
      let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      return (squares / Double(values.count - 1)).squareRoot()
    }
  }
}
