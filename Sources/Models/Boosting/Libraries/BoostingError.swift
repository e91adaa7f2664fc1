import Runtime

/// What can go wrong with a library of boosting, in its own words where it has some.
package enum BoostingError: DiagnosedError, Equatable {
  case missing(library: String, searched: [String])
  /// The file is there and the dynamic loader refused it.
  case notLoadable(path: String, message: String)
  /// The library refused a call.
  case refused(library: String, message: String)
  /// Our evaluator and the library disagree on a model just trained.
  case disagree(library: String, row: Int, ours: Double, theirs: Double)

  package var diagnosis: Diagnosis {
    switch self {
    case .missing(let library, let searched):
      Diagnosis(
        place: library, finding: "the library is in none of: \(searched.joined(separator: ", "))",
        remedy: "run make set-up, or name its folder in MARTINET_LIBRARIES")
    case .notLoadable(let path, let message):
      Diagnosis(
        place: path, finding: message, remedy: "run make set-up again; LightGBM needs libgomp1")
    case .refused(let library, let message):
      Diagnosis(
        place: library, finding: Excerpt.bare(message, longest: 300),
        remedy: "look at the settings of the model and the numbers it was given")
    case .disagree(let library, let row, let ours, let theirs):
      Diagnosis(
        place: library,
        finding: "row \(row): our evaluator says \(ours), the library \(theirs)",
        remedy: "please report this with the model's settings; nothing was kept",
        exitCode: .refused)
    }
  }
}
