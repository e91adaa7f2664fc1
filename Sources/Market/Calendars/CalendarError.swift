import Runtime

/// What can be asked of a calendar or a zone that it does not know.
public enum CalendarError: DiagnosedError, Equatable {
  /// Outside the years whose holidays are known; nothing is guessed.
  case outsideYears(calendar: String, date: CivilDate, first: Int, last: Int)
  case unknownCalendar(name: String, known: [String])
  case unknownZone(name: String, known: [String])

  public var diagnosis: Diagnosis {
    switch self {
    case .outsideYears(let calendar, let date, let first, let last):
      Diagnosis(
        place: "\(calendar) calendar, \(date)",
        finding: "its sessions are known for the years \(first) to \(last) only",
        remedy: "choose days from \(first)-01-01 to \(last)-12-31", exitCode: .wrongUsage)
    case .unknownCalendar(let name, let known):
      Self.unknown("calendar", name, known)
    case .unknownZone(let name, let known):
      Self.unknown("time zone", name, known)
    }
  }

  private static func unknown(_ what: String, _ name: String, _ known: [String]) -> Diagnosis {
    let nearest = Words.nearest(to: name, among: known).map { "did you mean \($0)? " } ?? ""
    return Diagnosis(
      place: "\(what) \(Excerpt.quoted(name, longest: 40))", finding: "no such \(what)",
      remedy: nearest + "known: " + known.joined(separator: ", "), exitCode: .wrongUsage)
  }
}
