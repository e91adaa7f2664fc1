import Runtime

/// The comparison at the end of an experiment: a table, a page, and one JSON value.
package struct ExperimentReport: Sendable {
  package let results: [Experiment.Result]
  let settings: ExperimentSettings

  package init(_ results: [Experiment.Result], settings: ExperimentSettings) {
    self.results = results
    self.settings = settings
  }

  package static let figures: [(name: String, path: [String])] = [
    ("accuracy", ["accuracy"]), ("log-loss", ["log_loss"]), ("rank IC", ["rank_ic"]),
    ("Sharpe", ["trading", "model", "sharpe"]), ("deflated", ["trading", "deflated_sharpe"]),
  ]

  package static func figure(_ result: Experiment.Result, _ path: [String]) -> Double? {
    path.reduce(result.answer?["metrics"]) { $0?[$1] }?.double
  }

  package static func isSane(_ result: Experiment.Result) -> Bool {
    result.answer?["metrics"]?["sanity"]?.members?.allSatisfy {
      $0.value["passed"] == .bool(true)
    } ?? false
  }

  package var json: JSON {
    JSON(
      results.map { result in
        [
          "model": JSON(result.task.model), "horizon": JSON(result.task.horizon),
          "done": JSON(result.isDone), "seconds": JSON(result.seconds),
          "run": result.answer?["run"] ?? .null, "complaint": JSON(result.complaint),
          "metrics": result.answer?["metrics"] ?? .null,
        ] as JSON
      })
  }

  package var verdict: String {
    let done = results.filter(\.isDone)
    let beating = done.filter { $0.answer?["metrics"]?["beats_baselines"] == .bool(true) }
    let failed = results.count - done.count
    let failure = failed > 0 ? " \(failed) of \(results.count) failed." : ""
    guard !beating.isEmpty else {
      return "None of \(done.count) beats its baselines beyond luck." + failure
    }
    return beating.map(\.task.name).joined(separator: ", ")
      + " of \(done.count) beat\(beating.count == 1 ? "s" : "") every baseline beyond luck."
      + failure
  }

  private func cells(_ result: Experiment.Result) -> [String] {
    [result.task.model, "\(result.task.horizon)"]
      + Self.figures.map { figure in
        Self.figure(result, figure.path).map { NumberText.ratio($0, decimals: 4) }
          ?? NumberText.absent
      } + [
        result.isDone ? (Self.isSane(result) ? "yes" : "no") : "failed",
        result.answer?["metrics"]?["beats_baselines"] == .bool(true) ? "yes" : "no",
        NumberText.ratio(result.seconds, decimals: 1),
      ]
  }

  package func table() -> Table {
    var table = Table(
      [.words("model"), .numbers("horizon", importance: 9)]
        + Self.figures.enumerated().map { .numbers($1.name, importance: 8 - $0) }
        + [
          .words("sane", importance: 4), .words("beats", importance: 8),
          .numbers("seconds", importance: 2),
        ])
    for result in results { table.add(cells(result).map { .init($0) }) }
    return table
  }

  package var page: Page {
    let failed = results.filter { !$0.isDone }
    var blocks: [Page.Block] = [
      .facts([
        .init("Data", settings.data), .init("Seed", "\(settings.seed)"),
        .init("Models", "\(Set(results.map(\.task.model)).count)"),
        .init("Horizons", settings.horizons.map(String.init).joined(separator: ", ")),
      ]), .verdict(verdict),
    ]
    if !charts.isEmpty { blocks += [.heading("Each beside what takes no learning")] + charts }
    blocks += [
      .heading("All figures"),
      .table(
        Page.Table(
          caption: "Test parts, each model beside the others",
          columns: [.words("model"), .numbers("horizon")]
            + Self.figures.map { .numbers($0.name) }
            + [.words("sane"), .words("beats baselines"), .numbers("seconds")],
          rows: results.map(cells))),
    ]
    if !failed.isEmpty {
      blocks.append(
        .table(
          Page.Table(
            caption: "What failed, and its last words",
            columns: [.words("model"), .words("words")],
            rows: failed.map { [$0.task.name, $0.complaint] })))
    }
    return Page(title: "Models side by side", blocks: blocks)
  }

  package func write(to folder: String) throws {
    try AtomicFile.write(json.text(pretty: true) + "\n", to: "\(folder)/comparison.json")
    try AtomicFile.write(page.html(), to: "\(folder)/report.html")
  }
}
