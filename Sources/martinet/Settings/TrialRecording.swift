import Evidence
import Market
import Numerics
import Runtime
import Trading

extension Appraisal {
  /// Writes the run into the ledger of trials, and says what all trials on these bars leave of its Sharpe
  /// ratio; `nil` where the account never moved. From then on the verdict says so as well.
  mutating func recorded(
    _ recipe: StrategyRecipe, of frames: [Frame], from settings: RunSettings,
    environment: [String: String]
  ) throws -> Deflation? {
    try recorded(
      recipe.json, kind: .backtest, of: frames, from: settings, environment: environment)
  }

  /// The same of any evaluation of a strategy over bars.
  mutating func recorded(
    _ strategy: JSON, kind: Trial.Kind, of frames: [Frame], from settings: RunSettings,
    environment: [String: String]
  ) throws -> Deflation? {
    var trial = trial(
      kind, of: frames, configuration: result.settings.configuration(of: strategy).text())
    trial.source = settings.pinned(to: frames).text()
    let (place, history) = try TrialRecording.record(trial, environment: environment)
    luck = TrialLuck(
      place, history, trial.data, of: SharpeEstimate(returns: performance.returns),
      barsPerYear: annualisation.barsPerYear)
    return luck?.deflation
  }

  /// The same of a trial that the ledger has already.
  mutating func judged(
    as rerun: TrialRerun, of frames: [Frame], environment: [String: String]
  ) throws -> Deflation? {
    let history = try TrialLedger.ofThisMachine(environment: environment).history()
    let data = TrialData(
      frames: frames, first: result.day(result.start), last: result.day(result.end))
    luck = TrialLuck(
      TrialLedger.Place(number: rerun.number, hash: history.head), history, data,
      of: SharpeEstimate(returns: performance.returns), barsPerYear: annualisation.barsPerYear)
    return luck?.deflation
  }
}

/// The ledger of this machine, as verbs write it.
enum TrialRecording {
  static func record(
    _ trial: Trial, environment: [String: String]
  ) throws -> (TrialLedger.Place, TrialHistory) {
    let ledger = try TrialLedger.ofThisMachine(environment: environment)
    let place = try ledger.record(trial, at: SystemTime().now)
    return (place, try ledger.history())
  }
}

extension BacktestSettings {
  /// All that orders follow from, besides the bars: what makes two trials one.
  func configuration(of strategy: JSON) -> JSON {
    var configuration: JSON = ["strategy": strategy]
    // The seed is of the bootstrap, which decides no order.
    for member in json.members ?? [] where member.key != "seed" {
      configuration.append(member.key, member.value)
    }
    return configuration
  }
}

extension RunSettings {
  /// These settings, with the symbols that they led to: what the same run is made from again.
  func pinned(to frames: [Frame]) -> JSON {
    var pinned = self
    pinned.symbols = frames.map(\.symbol)
    return Self.schema.json(of: pinned)
  }
}
