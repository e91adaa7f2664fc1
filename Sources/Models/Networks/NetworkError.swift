import Runtime

/// Why a network cannot learn or foresee.
enum NetworkError: DiagnosedError, Equatable {
  case shape(found: String, needed: String)
  case diverged(step: Int)
  case checkpoint(path: String, String)

  var diagnosis: Diagnosis {
    switch self {
    case .shape(let found, let needed):
      Diagnosis(
        place: "samples", finding: "they have \(found) rows × features, not \(needed)",
        remedy: "show the network what it was trained on")
    case .diverged(let step):
      Diagnosis(
        place: "step \(step)", finding: "the loss is not finite any more",
        remedy: "lower the rate: --set training.learning_rate=0.0003")
    case .checkpoint(let path, let finding):
      Diagnosis(
        place: path, finding: finding,
        remedy: "it cannot be gone on from: begin anew, and remove it with martinet runs gc",
        exitCode: .refused)
    }
  }
}
