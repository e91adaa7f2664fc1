import Evidence
import Market
import Runtime
import Trading

private let grid: Flag<String?> = .optional(
  "grid", .text, metavariable: "RANGES",
  help:
    "Values to try: fast=5..50,slow=20..200:10,width=1|1.5|2; the ranges of the rules, or values around the defaults, if not given."
)
private let random: Flag<Int?> = .optional(
  "random", .integer(in: 1...SweepGrid.mostSettings), metavariable: "COUNT",
  help: "Try so many combinations, drawn by chance.")
private let latin: Flag<Int?> = .optional(
  "latin", .integer(in: 1...SweepGrid.mostSettings), metavariable: "COUNT",
  help: "Try so many, spread evenly over each parameter (Latin hypercube).")
private let out: Flag<String?> = .optional(
  "out", .text, metavariable: "FOLDER",
  help: "Where results are kept; a folder of its own under sweeps/ where not given.")

/// Tries many settings of a strategy.
let sweepVerb = Verb(
  "sweep", aliases: ["optimize", "hyperopt"],
  summary: "Try many settings of a strategy, and say whether the best is more than luck",
  discussion: """
    Each setting is a back-test of its own, to the same cent. All of them are recorded in the ledger of \
    trials, the best one's Sharpe ratio is judged against the luck of so many, and the probability of \
    overfitting is estimated by combinatorially symmetric cross-validation.

    Results are kept as they come: the same command again goes on where it was stopped, and several \
    programs that run it at once share the work.
    """,
  flags: [grid, random, latin, out, RunFlags.strategy, RunFlags.rules, RunFlags.parameters]
    + RunFlags.ofData + RunFlags.ofVenue
    + [RunFlags.memoryLimit],
  examples: [
    .init(
      "martinet sweep --strategy sma_cross --grid fast=5..50,slow=20..200 --symbols NVDA --data Samples/daily",
      "All 8,000 pairs."),
    .init(
      "martinet sweep -s mean_reversion --grid bars=5..60,width=0.5..3:0.25 --latin 200 --symbols SPY",
      "Two hundred, spread evenly."),
    .init(
      "martinet sweep --rules Samples/rules/trend.yaml --data Samples/daily",
      "The parameters of rules of your own, in the ranges that their file gives."),
  ]
) { invocation in
  var settings = try SettingsFiles.load(
    for: invocation, flags: RunFlags.assignments(invocation)
  ).value
  let rules = try settings.takeRules()
  let plan = try SweepPlan(
    invocation[grid], choice(invocation), seed: settings.judgement.seed, settings)
  let (frames, _) = try settings.bars()
  try MemoryNeed.check(sweepOver: frames, settings: plan.grid.settings.count)
  _ = try rules?.checked(over: frames, seed: settings.judgement.seed)
  let runner = try SweepRunner(frames: frames, grid: plan.grid, settings: settings.backtest())
  let data = TrialData(frames: frames, first: runner.first, last: runner.last)
  let folder =
    try invocation[out] ?? Sweep.folderName(runner, data: data, under: "sweeps")
  let sweep = try Sweep(runner, data: data, folder: folder)
  let console = invocation.console
  let meter = ProgressMeter(
    "sweep", total: plan.grid.settings.count, on: console,
    isQuiet: invocation.isQuiet || invocation.wantsJSON)
  let result = try sweep.run { done, _ in meter.update(done: done) }
  meter.finish()
  var trial = result.trial(data, configuration: sweep.configuration.text())
  let source: JSON = ["settings": settings.pinned(to: frames), "sweep": plan.json]
  trial.source = source.text()
  let (place, history) = try TrialRecording.record(trial, environment: processEnvironment())
  let luck = TrialLuck(
    place, history, data, of: result.estimate, barsPerYear: result.annualisation.barsPerYear)
  let report = SweepReport(
    result, symbols: frames.map(\.symbol), first: runner.first, last: runner.last, luck: luck)
  let (page, table) = ("\(folder)/report.html", "\(folder)/results.json")
  try AtomicFile.write(report.settingsJSON.text() + "\n", to: table)
  try AtomicFile.write(report.page.html(), to: page)
  if invocation.wantsJSON {
    console.print(report.json(files: ["folder": folder, "results": table, "report": page]))
    return .done
  }
  console.print(report.text(for: console.traits) + "\n")
  console.print(console.traits.wrapped(report.verdict) + "\n")
  console.printResult(
    "report", at: page, next: "martinet backtest --trial \(report.id(result.best))")
  return .done
}

private func choice(_ invocation: Invocation) throws -> SweepGrid.Choice {
  switch (try invocation[random], try invocation[latin]) {
  case (let count?, nil): .random(count)
  case (nil, let count?): .latinHypercube(count)
  case (nil, nil): .all
  case (.some, .some): throw TwoChoices()
  }
}

private struct TwoChoices: DiagnosedError {
  var diagnosis: Diagnosis {
    Diagnosis(
      place: "--random and --latin", finding: "both say which combinations are tried",
      remedy: "give one of them", exitCode: .wrongUsage)
  }
}
