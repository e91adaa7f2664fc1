import Evidence
import Features
import Learning
import Market
import Runtime
import Trading

/// The flags of `martinet walkforward` that concern models.
enum WalkForwardModels {
  static let model: Flag<String?> = .optional(
    "model", short: "m", .text, metavariable: "NAME",
    help: "Train this kind of model on the bars before instead of choosing settings.")
  static let horizon: Flag<Int> = .value(
    "horizon", .integer(in: 1...10_000), metavariable: "BARS", default: 5,
    help: "How many bars ahead the model looks.")
  static let settings: Flag<[String]> = .list(
    "hyper", .text, separator: ",", metavariable: "KEY=VALUE",
    help: "Hyper-parameters of the model, over those of config/models/NAME.yaml.")
  static let folder: Flag<String> = .value(
    "models", .text, metavariable: "FOLDER", default: "experiments/walkforward",
    help: "Where the models of the folds are kept.")

  static let flags: [any AnyFlag] = [model, horizon, settings, folder]

  /// What models are shown where settings name no features: none of it has a scale of its own.
  static let usualSet = "dual12"

  /// How a kind of model is made of bars by these settings, with the proof that no feature looks ahead.
  static func training(
    _ kind: String, horizon: Int, _ loaded: Loaded<RunSettings>, over frames: [Frame],
    sets: [String] = []
  ) throws -> ModelTraining {
    let settings = loaded.value
    let registry = try ModelRegistry.standard()
    let model = try registry.kind(kind).configured(files: [], sets: sets)
    let isSilent = settings.sets.isEmpty && settings.features.isEmpty
    let recipe = try loaded.recipe(set: isSilent ? usualSet : nil)
    try recipe.choice.refuseLookAhead()
    let grounds = try ProofGrounds(
      world: World(frames), settings: loaded,
      definitions: ProofGrounds.definitions(of: recipe.choice.features))
    let verdict = try LookAheadProof.run(
      FeatureComputation(recipe.choice), frames: frames, cuts: 4, seed: settings.judgement.seed)
    guard verdict.isClean else { throw LeakFound(sentence: verdict.sentence) }
    return try ModelTraining(
      model, horizon: horizon, recipe: recipe, registry: registry, code: grounds.code.description,
      certificate: Certificate(verdict, sets: recipe.choice.sets, grounds: grounds).json,
      seed: settings.judgement.seed, cores: Cores.budget.count)
  }

  /// - Parameter frozen: the file that is to say which model would be trained now; nil where none is
  static func run(
    _ kind: String, _ plan: WalkForward.Plan, _ loaded: Loaded<RunSettings>, frozen: String?,
    _ invocation: Invocation
  ) throws -> ExitCode {
    let settings = loaded.value
    let (frames, description) = try settings.bars()
    let training = try training(
      kind, horizon: try invocation[horizon], loaded, over: frames,
      sets: try invocation[Self.settings])
    let folder = try newFolder(for: kind, under: invocation[Self.folder])
    let meter = ProgressMeter(
      "train \(kind)", on: invocation.console, isQuiet: invocation.isQuiet || invocation.wantsJSON)
    var walk = try ModelWalkForward(
      plan, training, frames: frames, settings: settings.backtest(), in: folder
    ) { done, total in
      meter.update(done: done, label: "train \(kind), of \(NumberText.count(total))")
    }
    meter.finish()
    if let frozen {
      try walk.next(on: frames, settings: settings.backtest(), in: folder).write(to: frozen)
    }
    _ = try walk.appraisal.recorded(
      walk.recipe, kind: .walkforward, of: frames, from: settings,
      environment: processEnvironment())
    let sheet = TearSheet(
      evidence: walk.appraisal, frames: frames, proof: nil, data: description,
      library: try Installation.chartLibrary(), sectors: settings.sectorNames)
    try Report.write(sheet, with: walk.blocks, to: settings.report)
    print(walk, folder, settings, frozen: frozen, invocation)
    return .done
  }

  /// Named for the second, and numbered where others began in the same one.
  private static func newFolder(for kind: String, under parent: String) throws -> String {
    let stamp = SystemTime().now.description.prefix(19).filter { $0 != "-" && $0 != ":" }
    try Folder.make(parent)
    var (folder, number) = ("\(parent)/\(kind)_\(stamp)Z", 1)
    while try !Folder.makeNew(folder) {
      number += 1
      folder = "\(parent)/\(kind)_\(stamp)Z-\(number)"
    }
    return folder
  }

  private static func print(
    _ walk: ModelWalkForward, _ folder: String, _ settings: RunSettings, frozen: String?,
    _ invocation: Invocation
  ) {
    let console = invocation.console
    if invocation.wantsJSON {
      var json = walk.appraisal.json(report: settings.report)
      json.append("walk_forward", walk.json)
      json.append("models", JSON(folder))
      json.append("frozen", JSON(frozen))
      console.print(json)
      return
    }
    Report.show(walk.appraisal, on: console, choices: (walk.table, walk.sentence))
    console.print("models    \(folder)")
    console.printResult(
      "report", at: settings.report,
      next: frozen.map { "martinet walkforward --frozen \($0)" }
        ?? "martinet backtest --strategy model --set artefact="
        + (walk.folds.last?.folder ?? folder))
  }
}
