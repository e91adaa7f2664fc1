import Foundation
import Glibc
import Runtime

/// The folder of training runs: `experiments/runs/{model}_{timestamp}/`, one a run.
///
/// A run is written in `{name}.unfinished` and takes its name when all of it is on the disk, so that a
/// folder without that ending is a whole run. Its manifest, written last, has the hash of every file.
package struct RunStore: Sendable {
  package let path: String

  package static let standard = "experiments/runs"
  static let unfinished = ".unfinished"

  package init(path: String = standard) { self.path = path }

  /// Makes the folder of a new run, whose name nobody has.
  package func begin(model: String, at time: Timestamp) throws -> RunFolder {
    try Folder.make(path)
    let second = Timestamp(
      nanoseconds: time.nanoseconds - time.nanoseconds % Timestamp.nanosecondsPerSecond)
    let stamp = second.description.filter { $0 != "-" && $0 != ":" }
    for number in 1..<10_000 {
      let name = number == 1 ? "\(model)_\(stamp)" : "\(model)_\(stamp)-\(number)"
      guard access("\(path)/\(name)", F_OK) != 0 else { continue }
      let work = "\(path)/\(name)\(Self.unfinished)"
      if try Folder.makeNew(work) { return RunFolder(store: self, name: name) }
    }
    throw RunError.noName(path)
  }

  /// A run that was interrupted.
  package func unfinished(_ name: String) throws -> RunFolder {
    let name = name.hasSuffix(Self.unfinished) ? String(name.dropLast(Self.unfinished.count)) : name
    guard access("\(path)/\(name)\(Self.unfinished)", F_OK) == 0 else {
      throw RunError.unknown(name, nearest: Words.nearest(to: name, among: try unfinishedNames()))
    }
    return RunFolder(store: self, name: name)
  }

  package func unfinishedNames() throws(FileError) -> [String] {
    try names().filter { $0.hasSuffix(Self.unfinished) }
      .map { String($0.dropLast(Self.unfinished.count)) }
  }

  private func names() throws(FileError) -> [String] {
    guard access(path, F_OK) == 0 else { return [] }
    return try Folder.names(in: path)
  }

  /// The whole runs, the oldest first by name; what is no run is passed over.
  package func runs() throws -> [TrainingRunRecord] {
    try names().filter { !$0.hasSuffix(Self.unfinished) }.compactMap { name in
      do { return try TrainingRunRecord(folder: "\(path)/\(name)") } catch { return nil }
    }
  }

  /// A run by its name or its folder.
  package func run(_ name: String) throws -> TrainingRunRecord {
    if name.contains("/"), access(name + "/" + TrainingRunRecord.manifestName, F_OK) == 0 {
      return try TrainingRunRecord(folder: name.hasSuffix("/") ? String(name.dropLast()) : name)
    }
    guard !name.contains("/"), access("\(path)/\(name)", F_OK) == 0 else {
      throw RunError.unknown(name, nearest: Words.nearest(to: name, among: try names()))
    }
    return try TrainingRunRecord(folder: "\(path)/\(name)")
  }

  /// Takes a run away: first its name, so that nobody sees half of it.
  package func remove(_ name: String) throws {
    let folder = "\(path)/\(name)"
    guard !name.contains("/"), access(folder, F_OK) == 0 else {
      throw RunError.unknown(name, nearest: Words.nearest(to: name, among: try names()))
    }
    let leaving =
      name.hasSuffix(Self.unfinished) ? folder : "\(folder).\(getpid())\(Self.unfinished)"
    if leaving != folder { try Folder.rename(folder, to: leaving) }
    try FileManager.default.removeItem(atPath: leaving)
  }

  /// Removes what interrupted runs left, unless a process is at work on it.
  package func collect() throws -> [String] {
    try names().filter { $0.hasSuffix(Self.unfinished) }.filter { name in
      let lock = try FileDescriptor(
        path: "\(path)/\(name)/.lock", flags: O_RDWR | O_CREAT, mode: 0o644)
      guard try lock.lockIfFree() else { return false }
      try FileManager.default.removeItem(atPath: "\(path)/\(name)")
      return true
    }
  }
}

/// The folder of a run that is under way.
package struct RunFolder: Sendable {
  let store: RunStore
  package let name: String

  package var work: String { "\(store.path)/\(name)\(RunStore.unfinished)" }
  package var final: String { "\(store.path)/\(name)" }

  package static let requestName = "request.json"

  package var request: TrainingRequest {
    get throws {
      let path = "\(work)/\(Self.requestName)"
      let json = try JSON(parsing: SmallFile.read(path, bytesMax: 1 << 20), source: path)
      guard let request = TrainingRequest(json) else {
        throw RunError.notResumable(path)
      }
      return request
    }
  }

  func write(_ text: String, to name: String) throws {
    let path = "\(work)/\(name)"
    try Folder.make(Folder.parent(of: path))
    try AtomicFile.write(text, to: path)
  }

  /// Makes the folder anew: whatever an interrupted run left half-written there goes.
  func makeFresh(_ name: String) throws -> String {
    let path = "\(work)/\(name)"
    if access(path, F_OK) == 0 { try FileManager.default.removeItem(atPath: path) }
    try Folder.make(path)
    return path
  }

  /// Waits until the disk has all of it, then gives it its name.
  func finish() throws {
    for file in try Self.files(in: work) {
      let descriptor = try FileDescriptor(path: "\(work)/\(file)", flags: O_RDONLY)
      try descriptor.synchronize()
    }
    for folder in try Self.folders(in: work) { try Folder.synchronize(folder) }
    try Folder.rename(work, to: final)
    try Folder.synchronize(store.path)
  }

  /// Paths of all files below a folder, in order.
  package static func files(in folder: String) throws -> [String] {
    var files: [String] = []
    for name in try Folder.names(in: folder) {
      if isFolder("\(folder)/\(name)") {
        files += try Self.files(in: "\(folder)/\(name)").map { "\(name)/\($0)" }
      } else {
        files.append(name)
      }
    }
    return files
  }

  private static func folders(in folder: String) throws -> [String] {
    try Folder.names(in: folder).map { "\(folder)/\($0)" }.filter(isFolder)
      .flatMap { try folders(in: $0) } + [folder]
  }

  private static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }
}

/// A run that is over, as its manifest tells it.
package struct TrainingRunRecord: Sendable {
  package let folder: String
  package let manifest: JSON

  package static let manifestName = "manifest.json"
  static let kindMark = "martinet training run"

  package init(folder: String) throws {
    let path = "\(folder)/\(Self.manifestName)"
    let manifest = try JSON(parsing: SmallFile.read(path, bytesMax: 64 << 20), source: path)
    guard manifest["kind"]?.string == Self.kindMark else {
      throw RunError.damaged(path, "is no manifest of a training run")
    }
    self.folder = folder
    self.manifest = manifest
  }

  package var name: String { folder.split(separator: "/").last.map(String.init) ?? folder }
  package var model: String { manifest["request"]?["model"]?.string ?? "" }
  package var horizon: Int { Int(manifest["request"]?["horizon"]?.whole ?? 0) }
  package var modelFolder: String { "\(folder)/checkpoints/model" }
  package var modelID: String { manifest["model_id"]?.string ?? "" }
  package var isSane: Bool { manifest["sane"] == .bool(true) }

  package var metrics: JSON {
    get throws {
      let path = "\(folder)/metrics/metrics.json"
      return try JSON(parsing: SmallFile.read(path, bytesMax: 64 << 20), source: path)
    }
  }

  /// Refuses a run of which a file is missing or was changed.
  package func verify() throws {
    for file in manifest["files"]?.members ?? [] {
      let path = "\(folder)/\(file.key)"
      guard access(path, R_OK) == 0 else { throw RunError.damaged(path, "is missing") }
      guard file.value.string == (try SHA256.hash(file: path).description) else {
        throw RunError.damaged(path, "was changed since the run ended")
      }
    }
  }
}

/// What can be wrong with runs.
package enum RunError: DiagnosedError, Equatable {
  case noName(String)
  case unknown(String, nearest: String?)
  case notResumable(String)
  case damaged(String, String)
  case inUse(String)

  package var diagnosis: Diagnosis {
    switch self {
    case .noName(let path):
      Diagnosis(
        place: path, finding: "ten thousand runs began in one second",
        remedy: "wait a second, or choose another folder: --out FOLDER")
    case .unknown(let name, let nearest):
      Diagnosis(
        place: Excerpt.quoted(name), finding: "there is no such run",
        remedy: nearest.map { "did you mean \($0)?" } ?? "see them: martinet runs list",
        exitCode: .wrongUsage)
    case .notResumable(let path):
      Diagnosis(
        place: path, finding: "does not say what the run was asked for",
        remedy: "begin anew, and remove this one: martinet runs gc", exitCode: .refused)
    case .damaged(let path, let finding):
      Diagnosis(
        place: path, finding: finding, remedy: "train again; this run is not to be relied on",
        exitCode: .refused)
    case .inUse(let name):
      Diagnosis(
        place: name, finding: "another process is working on this run",
        remedy: "wait for it, or begin another run", exitCode: .refused)
    }
  }
}
