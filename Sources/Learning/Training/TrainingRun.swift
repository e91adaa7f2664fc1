import Evidence
import Features
import Foundation
import Market
import MarketData
import Runtime

/// One training from a set to a run folder: prepare → build → fit → calibrate → evaluate → write.
package struct TrainingRun: Sendable {
  package let request: TrainingRequest
  package let registry: ModelRegistry
  package var callbacks: [any FitCallback] = []
  /// Where numbers lie that processes share; nil where each has its own.
  package var files: MatrixFiles?
  /// Where trials are counted; nil where they are not.
  package var ledger: TrialLedger?
  /// What the manifest is to say besides: command, code.
  package var circumstances: JSON = .object([])
  /// Those that every run goes through; the manifest has the model's own beside them.
  package var libraries: [Manifest.Library] = []
  package var time: any TimeSource = SystemTime()

  package init(_ request: TrainingRequest, registry: ModelRegistry) {
    self.request = request
    self.registry = registry
  }

  /// What a run ended in.
  package struct Outcome: Sendable {
    package let folder: String
    package let metrics: JSON
    package let modelID: String
    package let sanity: SanityReport?
    package let evaluation: Evaluation
  }

  /// Trains in a run's folder, from where an interrupted one stopped.
  package func run(in folder: RunFolder) throws -> Outcome {
    let lock = try FileDescriptor(
      path: "\(folder.work)/.lock", flags: O_RDWR | O_CREAT, mode: 0o644)
    guard try lock.lockIfFree() else { throw RunError.inUse(folder.name) }
    var profile = FitProfile(time: time)
    let kind = try registry.kind(request.model)
    let configured = try kind.configured(settings: request.settings)
    let set = try LearningSet(
      try TrainingSet.open(request.data), horizon: request.horizon, files: files)
    let parts = try Parts(set, configured)
    try folder.write(request.json.text(pretty: true) + "\n", to: RunFolder.requestName)
    profile.mark("prepare")
    let sanity =
      request.climbsLadder
      ? try SanityLadder(configured, lesson: parts.lesson, seed: request.seed).climbed() : nil
    profile.mark("sanity")
    let session = try fitSession(folder)
    let model = try configured.fit(parts.lesson, in: session)
    profile.mark("fit")
    let predictor = try model.predictor()
    let calibration = try Calibration(
      parts.split.calibration.isEmpty
        ? PredictionOutput(parts.split.calibration)
        : predictor.predict(parts.split.calibration), samples: parts.split.calibration)
    let modelFolder = try folder.makeFresh("checkpoints/model")
    try Artefact.write(
      model,
      facts: Artefact.facts(
        of: configured, seed: request.seed, on: set, lesson: parts.lesson,
        calibration: calibration, trainedTo: parts.trainedTo), to: modelFolder)
    let artefact = try Artefact.open(modelFolder)
    profile.mark("save")
    let judged = try evaluate(artefact, predictor, set, parts, in: folder)
    profile.mark("evaluate")
    let report = RunReport(
      request: request, kind: kind, set: set, artefact: artefact, judged: judged, sanity: sanity,
      session: session, profile: profile, importance: try Self.importance(model))
    try report.write(to: folder)
    try finish(folder, set: set, artefact: artefact, sanity: sanity)
    return Outcome(
      folder: folder.final, metrics: report.metrics, modelID: artefact.id, sanity: sanity,
      evaluation: judged.test)
  }

  /// Refuses what the set cannot teach, or the model cannot learn, before anything is written.
  package func check() throws {
    let configured = try registry.kind(request.model).configured(settings: request.settings)
    let set = try LearningSet(
      try TrainingSet.open(request.data), horizon: request.horizon, files: files)
    _ = try Parts(set, configured)
  }

  private static func importance(_ model: any Model) throws -> [Double]? {
    try (model as? any ExplainedModel)?.importance()
  }

  private func fitSession(_ folder: RunFolder) throws -> FitSession {
    let checkpoints = "\(folder.work)/checkpoints"
    try Folder.make(checkpoints)
    return FitSession(
      seed: request.seed, cores: request.cores, checkpoints: checkpoints, budget: request.budget,
      callbacks: callbacks, time: time)
  }

  private func evaluate(
    _ artefact: Artefact, _ predictor: any Predictor, _ set: LearningSet, _ parts: Parts,
    in folder: RunFolder
  ) throws -> Judged {
    let known = Evaluation.Circumstances(
      naive: parts.naive,
      costs: try .basisPoints(halfSpread: request.halfSpread, commission: request.commission),
      seed: request.seed, calibration: artefact.calibration)
    _ = try folder.makeFresh("predictions")
    var judged: [TrainingSet.Part: Evaluation] = [:]
    for (part, samples) in [(TrainingSet.Part.validation, parts.validation), (.test, parts.test)] {
      let output = try artefact.forecasts(samples, by: predictor)
      let outcomes = set.outcomes(part, of: samples)
      let counted = part == .test ? ledger : nil
      judged[part] = try Evaluation(
        output, of: samples, part: part.rawValue, outcomes: outcomes, in: known
      ) { estimate, bars in
        try counted.flatMap { try record(estimate, bars, samples, set, artefact, in: $0) }
      }
      try ParquetFile(path: "\(folder.work)/predictions/\(part.rawValue).parquet").write(
        output.table(labels: samples.labels, outcomes: outcomes))
    }
    guard let validation = judged[.validation], let test = judged[.test] else {
      preconditionFailure("both parts were judged")
    }
    return Judged(validation: validation, test: test)
  }

  /// Counts the evaluation as a trial, and says what all trials on these bars leave of it.
  private func record(
    _ estimate: SharpeEstimate, _ bars: Int, _ samples: Windows, _ set: LearningSet,
    _ artefact: Artefact, in ledger: TrialLedger
  ) throws -> Deflation? {
    let times = samples.datetimes
    guard let first = times.min(), let last = times.max() else { return nil }
    let manifest = set.source.manifest
    let data = TrialData(
      symbols: samples.symbols,
      interval: manifest["data"]?.elements?.first?["interval"]?.string ?? "",
      first: Timestamp(nanoseconds: first).utcDate, last: Timestamp(nanoseconds: last).utcDate,
      hash: manifest["data_sha256"]?.string ?? "")
    _ = try ledger.record(
      Trial(
        kind: .model, data: data, configuration: request.json.text(), sharpe: estimate.sharpe,
        bars: bars), at: time.now)
    return try ledger.history().deflation(
      of: estimate, on: data, barsPerYear: Evaluation.barsPerYear(Instants(times).times))
  }

  /// The manifest with the hash of every file, and then the run's own name.
  private func finish(
    _ folder: RunFolder, set: LearningSet, artefact: Artefact, sanity: SanityReport?
  ) throws {
    for name in [RunFolder.requestName, ".lock"] { try Folder.remove("\(folder.work)/\(name)") }
    let files = try RunFolder.files(in: folder.work)
    var manifest: JSON = [
      "kind": JSON(TrainingRunRecord.kindMark), "format": 1, "run": JSON(folder.name),
      "request": request.json, "model_id": JSON(artefact.id),
      "sane": sanity.map { JSON($0.isSane) } ?? .null, "seed": JSON(request.seed),
      "data_sha256": set.source.manifest["data_sha256"] ?? .null,
      "feature_version": JSON(set.source.featureVersion),
      "certificate": set.source.manifest["certificate"] ?? .null,
      "trained_to": JSON(artefact.trainedTo.description),
    ]
    for member in circumstances.members ?? [] { manifest.append(member.key, member.value) }
    let libraries = try libraries + registry.kind(request.model).libraries()
    manifest.append(
      "libraries", .object(libraries.map { JSON.Member($0.name, JSON($0.version)) }))
    manifest.append("ended", JSON(time.now.description))
    manifest.append(
      "files",
      .object(
        try files.map {
          JSON.Member($0, JSON(try SHA256.hash(file: "\(folder.work)/\($0)").description))
        }))
    try folder.write(manifest.text(pretty: true) + "\n", to: TrainingRunRecord.manifestName)
    try folder.finish()
  }
}

/// The samples of a run, each where it belongs.
struct Parts: Sendable {
  let lesson: Lesson
  let split: SteeringSplit
  let validation, test: Windows
  /// The shares of the classes in training, or their mean change.
  let naive: [Double]

  init(_ set: LearningSet, _ configured: ConfiguredModel) throws {
    let train = try set.windows(.train, steps: configured.steps)
    try set.check(train, for: configured.card)
    validation = try set.windows(.validation, steps: configured.steps)
    test = try set.windows(.test, steps: configured.steps)
    split = SteeringSplit(validation)
    lesson = Lesson(train: train, validation: split.steering)
    naive = lesson.naive
  }

  /// The last instant that may have told the model something: the test begins right after what settled
  /// the labels of training and validation.
  var trainedTo: Timestamp {
    Timestamp(nanoseconds: (test.datetimes.min() ?? 1) - 1)
  }
}

extension Lesson {
  /// The shares of the classes in training, or their mean change: what takes no learning.
  package var naive: [Double] {
    let labels = train.labels
    let count = Double(max(1, labels.count))
    guard target == .classes else { return [labels.reduce(0, +) / count] }
    return PredictionOutput.classes.map { c in Double(labels.count { $0 == Double(c) }) / count }
  }
}

/// Both parts that a run is judged on.
struct Judged: Sendable {
  let validation, test: Evaluation
}

/// How long each part of a run took.
package struct FitProfile: Sendable {
  package private(set) var seconds: [(part: String, seconds: Double)] = []
  private let time: any TimeSource
  private var latest: Int64

  init(time: any TimeSource) {
    self.time = time
    latest = time.monotonicNanoseconds
  }

  mutating func mark(_ part: String) {
    let now = time.monotonicNanoseconds
    seconds.append((part, Double(now - latest) / 1e9))
    latest = now
  }

  var json: JSON { .object(seconds.map { JSON.Member($0.part + "_s", JSON($0.seconds)) }) }
}
