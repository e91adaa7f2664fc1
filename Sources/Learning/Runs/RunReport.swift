import Evidence
import Features
import Runtime

/// What a run leaves besides its model and predictions: metrics, drawings and a page.
struct RunReport {
  let request: TrainingRequest
  let kind: ModelKind
  let set: LearningSet
  let artefact: Artefact
  let judged: Judged
  let sanity: SanityReport?
  let session: FitSession
  let profile: FitProfile
  let importance: [Double]?

  /// What `--json` prints under `metrics`: the test part's figures, and how they came about.
  var metrics: JSON {
    var metrics = judged.test.json
    metrics.append("val", judged.validation.json)
    metrics.append("sanity", sanity?.json ?? .null)
    metrics.append("calibration", artefact.calibration.json)
    metrics.append("model_id", JSON(artefact.id))
    metrics.append("constant_features", JSON(set.constantFeatures.map { JSON($0) }))
    metrics.append(
      "fit",
      [
        "stopped": JSON(session.stopReason), "steps": JSON(session.curve.last?.step),
        "loss": JSON(session.curve.last?.loss),
        "best_validation_loss": JSON(session.curve.compactMap(\.validationLoss).min()),
      ])
    metrics.append("profile", profile.json(session))
    if let importance {
      let named = zip(set.source.featureNames, importance).sorted { ($1.1, $0.0) < ($0.1, $1.0) }
      metrics.append("importance", .object(named.map { JSON.Member($0.0, JSON($0.1)) }))
    }
    return metrics
  }

  func write(to folder: RunFolder) throws {
    try folder.write(request.yaml, to: "config.yaml")
    try folder.write(metrics.text(pretty: true) + "\n", to: "metrics/metrics.json")
    let page = RunPage(report: self, name: folder.name)
    for (name, svg) in page.drawings { try folder.write(svg, to: "plots/\(name).svg") }
    try folder.write(page.page.html(), to: "report.html")
  }

  /// The features that count most, with their parts.
  var mostImportant: [(name: String, share: Double)] {
    guard let importance else { return [] }
    return zip(set.source.featureNames, importance).filter { $0.1 > 0 }
      .sorted { ($1.1, $0.0) < ($0.1, $1.0) }.prefix(20).map { ($0.0, $0.1) }
  }
}

extension FitProfile {
  /// The parts of a run, and of the fit what its own parts took.
  func json(_ session: FitSession) -> JSON {
    var json = json
    for (name, seconds) in session.spent.sorted(by: { $0.key < $1.key }) {
      json.append("fit_\(name)_s", JSON(seconds))
    }
    return json
  }
}
