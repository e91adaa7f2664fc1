import Market
import Numerics
import Runtime
import Trading

/// The strategies that settings can name.
package enum StrategyName: String, ConfigurationChoice {
  case movingAverages = "sma_cross"
  case buyAndHold = "buy_and_hold"
  /// Stands for a model until there are any.
  case linear
}

extension RunSettings {
  /// Runs the strategy and what it is compared with over `frames`.
  func evidence(_ frames: [Frame]) throws -> Appraisal {
    switch try recipe() {
    case .movingAverages(let fast, let slow):
      try Appraisal(
        frames: frames, strategy: SMACross(fast: fast, slow: slow), settings: backtest())
    case .buyAndHold:
      try Appraisal(frames: frames, strategy: BuyAndHold(), settings: backtest())
    case .linear(let model):
      try Appraisal(frames: frames, strategy: LinearStrategy(model), settings: backtest())
    }
  }

  /// The strategy with its parameters.
  func recipe() throws -> StrategyRecipe {
    switch strategy {
    case .movingAverages: return .movingAverages(fast: average.fast, slow: average.slow)
    case .buyAndHold: return .buyAndHold
    case .linear:
      guard let artefact else { throw NoArtefact() }
      return .linear(
        try LinearModel(
          parsing: SmallFile.read(artefact, bytesMax: 1 << 20), source: artefact))
    }
  }

  func backtest() throws -> BacktestSettings {
    var backtest = BacktestSettings()
    backtest.initialCash = try Cash(nearest: account.initialCash)
    backtest.cashReserve = account.reserve
    backtest.halfSpreadBasisPoints = costs.halfSpread
    backtest.commissionBasisPoints = costs.commission
    backtest.range = timerange ?? .all
    backtest.trials = judgement.trials
    backtest.seed = judgement.seed
    backtest.limits = try risk.limits()
    return backtest
  }
}

private struct NoArtefact: DiagnosedError {
  var diagnosis: Diagnosis {
    Diagnosis(
      place: "artefact", finding: "the strategy linear has no weights",
      remedy: "name their file: --set artefact=model.json, which holds {\"weights\": [0.5, -0.2]}",
      exitCode: .wrongUsage)
  }
}
