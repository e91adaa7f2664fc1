import Runtime

/// Why a run cannot be recorded or played again.
public enum RecordingError: DiagnosedError, Equatable {
  case file(FileError)
  case json(JSONError)
  /// What was expected in which file.
  case malformed(String, String)
  /// Something was recorded there already.
  case taken(String)
  case otherMarket(recorded: String, found: String)
  case otherArtefact(recorded: String, found: String)
  case backtest(BacktestError)
  case journal(JournalError)

  public var diagnosis: Diagnosis {
    switch self {
    case .file(let error): error.diagnosis
    case .json(let error): error.diagnosis
    case .taken(let folder):
      Diagnosis(
        place: folder, finding: "a run or a journal is kept there already",
        remedy: "name another folder, or remove this one", exitCode: .refused)
    case .malformed(let file, let expected):
      Diagnosis(
        place: file, finding: "it lacks \(expected)",
        remedy: "record the run anew: martinet backtest --record DIR", exitCode: .refused)
    case .otherMarket(let recorded, let found):
      changed("market.bin", "the market data", recorded, found)
    case .otherArtefact(let recorded, let found):
      changed("artefact", "the model or program behind the strategy", recorded, found)
    case .backtest(let error): error.diagnosis
    case .journal(let error): error.diagnosis
    }
  }

  private func changed(
    _ file: String, _ what: String, _ recorded: String, _ found: String
  ) -> Diagnosis {
    Diagnosis(
      place: file,
      finding: "\(what) is not what was recorded: \(found.prefix(12)) instead of "
        + "\(recorded.prefix(12))",
      remedy: "restore the file, or record the run anew", exitCode: .refused)
  }
}
