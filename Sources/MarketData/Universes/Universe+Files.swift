import Market
import Runtime

/// What became of a universe on a day.
public struct UniverseChange: Equatable, Sendable {
  public let date: CivilDate
  public let added: [Symbol]
  public let removed: [Symbol]

  /// The changes that a file with the columns `date`, `add` and `remove` lists.
  public static func list(path: String) throws(DataError) -> [UniverseChange] {
    let table = try TextTable(path: path)
    let (date, add) = (try table.column("date"), try table.column("add"))
    let remove = try table.column("remove")
    var changes: [UniverseChange] = []
    for row in table.rows {
      changes.append(
        UniverseChange(
          date: try table.date(row, date), added: try table.symbols(row, add),
          removed: try table.symbols(row, remove)))
    }
    return changes
  }
}

extension Universe {
  /// Reads a file of memberships with the columns `ticker`, `start_date` and `end_date`, which is the
  /// first day on which the symbol no longer is a member, or empty.
  ///
  /// - Parameter expected: how many members there must be on every day from the first membership to
  ///   the last change; `nil` where anything goes.
  public init(
    path: String, name: String, expected: ClosedRange<Int>? = nil
  ) throws(DataError) {
    let table = try TextTable(path: path)
    let (ticker, start) = (try table.column("ticker"), try table.column("start_date"))
    let end = try table.column("end_date")
    var spans: [Span] = []
    for row in table.rows {
      spans.append(
        Span(
          symbol: try table.symbol(row, ticker), first: try table.date(row, start),
          end: table.text(row, end).isEmpty ? nil : try table.date(row, end)))
    }
    do throws(UniverseError) {
      try self.init(name: name, spans: spans)
      let changes = counts
      if let expected, let first = changes.first, let last = changes.last {
        try checkCounts(in: first.from...last.from, expected: expected)
      }
    } catch {
      throw .universe(path: path, error)
    }
  }

  /// The universe with the changes behind its own last one, for a file of memberships that was made
  /// earlier than the list.
  public func updated(with changes: [UniverseChange]) throws(UniverseError) -> Universe {
    guard let last = counts.last?.from else { return self }
    var spans = symbols.flatMap { self.spans(of: $0) }
    for change in changes.sorted(by: { $0.date < $1.date }) where change.date > last {
      for symbol in change.removed {
        guard let index = spans.firstIndex(where: { $0.symbol == symbol && $0.end == nil }) else {
          throw .notAMember(universe: name, symbol: symbol, change.date)
        }
        spans[index] = Span(symbol: symbol, first: spans[index].first, end: change.date)
      }
      spans += change.added.map { Span(symbol: $0, first: change.date, end: nil) }
    }
    return try Universe(name: name, spans: spans)
  }

  /// Where a list of changes says something else than the memberships, in words.
  public func disagreements(with changes: [UniverseChange]) -> [String] {
    changes.flatMap { change in
      let before = change.date.advanced(by: -1)
      let notAdded = change.added.filter {
        !isMember($0, on: change.date) || isMember($0, on: before)
      }
      let notRemoved = change.removed.filter {
        isMember($0, on: change.date) || !isMember($0, on: before)
      }
      return notAdded.map { "\(change.date): \($0) was added, which no membership says" }
        + notRemoved.map { "\(change.date): \($0) was removed, which no membership says" }
    }
  }
}

/// Sectors by the Global Industry Classification Standard, as they stood when the file was made:
/// earlier classifications may have been others.
public struct SectorTable: Sendable {
  public struct Entry: Equatable, Sendable {
    public let sector: String
    public let subIndustry: String
  }

  private let entries: [Symbol: Entry]

  /// Reads a file with the columns `Symbol`, `GICS Sector` and `GICS Sub-Industry`.
  public init(path: String) throws(DataError) {
    let table = try TextTable(path: path)
    let (symbol, sector) = (try table.column("symbol"), try table.column("gics sector"))
    let subIndustry = try table.column("gics sub-industry")
    var entries: [Symbol: Entry] = [:]
    for row in table.rows {
      let name = try table.symbol(row, symbol)
      let entry = Entry(
        sector: table.text(row, sector), subIndustry: table.text(row, subIndustry))
      guard entries.updateValue(entry, forKey: name) == nil else {
        throw .badValue(
          place: row.place, column: table.titles[symbol], text: name.text,
          expected: "new: it stands further up already")
      }
    }
    self.entries = entries
  }

  public subscript(symbol: Symbol) -> Entry? { entries[symbol] }
  public var symbols: [Symbol] { entries.keys.sorted() }
  public var sectors: [String] { Set(entries.values.map(\.sector)).sorted() }
}
