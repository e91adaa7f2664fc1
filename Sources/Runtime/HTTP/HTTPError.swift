/// Why a request has no answer. No case carries a secret: places are addresses as they are printed.
public enum HTTPError: DiagnosedError, Equatable {
  case badAddress(text: String, finding: String)
  case badHeader(place: String, name: String)
  /// A key or a token would travel without encryption.
  case secretInClear(place: String)
  case noLibrary(reason: String)
  case cannotResolve(place: String, host: String)
  /// Nobody listens there, or the way there is closed.
  case refused(place: String)
  case timedOut(place: String, after: Duration)
  case tls(place: String, reason: String)
  /// The connection ended before the body did.
  case truncated(place: String, received: Int, expected: Int?)
  /// The connection ended, or what came over it was no HTTP.
  case broken(place: String, reason: String)
  case tooLarge(place: String, bytesMax: Int)
  case badRedirect(place: String, to: String, why: String)
  /// The answer is an error; `excerpt` is the beginning of what the server said.
  case status(place: String, status: Int, excerpt: String)
  case cancelled(place: String)

  public var diagnosis: Diagnosis {
    let (place, finding, remedy) = words
    return Diagnosis(place: place, finding: finding, remedy: remedy, exitCode: exitCode)
  }

  private var exitCode: ExitCode {
    switch self {
    case .badAddress, .badHeader, .secretInClear: .wrongUsage
    default: .failed
    }
  }

  private var words: (place: String, finding: String, remedy: String) {
    switch self {
    case .badAddress(let text, let finding):
      ("address \(Excerpt.quoted(text, longest: 100))", finding, "write one as https://host/path")
    case .badHeader(let place, let name):
      (
        place, "header \(Excerpt.quoted(name)) has characters that no header may have",
        "write it on one line, in plain letters"
      )
    case .secretInClear(let place):
      (place, "a key would travel without encryption", "use the https address of this service")
    case .noLibrary(let reason):
      ("libcurl.so.4", "cannot be used: \(reason)", "install libcurl4, or run set-up/core")
    case .cannotResolve(let place, let host):
      (
        place, "no address is known for the host \(host)",
        "check the name, and that this machine is on the network"
      )
    case .refused(let place):
      (place, "nobody answers there", "check host and port, and that no firewall is in the way")
    case .timedOut(let place, let limit):
      (
        place, "no complete answer within \(DurationText.print(limit))",
        "try again later; what was kept before is unharmed"
      )
    case .tls(let place, let reason):
      (
        place, "the server's identity cannot be trusted: \(reason)",
        "check the clock of this machine and its ca-certificates; verification is never turned off"
      )
    case .truncated(let place, let received, let expected):
      (
        place,
        "the answer broke off after \(received) bytes" + (expected.map { " of \($0)" } ?? ""),
        "try again; nothing of it was used"
      )
    case .broken(let place, let reason):
      (place, "the connection broke: \(reason)", "try again in a while")
    case .tooLarge(let place, let bytesMax):
      (place, "the answer is larger than \(bytesMax) bytes", "ask for less at once")
    case .badRedirect(let place, let target, let why):
      (
        place, "leads to \(Excerpt.bare(target)), \(why)",
        "use the address it leads to, if you trust it"
      )
    case .status(let place, let status, let excerpt):
      (
        place, "the server answered \(status)" + (excerpt.isEmpty ? "" : ": \(excerpt)"),
        Self.remedy(status)
      )
    case .cancelled(let place): (place, "the request was given up", "run it again")
    }
  }

  private static func remedy(_ status: Int) -> String {
    switch status {
    case 401, 403: "check the key and what it allows"
    case 404: "check the address"
    case 429: "too many requests were sent: wait, and send fewer"
    case 500...: "the service has trouble of its own: try again later"
    default: "check what was asked for"
    }
  }
}
