import Market
import Runtime

/// Dividends listed beside prices that contain them already.
enum DividendCheck {
  static func findings(_ subject: Subject) -> [Finding] {
    let batch = subject.bars.batch
    guard let dividends = batch["dividends"], let prices = Prices(batch) else { return [] }
    let rows = (0..<batch.count).filter { dividends[$0] > 0 }
    guard let first = rows.first, let last = rows.last else { return [] }
    let evidence: String
    switch subject.context.adjustment {
    case .splitsAndDividends?: evidence = "prices are declared as adjusted for dividends"
    case .splits?, BarDeclaration.Adjustment.none?: return []
    case nil:
      guard areAdjusted(prices, batch["stock_splits"], before: last) else { return [] }
      evidence = "prices before the last of them are no cents, as prices that were traded are"
    }
    return [
      subject.finding(
        .dividendsBesideAdjusted, at: batch.start[first], count: rows.count,
        "\(NumberText.count(rows.count)) dividends from \(subject.time(batch.start[first])) to "
          + "\(subject.time(batch.start[last])), and \(evidence): dividends must not be applied again")
    ]
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
