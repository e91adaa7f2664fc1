import Market
import Runtime

/// What can be wrong with the data features are asked of.
public enum FeatureError: DiagnosedError, Equatable {
  case missingColumn(String, symbol: Symbol, found: [String])
  case unknownFeature(String, nearest: String?)
  case unknownSet(String, nearest: String?)
  case tooFewBars(symbol: Symbol, bars: Int, needed: Int)
  /// A column that is there and holds nothing.
  case emptyColumn(String, symbol: Symbol, bars: Int)
  /// Longer bars need the sessions of an exchange.
  case noCalendar(symbol: Symbol, column: String)
  case frame(FrameError)

  public var diagnosis: Diagnosis {
    switch self {
    case .missingColumn(let name, let symbol, let found):
      Diagnosis(
        place: symbol.text,
        finding: "column \"\(name)\" is missing (found: \(found.joined(separator: ", ")))",
        remedy: "features need open, high, low, close and volume; name the columns at import")
    case .unknownFeature(let name, let nearest):
      Diagnosis(
        place: name, finding: "there is no such feature",
        remedy: nearest.map { "did you mean \"\($0)\"?" } ?? "martinet features list has them all")
    case .unknownSet(let name, let nearest):
      Diagnosis(
        place: name, finding: "there is no such set of features",
        remedy: nearest.map { "did you mean \"\($0)\"?" } ?? "martinet features list has them all")
    case .tooFewBars(let symbol, let bars, let needed):
      Diagnosis(
        place: symbol.text, finding: "\(bars) bars, where at least \(needed) are needed",
        remedy: "give more history, leave the symbol out (--symbols), or choose shorter look-backs")
    case .emptyColumn(let name, let symbol, let bars):
      Diagnosis(
        place: symbol.text, finding: "column \"\(name)\" has no value in any of \(bars) bars",
        remedy: "leave out the symbol, or features that need the column")
    case .noCalendar(let symbol, let column):
      Diagnosis(
        place: symbol.text,
        finding: "\(column) needs the sessions of an exchange that are not known",
        remedy: "declare the zone of the exchange, such as America/New_York")
    case .frame(let error): error.diagnosis
    }
  }
}
