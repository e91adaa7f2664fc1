import Glibc
import Market
import MarketData
import Runtime
import Trading

extension RunSettings {
  /// What an exchange says of the shares.
  func notices() throws -> [MarketNotice] {
    guard let file = venue.notices else { return [] }
    let text = String(decoding: try SmallFile.read(file, bytesMax: 1 << 26), as: UTF8.self)
    return try MarketNotice.read(csv: text, file: file)
  }

  /// Splits, dividends and ends of shares whose prices are as they were traded.
  func actions() throws -> [CorporateAction] {
    guard let place = venue.actions else { return [] }
    let folder = try DataFolder(path: data)
    let said = BarDeclaration(
      stamp: declaration.stamp, zone: declaration.zone, adjustment: declaration.adjustment)
    let declared = folder.declaration.overlaid(with: said)
    guard declared.adjustment == BarDeclaration.Adjustment.none else {
      throw ActionsError.adjusted(data: data, declared.adjustment)
    }
    let symbols = symbols.isEmpty ? folder.symbols : symbols
    guard access("\(place)/.", F_OK) == 0 else {
      let store = try StoreAddress(parsing: place).open(creating: false)
      return try symbols.flatMap { try store.actions(of: $0) }
    }
    guard let calendar = declared.sessions else { throw ActionsError.noCalendar(data: data) }
    return try symbols.flatMap { symbol in
      try Self.factors(of: symbol, in: place)?.actions(of: symbol, calendar: calendar) ?? []
    }
  }

  /// Of `aapl.csv` and the like; a symbol without such a file has none.
  private static func factors(of symbol: Symbol, in folder: String) throws -> FactorFile? {
    for name in [symbol.text.lowercased(), symbol.text] {
      let path = "\(folder)/\(name).csv"
      if access(path, R_OK) == 0 { return try FactorFile(path: path) }
    }
    return nil
  }
}

/// Why corporate actions are not applied.
enum ActionsError: DiagnosedError {
  case adjusted(data: String, BarDeclaration.Adjustment?)
  case noCalendar(data: String)

  var diagnosis: Diagnosis {
    switch self {
    case .adjusted(let data, let adjustment):
      Diagnosis(
        place: "venue.actions",
        finding: adjustment.map {
          "prices of \(data) are adjusted (\($0.rawValue)): its actions would count twice"
        } ?? "nothing says whether prices of \(data) are as they were traded",
        remedy:
          "where they are as traded, say so: --set bars.adjustment=none; else leave out actions",
        exitCode: .refused)
    case .noCalendar(let data):
      Diagnosis(
        place: "venue.actions", finding: "no calendar of sessions is known for \(data)",
        remedy: "name its zone: --zone America/New_York", exitCode: .refused)
    }
  }
}
