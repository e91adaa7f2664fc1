/// Why a server, a browser or a command that a test needs did not do its part.
public enum HarnessError: Error, CustomStringConvertible, Sendable {
  case missing(ServerProgram)
  case cannotStart(program: String, reason: String)
  /// Within its time the thing asked for did not happen; `log` is the end of the program's output.
  case tooLate(what: String, seconds: Double, log: String)
  /// The program ended while we waited for it.
  case endedEarly(program: String, log: String)
  case commandFailed(program: String, status: Int32, output: String)
  case browserRefused(method: String, reason: String)
  case scriptFailed(String)

  public var description: String {
    switch self {
    case .missing(let program): "\(program.rawValue) is not installed; run set-up/test"
    case .cannotStart(let program, let reason): "\(program) did not start: \(reason)"
    case .tooLate(let what, let seconds, let log):
      "no \(what) within \(seconds) s; log ends: \(log)"
    case .endedEarly(let program, let log): "\(program) ended early; log ends: \(log)"
    case .commandFailed(let program, let status, let output):
      "\(program) ended with status \(status): \(output)"
    case .browserRefused(let method, let reason): "the browser refused \(method): \(reason)"
    case .scriptFailed(let reason): "the page's script failed: \(reason)"
    }
  }
}
