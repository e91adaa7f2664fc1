import Market
import Runtime

/// Dividends listed beside prices that contain them already.
enum DividendCheck {
  static func findings(_ subject: Subject) -> [Finding] {
    let batch = subject.bars.batch
    let starts = paid(subject)
    guard let prices = Prices(batch), let first = starts.first, let last = starts.last else {
      return []
    }
    let evidence: String
    switch subject.context.adjustment {
    case .splitsAndDividends?: evidence = "prices are declared as adjusted for dividends"
    case .splits?, BarDeclaration.Adjustment.none?: return []
    case nil:
      let before = batch.start.firstRow(from: last)
      guard areAdjusted(prices, batch["stock_splits"], before: before) else { return [] }
      evidence = "prices before the last of them are no cents, as prices that were traded are"
    }
    return [
      subject.finding(
        .dividendsBesideAdjusted, at: first, count: starts.count,
        "\(FigureText.count(starts.count)) dividends from \(subject.time(first)) to "
          + "\(subject.time(last)), and \(evidence): dividends must not be applied again")
    ]
  }

  /// The starts of the bars on which a dividend lies: of the series' own column, or of the actions.
  private static func paid(_ subject: Subject) -> [Int64] {
    let batch = subject.bars.batch
    if let dividends = batch["dividends"] {
      return (0..<batch.count).filter { dividends[$0] > 0 }.map { batch.start[$0] }
    }
    let dates = Set(
      subject.context.actions.compactMap { action -> CivilDate? in
        if case .dividend = action.kind { action.date } else { nil }
      })
    guard !dates.isEmpty else { return [] }
    return subject.bars.days.filter { dates.contains($0.date) }
      .map { batch.start[$0.rows.lowerBound] }
  }

  /// Whether prices since the last split, and before the last dividend, are ones nobody traded at.
  ///
  /// American shares trade in cents, until 2001 in 64ths; a price times a factor is neither.
  private static func areAdjusted(
    _ prices: Prices, _ splits: Column<Double>?, before last: Int
  ) -> Bool {
    let lastSplit = splits?.lastIndex { $0 > 0 && $0 != 1 } ?? 0
    let rows = (lastSplit..<max(lastSplit, last)).suffix(2000)
    guard rows.count >= 20 else { return false }
    let traded = rows.count { row in
      let price = prices.close[row]
      return isWhole(price * 100) || isWhole(price * 64)
    }
    return traded * 2 < rows.count
  }

  /// Sources that keep prices as `Float` lose the seventh digit.
  private static func isWhole(_ value: Double) -> Bool {
    abs(value - value.rounded()) <= max(0.002, abs(value) * 2e-7)
  }
}
