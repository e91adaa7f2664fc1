import Market
import Runtime

/// What a path inside a LEAN data folder says: `equity/usa/minute/aapl/20140605_trade.zip`.
struct LeanPath: Equatable {
  enum Content: Equatable {
    case trades
    case quotes
    case factors
    case names
  }

  enum Resolution: String {
    case daily
    case hour
    case minute
    case second
    case tick

    var interval: BarInterval? {
      switch self {
      case .daily: .day
      case .hour: .hour
      case .minute: .minute
      case .second: BarInterval(count: 1, unit: .second)
      case .tick: nil
      }
    }
  }

  /// The folder of the market: `…/equity/usa`.
  let marketFolder: String
  let securityType: String
  let market: String
  /// In small letters, as LEAN writes it.
  let ticker: String
  let content: Content
  /// `nil` for factor and map files.
  let resolution: Resolution?
  /// The day that the file's stamps count from; `nil` where they name their days.
  let day: CivilDate?

  private static let securityTypes: Set = [
    "equity", "index", "forex", "crypto", "cfd", "future", "option", "cryptofuture",
  ]

  /// `nil` where the path is not one of a LEAN folder.
  init?(_ path: String) {
    let parts = path.split(separator: "/").map(String.init)
    guard let type = parts.lastIndex(where: Self.securityTypes.contains),
      parts.count >= type + 4
    else { return nil }
    securityType = parts[type]
    market = parts[type + 1]
    let end = parts[..<(type + 2)].joined(separator: "/")
    marketFolder = (path.hasPrefix("/") ? "/" : "") + end
    let rest = Array(parts[(type + 2)...])
    switch (rest.count, rest[0]) {
    case (2, "factor_files"), (2, "map_files"):
      guard rest[1].hasSuffix(".csv") else { return nil }
      ticker = String(rest[1].dropLast(4))
      content = rest[0] == "map_files" ? .names : .factors
      resolution = nil
      day = nil
    case (2, let folder):
      guard let found = Resolution(rawValue: folder), found == .daily || found == .hour,
        rest[1].hasSuffix(".zip")
      else { return nil }
      ticker = String(rest[1].dropLast(4))
      content = .trades
      resolution = found
      day = nil
    case (3, let folder):
      guard let found = Resolution(rawValue: folder), found != .daily, found != .hour,
        let (date, kind) = Self.dayAndKind(rest[2])
      else { return nil }
      ticker = rest[1]
      content = kind
      resolution = found
      day = date
    default: return nil
    }
  }

  /// `20140605_trade.zip`.
  private static func dayAndKind(_ name: String) -> (CivilDate, Content)? {
    let parts = name.split(separator: "_")
    guard parts.count == 2, parts[0].utf8.count == 8, let number = Int(parts[0]),
      let date = CivilDate(
        year: number / 10_000, month: number / 100 % 100, day: number % 100)
    else { return nil }
    switch parts[1] {
    case "trade.zip": return (date, .trades)
    case "quote.zip": return (date, .quotes)
    default: return nil
    }
  }

  /// The symbol that the ticker is.
  var symbol: Symbol? { Symbol(ticker.uppercased()) }

  /// The zone of the exchange; `nil` where the market has no calendar here.
  var zone: Zone? {
    switch (market, securityType) {
    case ("usa", "equity"): .newYork
    case ("india", "equity"), ("india", "index"): .kolkata
    default: nil
    }
  }

  /// Prices of shares are counted in ten-thousandths, those of everything else in whole units.
  var priceScale: Double { securityType == "equity" || securityType == "option" ? 10_000 : 1 }

  /// What a LEAN folder settles about its bars.
  func declaration() throws(DataError) -> BarDeclaration {
    guard let zone else {
      throw .undeclared(
        place: marketFolder,
        what: "when \(securityType) trades in \(market): no calendar here knows that market",
        guess: nil, remedy: "equities of usa and india and indices of india can be imported")
    }
    return BarDeclaration(
      source: "lean", interval: resolution?.interval,
      stamp: resolution == .daily ? .session : .start, zone: zone.name,
      adjustment: BarDeclaration.Adjustment.none)
  }
}
