import Market
import Runtime

/// What the bars of a file are declared to be: by the file's own layout, over that by its folder, and
/// over that by a person. Whatever is left open is refused, with what it looks like.
struct Settlement {
  /// All of it settled.
  let declaration: BarDeclaration

  init(
    of tables: any TableStream, first table: BarTable, symbol: Symbol, given: BarDeclaration,
    needsAdjustment: Bool, path: String
  ) throws(DataError) {
    let own = tables.declaration(kind: table.kind, symbol: symbol)
    var declaration = own.overlaid(with: given)
    try declaration.settleZone(place: path)
    if table.times != nil { declaration.stamp = declaration.stamp ?? .end }
    // Instants need no zone; one that stands on no exchange's clock cuts no bar.
    if declaration.zone == nil, given.zone == nil, let market = ListedSymbol.foreignMarket(symbol) {
      throw .undeclared(
        place: path, what: "when the exchange of \(market) trades: no calendar here knows it",
        guess: nil,
        remedy: "of its bars, those with instants as stamps can be read: add --zone UTC")
    }
    let missing = Self.missing(declaration, needsAdjustment)
    if !missing.isEmpty {
      let stamps = table.bySymbol(default: symbol).first?.stamps ?? table.stamps
      let guess = DeclarationGuess(table, stamps: stamps)
      if table.kind == .instant, declaration.zone == nil { declaration.zone = guess.zone.name }
      try Self.refuse(
        Self.missing(declaration, needsAdjustment), guess, kind: table.kind, path: path)
    }
    self.declaration = declaration.completed(for: symbol)
  }

  private enum Part: String { case stamp, zone, adjustment }

  private static func missing(
    _ declaration: BarDeclaration, _ needsAdjustment: Bool
  ) -> [Part] {
    var missing: [Part] = []
    if declaration.stamp == nil { missing.append(.stamp) }
    if declaration.zone == nil { missing.append(.zone) }
    if needsAdjustment, declaration.adjustment == nil { missing.append(.adjustment) }
    return missing
  }

  private static func refuse(
    _ missing: [Part], _ guess: DeclarationGuess, kind: StampText.Kind, path: String
  ) throws(DataError) {
    guard !missing.isEmpty else { return }
    var questions: [String] = []
    var looks: [String] = []
    var flags: [String] = []
    if missing.contains(.stamp) {
      let stamp = guess.stamp ?? .start
      questions.append("whether a stamp is a bar's start or its end")
      looks.append("\(stamp.rawValue) stamps")
      flags.append("--stamp \(stamp.rawValue)")
    }
    if missing.contains(.zone) {
      questions.append("in which time zone its times are")
      looks.append("times of \(guess.zone.name)")
      flags.append("--zone \(guess.zone.name)")
    }
    if missing.contains(.adjustment) {
      questions.append("what its prices are adjusted for")
      looks.append(guess.adjustment.words)
      flags.append("--adjustment \(guess.adjustment.rawValue)")
    }
    throw .undeclared(
      place: path, what: questions.joined(separator: ", nor "),
      guess: looks.joined(separator: ", "),
      remedy: "if so, add \(flags.joined(separator: " "))")
  }
}

extension TableStream {
  /// What the file settles by itself.
  func declaration(kind: StampText.Kind, symbol: Symbol) -> BarDeclaration {
    var own = FormatDeclaration.of(
      titles: titles, kind: kind, symbol: symbol, exchanges: exchanges)
    if let settled { own = own.overlaid(with: settled) }
    own.interval = interval ?? own.interval
    return own
  }
}

extension BarDeclaration.Adjustment {
  /// In words, for a message.
  public var words: String {
    switch self {
    case .none: "prices as traded"
    case .splits: "prices adjusted for splits"
    case .splitsAndDividends: "prices adjusted for splits and dividends"
    }
  }
}

extension BarDeclaration {
  /// All of it in one line, for a person.
  public var words: String {
    var parts: [String] = []
    if let source { parts.append("from \(source)") }
    if let interval { parts.append("bars of \(interval)") }
    switch stamp {
    case .session?: parts.append("a stamp is a session's date")
    case .start?: parts.append("a stamp is a bar's start")
    case .end?: parts.append("a stamp is a bar's end")
    case nil: break
    }
    if let zone { parts.append("zone \(zone)") }
    if let calendar { parts.append("sessions of \(calendar)") }
    if let adjustment { parts.append(adjustment.words) }
    return parts.joined(separator: ", ")
  }
}
