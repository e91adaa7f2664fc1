import Learning
import Market
import Numerics
import Runtime
import Trading

/// The strategies that settings can name.
package enum StrategyName: String, ConfigurationChoice {
  case movingAverages = "sma_cross"
  case buyAndHold = "buy_and_hold"
  case equalWeight = "equal_weight"
  case meanReversion = "mean_reversion"
  case breakout = "breakout"
  case momentumRotation = "momentum_rotation"
  /// A weighted sum of the last returns, from a file.
  case linear
  /// A trained model, whose folder or name `artefact` says.
  case model
}

extension StrategyName {
  /// Where its parameters stand, if it has any.
  var values: WritableKeyPath<RunSettings, StrategyValues>? {
    switch self {
    case .movingAverages: \.average.values
    case .equalWeight: \.balance.values
    case .meanReversion: \.reversion.values
    case .breakout: \.breakout.values
    case .momentumRotation: \.rotation.values
    case .buyAndHold, .linear, .model: nil
    }
  }
}

/// The parameters of a shipped strategy as a section of settings.
package struct StrategySection<S: ShippedStrategy>: Configured {
  package var values = StrategyValues(S.parameters)
  package init() {}

  package static var schema: Schema<Self> {
    Schema("The strategy \(S.id): \(S.summary)") { S.parameters.map(Self.field) }
  }

  private static func field(_ parameter: StrategyParameter) -> Field<Self> {
    let (key, range) = (parameter.key, parameter.range)
    return parameter.isWhole
      ? Field(
        key, \.values[whole: key], in: Int(range.lowerBound)...Int(range.upperBound),
        unit: parameter.unit, parameter.meaning)
      : Field(key, \.values[key], in: range, unit: parameter.unit, parameter.meaning)
  }

  package var inconsistency: Inconsistency? {
    do throws(BacktestError) {
      _ = try S(values)
      return nil
    } catch {
      let diagnosis = error.diagnosis
      return Inconsistency(
        at: diagnosis.place, finding: diagnosis.finding, remedy: diagnosis.remedy)
    }
  }
}

extension RunSettings {
  /// Runs the strategy and what it is compared with over `frames`. One that is not part of the program runs
  /// once before, and is refused where the run that is judged orders anything else.
  func evidence(
    _ frames: [Frame], of recipe: StrategyRecipe
  ) throws -> (evidence: Appraisal, proof: RunReport.Proof?) {
    if case .model(let source) = recipe { return (try appraisal(of: source, frames), nil) }
    let (strategy, settings) = (try recipe.strategy(), try backtest())
    let rehearsal =
      recipe.isGuest
      ? try Backtest.run(frames: frames, strategy: strategy, settings: settings) : nil
    let evidence = try Appraisal(
      frames: frames, strategy: strategy, settings: settings,
      against: benchmarkFrame(beside: frames))
    guard let rehearsal else { return (evidence, nil) }
    let proof = StrategyProof(of: evidence.result, after: rehearsal)
    guard proof.isClean else { throw Leak(sentence: proof.sentence) }
    return (evidence, RunReport.Proof(sentence: proof.sentence, isClean: true))
  }

  /// The strategy with its parameters.
  func recipe() throws -> StrategyRecipe {
    guard [rules != nil, !process.isEmpty, plugin != nil].count(where: \.self) <= 1 else {
      throw TwoStrategies()
    }
    if let plugin { return .plugin(plugin) }
    if let rules { return .rules(try ruleSource(rules)) }
    if !process.isEmpty {
      return .process(ProcessSource(command: process, seconds: processSeconds))
    }
    if let values = strategy.values { return .shipped(strategy.rawValue, self[keyPath: values]) }
    guard [.linear, .model].contains(strategy) else {
      return .shipped(strategy.rawValue, StrategyValues([]))
    }
    guard let artefact else { throw NoArtefact() }
    if strategy == .model {
      return .model(try ModelSource(folder: LearningFlags.modelFolder(artefact)))
    }
    return .linear(
      try LinearModel(
        parsing: SmallFile.read(artefact, bytesMax: 1 << 20), source: artefact))
  }

  private func ruleSource(_ path: String) throws -> RuleSource {
    let source = try ConfigurationSource(file: path)
    return RuleSource(
      file: path, text: String(decoding: source.bytes, as: UTF8.self),
      parameters: Dictionary(parameters.map { ($0.name, $0.value) }) { _, later in later })
  }

  /// The rules, where there are any.
  func ownRules() throws -> Rules? { try rules.map { try Rules(try ruleSource($0)) } }

  /// The same; what nobody gave is taken from them: symbols, interval, and an account that may sell short.
  mutating func takeRules() throws -> Rules? {
    guard let rules = try ownRules() else { return nil }
    take(rules)
    return rules
  }

  mutating func take(_ rules: Rules) {
    if symbols.isEmpty { symbols = rules.symbols }
    interval = interval ?? rules.interval
    if rules.sellsShort { account.leverage = account.leverage ?? 1 }
  }

  /// What the model trades; refused on days that it was trained on.
  private func appraisal(of source: ModelSource, _ frames: [Frame]) throws -> Appraisal {
    let strategy = try source.strategy()
    let last = frames.compactMap { $0.knownAt.last }.max() ?? 0
    let end = strategy.artefact.trainedTo
    guard last > end.nanoseconds, timerange?.last.map({ $0 > end.utcDate }) ?? true else {
      throw ModelSawAll(id: source.id, end: strategy.artefact.trainedTo)
    }
    return try Appraisal(
      frames: frames, strategy: strategy, settings: backtest(),
      against: benchmarkFrame(beside: frames))
  }

  func backtest() throws -> BacktestSettings {
    var backtest = BacktestSettings()
    backtest.initialCash = try Cash(nearest: account.initialCash)
    backtest.cashReserve = account.reserve
    backtest.costs = costs
    backtest.venue = venue
    (backtest.actions, backtest.notices) = (try actions(), try notices())
    backtest.leverage = account.leverage
    backtest.range = timerange ?? .all
    backtest.seed = judgement.seed
    backtest.limits = try risk.limits()
    if backtest.limits.sector.most != nil, backtest.limits.sector.members.isEmpty {
      backtest.limits.sector.members = sectors
    }
    backtest.exits = exits
    backtest.size = size
    return backtest
  }
}

private struct Leak: DiagnosedError {
  let sentence: String

  var diagnosis: Diagnosis {
    Diagnosis(
      place: "strategy", finding: sentence,
      remedy: "let it decide by what it is told and by nothing else", exitCode: .refused)
  }
}

struct TwoStrategies: DiagnosedError {
  var diagnosis: Diagnosis {
    Diagnosis(
      place: "strategy", finding: "more than one of strategy, rules, process and plugin is given",
      remedy: "keep one of them", exitCode: .wrongUsage)
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
