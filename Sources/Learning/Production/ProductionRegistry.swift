import Foundation
import Glibc
import Runtime

/// The models that may trade: `production/models/v1_{timestamp}/`, each with the model's own files byte
/// for byte, `metadata.json` and `validation_report.json`. A version is never changed.
///
/// Which version of a kind is in force, and which were before, is the file `promotions.jsonl`: a line an
/// act, each naming the hash of the line before, so that nobody takes one out unseen.
package struct ProductionRegistry: Sendable {
  package let path: String

  package static let standard = "production/models"
  private static let acts = "promotions.jsonl"
  private static let unfinished = ".unfinished"

  package init(path: String = standard) { self.path = path }

  /// One version.
  package struct Version: Sendable {
    package let name: String
    package let folder: String
    package let metadata: JSON
    package var number: Int { ProductionRegistry.number(of: name) ?? 0 }
    package var kind: String { metadata["model"]?.string ?? "" }
    package var modelFolder: String { folder + "/model" }
    package var modelID: String { metadata["model_id"]?.string ?? "" }
  }

  /// A line of `promotions.jsonl`.
  package struct Act: Sendable, Equatable {
    package enum Kind: String, Sendable { case promote, rollback }
    package let kind: Kind
    package let model: String
    /// The version that is in force from then on; nil where none is.
    package let version: String?
    package let time: String
    package let reason: String
  }

  static func number(of name: String) -> Int? {
    guard name.hasPrefix("v"), let end = name.firstIndex(of: "_") else { return nil }
    return Int(name[name.index(after: name.startIndex)..<end])
  }

  /// All versions, the oldest first. A folder that no act names is none: whoever made it died, or its
  /// disk was full, before it was promoted.
  package func versions() throws -> [Version] {
    let promoted = Set(try acts().compactMap(\.version))
    return try folders().filter { promoted.contains($0) }
      .map { name in
        let file = "\(path)/\(name)/metadata.json"
        return Version(
          name: name, folder: "\(path)/\(name)",
          metadata: try JSON(parsing: SmallFile.read(file, bytesMax: 16 << 20), source: file))
      }
      .sorted { $0.number < $1.number }
  }

  private func folders() throws -> [String] {
    guard access(path, F_OK) == 0 else { return [] }
    return try Folder.names(in: path)
      .filter { Self.number(of: $0) != nil && !$0.hasSuffix(Self.unfinished) }
  }

  /// A version by its name, by `v3`, or the one in force by its kind.
  package func version(_ name: String) throws -> Version {
    let versions = try versions()
    if let one = versions.first(where: { $0.name == name || "v\($0.number)" == name }) {
      return one
    }
    if let current = try current(name), let one = versions.first(where: { $0.name == current }) {
      return one
    }
    throw ProductionError.unknown(
      name,
      nearest: Words.nearest(
        to: name, among: versions.flatMap { [$0.name, "v\($0.number)", $0.kind] }))
  }

  /// The name of the version of a kind that is in force.
  package func current(_ kind: String) throws -> String? {
    try acts().last { $0.model == kind }?.version
  }

  /// Everything that was promoted or taken back, the oldest first; refused where a line was changed.
  package func acts() throws -> [Act] {
    let file = "\(path)/\(Self.acts)"
    guard access(file, F_OK) == 0 else { return [] }
    let text = String(decoding: try SmallFile.read(file, bytesMax: 64 << 20), as: UTF8.self)
    var before = ""
    return try text.split(separator: "\n").enumerated().map { number, line in
      let place = "\(file):\(number + 1)"
      let json = try JSON(parsing: String(line), source: place)
      guard let kind = json["act"]?.string.flatMap(Act.Kind.init(rawValue:)),
        let model = json["model"]?.string, let time = json["time"]?.string,
        json["before"]?.string == before
      else { throw ProductionError.damaged(place) }
      before = SHA256.hash(String(line)).description
      return Act(
        kind: kind, model: model, version: json["version"]?.string, time: time,
        reason: json["reason"]?.string ?? "")
    }
  }

  private func record(_ act: Act) throws {
    let file = "\(path)/\(Self.acts)"
    let old = access(file, F_OK) == 0 ? try SmallFile.read(file, bytesMax: 64 << 20) : []
    let text = String(decoding: old, as: UTF8.self)
    let before = text.split(separator: "\n").last.map { SHA256.hash(String($0)).description } ?? ""
    let line: JSON = [
      "act": JSON(act.kind.rawValue), "model": JSON(act.model), "version": JSON(act.version),
      "time": JSON(act.time), "reason": JSON(act.reason), "before": JSON(before),
    ]
    try AtomicFile.write(text + line.text() + "\n", to: file)
  }

  /// Makes a version of a run's model and puts it in force; refused where a criterion is not met.
  package func promote(
    _ run: TrainingRunRecord, criteria: PromotionCriteria, registry: ModelRegistry,
    at time: Timestamp
  ) throws -> (version: Version, verdicts: [PromotionCriteria.Verdict]) {
    try run.verify()
    let artefact = try Artefact.open(run.modelFolder)
    _ = try artefact.model(registry)
    guard artefact.id == run.modelID else {
      throw RunError.damaged(run.modelFolder, "is not the model that the manifest names")
    }
    let metrics = try run.metrics
    let verdicts = criteria.verdicts(run, metrics: metrics)
    guard verdicts.allSatisfy(\.isMet) else {
      throw ProductionError.criteria(run.name, verdicts.filter { !$0.isMet })
    }
    let version = try locked {
      let name = try copy(run, artefact, metrics, verdicts, criteria, at: time)
      do {
        try record(
          Act(
            kind: .promote, model: artefact.kind, version: name, time: time.description,
            reason: "run \(run.name)"))
      } catch {
        try FileManager.default.removeItem(atPath: "\(path)/\(name)")
        throw error
      }
      return try self.version(name)
    }
    return (version, verdicts)
  }

  private func copy(
    _ run: TrainingRunRecord, _ artefact: Artefact, _ metrics: JSON,
    _ verdicts: [PromotionCriteria.Verdict], _ criteria: PromotionCriteria, at time: Timestamp
  ) throws -> String {
    let number = (try folders().compactMap(Self.number).max() ?? 0) + 1
    let second = Timestamp(
      nanoseconds: time.nanoseconds - time.nanoseconds % Timestamp.nanosecondsPerSecond)
    let name = "v\(number)_" + second.description.filter { $0 != "-" && $0 != ":" }
    let work = "\(path)/\(name)\(Self.unfinished)"
    if access(work, F_OK) == 0 { try FileManager.default.removeItem(atPath: work) }
    try Folder.make("\(work)/model")
    for file in try Folder.names(in: run.modelFolder) {
      let bytes = try SmallFile.read("\(run.modelFolder)/\(file)", bytesMax: 1 << 32)
      try AtomicFile.write(bytes, to: "\(work)/model/\(file)")
    }
    let metadata: JSON = [
      "version": JSON(name), "model": JSON(artefact.kind), "family": JSON(artefact.family),
      "model_id": JSON(artefact.id), "run": JSON(run.name), "horizon": JSON(artefact.horizon),
      "trained_to": JSON(artefact.trainedTo.description),
      "feature_version": JSON(artefact.featureVersion), "promoted": JSON(time.description),
      "certificate": artefact.card["certificate"] ?? .null, "manifest": run.manifest,
    ]
    try AtomicFile.write(metadata.text(pretty: true) + "\n", to: "\(work)/metadata.json")
    let report: JSON = [
      "criteria": PromotionCriteria.schema.json(of: criteria),
      "verdicts": JSON(verdicts.map(\.json)), "metrics": metrics,
    ]
    try AtomicFile.write(report.text(pretty: true) + "\n", to: "\(work)/validation_report.json")
    try Folder.synchronize(work)
    try Folder.rename(work, to: "\(path)/\(name)")
    try Folder.synchronize(path)
    return name
  }

  /// Puts the version in force that was before; refused where there is none.
  package func rollback(_ kind: String, at time: Timestamp) throws -> String {
    try locked {
      let acts = try acts().filter { $0.model == kind }
      guard let now = acts.last?.version else { throw ProductionError.nothingBefore(kind) }
      // Versions in the order in which they came into force, those that were taken back gone.
      var stack: [String] = []
      for act in acts {
        if act.kind == .rollback { _ = stack.popLast() }
        if act.kind == .promote, let version = act.version { stack.append(version) }
      }
      guard stack.count > 1 else { throw ProductionError.nothingBefore(kind) }
      let before = stack[stack.count - 2]
      try record(
        Act(
          kind: .rollback, model: kind, version: before, time: time.description,
          reason: "from \(now)"))
      return before
    }
  }

  private func locked<Value>(_ body: () throws -> Value) throws -> Value {
    try Folder.make(path)
    let lock = try FileDescriptor(path: "\(path)/.lock", flags: O_RDWR | O_CREAT, mode: 0o644)
    try lock.lock()
    return try body()
  }
}

package enum ProductionError: DiagnosedError, Equatable {
  case unknown(String, nearest: String?)
  case criteria(String, [PromotionCriteria.Verdict])
  case nothingBefore(String)
  case damaged(String)

  package var diagnosis: Diagnosis {
    switch self {
    case .unknown(let name, let nearest):
      Diagnosis(
        place: Excerpt.quoted(name), finding: "there is no such model in production",
        remedy: nearest.map { "did you mean \($0)?" } ?? "see them: martinet models versions",
        exitCode: .wrongUsage)
    case .criteria(let run, let verdicts):
      Diagnosis(
        place: run,
        finding: "not promoted: "
          + verdicts.map { "\($0.name) must be \($0.needed) and is \($0.found)" }
          .joined(separator: "; "),
        remedy: "train a better one; criteria are settings: martinet models promote --help",
        exitCode: .refused)
    case .nothingBefore(let kind):
      Diagnosis(
        place: kind, finding: "no version was in force before",
        remedy: "see: martinet models versions",
        exitCode: .refused)
    case .damaged(let place):
      Diagnosis(
        place: place, finding: "this line does not follow on the one before it",
        remedy: "somebody changed the file: put it back from a copy", exitCode: .refused)
    }
  }
}
