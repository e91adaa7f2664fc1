import Glibc
import Market
import Runtime

/// Every evaluation ever made, in one file that only grows: a line each, chained by hashes.
///
///     SHA-256 of (the hash of the line before, a space, the trial's JSON), a space, the trial's JSON
///
/// A changed, missing or exchanged line breaks the chain. Processes take turns by a lock on the file; a
/// line is on the disk before `record` returns. What a process that died left of a line is cut off by
/// the next, because it has no end. Lines taken off the end leave a chain that is sound: note the head's
/// hash where that matters; every verdict names it.
public struct TrialLedger: Sendable {
  /// What the first line is chained to.
  static let origin = String(repeating: "0", count: 64)
  /// The longest configuration, in bytes; a resolved one has some thousands.
  public static let longestConfiguration = 1 << 17
  /// Written as JSON a byte may take six, and a trial has a configuration and a source.
  static let longestLine = 16 * longestConfiguration

  public let path: String

  public init(path: String) { self.path = path }

  /// The ledger of this machine, in the program's state folder.
  public static func ofThisMachine(
    environment: [String: String]
  ) throws(FileError) -> TrialLedger {
    TrialLedger(path: try StateFolder.path(environment: environment) + "/trials.ledger")
  }

  /// Where a trial came to stand.
  public struct Place: Hashable, Sendable {
    public let number: Int
    /// The line's hash: the head of the chain once it was written.
    public let hash: String

    public init(number: Int, hash: String) {
      self.number = number
      self.hash = hash
    }
  }

  /// Appends a trial; when this returns, the disk has it.
  public func record(_ trial: Trial, at time: Timestamp) throws(TrialError) -> Place {
    let size = max(trial.configuration.utf8.count, trial.source?.utf8.count ?? 0)
    guard size <= Self.longestConfiguration else { throw .tooLong(bytes: size) }
    let file = try Self.translated { () throws(FileError) in
      let file = try FileDescriptor(path: path, flags: O_RDWR | O_CREAT | O_APPEND, mode: 0o644)
      try file.lock()
      return file
    }
    let end = try Self.translated { () throws(FileError) in Int(try file.status().st_size) }
    let (tail, whole) = try Self.lastLine(of: file, end: end)
    let last = try Self.head(of: tail, path: path)
    let json = trial.json(number: last.number + 1, at: time).text()
    let hash = Self.hash(json, after: last.hash)
    try Self.translated { () throws(FileError) in
      if whole < end { try file.truncate(to: whole) }
      do throws(FileError) {
        try file.write(Array("\(hash) \(json)\n".utf8))
        try file.synchronize()
      } catch {
        // A full disk may have taken a part of it.
        try file.truncate(to: whole)
        throw error
      }
      if whole == 0 { try synchronizeFolder() }
    }
    return Place(number: last.number + 1, hash: hash)
  }

  private static func translated<Value: ~Copyable>(
    _ body: () throws(FileError) -> Value
  ) throws(TrialError) -> Value {
    do throws(FileError) { return try body() } catch { throw .file(error) }
  }

  /// All that is recorded, each line checked against the chain.
  public func history() throws(TrialError) -> TrialHistory {
    var history = TrialHistory()
    try read(into: &history)
    return history
  }

  /// Adds what was recorded since the history was read.
  public func read(into history: inout TrialHistory) throws(TrialError) {
    let bytes: [UInt8]
    do throws(FileError) {
      let file = try FileDescriptor(path: path, flags: O_RDONLY)
      let size = Int(try file.status().st_size)
      guard size >= history.offset else {
        throw FileError.failed(path: path, reason: "it has become shorter")
      }
      bytes = try file.read(from: history.offset, count: size - history.offset)
    } catch {
      if case .missing = error, history.offset == 0 { return }
      throw .file(error)
    }
    var start = 0
    // What follows the last end of a line is being written, or was left by a process that died.
    while let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
      let line = String(decoding: bytes[start..<end], as: UTF8.self)
      let (hash, trial) = try Self.entry(
        line, number: history.count + 1, after: history.head, path: path)
      history.add(trial, hash: hash, bytes: end + 1 - start)
      start = end + 1
    }
  }

  private func synchronizeFolder() throws(FileError) {
    let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    let file = try FileDescriptor(
      path: folder.isEmpty ? "/" : folder, flags: O_RDONLY | O_DIRECTORY)
    try file.synchronize()
  }
}

// Lines.
extension TrialLedger {
  static func hash(_ json: String, after previous: String) -> String {
    SHA256.hash(previous + " " + json).description
  }

  private static func readAll(
    _ file: borrowing FileDescriptor, from start: Int, to end: Int
  ) throws(TrialError) -> [UInt8] {
    do throws(FileError) { return try file.read(from: start, count: end - start) } catch {
      throw .file(error)
    }
  }

  /// The last whole line, and where it ends.
  private static func lastLine(
    of file: borrowing FileDescriptor, end: Int
  ) throws(TrialError) -> (line: String?, whole: Int) {
    let start = max(0, end - 2 * longestLine)
    let bytes = try readAll(file, from: start, to: end)
    guard let last = bytes.lastIndex(of: UInt8(ascii: "\n")) else {
      guard start == 0 else {
        throw .damaged(file.path, line: nil, finding: "its last line has no beginning")
      }
      return (nil, 0)
    }
    let before = bytes[..<last].lastIndex(of: UInt8(ascii: "\n"))
    guard before != nil || start == 0 else {
      throw .damaged(file.path, line: nil, finding: "its last line has no beginning")
    }
    let first = before.map { $0 + 1 } ?? 0
    return (String(decoding: bytes[first..<last], as: UTF8.self), start + last + 1)
  }

  private static func head(
    of line: String?, path: String
  ) throws(TrialError) -> (number: Int, hash: String) {
    guard let line else { return (0, origin) }
    let parts = line.split(separator: " ", maxSplits: 1)
    guard parts.count == 2, parts[0].utf8.count == 64,
      let number = Self.parsed(String(parts[1]))?["number"]?.whole
    else { throw .damaged(path, line: nil, finding: "its last line is no trial") }
    return (Int(number), String(parts[0]))
  }

  private static func parsed(_ text: String) -> JSON? {
    do { return try JSON(parsing: text, source: "trials") } catch { return nil }
  }

  private static func entry(
    _ line: String, number: Int, after previous: String, path: String
  ) throws(TrialError) -> (hash: String, trial: Trial) {
    let parts = line.split(separator: " ", maxSplits: 1)
    guard parts.count == 2 else {
      throw .damaged(path, line: number, finding: "it is no trial")
    }
    let json = String(parts[1])
    guard hash(json, after: previous) == parts[0] else {
      throw .damaged(
        path, line: number,
        finding: "it does not follow on the line before: one of them was changed")
    }
    guard let content = parsed(json), content["number"]?.whole == Int64(number),
      let trial = Trial(content)
    else { throw .damaged(path, line: number, finding: "it is no trial of this version") }
    return (String(parts[0]), trial)
  }
}
