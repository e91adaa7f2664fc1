import Market

/// What the layout of a file settles by itself, because only one program writes it so.
enum FormatDeclaration {
  private static let yahooDaily = ["Date", "Open", "High", "Low", "Close", "Adj Close", "Volume"]
  private static let yahooIntraday: Set = ["Datetime", "Open", "High", "Low", "Close", "Volume"]

  /// - Parameters:
  ///   - titles: of the columns, as the file has them.
  ///   - symbol: whose bars come first.
  static func of(
    titles: [String], kind: StampText.Kind, symbol: Symbol, exchanges: Set<String>
  ) -> BarDeclaration {
    var own = BarDeclaration()
    own.zone = ListedSymbol.zone(exchange: exchanges.first, symbol: symbol)?.name
    if kind == .date {
      // A date names the session of that day.
      own.stamp = .session
      own.interval = .day
    }
    let isYahooDaily = titles == yahooDaily && kind == .date
    // Yahoo's bars within a day are stamped with their start and adjusted for splits only.
    let isYahooIntraday = Set(titles) == yahooIntraday && titles.count == 6 && kind == .instant
    if isYahooDaily || isYahooIntraday {
      own.source = "yahoo"
      own.adjustment = .splits
      if isYahooIntraday { own.stamp = .start }
      // Yahoo writes the places of other exchanges behind the symbol.
      if ListedSymbol.foreignMarket(symbol) == nil { own.zone = own.zone ?? Zone.newYork.name }
    }
    return own
  }
}

extension BarDeclaration {
  /// With the calendar of the symbol, where it has one of its own in the zone that was declared.
  func completed(for symbol: Symbol) -> BarDeclaration {
    guard calendar == nil, let own = ListedSymbol.calendar(of: symbol), own.zone.name == zone
    else { return self }
    var completed = self
    completed.calendar = own.name
    return completed
  }

  /// For readers that measure how long bars are themselves.
  var withoutInterval: BarDeclaration {
    var other = self
    other.interval = nil
    return other
  }
}
