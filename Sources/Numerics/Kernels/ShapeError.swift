import Runtime

/// Arrays whose shapes do not fit together.
package enum ShapeError: DiagnosedError, Equatable {
  /// An operation on elements in pairs was given arrays of different counts.
  case counts(operation: String, first: Int, second: Int)
  /// An array cannot be cut into rows of that length.
  case rows(operation: String, count: Int, rowLength: Int)

  package var diagnosis: Diagnosis {
    switch self {
    case .counts(let operation, let first, let second):
      Diagnosis(
        place: operation, finding: "the arrays hold \(first) and \(second) elements",
        remedy: "pass arrays of the same count")
    case .rows(let operation, let count, let rowLength):
      Diagnosis(
        place: operation, finding: "\(count) elements do not make whole rows of \(rowLength)",
        remedy: "pass a count that is a multiple of a positive row length")
    }
  }
}
