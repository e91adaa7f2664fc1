import Learning
import Runtime

let runsVerb = Verb(
  "runs", summary: "List, show, compare and remove training runs",
  verbs: [runsListVerb, runsShowVerb, runsCompareVerb, runsRemoveVerb, runsCollectVerb])

private let runsListVerb = Verb(
  "list", aliases: ["ls"], summary: "List the runs, and those that were interrupted",
  flags: [LearningFlags.runs],
  examples: [.init("martinet runs list --json", "For a program.")]
) { invocation in
  let store = RunStore(path: try invocation[LearningFlags.runs])
  let runs = try store.runs()
  let unfinished = try store.unfinishedNames()
  let console = invocation.console
  if invocation.wantsJSON {
    console.print([
      "runs": JSON(
        try runs.map { run in
          let metrics = try run.metrics
          return [
            "run": JSON(run.name), "model": JSON(run.model), "horizon": JSON(run.horizon),
            "folder": JSON(run.folder), "sane": run.manifest["sane"] ?? .null,
            "accuracy": metrics["accuracy"] ?? .null, "rank_ic": metrics["rank_ic"] ?? .null,
            "beats_baselines": metrics["beats_baselines"] ?? .null,
          ] as JSON
        }), "unfinished": JSON(unfinished.map { JSON($0) }),
    ])
    return .done
  }
  guard !runs.isEmpty || !unfinished.isEmpty else {
    console.print("no runs yet   next: martinet train --model naive")
    return .done
  }
  var table = Table([
    .words("run"), .words("model", importance: 1), .numbers("horizon", importance: 2),
    .numbers("accuracy", importance: 3), .numbers("rank IC", importance: 2),
    .words("sane", importance: 1), .words("beats baselines", importance: 3),
  ])
  for run in runs {
    let metrics = try run.metrics
    func number(_ key: String) -> String {
      metrics[key]?.double.map { NumberText.ratio($0, decimals: 3) } ?? ""
    }
    table.add([
      .init(run.name), .init(run.model), .init("\(run.horizon)"), .init(number("accuracy")),
      .init(number("rank_ic")), .init(run.sanityText),
      .init(metrics["beats_baselines"] == .bool(true) ? "yes" : "no"),
    ])
  }
  console.print(table.text(for: console.traits))
  for name in unfinished {
    console.print("interrupted: \(name)   next: martinet train --resume \(name)")
  }
  console.printResult("runs", at: store.path)
  return .done
}

private let run: Argument<String> = .required("RUN", .text, help: "The name of a run.")
private let runs: Argument<[String]> = .rest("RUN", .text, help: "Names of runs.")

private let runsShowVerb = Verb(
  "show", summary: "Show the figures of a run, and check that its files are as they were written",
  flags: [LearningFlags.runs], arguments: [run],
  examples: [.init("martinet runs show ridge_20261126T150000Z", "One run.")]
) { invocation in
  let record = try RunStore(path: try invocation[LearningFlags.runs]).run(try invocation[run])
  try record.verify()
  if invocation.wantsJSON {
    invocation.console.print([
      "run": JSON(record.name), "manifest": record.manifest, "metrics": try record.metrics,
    ])
    return .done
  }
  FigureComparison([(record.name, try record.metrics)]).print(invocation)
  invocation.console.print("\n\(try record.metrics["verdict"]?.string ?? "")")
  invocation.console.printResult("page", at: "\(record.folder)/report.html")
  return .done
}

private let runsCompareVerb = Verb(
  "compare", summary: "Lay the figures of runs side by side",
  flags: [LearningFlags.runs], arguments: [runs],
  examples: [
    .init("martinet runs compare ridge_20261126T150000Z lstm_20261126T151000Z", "Two runs.")
  ]
) { invocation in
  let store = RunStore(path: try invocation[LearningFlags.runs])
  let named = try invocation[runs]
  let records = try named.isEmpty ? store.runs() : named.map { try store.run($0) }
  FigureComparison(try records.map { ($0.name, try $0.metrics) }).print(invocation)
  return .done
}

private let runsRemoveVerb = Verb(
  "rm", summary: "Remove runs", flags: [LearningFlags.runs], arguments: [runs],
  examples: [.init("martinet runs rm naive_20261126T150000Z", "One run, for good.")]
) { invocation in
  let store = RunStore(path: try invocation[LearningFlags.runs])
  let named = try invocation[runs]
  guard !named.isEmpty else {
    throw UsageError.missingArgument(name: "RUN", expected: "the name of a run")
  }
  for name in named { try store.remove(name) }
  if invocation.wantsJSON {
    invocation.console.print(["removed": JSON(named.map { JSON($0) })])
  } else {
    invocation.console.print("removed \(named.joined(separator: ", "))")
  }
  return .done
}

private let runsCollectVerb = Verb(
  "gc", summary: "Remove what interrupted runs left behind",
  discussion: "A run that could go on with martinet train --resume is removed as well.",
  flags: [LearningFlags.runs],
  examples: [.init("martinet runs gc", "All that has no manifest.")]
) { invocation in
  let store = RunStore(path: try invocation[LearningFlags.runs])
  let removed = try store.collect()
  if invocation.wantsJSON {
    invocation.console.print(["removed": JSON(removed.map { JSON($0) })])
  } else {
    invocation.console.print(
      removed.isEmpty ? "nothing was left behind" : "removed \(removed.joined(separator: ", "))")
  }
  return .done
}

extension TrainingRunRecord {
  /// Whether it climbed the ladder of sanity.
  fileprivate var sanityText: String {
    switch manifest["sane"] {
    case .bool(true): "yes"
    case .bool(false): "no"
    default: "untried"
    }
  }
}

/// Figures of several runs in columns.
struct FigureComparison {
  private let columns: [(name: String, metrics: JSON)]

  init(_ columns: [(String, JSON)]) { self.columns = columns }

  private static let figures: [(name: String, path: [String])] = [
    ("accuracy", ["accuracy"]), ("macro F1", ["macro_f1"]), ("log-loss", ["log_loss"]),
    ("Brier score", ["brier"]), ("calibration error", ["calibration_error"]),
    ("mean squared error", ["mse"]), ("mean absolute error", ["mae"]),
    ("direction", ["direction"]), ("rank IC", ["rank_ic"]), ("IC over its spread", ["rank_ic_ir"]),
    ("Sharpe after costs", ["trading", "model", "sharpe"]),
    ("max drawdown", ["trading", "model", "max_drawdown"]),
    ("profit factor", ["trading", "model", "profit_factor"]),
    ("deflated Sharpe", ["trading", "deflated_sharpe"]),
    ("Sharpe of equal weight", ["trading", "equal_weight", "sharpe"]),
    ("fit, seconds", ["profile", "fit_s"]),
  ]

  func print(_ invocation: Invocation) {
    let console = invocation.console
    if invocation.wantsJSON {
      console.print(
        JSON(columns.map { ["name": JSON($0.name), "metrics": $0.metrics] as JSON }))
      return
    }
    var table = Table(
      [.words("figure")]
        + columns.enumerated().map { .numbers($1.name, importance: max(1, 9 - $0)) })
    for figure in Self.figures {
      let values = columns.map { column in
        figure.path.reduce(Optional(column.metrics)) { $0?[$1] }?.double
      }
      guard values.contains(where: { $0 != nil }) else { continue }
      table.add(
        [.init(figure.name)]
          + values.map { .init($0.map { NumberText.ratio($0, decimals: 4) } ?? NumberText.absent) })
    }
    console.print(table.text(for: console.traits))
  }
}
