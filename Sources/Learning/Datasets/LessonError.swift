import Features
import Runtime

/// Why there is nothing to learn from.
package enum LessonError: DiagnosedError, Equatable {
  case cannotLearn(model: String, target: Target)
  case noLabel(place: String, horizon: Int, known: [String])
  case labelMissing(place: String, column: String, rows: Int)
  /// A label that is neither −1 nor 0 nor 1.
  case notAClass(place: String, column: String, value: Double)
  case oneClass(place: String, column: String, value: Int, rows: Int)
  case constant(place: String, rows: Int)
  case featureMissing(place: String, model: String, column: String, rows: Int)
  case featureInfinite(place: String, column: String)
  /// No sample of a part has as many rows as the model looks at.
  case tooFewRows(place: String, part: String, rows: Int, steps: Int)

  package var diagnosis: Diagnosis {
    let (place, finding, remedy) = words
    var exitCode = ExitCode.refused
    switch self {
    case .cannotLearn, .noLabel: exitCode = .wrongUsage
    default: break
    }
    return Diagnosis(place: place, finding: finding, remedy: remedy, exitCode: exitCode)
  }

  private var words: (place: String, finding: String, remedy: String) {
    switch self {
    case .cannotLearn(let model, let target):
      (
        "--model \(model)", "it does not learn labels of the kind \(target.rawValue)",
        "choose another model, or build the set anew: --set labels.kind=class"
      )
    case .noLabel(let place, let horizon, let known):
      (
        place, "it has no column label_h\(horizon)",
        known.isEmpty
          ? "build a set with labels: martinet features build"
          : "it has \(known.joined(separator: ", ")); or build one with "
            + "--set labels.horizons=[\(horizon)]"
      )
    case .labelMissing(let place, let column, let rows):
      (
        place, "\(column) is missing in \(NumberText.count(rows)) rows",
        "leave such rows out: martinet features build does so"
      )
    case .notAClass(let place, let column, let value):
      (
        place, "\(column) holds \(value), which is no class",
        "classes are -1, 0 and 1; for changes themselves: --set labels.kind=return"
      )
    case .oneClass(let place, let column, let value, let rows):
      (
        place,
        "\(column) is \(value) in all \(NumberText.count(rows)) rows of the training part: "
          + "there is nothing to tell apart",
        "build the set with another threshold: --set labels.volatilities=0.5"
      )
    case .constant(let place, let rows):
      (
        place, "every feature has one value in all \(NumberText.count(rows)) rows of training",
        "choose other features"
      )
    case .featureMissing(let place, let model, let column, let rows):
      (
        place, "\(column) is missing in \(NumberText.count(rows)) rows, and \(model) needs all",
        "build the set with --set missing_rows=drop, or take a model that makes do: lightgbm"
      )
    case .featureInfinite(let place, let column):
      (place, "\(column) is infinite in some row", "leave the feature out, or build the set anew")
    case .tooFewRows(let place, let part, let rows, let steps):
      (
        place,
        "the \(part) part has \(NumberText.count(rows)) rows, and no symbol has \(steps) in a row",
        steps > 1
          ? "give more bars, or look at fewer: --set sequence_length=\(max(1, steps / 2))"
          : "give more bars, or that part a larger share: --set split.train=0.6"
      )
    }
  }
}
