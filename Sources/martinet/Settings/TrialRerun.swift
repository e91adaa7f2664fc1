import Evidence
import Market
import Runtime
import Trading

/// A trial of the ledger that is to be run again: `12`, or `12.345` for a setting of a sweep.
struct TrialRerun {
  let number: Int
  /// Of a sweep, counted from 0.
  let setting: Int?
  let trial: Trial
  let settings: RunSettings

  init(_ id: String, environment: [String: String]) throws {
    let parts = id.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
    guard let number = parts[0], parts.count <= 2, parts.allSatisfy({ $0.map { $0 >= 0 } ?? false })
    else { throw RerunError.malformed(id) }
    self.number = number
    let trials = try TrialLedger.ofThisMachine(environment: environment).history().trials
    guard number >= 1, number <= trials.count else {
      throw RerunError.unknown(id, trials: trials.count)
    }
    trial = trials[number - 1]
    setting = parts.count == 2 ? parts[1] : nil
    guard let text = trial.source else { throw RerunError.noSource(id) }
    let source = try JSON(parsing: Array(text.utf8), source: "trial \(number)")
    switch (trial.kind, setting) {
    case (.backtest, nil): settings = try Self.settings(source, number)
    case (.sweep, let setting?):
      var settings = try Self.settings(source["settings"] ?? .null, number)
      let plan = try SweepPlan(source["sweep"] ?? .null, settings, number)
      guard plan.grid.settings.indices.contains(setting) else {
        throw RerunError.noSetting(id, settings: plan.grid.settings.count)
      }
      settings.take(plan.grid.settings[setting], of: plan.grid.searched)
      self.settings = settings
    case (.sweep, nil): throw RerunError.needsSetting(id, settings: trial.settings)
    default: throw RerunError.otherKind(id, trial.kind)
    }
  }

  private static func settings(_ json: JSON, _ number: Int) throws -> RunSettings {
    let source = ConfigurationSource(name: "trial \(number)", bytes: Array(json.text().utf8))
    return try Configuration<RunSettings>.load(sources: [source]).value
  }

  /// Refuses other bars than those of the trial.
  func check(_ frames: [Frame]) throws {
    let found = TrialData(frames: frames, first: trial.data.first, last: trial.data.last)
    guard found.hash == trial.data.hash else {
      throw RerunError.otherBars(number, recorded: trial.data.hash, found: found.hash)
    }
  }

  /// Refuses a result that is not the recorded one to the last bit; of a sweep only the best is known.
  func check(_ evidence: Appraisal) throws {
    guard setting == nil else { return }
    let sharpe = SharpeEstimate(returns: evidence.performance.returns)?.sharpe ?? 0
    guard sharpe == trial.sharpe, evidence.result.bars == trial.bars else {
      throw RerunError.otherResult(number, recorded: trial.sharpe, found: sharpe)
    }
  }
}

/// Why a trial is not run again.
enum RerunError: DiagnosedError {
  case malformed(String)
  case unknown(String, trials: Int)
  case noSource(String)
  case needsSetting(String, settings: Int)
  case noSetting(String, settings: Int)
  case otherKind(String, Trial.Kind)
  case otherBars(Int, recorded: String, found: String)
  case otherRules(Int, file: String)
  case otherResult(Int, recorded: Double, found: Double)
  case flags([String])

  var diagnosis: Diagnosis {
    switch self {
    case .malformed(let id):
      usage(id, "it is not the number of a trial", "write 12, or 12.345 for a setting of a sweep")
    case .unknown(let id, let trials):
      usage(
        id, trials == 0 ? "nothing was tried yet" : "there are trials 1 to \(trials)",
        "see: martinet report trials")
    case .noSource(let id):
      usage(
        id, "it was recorded by a version that kept no settings",
        "run it again by its settings; from then on the ledger has them")
    case .needsSetting(let id, let settings):
      usage(
        id, "it is a sweep of \(NumberText.count(settings)) settings",
        "name one of them, from 0 on, as in --trial \(id).0")
    case .noSetting(let id, let settings):
      usage(
        id, "the sweep has settings 0 to \(settings - 1)",
        "its results.json says what each of them is")
    case .otherKind(let id, let kind):
      usage(id, "it is a \(kind.rawValue)", "only back-tests and settings of sweeps run again")
    case .otherBars(let number, let recorded, let found):
      Diagnosis(
        place: "trial \(number)",
        finding: "the bars are not those of the trial: \(found.prefix(12)) instead of "
          + "\(recorded.prefix(12))",
        remedy: "restore the files; a run over other bars is a trial of its own", exitCode: .refused
      )
    case .otherRules(let number, let file):
      Diagnosis(
        place: file, finding: "the rules are not those of trial \(number): the file was changed",
        remedy: "restore it; other rules are trials of their own: martinet sweep --rules FILE",
        exitCode: .refused)
    case .otherResult(let number, let recorded, let found):
      Diagnosis(
        place: "trial \(number)",
        finding: "its Sharpe ratio of one bar was \(recorded) and is \(found) now",
        remedy: "another version of the program made it: run it with that one", exitCode: .refused)
    case .flags(let flags):
      usage(
        "--trial", "\(flags.joined(separator: ", ")) would make it another trial",
        "leave out all but --report and --record")
    }
  }

  private func usage(_ place: String, _ finding: String, _ remedy: String) -> Diagnosis {
    Diagnosis(
      place: place.hasPrefix("--") ? place : "--trial \(Excerpt.quoted(place, longest: 40))",
      finding: finding, remedy: remedy, exitCode: .wrongUsage)
  }
}
