import Runtime

/// A column of a ready-made table that knows what it cannot have known at its row.
public struct TableFinding: Sendable, Equatable {
  public enum Cause: String, Sendable, CaseIterable {
    /// It is a function of prices that come later.
    case futurePrices = "future_prices"
    /// An average that was run from the end of the file to its beginning.
    case backwardAverage = "backward_average"
    /// Its rows stand in the opposite order of time.
    case reversedRows = "reversed_rows"
    /// Scaled by figures of the whole file, its end included.
    case wholeFileScaling = "whole_file_scaling"
    /// A field of the day from which the day's price can be told.
    case sameDay = "same_day"
  }

  public let column: String
  public let cause: Cause
  /// The first row on which the evidence rests, from 0.
  public let row: Int
  /// What was seen, in words.
  public let explanation: String
  /// The figures behind it.
  public let evidence: [JSON.Member]

  public var json: JSON {
    [
      "column": JSON(column), "cause": JSON(cause.rawValue), "row": JSON(row),
      "explanation": JSON(explanation), "evidence": .object(evidence),
    ]
  }

  func moved(to row: Int) -> TableFinding {
    TableFinding(
      column: column, cause: cause, row: row, explanation: explanation, evidence: evidence)
  }
}
