import Runtime

/// Why the ledger of trials cannot be read or written.
public enum TrialError: DiagnosedError, Equatable {
  case file(FileError)
  /// A configuration of so many bytes.
  case tooLong(bytes: Int)
  /// A line, from 1 on, that is not as it was written.
  case damaged(String, line: Int?, finding: String)

  public var diagnosis: Diagnosis {
    switch self {
    case .file(let error): error.diagnosis
    case .tooLong(let bytes):
      Diagnosis(
        place: "configuration", finding: "its text has \(NumberText.bytes(UInt64(bytes)))",
        remedy: "record what was resolved, not the data: a trial is at most "
          + NumberText.bytes(UInt64(TrialLedger.longestConfiguration)))
    case .damaged(let path, let line, let finding):
      Diagnosis(
        place: line.map { "\(path):\($0)" } ?? path, finding: finding,
        remedy: "take the file from a backup; without one, move it away: a new one is begun, and "
          + "what was tried before is no longer counted",
        exitCode: .refused)
    }
  }
}
