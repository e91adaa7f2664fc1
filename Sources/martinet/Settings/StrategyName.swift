import Market
import Numerics
import Runtime
import Trading

/// The strategies that settings can name.
package enum StrategyName: String, ConfigurationChoice {
  case movingAverages = "sma_cross"
  case buyAndHold = "buy_and_hold"
}

extension RunSettings {
  /// Runs the strategy and what it is compared with over `frames`.
  func evidence(_ frames: [Frame]) throws -> Appraisal {
    switch strategy {
    case .movingAverages:
      try Appraisal(
        frames: frames, strategy: SMACross(fast: average.fast, slow: average.slow),
        settings: backtest())
    case .buyAndHold:
      try Appraisal(frames: frames, strategy: BuyAndHold(), settings: backtest())
    }
  }

  private func backtest() throws -> BacktestSettings {
    var backtest = BacktestSettings()
    backtest.initialCash = try Cash(nearest: account.initialCash)
    backtest.cashReserve = account.reserve
    backtest.halfSpreadBasisPoints = costs.halfSpread
    backtest.commissionBasisPoints = costs.commission
    backtest.range = timerange ?? .all
    backtest.trials = judgement.trials
    backtest.seed = judgement.seed
    return backtest
  }
}
