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
      return try Appraisal(
        frames: frames, strategy: SMACross(fast: fast, slow: slow), settings: backtest())
    case .buyAndHold:
      return try Appraisal(frames: frames, strategy: BuyAndHold(), settings: backtest())
    case .linear(let model):
      return try Appraisal(frames: frames, strategy: LinearStrategy(model), settings: backtest())
    case .rules(let source):
      let rules = try Rules(source)
      if let ranking = RankStrategy(rules) {
        return try Appraisal(frames: frames, strategy: ranking, settings: backtest())
      }
      return try Appraisal(frames: frames, strategy: ConditionStrategy(rules), settings: backtest())
    }
  }

  /// The strategy with its parameters.
  func recipe() throws -> StrategyRecipe {
    if let rules { return .rules(try ruleSource(rules)) }
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

  private func ruleSource(_ path: String) throws -> RuleSource {
    let source = try ConfigurationSource(file: path)
    return RuleSource(
      file: path, text: String(decoding: source.bytes, as: UTF8.self),
      parameters: Dictionary(parameters.map { ($0.name, $0.value) }) { _, later in later })
  }

  /// The rules, where there are any; what nobody gave is taken from them: symbols,
  /// interval, and an account that may sell short.
  mutating func takeRules() throws -> Rules? {
    guard let path = rules else { return nil }
    let rules = try Rules(try ruleSource(path))
    if symbols.isEmpty { symbols = rules.symbols }
    interval = interval ?? rules.interval
    if rules.sellsShort { account.leverage = account.leverage ?? 1 }
    return rules
  }

  func backtest() throws -> BacktestSettings {
    var backtest = BacktestSettings()
    backtest.initialCash = try Cash(nearest: account.initialCash)
    backtest.cashReserve = account.reserve
    backtest.halfSpreadBasisPoints = costs.halfSpread
    backtest.commissionBasisPoints = costs.commission
    backtest.leverage = account.leverage
    backtest.range = timerange ?? .all
    backtest.trials = judgement.trials
    backtest.seed = judgement.seed
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
