import Market
import Runtime

/// Everything that can be wrong with data a person hands in; each case knows its place and remedy.
public enum DataError: DiagnosedError, Equatable {
  /// The file or folder cannot be read at all; `reason` is the system's own word.
  case unreadable(path: String, reason: String)
  case empty(path: String)
  /// The bytes are something else than the reader was made for: gzip, a spreadsheet, UTF-16.
  case wrongFormat(place: String, found: String, remedy: String)
  case missingColumn(place: String, name: String, found: [String])
  case duplicateColumn(place: String, name: String)
  case wrongFieldCount(place: String, found: Int, expected: Int)
  /// A value that is not what its column holds; `expected` completes "is not …".
  case badValue(place: String, column: String, text: String, expected: String)
  /// A row that is not later than the one before it.
  case outOfOrder(place: String, found: String, previous: String)
  /// Something only the person who has the data can know; `guess` is what the rows look like.
  case undeclared(place: String, what: String, guess: String?, remedy: String)
  case badDeclaration(place: String, finding: String, remedy: String)
  case unknownSymbol(symbol: String, folder: String, nearest: String?, available: [String])
  /// A day without a session, which no bar can belong to.
  case notASession(place: String, date: CivilDate, calendar: String, reason: String)
  /// A zone or a day that no calendar here knows.
  case calendar(place: String, CalendarError)
  /// Bars that do not follow each other.
  case disorder(path: String, FrameError)
  /// A list of members that contradicts itself.
  case universe(path: String, UniverseError)
  case noBars(place: String, wanted: String, available: String)
  /// Arrow's own message about a Parquet file or the writing of one.
  case parquet(path: String, message: String)
  case unwritable(path: String, reason: String)

  public var diagnosis: Diagnosis {
    Diagnosis(place: place, finding: finding, remedy: remedy, exitCode: exitCode)
  }

  private var place: String {
    switch self {
    case .disorder(let path, let error): "\(path): \(error.diagnosis.place)"
    case .calendar(let place, _): place
    case .universe(let path, let error): "\(path): \(error.diagnosis.place)"
    case .unreadable(let path, _), .empty(let path), .parquet(let path, _),
      .unwritable(let path, _):
      path
    case .wrongFormat(let place, _, _), .missingColumn(let place, _, _),
      .duplicateColumn(let place, _), .wrongFieldCount(let place, _, _),
      .badValue(let place, _, _, _), .outOfOrder(let place, _, _),
      .undeclared(let place, _, _, _), .notASession(let place, _, _, _),
      .badDeclaration(let place, _, _), .noBars(let place, _, _):
      place
    case .unknownSymbol(_, let folder, _, _): folder
    }
  }

  private var finding: String {
    switch self {
    case .unreadable(_, let reason): "cannot be read: \(reason)"
    case .empty: "is empty"
    case .wrongFormat(_, let found, _): found
    case .missingColumn(_, let name, let found):
      "column \"\(name)\" is missing (found: \(Self.list(found)))"
    case .duplicateColumn(_, let name): "two columns are called \(Excerpt.quoted(name))"
    case .wrongFieldCount(_, let found, let expected):
      "\(found) \(found == 1 ? "field" : "fields"), expected \(expected) as in the first line"
    case .badValue(_, let column, let text, let expected):
      "column \(Excerpt.quoted(column)): \(Excerpt.quoted(text, longest: 40)) is not \(expected)"
    case .outOfOrder(_, let found, let previous):
      found == previous
        ? "\(found) stands here a second time" : "\(found) comes after \(previous)"
    case .undeclared(_, let what, let guess, _):
      "nothing says \(what)" + (guess.map { " (it looks like \($0))" } ?? "")
    case .badDeclaration(_, let finding, _): finding
    case .unknownSymbol(let symbol, _, let nearest, let available):
      "no file for symbol \(Excerpt.quoted(symbol))"
        + (nearest.map { "; nearest: \($0)" } ?? " (found: \(Self.list(available)))")
    case .noBars(_, let wanted, let available):
      "no bars for \(wanted); the file has \(available)"
    case .notASession(_, let date, let calendar, let reason):
      "\(date) is no session of \(calendar): \(reason)"
    case .calendar(_, let error): "\(error.diagnosis.place): \(error.diagnosis.finding)"
    case .disorder(_, let error): error.diagnosis.finding
    case .universe(_, let error): error.diagnosis.finding
    case .parquet(let path, let message):
      Self.isDiskFull(message) ? FileError.diskFull(path: path).diagnosis.finding : message
    case .unwritable(_, let reason): "cannot be written: \(reason)"
    }
  }

  private var remedy: String {
    switch self {
    case .unreadable, .unwritable: "check the path and its permissions"
    case .empty: "expected a first line of column names and one line a bar; fetch the file again"
    case .wrongFormat(_, _, let remedy), .undeclared(_, _, _, let remedy),
      .badDeclaration(_, _, let remedy):
      remedy
    case .missingColumn(_, let name, _):
      "name it with --columns \(name)=NAME, or rename it in the file"
    case .duplicateColumn: "rename or remove one of them in the first line"
    case .wrongFieldCount: "check that line for a missing or extra separator"
    case .badValue: "correct that field, or leave it empty where the value is not known"
    case .outOfOrder: "sort the rows from oldest to newest and keep one row a bar"
    case .unknownSymbol(_, _, let nearest, let available):
      nearest.map { "use --symbols \($0)" }
        ?? (available.isEmpty
          ? "name a folder that has one file a symbol, such as NVDA.csv" : "choose one of those")
    case .notASession: "check the date, and declare the zone of the exchange the bars come from"
    case .calendar(_, let error): error.diagnosis.remedy
    case .disorder(_, let error): error.diagnosis.remedy
    case .universe(_, let error): error.diagnosis.remedy
    case .noBars: "choose a --timerange inside those dates"
    case .parquet(let path, let message):
      Self.isDiskFull(message)
        ? FileError.diskFull(path: path).diagnosis.remedy
        : "check that the file is complete; write or fetch it again"
    }
  }

  /// Arrow tells its own failures and the system's in one line of words.
  static func isDiskFull(_ message: String) -> Bool { message.contains("No space left") }

  private var exitCode: ExitCode {
    switch self {
    case .unknownSymbol, .undeclared, .badDeclaration: .wrongUsage
    default: .failed
    }
  }

  /// Names for a message; long lists and long names are cut, so that an error stays one line.
  private static func list(_ names: [String]) -> String {
    guard !names.isEmpty else { return "none" }
    let shown = names.prefix(12).map { name in
      // Names from a file can hold what would break a line or a terminal.
      String(Excerpt.quoted(name, longest: 40).dropFirst().dropLast())
    }.joined(separator: ", ")
    return names.count > 12 ? "\(shown) and \(names.count - 12) more" : shown
  }
}
