import Runtime

/// What can be wrong with a journal.
public enum JournalError: DiagnosedError, Equatable {
  /// The bytes at `offset` of the record are none of `what`.
  case malformed(what: String, offset: Int)
  case file(FileError)
  /// Another process writes to the journal in this folder.
  case inUse(String)

  public var diagnosis: Diagnosis {
    switch self {
    case .malformed(let what, let offset):
      Diagnosis(
        place: "journal record, byte \(offset)", finding: "no \(what)",
        remedy: "look at it with: martinet journal verify", exitCode: .refused)
    case .file(let error): error.diagnosis
    case .inUse(let folder):
      Diagnosis(
        place: folder, finding: "another process writes to this journal",
        remedy: "stop it first, or give this run a folder of its own", exitCode: .refused)
    }
  }
}
