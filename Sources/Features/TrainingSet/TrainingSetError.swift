import Runtime

/// Why there is no training set.
public enum TrainingSetError: DiagnosedError {
  case nothingLeft
  /// The bars, and why none of them became a row.
  case noRows(SampleAccount)
  /// There is no set in the folder.
  case absent(folder: String)
  /// A file that is missing, damaged, or not of this set.
  case damaged(path: String, finding: String)

  public var diagnosis: Diagnosis {
    switch self {
    case .absent(let folder):
      Diagnosis(
        place: folder, finding: "is no training set: there is no such file as manifest.json in it",
        remedy: "name the folder that a set was built in, or build one: martinet features build",
        exitCode: .wrongUsage)
    case .nothingLeft:
      Diagnosis(
        place: "features", finding: "none is left after the selection",
        remedy: "select less strictly, or choose other features")
    case .noRows(let account):
      Diagnosis(
        place: "training set",
        finding: "none of \(NumberText.count(account.bars)) bars has all features and labels "
          + "(\(NumberText.count(account.warmUp)) before look-backs are full, "
          + "\(NumberText.count(account.missing)) with a feature missing, "
          + "\(NumberText.count(account.unlabelled)) with a label missing)",
        remedy: "give more bars, or keep rows with missing features: --set missing_rows=keep")
    case .damaged(let path, let finding):
      Diagnosis(
        place: path, finding: finding,
        remedy: "build it again: martinet features build --config FILE")
    }
  }
}
