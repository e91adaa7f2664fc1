import Market
import Numerics
import Runtime
import Trading

/// Trading without money.
let paperVerb = Verb(
  "paper", summary: "Trade on paper, over bars that are there or that come, and judge it",
  verbs: [paperRunVerb, paperStatusVerb, paperStopVerb, paperHistoryVerb, paperReportVerb])

enum PaperFlags {
  static let folder: Flag<String> = .value(
    "folder", .text, metavariable: "FOLDER", default: "runs/paper",
    help: "Where the account is kept over restarts.")
}

private let follow: Flag<Int?> = .optional(
  "follow", .integer(in: 1...86_400), metavariable: "SECONDS",
  help: "Look for new bars so often, until it is stopped; without it, play what there is and end.")
private let pace: Flag<Int> = .value(
  "pace", .integer(in: 0...60_000), metavariable: "MS", default: 0,
  help: "Milliseconds between two bars of a replay.")
private let trial: Flag<Int> = .value(
  "trial", .integer(in: 2...1000), metavariable: "SESSIONS", default: 10,
  help: "Sessions after which the account is judged; for a new account.")

private let delay: Flag<Double> = .value(
  "delay", .number(in: 0...86_400, example: "0.5"), metavariable: "SECONDS", default: 0,
  help: "How late orders reach the venue of a new account; the back-test knows no delay.")
private let dearer: Flag<Double> = .value(
  "dearer", .number(in: 0...1000, example: "1"), metavariable: "BPS", default: 0,
  help: "What commission costs more at the venue of a new account than the settings say.")

let paperRunVerb = Verb(
  "run", aliases: ["start"], summary: "Let an account on paper trade, from where it stopped",
  discussion: """
    The first time, an account is begun with the strategy, the settings and the symbols of now. Later it \
    goes on with those it was begun with, from the bar after the last one it saw. Every bar is on the \
    disk before it is acted on, so a process that dies at any instant loses nothing and sends nothing \
    twice.

    Ends by martinet paper stop; orders stop at once by martinet risk kill.
    """,
  flags: RunFlags.ofBacktest + [PaperFlags.folder, follow, pace, trial, delay, dearer],
  examples: [
    .init(
      "martinet paper run --data Samples/daily --symbols NVDA,AMD --timerange 20240101-",
      "Over bars that are there."),
    .init(
      "martinet paper run --data data --follow 60",
      "Over a folder that something fills, looking once a minute."),
  ]
) { invocation in
  var settings = try SettingsFiles.load(
    for: invocation, flags: RunFlags.assignments(invocation)
  ).value
  let path = try invocation[PaperFlags.folder]
  if !PaperFolder.isBegun(path) {
    let rules = try settings.takeRules()
    let frames = try settings.bars().frames
    _ = try rules?.checked(over: frames, seed: settings.judgement.seed)
    try PaperFolder.begin(
      at: path, frames: frames, recipe: settings.recipe(),
      settings: settings.backtest(),
      venue: PaperVenue(
        delay: .nanoseconds(Int64(invocation[delay] * 1e9)),
        commissionBasisPoints: invocation[dearer]),
      trialSessions: invocation[trial])
  }
  let folder = try PaperFolder(at: path)
  var chosen = settings
  (chosen.symbols, chosen.interval) = (folder.symbols, folder.interval)
  let options: PaperRun.Options = try {
    var options = PaperRun.Options()
    (options.following, options.pace) = (try invocation[follow], try invocation[pace])
    return options
  }()
  let acts = try RiskActs.ofMachine(environment: processEnvironment())
  let bars = chosen
  let outcome = try PaperRun.run(
    folder, options, killSwitch: try KillSwitch(folder: acts.folder), clock: SystemTime()
  ) { try bars.bars().frames }
  let report = try PaperReport(folder)
  if invocation.wantsJSON {
    var json = report.json
    json.append("instants", JSON(outcome.instants))
    json.append("stopped", .bool(outcome.isStopped))
    invocation.console.print(json)
  } else {
    invocation.console.print(
      "\(NumberText.count(outcome.instants)) instants seen"
        + (outcome.isStopped ? ", then stopped" : ""))
    report.print(to: invocation.console, folder: path)
  }
  return .done
}

private let paperStopVerb = Verb(
  "stop", summary: "Let the process that trades the account end after the bar under way",
  flags: [PaperFlags.folder], examples: [.init("martinet paper stop", "It can be run again.")]
) { invocation in
  let folder = try PaperFolder(at: try invocation[PaperFlags.folder])
  let isRunning = folder.isRunning
  if isRunning { try folder.askToStop() }
  if invocation.wantsJSON {
    invocation.console.print(["running": .bool(isRunning), "asked": .bool(isRunning)])
  } else {
    invocation.console.print(
      isRunning
        ? "asked to stop   next: martinet paper status --folder \(folder.path)"
        : "nobody trades it   next: martinet paper run --folder \(folder.path)")
  }
  return .done
}

private let paperStatusVerb = Verb(
  "status", summary: "What the account holds, how old its prices are, and whether it is traded",
  flags: [PaperFlags.folder], examples: [.init("martinet paper status --json", "For a program.")]
) { invocation in
  let folder = try PaperFolder(at: try invocation[PaperFlags.folder])
  let (report, isRunning) = (try PaperReport(folder), folder.isRunning)
  if invocation.wantsJSON {
    var json = report.json
    json.append("running", .bool(isRunning))
    invocation.console.print(json)
  } else {
    invocation.console.print(isRunning ? "running" : "not running")
    report.print(to: invocation.console, folder: folder.path)
  }
  return .done
}

private let paperHistoryVerb = Verb(
  "history", summary: "Every execution of the account", flags: [PaperFlags.folder],
  examples: [.init("martinet paper history", "The oldest first.")]
) { invocation in
  let folder = try PaperFolder(at: try invocation[PaperFlags.folder])
  let report = try PaperReport(folder)
  if invocation.wantsJSON {
    invocation.console.print(JSON(report.fills.map { report.json(of: $0) }))
    return .done
  }
  var table = Table([
    .words("time"), .words("symbol"), .numbers("quantity"), .numbers("price"), .numbers("fee"),
    .words("reason"),
  ])
  for fill in report.fills {
    table.add([
      .init(fill.time.description), .init(report.symbols[fill.instrument.place].text),
      .init(fill.quantity.description), .init(fill.price.description),
      .init(fill.commission.description), .init(fill.reason.words),
    ])
  }
  invocation.console.print(table.text(for: invocation.console.traits))
  return .done
}

private let paperReportVerb = Verb(
  "report", summary: "Day by day beside equal weight, anomalies, and go or no-go after the trial",
  discussion: """
    After the trial the account may go on with money where its return is above that of equal weight, its \
    Sharpe ratio above 0.8, its drawdown below 15%, and nothing anomalous happened. The verdict is also \
    written to verdict.json in the folder. Ends with exit code 3 where it is no-go.
    """,
  flags: [PaperFlags.folder], examples: [.init("martinet paper report", "All days so far.")]
) { invocation in
  let folder = try PaperFolder(at: try invocation[PaperFlags.folder])
  let report = try PaperReport(folder)
  if report.isGo != nil {
    try AtomicFile.write(
      report.json.text(pretty: true) + "\n", to: folder.path + "/verdict.json")
  }
  let console = invocation.console
  if invocation.wantsJSON {
    console.print(report.json)
  } else {
    var table = Table([
      .words("day"), .numbers("account"), .numbers("equal weight"), .numbers("fills"),
      .numbers("denied"),
    ])
    for day in report.days {
      table.add([
        .init(day.date.description), .init(day.equity.description),
        .init(day.equalWeight.description), .init("\(day.fills)"), .init("\(day.denials)"),
      ])
    }
    console.print(table.text(for: console.traits) + "\n")
    report.print(to: console, folder: folder.path)
  }
  return report.isGo == false ? .refused : .done
}
