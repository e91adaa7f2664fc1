import Runtime

/// What can be wrong with a saved model of trees, or with rows given to it.
package enum TreeModelError: DiagnosedError, Equatable {
  /// The file is no such model, or a damaged or hostile one.
  case malformed(source: String, place: String, finding: String)
  /// A kind of model that is written well and not evaluated here.
  case unsupported(source: String, finding: String)
  case json(JSONError)
  /// Rows of another width than the model was trained on.
  case width(given: Int, needed: Int)

  package var diagnosis: Diagnosis {
    switch self {
    case .malformed(let source, let place, let finding):
      Diagnosis(
        place: "\(source): \(place)", finding: finding,
        remedy: "is it a whole model file? Fetch or save it again", exitCode: .refused)
    case .unsupported(let source, let finding):
      Diagnosis(
        place: source, finding: finding,
        remedy: "save a model of plain trees: booster gbtree or gbdt, one number a leaf",
        exitCode: .refused)
    case .json(let error): error.diagnosis
    case .width(let given, let needed):
      Diagnosis(
        place: "rows", finding: "a row has \(given) features, the model was trained on \(needed)",
        remedy: "give the features of the training set, in its order", exitCode: .refused)
    }
  }
}
