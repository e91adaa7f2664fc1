import Evidence
import Features
import Market
import Numerics
import Runtime
import Trading

private let grid: Flag<String?> = .optional(
  "grid", .text, metavariable: "RANGES",
  help:
    "Values to choose among: fast=5..50,slow=20..200:10; the ranges of the rules, or values around the defaults, if not given."
)
private let memory: Flag<String> = .value(
  "memory", .oneOf(WalkForwardSplit.Memory.allCases.map(\.rawValue)), metavariable: "KIND",
  default: WalkForwardSplit.Memory.rolling.rawValue,
  help: "Choose on the last bars only (rolling) or on all before (expanding).")
private let train: Flag<Int?> = .optional(
  "train", .integer(in: 2...10_000_000), metavariable: "BARS",
  help: "Bars to choose on; three years if not given.")
private let test: Flag<Int?> = .optional(
  "test", .integer(in: 1...10_000_000), metavariable: "BARS",
  help: "Bars to trade until the next choice; half a year if not given.")
private let groups: Flag<Int> = .value(
  "groups", .integer(in: 2...20), metavariable: "COUNT", default: 6,
  help: "Groups of combinatorial cross-validation, of which two are tested at a time.")
private let freeze: Flag<String?> = .optional(
  "freeze", .text, metavariable: "FILE",
  help: "Keep what would be chosen now there, for later days.")
private let frozen: Flag<String?> = .optional(
  "frozen", .text, metavariable: "FILE",
  help: "Trade a kept choice on days after those it was made on, and on no others.")

/// Chooses settings on the past, trades them on what follows, and goes on.
let walkForwardVerb = Verb(
  "walkforward", aliases: ["walk-forward"],
  summary: "Choose settings on past bars, trade them on the next, and judge only the latter",
  discussion: """
    The settings with the best Sharpe ratio on the bars before are traded on the bars that follow, in one \
    account, again and again. No bar that is judged had a part in the choice that traded it. Beside the one \
    path that history took, combinatorial purged cross-validation makes several.

    With --model a model is trained instead, on the bars before and on nothing else: labels that later \
    bars would settle are left out. The models of all folds are kept and can be traded by their folders.

    --freeze keeps the choice that would be made now; --frozen trades it on later days. Days until the end \
    of its training are refused with exit code 3.
    """,
  flags: [grid, memory, train, test, groups, freeze, frozen] + WalkForwardModels.flags
    + RunFlags.ofBacktest,
  examples: [
    .init(
      "martinet walkforward --strategy sma_cross --symbols NVDA --data Samples/daily",
      "Three years to choose, half a year to trade, from the first bar to the last."),
    .init(
      "martinet walkforward -s breakout --memory expanding --timerange -20191231 --freeze choice.json",
      "And keep the last choice."),
    .init(
      "martinet walkforward --model ridge --symbols NVDA,AMD --data Samples/daily",
      "Train a model again and again, each time on the bars before."),
    .init(
      "martinet walkforward --rules Samples/rules/trend.yaml --data Samples/daily",
      "Choose the parameters of rules of your own, in the ranges that their file gives."),
    .init("martinet walkforward --frozen choice.json --timerange 20200101-", "On new days."),
  ]
) { invocation in
  let loaded = try SettingsFiles.load(for: invocation, flags: RunFlags.assignments(invocation))
  var settings = loaded.value
  try refuseContradictions(invocation)
  if let path = try invocation[frozen] { return try trade(path, &settings, invocation) }
  if let kind = try invocation[WalkForwardModels.model] {
    return try WalkForwardModels.run(
      kind, walk(invocation), loaded, frozen: invocation[freeze], invocation)
  }
  let rules = try settings.takeRules()
  let plan = try SweepPlan(invocation[grid], .all, seed: settings.judgement.seed, settings)
  let (frames, description) = try settings.bars()
  let proof = try rules.map {
    RunReport.Proof(try $0.checked(over: frames, seed: settings.judgement.seed))
  }
  var found = try WalkForward(
    walk(invocation), grid: plan.grid, frames: frames,
    settings: settings.backtest(), against: settings.benchmarkFrame(beside: frames))
  _ = try found.appraisal.recorded(
    found.recipe, kind: .walkforward, of: frames, from: settings,
    environment: processEnvironment())
  if let path = try invocation[freeze] { try found.next.write(to: path) }
  var sheet = TearSheet(
    evidence: found.appraisal, frames: frames, proof: nil, data: description,
    library: try Installation.chartLibrary(), sectors: settings.sectorNames)
  sheet.report.proof = proof
  try Report.write(sheet, with: found.blocks, to: settings.report)
  let console = invocation.console
  if invocation.wantsJSON {
    var json = found.appraisal.json(report: settings.report)
    json.append("walk_forward", found.json)
    json.append("frozen", JSON(try invocation[freeze]))
    console.print(json)
    return .done
  }
  Report.show(found.appraisal, on: console, choices: (found.table, found.sentence))
  console.printResult(
    "report", at: settings.report, next: "martinet walkforward --freeze choice.json")
  return .done
}

/// Refuses flags that would do nothing beside another one.
private func refuseContradictions(_ invocation: Invocation) throws {
  let others = try [
    ("model", invocation[WalkForwardModels.model]), ("freeze", invocation[freeze]),
    ("grid", invocation[grid]), ("strategy", invocation[RunFlags.strategy]),
    ("rules", invocation[RunFlags.rules]), ("plugin", invocation[RunFlags.plugin]),
    ("process", invocation[RunFlags.process].first),
  ].filter { $0.1 != nil }.map { "--\($0.0)" }
  if try invocation[frozen] != nil, let other = others.first {
    throw FlagsContradict(
      "--frozen", finding: "it trades what was chosen before, and \(other) would choose anew",
      remedy: "leave one of them out")
  }
  if try invocation[WalkForwardModels.model] != nil,
    let other = others.first(where: { !["--model", "--freeze"].contains($0) })
  {
    throw FlagsContradict(
      "--model", finding: "the model decides by itself, and \(other) would do nothing",
      remedy: "leave one of them out; hyper-parameters are given with --hyper")
  }
}

private struct FlagsContradict: DiagnosedError {
  let diagnosis: Diagnosis

  init(_ place: String, finding: String, remedy: String) {
    diagnosis = Diagnosis(place: place, finding: finding, remedy: remedy, exitCode: .wrongUsage)
  }
}

extension FrozenStrategy {
  func write(to path: String) throws {
    try UserFolder.makeFolder(ofFile: path)
    try AtomicFile.write(json.text(pretty: true) + "\n", to: path)
  }
}

private func walk(_ invocation: Invocation) throws -> WalkForward.Plan {
  var walk = WalkForward.Plan()
  walk.memory = .init(rawValue: try invocation[memory]) ?? .rolling
  (walk.train, walk.test, walk.groups) = (
    try invocation[train], try invocation[test], try invocation[groups]
  )
  return walk
}

/// A kept choice on new days.
private func trade(
  _ path: String, _ settings: inout RunSettings, _ invocation: Invocation
) throws -> ExitCode {
  let choice = try FrozenStrategy(
    parsing: SmallFile.read(path, bytesMax: 1 << 20), source: path)
  let account = try choice.settings(for: settings.timerange ?? .all)
  settings.timerange = account.range
  if case .rules(let source) = choice.recipe { settings.take(try Rules(source)) }
  let (frames, description) = try settings.bars()
  var evidence = try Appraisal(
    frames: frames, strategy: choice.recipe.strategy(), settings: account,
    against: settings.benchmarkFrame(beside: frames))
  _ = try evidence.recorded(
    choice.recipe.json, kind: .walkforward, of: frames, from: settings,
    environment: processEnvironment())
  let sheet = TearSheet(
    evidence: evidence, frames: frames, proof: nil, data: description,
    library: try Installation.chartLibrary(), sectors: settings.sectorNames)
  try Report.write(sheet, to: settings.report)
  let console = invocation.console
  if invocation.wantsJSON {
    var json = evidence.json(report: settings.report)
    json.append("trained_until", JSON(choice.trainedUntil.description))
    console.print(json)
    return .done
  }
  Report.show(evidence, on: console, titled: ", made on days until \(choice.trainedUntil)")
  console.printResult("report", at: settings.report)
  return .done
}
