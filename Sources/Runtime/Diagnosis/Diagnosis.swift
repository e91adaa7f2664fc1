/// What a person needs to know about something that went wrong: where, what, and what to do.
///
/// Every error that can reach a person carries one, so the command line prints all of them alike.
public struct Diagnosis: Equatable, Sendable {
  /// The file with line and column, the configuration key or the flag: `base.yaml:3:7`.
  public var place: String
  /// What was found and, where that helps, what was expected, in plain words on one line.
  public var finding: String
  /// What to do about it, on one line.
  public var remedy: String
  public var exitCode: ExitCode

  public init(
    place: String, finding: String, remedy: String, exitCode: ExitCode = .failed
  ) {
    self.place = place
    self.finding = finding
    self.remedy = remedy
    self.exitCode = exitCode
  }
}

/// The exit codes of every verb; scripts may rely on them.
public enum ExitCode: Int32, Sendable, Codable {
  case done = 0
  case failed = 1
  case wrongUsage = 2
  /// A check said no: a leak, an error in the data, a broken limit.
  case refused = 3
}

/// An error that can tell a person where it happened and what to do.
///
/// Each room has closed enums of its own that conform, so that callers can still act on the cause.
public protocol DiagnosedError: Error, Sendable {
  var diagnosis: Diagnosis { get }
}
