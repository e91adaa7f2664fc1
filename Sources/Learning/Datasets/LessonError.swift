import Runtime

/// Why there is nothing to learn from.
package enum LessonError: DiagnosedError, Equatable {
  case cannotLearn(model: String, target: Target)

  package var diagnosis: Diagnosis {
    switch self {
    case .cannotLearn(let model, let target):
      Diagnosis(
        place: "--model \(model)",
        finding: "it does not learn labels of the kind \(target.rawValue)",
        remedy: "choose another model, or build the set anew with --set labels.kind=…",
        exitCode: .wrongUsage)
    }
  }
}
