import Evidence
import Market
import Runtime
import Trading

/// What is known of runs and of figures.
let reportVerb = Verb(
  "report", summary: "Make a page of one run or several, show what was tried and what figures mean",
  discussion: """
    RUN is what martinet backtest wrote: the page, or the JSON beside it. One run gives its page again \
    (without candles, for the bars are not kept in it), several give one page that sets them side by \
    side.
    """,
  flags: [RunFlags.report, RunFlags.benchmark, RunFlags.data, opens], arguments: [runs],
  examples: [
    .init("martinet report report.json --report again.html", "The page of a run, made anew."),
    .init("martinet report a.json b.json --open=false", "Two runs on one page, comparison.html."),
    .init(
      "martinet report report.json --benchmark SPY --data Samples/daily",
      "Held against SPY instead."),
  ], verbs: [reportTrialsVerb, reportMetricsVerb, reportDifferencesVerb]
) { invocation in
  let paths = try invocation[runs]
  guard !paths.isEmpty else { throw NoRun() }
  let reports = try paths.map { path in
    try beside(invocation[RunFlags.benchmark], invocation[RunFlags.data], RunFiles.read(path))
  }
  let path =
    try invocation[RunFlags.report]
    ?? (reports.count == 1 ? Report.place(RunFiles.data(of: paths[0]), ".html") : "comparison.html")
  let page = reports.count == 1 ? TearSheet(reports[0]).page : Comparison(reports).page
  try UserFolder.makeFolder(ofFile: path)
  try AtomicFile.write(page.html(), to: path)
  let console = invocation.console
  if invocation.wantsJSON {
    console.print([
      "report": .string(path), "runs": JSON(reports.map { JSON($0.strategy) }),
      "verdict": JSON(reports.count == 1 ? reports[0].verdict.text : Comparison(reports).verdict),
    ])
  } else {
    console.print(Report.table(of: reports).text(for: console.traits))
    if reports.count > 1 {
      console.print("\n" + console.traits.wrapped(Comparison(reports).verdict) + "\n")
    }
    console.printResult("report", at: path)
  }
  if try invocation[opens] { Viewer.open(path) }
  return .done
}

/// The run held against another symbol, where one is named.
private func beside(_ symbol: String?, _ data: String?, _ report: RunReport) throws -> RunReport {
  guard let symbol else { return report }
  var settings = RunSettings()
  settings.benchmark = Symbol(symbol)
  settings.data = data ?? settings.data
  settings.interval = report.interval
  var report = report
  if let frame = try settings.benchmarkFrame(beside: []) {
    try report.compare(with: Benchmark(frame, beside: report))
  }
  return report
}

private let opens: Flag<Bool> = .toggle("open", help: "Show the page in the browser.")
private let runs: Argument<[String]> = .rest(
  "RUN", .text, help: "Pages of runs, or the JSON beside them.")

private struct NoRun: DiagnosedError {
  var diagnosis: Diagnosis {
    Diagnosis(
      place: "RUN", finding: "no run is named",
      remedy: "name what martinet backtest wrote, as in martinet report report.json; or see "
        + "martinet report trials", exitCode: .wrongUsage)
  }
}

private let verify: Flag<Bool> = .toggle(
  "verify", help: "Check every line against the chain of hashes and say whether it holds.")
private let ledgerPath: Flag<String?> = .optional(
  "ledger", .text, metavariable: "FILE",
  help: "Another file than the one in the program's state folder ($MARTINET_STATE).")

private let reportTrialsVerb = Verb(
  "trials", summary: "Show every evaluation that was made, and what it takes off a Sharpe ratio",
  discussion: """
    Every back-test, sweep, tuning run and model evaluation is a line of one file that only grows, each \
    chained to the one before by its hash. Sharpe ratios are judged against what the best of so many \
    trials would reach by luck on the same bars.

    Ends with exit code 3 where a line was changed, taken out or exchanged; the line is named.
    """,
  flags: [verify, ledgerPath],
  examples: [
    .init("martinet report trials", "What was tried on which bars."),
    .init(
      "martinet report trials --verify --json", "For a program: is the file as it was written?"),
  ]
) { invocation in
  let ledger =
    try invocation[ledgerPath].map(TrialLedger.init)
    ?? .ofThisMachine(environment: processEnvironment())
  // Reading checks the whole chain; --verify says so.
  let history = try ledger.history()
  let console = invocation.console
  if invocation.wantsJSON {
    try console.print(history.json(path: ledger.path, isVerified: invocation[verify]))
    return .done
  }
  if history.count == 0 {
    console.print("nothing was tried yet   next: martinet backtest --strategy sma_cross")
    return .done
  }
  console.print(history.table.text(for: console.traits))
  if try invocation[verify] {
    let mark = Mark.good.sign(for: console.traits)
    console.print(
      "\n\(mark) \(NumberText.count(history.count)) lines follow on each other; the head is "
        + history.head.prefix(16))
  }
  console.printResult("trials", at: ledger.path)
  return .done
}

private let metricNames: Argument<[String]> = .rest(
  "METRIC", .text, help: "Figures to show, as JSON names them; all without.")
private let explain: Flag<Bool> = .toggle(
  "explain", help: "With the formula, and what other programs compute instead.")
private let markdown: Flag<Bool> = .toggle(
  "markdown", help: "As the page docs/METRICS.md.")

private let reportMetricsVerb = Verb(
  "metrics", summary: "List every figure that reports print, and how it is computed",
  flags: [explain, markdown], arguments: [metricNames],
  examples: [
    .init("martinet report metrics", "All figures."),
    .init("martinet report metrics sharpe calmar --explain", "Their formulas."),
  ]
) { invocation in
  let names = try invocation[metricNames]
  let metrics = try names.isEmpty ? MetricCatalogue.all : names.map(MetricCatalogue.metric)
  let console = invocation.console
  if invocation.wantsJSON {
    console.print(JSON(metrics.map(\.json)))
  } else if try invocation[markdown] {
    console.print(MetricCatalogue.page)
  } else if try invocation[explain] {
    console.print(metrics.map { $0.explanation(for: console.traits) }.joined(separator: "\n\n"))
    console.print("\n" + MetricCatalogue.legend(for: console.traits))
  } else {
    var table = Table([
      .words("metric"), .words("unit", importance: 1), .words("better", importance: 2),
      .words("meaning", importance: 3, mayBeCut: true),
    ])
    for metric in metrics {
      table.add([
        .init(metric.key), .init(metric.unit.rawValue), .init(metric.direction.rawValue),
        .init(metric.title),
      ])
    }
    console.print(table.text(for: console.traits))
    console.print("\n\(metrics.count) figures   next: martinet report metrics sharpe --explain")
  }
  return .done
}

extension TrialHistory {
  fileprivate var table: Table {
    var table = Table([
      .words("symbols", mayBeCut: true), .words("bars", importance: 3),
      .words("first", importance: 2), .words("last", importance: 2),
      .numbers("evaluations", importance: 3), .numbers("settings", importance: 3),
      .numbers("independent", importance: 3),
    ])
    for (data, group) in byData {
      table.add([
        .init(data.symbols.map(\.text).joined(separator: ", ")), .init(data.interval),
        .init(data.first.description), .init(data.last.description),
        .init(NumberText.count(group.entries)), .init(NumberText.count(group.settings)),
        .init(NumberText.fixed(group.effective, decimals: 1)),
      ])
    }
    return table
  }

  fileprivate func json(path: String, isVerified: Bool) -> JSON {
    [
      "ledger": JSON(path), "lines": JSON(count), "head": JSON(head),
      "verified": JSON(isVerified),
      "data": JSON(
        byData.map { data, group in
          [
            "symbols": JSON(data.symbols.map { JSON($0.text) }), "interval": JSON(data.interval),
            "first": JSON(data.first.description), "last": JSON(data.last.description),
            "hash": JSON(data.hash), "evaluations": JSON(group.entries),
            "settings": JSON(group.settings), "independent": JSON(group.effective),
            "sharpe_deviation": JSON(group.sharpeDeviation),
          ] as JSON
        }),
    ]
  }
}
