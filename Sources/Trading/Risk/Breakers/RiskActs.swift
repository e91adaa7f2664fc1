import Glibc
import Runtime

/// What persons did to the accounts of this machine: a file that stops them, and a list of who did what
/// and why. The command line writes it, running accounts read it.
public struct RiskActs: Sendable {
  public let folder: String

  static let killFile = "kill"
  private var list: String { folder + "/acts.jsonl" }
  private var kill: String { folder + "/" + Self.killFile }
  private static let bytesMax = 1 << 24

  public init(folder: String) { self.folder = folder }

  /// Of this machine and user.
  public static func ofMachine(environment: [String: String]) throws(FileError) -> RiskActs {
    RiskActs(folder: try StateFolder.path(environment: environment) + "/risk")
  }

  public var isKilled: Bool { access(kill, F_OK) == 0 || errno != ENOENT }

  /// Stops every account. What counts is that the file is there: where its text or the list cannot be
  /// written, they are stopped all the same, and the error says what is missing.
  public func stop(_ act: OperatorAct, at now: Timestamp) throws(FileError) {
    try Folder.make(folder)
    let line = Self.line(act, at: now)
    do throws(FileError) {
      let file = try FileDescriptor(path: kill, flags: O_WRONLY | O_CREAT, mode: 0o644)
      try file.overwrite(line)
      try file.synchronize()
      try append(line)
    } catch {
      guard isKilled else { throw error }
      throw .failed(
        path: kill, reason: "stopped, but not noted down: \(error.diagnosis.finding)")
    }
  }

  /// Lets them trade again: noted first, by name and reason.
  public func resume(_ act: OperatorAct, at now: Timestamp) throws(RiskActError) {
    guard !act.by.allSatisfy(\.isWhitespace), !act.reason.allSatisfy(\.isWhitespace) else {
      throw .nameless
    }
    do throws(FileError) {
      try Folder.make(folder)
      try append(Self.line(act, at: now))
    } catch {
      throw .file(error)
    }
    guard unlink(kill) == 0 || errno == ENOENT else {
      throw .file(.failed(path: kill, reason: String(cString: strerror(errno))))
    }
  }

  /// What is in the list, the oldest first. A list or line that cannot be read lets nobody trade again.
  public var acts: [OperatorAct] {
    do throws(FileError) {
      return try SmallFile.read(list, bytesMax: Self.bytesMax)
        .split(separator: UInt8(ascii: "\n")).compactMap { act(in: Array($0)) }
    } catch {
      return []
    }
  }

  private func act(in bytes: [UInt8]) -> OperatorAct? {
    do throws(JSONError) { return OperatorAct(try JSON(parsing: bytes, source: list)) } catch {
      return nil
    }
  }

  var count: Int { acts.count }

  /// Who stopped everything, as far as that can be read.
  public var killing: OperatorAct {
    let unnamed = OperatorAct(.halt, by: "unknown", reason: "the kill switch is pulled")
    do throws(FileError) {
      let named = act(in: try SmallFile.read(kill, bytesMax: 1 << 16))
      return named.flatMap { $0.kind == .halt || $0.kind == .flatten ? $0 : nil } ?? unnamed
    } catch {
      return unnamed
    }
  }

  func resumption(after seen: Int) -> (act: OperatorAct?, number: Int) {
    let all = acts
    guard all.count > seen, !isKilled else { return (nil, seen) }
    return (all.dropFirst(seen).last { $0.kind == .resume }, all.count)
  }

  private func append(_ line: [UInt8]) throws(FileError) {
    let file = try FileDescriptor(path: list, flags: O_WRONLY | O_CREAT | O_APPEND, mode: 0o644)
    try file.write(line)
    try file.synchronize()
  }

  private static func line(_ act: OperatorAct, at now: Timestamp) -> [UInt8] {
    var json = act.json
    json.append("at", JSON(now.description))
    return Array((json.text() + "\n").utf8)
  }
}

extension OperatorAct {
  public var json: JSON {
    ["act": JSON(kind.rawValue), "by": JSON(by), "reason": JSON(reason)]
  }

  init?(_ json: JSON) {
    guard let kind = json["act"]?.string.flatMap(Kind.init), let by = json["by"]?.string,
      let reason = json["reason"]?.string
    else { return nil }
    self.init(kind, by: by, reason: reason)
  }
}

/// Why trading was not let go on.
public enum RiskActError: DiagnosedError, Equatable {
  case nameless
  case file(FileError)

  public var diagnosis: Diagnosis {
    switch self {
    case .nameless:
      Diagnosis(
        place: "--by and --reason", finding: "nobody is named, or no reason is given",
        remedy: "say who lets it trade again and why: --by \"A. Name\" --reason \"what was done\"",
        exitCode: .wrongUsage)
    case .file(let error): error.diagnosis
    }
  }
}
