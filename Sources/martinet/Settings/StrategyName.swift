import Learning
import Market
import Numerics
import Runtime
import Trading

/// The strategies that settings can name.
package enum StrategyName: String, ConfigurationChoice {
  case movingAverages = "sma_cross"
  case buyAndHold = "buy_and_hold"
  /// A weighted sum of the last returns, from a file.
  case linear
  /// A trained model, whose folder or name `artefact` says.
  case model
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
    case .model(let source):
      try appraisal(of: source, frames)
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
    case .model:
      guard let artefact else { throw NoArtefact() }
      return .model(try ModelSource(folder: LearningFlags.modelFolder(artefact)))
    }
  }

  /// What the model trades; refused on days that it was trained on, and where it failed on the way.
  private func appraisal(of source: ModelSource, _ frames: [Frame]) throws -> Appraisal {
    let strategy = try source.strategy()
    let last = frames.compactMap { $0.knownAt.last }.max() ?? 0
    guard last > strategy.artefact.trainedTo.nanoseconds else {
      throw ModelSawAll(id: source.id, end: strategy.artefact.trainedTo)
    }
    let appraisal = try Appraisal(frames: frames, strategy: strategy, settings: backtest())
    try strategy.trouble.check()
    return appraisal
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
    return backtest
  }
}

private struct NoArtefact: DiagnosedError {
  var diagnosis: Diagnosis {
    Diagnosis(
      place: "artefact", finding: "the strategy has no model",
      remedy: "of linear, name the file of weights: --set artefact=model.json, which holds "
        + "{\"weights\": [0.5, -0.2]}; of model, a version in production, a run or a folder: "
        + "--set artefact=v1",
      exitCode: .wrongUsage)
  }
}

private struct ModelSawAll: DiagnosedError {
  let id: String
  let end: Timestamp

  var diagnosis: Diagnosis {
    Diagnosis(
      place: "model \(id.prefix(12))",
      finding: "all days of the bars were known to it: it was trained to \(end.utcDate)",
      remedy: "give later bars: what a model has seen is no test of it", exitCode: .refused)
  }
}
