import Market

/// A symbol as files write it, some with their exchange before it: `NSE:INFY`.
struct ListedSymbol: Equatable {
  let symbol: Symbol
  let exchange: String?

  init?(_ text: some StringProtocol) {
    guard let colon = text.firstIndex(of: ":") else {
      guard let symbol = Symbol(text) else { return nil }
      self.symbol = symbol
      exchange = nil
      return
    }
    let prefix = text[..<colon]
    guard (2...12).contains(prefix.utf8.count),
      prefix.utf8.allSatisfy({ (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }),
      let symbol = Symbol(text[text.index(after: colon)...])
    else { return nil }
    self.symbol = symbol
    exchange = String(prefix)
  }

  /// The symbol in the name of a file of its bars: `AMD_5min.csv.gz`, `VIX_1990_to_2026-07.csv`.
  ///
  /// What follows an underscore and begins with a digit or a small letter is no part of a symbol;
  /// `BRK_B.csv` is BRK_B.
  static func symbol(ofFile name: String) -> Symbol? {
    guard !name.hasPrefix(".") else { return nil }
    var stem = Substring(name)
    while let ending = FileEnding.all.first(where: { stem.hasSuffix($0) && stem.count > $0.count })
    {
      stem.removeLast(ending.count)
    }
    var cut = stem.startIndex
    while let underscore = stem[cut...].firstIndex(of: "_") {
      cut = stem.index(after: underscore)
      guard let next = stem[cut...].first, next.isNumber || next.isLowercase else { continue }
      return Symbol(stem[..<underscore])
    }
    return Symbol(stem)
  }

  /// The same, where the name looks like a symbol: `prices.csv` does not.
  static func capital(ofFile name: String) -> Symbol? {
    symbol(ofFile: name).flatMap { $0.text.contains(where: \.isLowercase) ? nil : $0 }
  }

  /// The zone of the exchange, from the prefix or from a suffix that Yahoo uses; `nil` where neither
  /// says anything.
  static func zone(exchange: String?, symbol: Symbol) -> Zone? {
    switch exchange {
    case "NSE", "BSE": return .kolkata
    case "NYSE", "NASDAQ", "AMEX", "ARCA", "BATS", "CBOE": return .newYork
    default: break
    }
    return [".NS", ".BO"].contains { symbol.text.hasSuffix($0) } ? .kolkata : nil
  }

  /// The calendar of an index that is computed at other hours than its zone's shares trade.
  static func calendar(of symbol: Symbol) -> TradingCalendar? {
    volatilityIndices.contains(symbol.text.drop { $0 == "^" }) ? .cboe : nil
  }

  private static let volatilityIndices: Set<Substring> = [
    "VIX", "VIX1D", "VIX9D", "VIX3M", "VIX6M", "VIX1Y", "VVIX",
  ]

  /// A place whose exchange has no calendar here, from a suffix that vendors use; `nil` for none.
  static func foreignMarket(_ symbol: Symbol) -> String? {
    guard let dot = symbol.text.lastIndex(of: ".") else { return nil }
    return foreignMarkets[String(symbol.text[symbol.text.index(after: dot)...])]
  }

  private static let foreignMarkets = [
    "SH": "Shanghai", "SS": "Shanghai", "SZ": "Shenzhen", "HK": "Hong Kong", "T": "Tokyo",
    "L": "London", "DE": "Frankfurt", "F": "Frankfurt", "PA": "Paris", "AS": "Amsterdam",
    "SW": "Zürich", "TO": "Toronto", "AX": "Sydney", "KS": "Seoul", "TW": "Taipei", "MI": "Milan",
    "MC": "Madrid", "SI": "Singapore", "SA": "São Paulo",
  ]
}

/// How the names of files of data end.
enum FileEnding {
  static let packings = [".gz", ".zst", ".zip"]
  static let formats = [".csv", ".parquet", ".tsv", ".txt", ".jsonl"]
  static let all = packings + formats

  /// Whether a file can be one of lines, by its name.
  static func mayHoldLines(_ name: String) -> Bool { !name.hasSuffix(".parquet") }

  /// Whether a file in a folder is one of data, by its name; what it really is its bytes tell.
  static func isData(_ name: String) -> Bool {
    guard !name.hasPrefix(".") else { return false }
    return packings.contains { name.hasSuffix($0) }
      || [".csv", ".parquet", ".tsv", ".jsonl"].contains { name.hasSuffix($0) }
  }
}
