import Runtime

/// What can be wrong with a journal.
public enum JournalError: DiagnosedError, Equatable {
  /// The bytes at `offset` of the record are none of `what`.
  case malformed(what: String, offset: Int)
  case file(FileError)

  public var diagnosis: Diagnosis {
    switch self {
    case .malformed(let what, let offset):
      Diagnosis(
        place: "journal record, byte \(offset)", finding: "no \(what)",
        remedy: "look at it with: martinet journal verify", exitCode: .refused)
    case .file(let error): error.diagnosis
    }
  }
}
