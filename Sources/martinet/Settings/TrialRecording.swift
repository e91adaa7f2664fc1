import Evidence
import Market
import Numerics
import Runtime
import Trading

extension Appraisal {
  /// Writes the run into the ledger of trials, and says what all trials on these bars leave of its Sharpe
  /// ratio; `nil` where the account never moved.
  func recorded(
    _ recipe: StrategyRecipe, of frames: [Frame], environment: [String: String]
  ) throws -> Deflation? {
    let ledger = try TrialLedger.ofThisMachine(environment: environment)
    let estimate = SharpeEstimate(returns: performance.returns)
    let data = TrialData(
      frames: frames, first: result.day(result.start), last: result.day(result.end))
    _ = try ledger.record(
      Trial(
        kind: .backtest, data: data, configuration: configuration(of: recipe).text(),
        sharpe: estimate?.sharpe ?? 0, bars: result.bars), at: SystemTime().now)
    return try estimate.map {
      try ledger.history().deflation(
        of: $0, on: data, barsPerYear: annualisation.barsPerYear)
    }
  }

  /// All that the orders follow from, besides the bars.
  private func configuration(of recipe: StrategyRecipe) -> JSON {
    let settings = result.settings
    return [
      "strategy": recipe.json, "initial_cash": JSON(settings.initialCash.description),
      "half_spread_bps": JSON(settings.halfSpreadBasisPoints),
      "commission_bps": JSON(settings.commissionBasisPoints),
      "cash_reserve": JSON(settings.cashReserve), "calendar": JSON(settings.calendar),
      "leverage": JSON(settings.leverage),
    ]
  }
}
