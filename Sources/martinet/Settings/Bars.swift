import Market
import MarketData
import Runtime

extension RunSettings {
  /// The bars these settings ask for, one frame a symbol.
  func frames() throws -> [Frame] {
    let folder = try DataFolder(path: data)
    let wanted = symbols.isEmpty ? folder.symbols : symbols
    guard !wanted.isEmpty else { throw DataChoiceError.emptyFolder(path: data) }
    return try folder.load(symbols: wanted, interval: interval, days: timerange ?? .all)
  }
}

/// What is wrong with the choice of data, rather than in it.
enum DataChoiceError: DiagnosedError {
  case emptyFolder(path: String)

  var diagnosis: Diagnosis {
    switch self {
    case .emptyFolder(let path):
      Diagnosis(
        place: path, finding: "there is no file of bars in this folder",
        remedy:
          "put one there for each symbol, as in NVDA.csv, or name a folder: --data Samples/daily")
    }
  }
}
