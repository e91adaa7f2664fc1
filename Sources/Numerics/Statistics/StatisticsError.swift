import Runtime

/// Samples and parameters that a statistic cannot be taken of.
public enum StatisticsError: Error, Equatable, Sendable {
  /// Fewer values than the statistic needs.
  case tooFew(operation: String, count: Int, needed: Int)
  /// Two samples that should have been of one shape.
  case shapes(operation: String, first: Shape, second: Shape)
  /// A NaN where an order, or a linear solve, is asked for.
  case notANumber(operation: String, index: Int)
  /// A parameter outside of what the statistic is defined for.
  case parameter(operation: String, name: String, value: Double, allowed: String)
  /// A regressor that the others before it explain: the column, counted from 0.
  case singularDesign(column: Int, of: Shape)
  case linearAlgebra(LinearAlgebraError)
}

extension StatisticsError: DiagnosedError {
  public var diagnosis: Diagnosis {
    switch self {
    case .tooFew(let operation, let count, let needed):
      Diagnosis(
        place: operation, finding: "\(count) values, of at least \(needed) that it takes",
        remedy: "give a longer sample")
    case .shapes(let operation, let first, let second):
      Diagnosis(
        place: operation, finding: "a \(first) sample does not go with a \(second) one",
        remedy: "give as many values of the one as of the other")
    case .notANumber(let operation, let index):
      Diagnosis(
        place: "\(operation)[\(index)]", finding: "the value is not a number",
        remedy: "remove or fill missing values first")
    case .parameter(let operation, let name, let value, let allowed):
      Diagnosis(
        place: "\(operation) \(name)", finding: "\(value) is not \(allowed)",
        remedy: "give \(name) as \(allowed)", exitCode: .wrongUsage)
    case .singularDesign(let column, let shape):
      Diagnosis(
        place: "regression",
        finding: "column \(column) of the \(shape) design is a combination of those before it",
        remedy: "drop that column")
    case .linearAlgebra(let error):
      error.diagnosis
    }
  }
}
