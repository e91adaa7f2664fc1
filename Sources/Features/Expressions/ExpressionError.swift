import Runtime

/// What is wrong with an expression that a person wrote, and where.
public struct ExpressionError: DiagnosedError, Equatable {
  public enum Cause: Hashable, Sendable {
    case syntax
    /// A column, feature or function that is not there.
    case unknownName
    /// Too many, too few, or of the wrong kind.
    case arguments
    /// Nested too deeply, or too large.
    case tooDeep
    /// Features that are defined by each other.
    case recursion
    /// It needs what is not known yet: only labels and proofs evaluate that.
    case looksAhead
    /// The name of a feature, or its place among the others.
    case naming
    /// A column that the bars do not have, or have nothing in.
    case data
  }

  public let cause: Cause
  public let diagnosis: Diagnosis

  init(_ cause: Cause, at place: String, _ finding: String, _ remedy: String) {
    self.cause = cause
    diagnosis = Diagnosis(
      place: place, finding: finding, remedy: remedy,
      exitCode: cause == .looksAhead ? .refused : cause == .data ? .failed : .wrongUsage)
  }
}

/// An expression's text and where it stands in a file.
public struct ExpressionSource: Hashable, Sendable {
  public let text: String
  public let file: String
  /// Of the first character, counted from 1.
  public let line, column: Int
  /// Whether the text stands on one line exactly as it is.
  public let isVerbatim: Bool

  public init(
    _ text: String, file: String = "expression", line: Int = 1, column: Int = 1,
    isVerbatim: Bool = true
  ) {
    self.text = text
    self.file = file
    self.line = line
    self.column = column
    self.isVerbatim = isVerbatim
  }

  /// `features.yaml:3:17`, and which character it is where lines were joined or characters escaped.
  func place(_ offset: Int) -> String {
    isVerbatim
      ? "\(file):\(line):\(column + offset)"
      : "\(file):\(line):\(column), character \(offset + 1)"
  }
}
