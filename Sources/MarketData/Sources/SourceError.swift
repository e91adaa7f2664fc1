import Market
import Runtime

/// What can go wrong with a source of bars on the web, by what a person would do about it.
public enum SourceError: DiagnosedError, Equatable {
  /// The service knows no such symbol, or knows it no longer.
  case unknownSymbol(source: String, symbol: String, says: String)
  /// The service does not have bars of that length, or not as they should be.
  case unsupportedInterval(source: String, interval: String, why: String, remedy: String)
  /// All of the days asked for lie further back than the service reaches.
  case beyondReach(source: String, interval: String, first: CivilDate)
  case badRequest(source: String, symbol: String, says: String)
  /// It asks for a key, or does not accept the one it was given.
  case unauthorised(source: String, says: String)
  case rateLimited(source: String, tries: Int)
  /// It has trouble of its own and says so, if not in the form of an error.
  case outage(source: String, says: String)
  case badAnswer(place: String, finding: String)
  /// No sessions are known for the market, so that nobody can tell when its bars began and ended.
  case noCalendar(symbol: String, market: String, why: String)
  case http(HTTPError)
  case budget(FileError)

  public var diagnosis: Diagnosis {
    switch self {
    case .http(let error): return error.diagnosis
    case .budget(let error): return error.diagnosis
    default:
      let (place, finding, remedy) = words
      return Diagnosis(place: place, finding: finding, remedy: remedy, exitCode: exitCode)
    }
  }

  private var exitCode: ExitCode {
    switch self {
    case .unknownSymbol, .unsupportedInterval, .beyondReach, .badRequest: .wrongUsage
    default: .failed
    }
  }

  private var words: (place: String, finding: String, remedy: String) {
    switch self {
    case .unknownSymbol(let source, let symbol, let says):
      (
        "\(source), \(symbol)", "there is no such symbol: \(Excerpt.quoted(says, longest: 100))",
        "check how \(source) writes it; one that is no longer traded has to come from files"
      )
    case .unsupportedInterval(let source, let interval, let why, let remedy):
      ("\(source), bars of \(interval)", why, remedy)
    case .beyondReach(let source, let interval, let first):
      (
        "\(source), bars of \(interval)", "these are given from \(first) on only",
        "ask for later days, or for longer bars"
      )
    case .badRequest(let source, let symbol, let says):
      (
        "\(source), \(symbol)", "the request was refused: \(Excerpt.quoted(says, longest: 200))",
        "change the interval or the days"
      )
    case .unauthorised(let source, let says):
      (
        source, "the key is missing or not accepted: \(Excerpt.quoted(says, longest: 100))",
        "check the key and what it allows"
      )
    case .rateLimited(let source, let tries):
      (
        source, "too many requests came from here, it says, \(tries) times in a row",
        "wait a quarter of an hour and run it again: what came before is kept"
      )
    case .outage(let source, let says):
      (
        source, "the service is out of order: \(Excerpt.quoted(says, longest: 100))",
        "run it again later: what came before is kept"
      )
    case .badAnswer(let place, let finding):
      (place, finding, "run it again; if it stays, the service changed what it sends")
    case .noCalendar(let symbol, let market, let why):
      (
        "\(symbol), \(Excerpt.bare(market))",
        "\(why), so nobody can say when a bar began and ended",
        "calendars are known of \(TradingCalendar.all.map(\.name).joined(separator: ", "))"
      )
    case .http, .budget: ("", "", "")
    }
  }
}
