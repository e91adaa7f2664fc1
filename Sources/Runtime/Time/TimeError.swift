/// What can be wrong with a time a person or a file gives.
public enum TimeError: DiagnosedError, Equatable {
  /// Characters are counted from 1.
  case malformed(text: String, character: Int, expected: String)
  case noSuchDay(text: String, character: Int)
  /// Beyond what the type can hold: 1677–2262 for an instant, the years 1–9999 for a day.
  case outOfRange(text: String)
  case endsBeforeStart(text: String)

  /// The text is shown, but never all of a long one.
  public var diagnosis: Diagnosis {
    switch self {
    case .malformed(let text, let character, let expected):
      Diagnosis(
        place: Self.quoted(text),
        finding: "\(expected) was expected at character \(character)",
        remedy: "write a day as 2024-01-31, an instant as 2024-01-31T14:30:00Z, days as "
          + "20240101-20240630, a duration as 90s or 5min", exitCode: .wrongUsage)
    case .noSuchDay(let text, let character):
      Diagnosis(
        place: Self.quoted(text),
        finding: "the calendar has no such day (character \(character))",
        remedy: "check the month and the day of the month", exitCode: .wrongUsage)
    case .outOfRange(let text):
      Diagnosis(
        place: Self.quoted(text), finding: "the time is out of range",
        remedy: "instants lie between 1677-09-22 and 2262-04-11, days in the years 1 to 9999",
        exitCode: .wrongUsage)
    case .endsBeforeStart(let text):
      Diagnosis(
        place: Self.quoted(text), finding: "the last day is before the first",
        remedy: "write the earlier day first: 20240101-20240630", exitCode: .wrongUsage)
    }
  }

  static func quoted(_ text: String) -> String {
    Excerpt.quoted(text, longest: 40)
  }
}
