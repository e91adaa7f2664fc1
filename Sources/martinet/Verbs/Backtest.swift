import Evidence
import Runtime
import Trading

private let record: Flag<String?> = .optional(
  "record", .text, metavariable: "FOLDER",
  help: "Keep the run there: settings, strategy, market data and journal.")

private let journal: Flag<String?> = .optional(
  "journal", .text, metavariable: "FOLDER",
  help: "Keep the run's journal there: martinet journal show FOLDER.")

private let trades: Flag<[String]> = .list(
  "trades", .text, metavariable: "FILE",
  help: "Write the trades there too: FILE.csv, FILE.json or FILE.parquet. May be given again.")
private let trial: Flag<String?> = .optional(
  "trial", .text, metavariable: "NUMBER",
  help: "Run this trial of the ledger again as it was; 12.345 is a setting of a sweep.")

/// Lets a strategy trade past bars.
let backtestVerb = Verb(
  "backtest", aliases: ["backtesting"],
  summary: "Let a strategy trade past bars, with costs, and judge what came of it",
  discussion: """
    A bar closes, the strategy decides, and its order is filled at the next bar's open, with half the \
    spread and commission. Bars before --timerange serve as history and are not traded.

    Beside the page FILE.html lie FILE.json, with all that it says, FILE-trades.csv and \
    FILE-returns.csv, which QuantStats reads.

    Ends with exit code 1 where there are no bars on the days asked for or no trade was made; the \
    message names the days there are.
    """,
  flags: RunFlags.ofBacktest + [record, journal, trades, trial],
  examples: [
    .init(
      "martinet backtest --strategy sma_cross --symbols NVDA --data Samples/daily",
      "Twenty years of daily bars."),
    .init(
      "martinet backtest -s sma_cross --symbols SPY --data Samples/daily --timerange 20200101- --fee 0.001",
      "From 2020 on, with ten basis points of commission."),
    .init(
      "martinet backtest --record runs/1",
      "Keep everything the run was a function of: martinet prove replay --run runs/1."),
    .init(
      "martinet backtest --rules Samples/rules/trend.yaml --data Samples/daily",
      "By rules of your own, proved first: docs/RULES.md."),
    .init("martinet backtest -c config/base.yaml --json", "Settings of a file, figures as JSON."),
  ]
) { invocation in
  let environment = processEnvironment()
  let tradeFiles = try invocation[trades]
  for path in tradeFiles { try TradeSheet.check(path) }
  for folder in [try invocation[record], try invocation[journal]].compactMap(\.self) {
    try RecordedRun.checkIsFree(folder)
  }
  let rerun = try rerun(invocation, environment)
  var settings =
    try rerun?.settings
    ?? SettingsFiles.load(for: invocation, flags: RunFlags.assignments(invocation)).value
  if rerun != nil, let report = try invocation[RunFlags.report] { settings.report = report }
  let rules = try settings.takeRules()
  let (frames, description) = try settings.bars()
  try MemoryNeed.check(backtestOver: frames)
  try rerun?.check(frames)
  let recipe = try settings.recipe()
  let ofRules = try rules.map {
    RunReport.Proof(try $0.checked(over: frames, seed: settings.judgement.seed))
  }
  var (evidence, proof) = try settings.evidence(frames, of: recipe)
  try rerun?.check(evidence)
  // A trial that is run again is in the ledger already, and counts once.
  let deflation =
    if let rerun {
      try evidence.judged(as: rerun, of: frames, environment: environment)
    } else {
      try evidence.recorded(recipe, of: frames, from: settings, environment: environment)
    }
  let barsPerYear = evidence.annualisation.barsPerYear
  var sheet = TearSheet(
    evidence: evidence, frames: frames, proof: nil, data: description,
    library: try Installation.chartLibrary(), sectors: settings.sectorNames)
  sheet.report.proof = ofRules ?? proof
  try Report.write(sheet, to: settings.report)
  for path in tradeFiles { try TradeSheet(sheet.report).write(to: path) }
  if let folder = try invocation[record] {
    try RecordedRun.record(
      frames: frames, recipe: recipe, settings: settings.backtest(), in: folder)
  }
  if let folder = try invocation[journal] {
    try RecordedRun.keepJournal(
      frames: frames, recipe: recipe, settings: settings.backtest(), in: folder)
  }
  let console = invocation.console
  if invocation.wantsJSON {
    var figures = evidence.json(report: settings.report)
    figures.append("metrics", MetricCatalogue.json(of: evidence.series))
    figures.append("deflation", deflation?.json(barsPerYear: barsPerYear) ?? .null)
    if let pace = evidence.result.pace { figures.append("process", pace.json) }
    console.print(figures)
    return .done
  }
  Report.show(evidence, on: console)
  if let deflation {
    console.print(console.traits.wrapped(deflation.sentence(barsPerYear: barsPerYear)) + "\n")
  }
  if let pace = evidence.result.pace { console.print(console.traits.wrapped(pace.sentence) + "\n") }
  console.printResult(
    "report", at: settings.report,
    next: "martinet report \(Report.place(settings.report, ".json"))")
  return .done
}

/// The trial that is asked for; nothing else may be said of the run.
private func rerun(
  _ invocation: Invocation, _ environment: [String: String]
) throws -> TrialRerun? {
  guard let id = try invocation[trial] else { return nil }
  let changes = try RunFlags.assignments(invocation).filter { !$0.hasPrefix("report=") }
  let given = changes + invocation.assignments + invocation.configFiles
  guard given.isEmpty else { throw RerunError.flags(given) }
  return try TrialRerun(id, environment: environment)
}
