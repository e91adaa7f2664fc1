import Runtime

/// Rows and columns.
public struct Shape: Hashable, Sendable, CustomStringConvertible {
  public let rows: Int
  public let columns: Int

  public init(rows: Int, columns: Int) {
    self.rows = rows
    self.columns = columns
  }

  public var transposed: Shape { Shape(rows: columns, columns: rows) }
  public var description: String { "\(rows)×\(columns)" }
}

public enum LinearAlgebraError: Error, Equatable, Sendable {
  /// Two operands that do not fit together.
  case shapes(operation: String, left: Shape, right: Shape)
  /// A matrix that should have been square.
  case notSquare(operation: String, Shape)
  /// No rows or no columns where a decomposition needs some.
  case empty(operation: String, Shape)
  /// A NaN or an infinity in the input: LAPACK would answer nonsense or never end.
  case notFinite(operation: String, row: Int, column: Int)
  /// The leading minor of this order is not positive.
  case notPositiveDefinite(pivot: Int, of: Shape)
  /// This pivot, counted from 0, is exactly zero.
  case singular(pivot: Int, of: Shape)
  /// The iteration did not settle; LAPACK's own count of what failed.
  case notConverged(operation: String, failures: Int)
  /// More elements than the library can index (32 bits).
  case tooLarge(operation: String, Shape)
  case library(LinearAlgebraLibraryError)
}

extension LinearAlgebraError: DiagnosedError {
  public var diagnosis: Diagnosis {
    switch self {
    case .shapes(let operation, let left, let right):
      return described(
        operation, "a \(left) matrix does not go with a \(right) one",
        "check the order of the operands and which are transposed")
    case .notSquare(let operation, let shape):
      return described(operation, "the matrix is \(shape), not square", "give a square matrix")
    case .empty(let operation, let shape):
      return described(operation, "the matrix is \(shape)", "give at least one row and column")
    case .notFinite(let operation, let row, let column):
      return described(
        operation, "the value at row \(row), column \(column) is not a finite number",
        "remove or fill missing values first")
    case .notPositiveDefinite(let pivot, let shape):
      return described(
        "cholesky", "the \(shape) matrix is not positive definite: pivot \(pivot)",
        "shrink the covariance, or drop columns that repeat each other")
    case .singular(let pivot, let shape):
      return described(
        "solve", "the \(shape) matrix is singular: pivot \(pivot) is zero",
        "drop columns that repeat each other, or use least squares")
    case .notConverged(let operation, let failures):
      return described(
        operation, "the iteration did not converge (\(failures))", "scale the matrix and try again")
    case .tooLarge(let operation, let shape):
      return described(
        operation, "a \(shape) matrix is more than the library can index", "work on blocks of it")
    case .library(let error):
      return error.diagnosis
    }
  }

  private func described(_ place: String, _ finding: String, _ remedy: String) -> Diagnosis {
    Diagnosis(place: place, finding: finding, remedy: remedy)
  }
}

/// Why there is no linear algebra.
public enum LinearAlgebraLibraryError: Error, Equatable, Sendable {
  case missing(searched: [String])
  /// The file is there and the dynamic loader refused it, in its own words.
  case notLoadable(path: String, message: String)
  case symbolMissing(path: String, symbol: String)
}

extension LinearAlgebraLibraryError: DiagnosedError {
  public var diagnosis: Diagnosis {
    let remedy = "run `make set-up`, or name its folder in MARTINET_LIBRARIES"
    return switch self {
    case .missing(let searched):
      Diagnosis(
        place: LibrarySearch.fileName, finding: "not found in \(searched.joined(separator: ", "))",
        remedy: remedy)
    case .notLoadable(let path, let message):
      Diagnosis(place: path, finding: "cannot be loaded: \(message)", remedy: remedy)
    case .symbolMissing(let path, let symbol):
      Diagnosis(
        place: path, finding: "has no function \(symbol): it is another version", remedy: remedy)
    }
  }
}
