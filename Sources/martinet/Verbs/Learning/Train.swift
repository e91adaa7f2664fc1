import CProcessor
import Evidence
import Glibc
import Learning
import Numerics
import Runtime

private let model: Flag<String?> = .optional(
  "model", short: "m", .text, metavariable: "NAME",
  help: "The kind of model: martinet models list.")
private let horizon: Flag<Int> = .value(
  "horizon", .integer(in: 1...10_000), metavariable: "BARS", default: 5,
  help: "How many bars ahead; the set must have labels of it.")
private let data: Flag<String> = .value(
  "data", .text, metavariable: "FOLDER", default: "data/splits/scaled",
  help: "A training set, as martinet features build wrote it.")
private let seed: Flag<UInt64> = .value(
  "seed", .seed, metavariable: "NUMBER", default: 42,
  help: "All chance of the run follows from it.")
private let resume: Flag<String?> = .optional(
  "resume", .text, metavariable: "RUN",
  help: "Go on with a run that was interrupted; it ends in the same bytes.")
private let steps: Flag<Int?> = .optional(
  "steps", .integer(in: 1...1_000_000_000), metavariable: "NUMBER",
  help: "Stop after so many steps, or rounds of boosting.")
private let seconds: Flag<Double?> = .optional(
  "seconds", .number(in: 0.1...1e7, example: "600"), metavariable: "SECONDS",
  help: "Stop after so much time.")
private let memory: Flag<Int?> = .optional(
  "memory", .integer(in: 64...1_048_576), metavariable: "MIB",
  help: "Stop before the process holds more memory than this.")
private let cores: Flag<Int?> = .optional(
  "cores", .integer(in: 1...1024), metavariable: "NUMBER",
  help: "Cores to train on; all that the program may use if not given.")
private let skipsSanity: Flag<Bool> = .toggle(
  "skip-sanity", help: "Do not climb the ladder of sanity; such a run is never promoted.")
private let halfSpread: Flag<Double> = .value(
  "half-spread-bps", .number(in: 0...1000, example: "2"), metavariable: "BPS", default: 2,
  help: "Half the spread that trading by the forecasts pays, in basis points.")
private let commission: Flag<Double> = .value(
  "commission-bps", .number(in: 0...1000, example: "1"), metavariable: "BPS", default: 1,
  help: "The commission, in basis points of the value traded.")

let trainVerb = Verb(
  "train", summary: "Train a model on a set, judge it, and keep all of it in a run folder",
  discussion: """
    Trains on the training part, steers by the first part of validation, calibrates on a later slice of it \
    that the model never saw, and judges the model on the test part: every figure with its interval and \
    beside forecasts that take no learning. Before that it climbs the ladder of sanity: lessons whose \
    outcome is known beforehand.

    Hyper-parameters come from config/models/NAME.yaml, then --config, then --set. The run lies in \
    experiments/runs/NAME_TIME/ with its model, predictions, metrics, drawings and page; the folder takes \
    its name when all of it is on the disk. A run that was killed goes on with --resume.

    Ends with exit code 3 where the trainer falls off the ladder of sanity; the run is kept, and never \
    promoted.
    """,
  flags: [
    model, horizon, data, seed, resume, steps, seconds, memory, cores, skipsSanity, halfSpread,
    commission, LearningFlags.runs,
  ],
  examples: [
    .init("martinet train --model ridge --horizon 5 --data data/splits/scaled", "A first model."),
    .init(
      "martinet train --model lstm --set epochs=3 --seconds 600", "A network with a budget."),
  ]
) { invocation in
  let store = RunStore(path: try invocation[LearningFlags.runs])
  let registry = try ModelRegistry.standard()
  let (request, folder) = try started(store, registry, invocation)
  var run = TrainingRun(request, registry: registry)
  let progress = FitProgressLine("train \(request.model)") { steps in
    ProgressMeter(
      "train \(request.model)", total: steps, on: invocation.console,
      isQuiet: invocation.isQuiet || invocation.wantsJSON)
  }
  run.callbacks = [progress]
  if let megabytes = try invocation[memory] {
    run.callbacks.append(MemoryWatch(bytesMax: megabytes << 20))
  }
  run.ledger = try TrialLedger.ofThisMachine(environment: processEnvironment())
  run.files = MatrixFiles.ofUser
  run.libraries = RuntimeLibraries.all
  run.circumstances = try circumstances(cores: request.cores)
  let outcome = try run.run(in: folder)
  progress.finish()
  print(outcome, invocation.console, wantsJSON: invocation.wantsJSON)
  return outcome.sanity?.isSane ?? true ? .done : .refused
}

/// What is to be trained, and where: a new run, or one that was interrupted.
private func started(
  _ store: RunStore, _ registry: ModelRegistry, _ invocation: Invocation
) throws -> (TrainingRequest, RunFolder) {
  if let name = try invocation[resume] {
    let folder = try store.unfinished(name)
    return (try folder.request, folder)
  }
  guard let name = try invocation[model] else {
    throw UsageError.missingFlag(name: "model", metavariable: "NAME")
  }
  let configured = try registry.kind(name).configured(
    files: invocation.configFiles, sets: invocation.assignments)
  let request = TrainingRequest(
    model: name, horizon: try invocation[horizon], data: try invocation[data],
    seed: try invocation[seed], settings: configured.settings,
    budget: FitBudget(steps: try invocation[steps], seconds: try invocation[seconds]),
    cores: try invocation[cores] ?? Cores.budget.count,
    climbsLadder: !(try invocation[skipsSanity]), halfSpread: try invocation[halfSpread],
    commission: try invocation[commission])
  // What the set cannot teach is refused before a folder is made.
  var run = TrainingRun(request, registry: registry)
  run.files = MatrixFiles.ofUser
  try run.check()
  return (request, try store.begin(model: name, at: SystemTime().now))
}

private func circumstances(cores: Int) throws -> JSON {
  [
    "command": JSON(CommandLine.arguments.map { JSON($0) }),
    "code_version": JSON(Version.number),
    "code_sha256": JSON(try Manifest.executableHash().description),
    "processor_level": JSON(String(cString: martinet_processor_level())), "threads": JSON(cores),
  ]
}

private func print(_ outcome: TrainingRun.Outcome, _ console: Console, wantsJSON: Bool) {
  if wantsJSON {
    console.print(["run": JSON(outcome.folder), "metrics": outcome.metrics])
    return
  }
  let metrics = outcome.metrics
  var table = Table([
    .words("figure"), .numbers("test", importance: 3), .words("95% interval", importance: 2),
    .numbers("val", importance: 1),
  ])
  for (name, key) in [
    ("accuracy", "accuracy"), ("log-loss", "log_loss"), ("Brier score", "brier"),
    ("calibration error", "calibration_error"), ("mean squared error", "mse"),
    ("mean absolute error", "mae"), ("rank IC", "rank_ic"),
  ] {
    guard let value = metrics[key]?.double else { continue }
    let range = metrics["\(key)_interval"]?.elements?.compactMap(\.double) ?? []
    table.add([
      .init(name), .init(NumberText.ratio(value, decimals: 4)),
      .init(
        range.count == 2
          ? "\(NumberText.ratio(range[0], decimals: 4)) … \(NumberText.ratio(range[1], decimals: 4))"
          : ""),
      .init(metrics["val"]?[key]?.double.map { NumberText.ratio($0, decimals: 4) } ?? ""),
    ])
  }
  if let sharpe = metrics["trading"]?["model"]?["sharpe"]?.double {
    table.add([.init("Sharpe after costs"), .init(NumberText.ratio(sharpe)), "", ""])
  }
  console.print(table.text(for: console.traits))
  if let sanity = outcome.sanity, !sanity.isSane {
    console.print(
      "\n\(Mark.bad.sign(for: console.traits)) not to be relied on: it fell off the ladder of sanity: "
        + sanity.failed.joined(separator: ", "))
  }
  let constant = metrics["constant_features"]?.elements?.compactMap(\.string) ?? []
  if !constant.isEmpty {
    console.print(
      "\n\(Mark.warning.sign(for: console.traits)) the same in all rows of training, which teaches nothing: "
        + constant.prefix(8).joined(separator: ", ") + (constant.count > 8 ? ", …" : ""))
  }
  console.print("\n\(outcome.evaluation.verdict)")
  console.printResult(
    "run", at: outcome.folder, next: "martinet models promote \(outcome.folder)")
}

extension Reading<UInt64> {
  fileprivate static var seed: Self {
    Reading(expecting: "a whole number that is not negative", example: "42") { UInt64($0) }
  }
}
