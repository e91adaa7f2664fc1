import Market
import Runtime

/// Why bars were not cleaned, or a cleaning not undone.
public enum CleaningError: DiagnosedError, Equatable {
  case disorder(symbol: Symbol, row: Int)
  case wrongAdjustment(symbol: Symbol, is: String?, needed: String)
  case damagedSidecar(path: String, finding: String)
  /// The bars are not those that the sidecar was written for.
  case otherBars(sidecar: String, symbol: Symbol)

  public var diagnosis: Diagnosis {
    switch self {
    case .disorder(let symbol, let row):
      Diagnosis(
        place: "\(symbol), row \(row + 1)", finding: "does not start after the row above it",
        remedy: "import the bars into a store first: martinet data import FILE --to STORE")
    case .wrongAdjustment(let symbol, let adjustment, let needed):
      Diagnosis(
        place: symbol.text,
        finding: adjustment.map { "its prices are declared as adjusted for \($0), not \(needed)" }
          ?? "nothing says what its prices are adjusted for",
        remedy: "declare it when importing: --adjustment none, splits or splits_and_dividends",
        exitCode: .wrongUsage)
    case .damagedSidecar(let path, let finding):
      Diagnosis(
        place: path, finding: finding,
        remedy: "the bars as they were are still stored under their own source; use those")
    case .otherBars(let sidecar, let symbol):
      Diagnosis(
        place: sidecar, finding: "the cleaned bars of \(symbol) were changed since it was written",
        remedy: "clean again from the bars as they were, which are stored under their own source",
        exitCode: .refused)
    }
  }
}
