import Runtime

/// Which symbols belonged to an index, or to any list, on which day.
///
/// Asking it for the members of a day gives those of that day, not today's survivors.
public struct Universe: Sendable {
  /// A stretch of days on which a symbol was a member.
  public struct Span: Hashable, Sendable {
    public let symbol: Symbol
    public let first: CivilDate
    /// The first day on which it no longer is; `nil` while it still is.
    public let end: CivilDate?

    public init(symbol: Symbol, first: CivilDate, end: CivilDate?) {
      self.symbol = symbol
      self.first = first
      self.end = end
    }

    public func contains(_ date: CivilDate) -> Bool {
      first <= date && (end.map { date < $0 } ?? true)
    }
  }

  public let name: String
  /// Of each symbol, in order of time.
  private let spans: [Symbol: [Span]]

  /// Refuses spans that end before they begin, and two of one symbol that share a day.
  public init(name: String, spans: some Sequence<Span>) throws(UniverseError) {
    var bySymbol: [Symbol: [Span]] = [:]
    for span in spans {
      if let end = span.end, end <= span.first {
        throw .endsBeforeItStarts(universe: name, symbol: span.symbol, span.first, end)
      }
      bySymbol[span.symbol, default: []].append(span)
    }
    for symbol in bySymbol.keys.sorted() {
      let ordered = (bySymbol[symbol] ?? []).sorted { $0.first < $1.first }
      for (span, next) in zip(ordered, ordered.dropFirst())
      where span.end.map({ $0 > next.first }) ?? true {
        throw .overlap(universe: name, symbol: symbol, span, next)
      }
      bySymbol[symbol] = ordered
    }
    self.name = name
    self.spans = bySymbol
  }

  /// Every symbol that ever was a member, in order.
  public var symbols: [Symbol] { spans.keys.sorted() }

  /// The spans of a symbol, in order of time.
  public func spans(of symbol: Symbol) -> [Span] { spans[symbol] ?? [] }

  public func isMember(_ symbol: Symbol, on date: CivilDate) -> Bool {
    spans[symbol]?.contains { $0.contains(date) } ?? false
  }

  /// The members of a day, in order.
  public func members(on date: CivilDate) -> [Symbol] {
    spans.filter { $0.value.contains { $0.contains(date) } }.map(\.key).sorted()
  }

  /// Every symbol that was a member on some day of `days`, in order.
  public func members(in days: ClosedRange<CivilDate>) -> [Symbol] {
    spans.filter { _, spans in
      spans.contains { $0.first <= days.upperBound && $0.end ?? .last > days.lowerBound }
    }.map(\.key).sorted()
  }

  /// The days on which the number of members changes, and the number from then on.
  public var counts: [(from: CivilDate, count: Int)] {
    var steps: [CivilDate: Int] = [:]
    for span in spans.values.joined() {
      steps[span.first, default: 0] += 1
      if let end = span.end { steps[end, default: 0] -= 1 }
    }
    var count = 0
    return steps.sorted { $0.key < $1.key }.map { date, step in
      count += step
      return (date, count)
    }
  }

  /// Refuses a universe whose number of members leaves `expected` on a day of `days`: a file with
  /// spans missing or doubled shows there first.
  public func checkCounts(
    in days: ClosedRange<CivilDate>, expected: ClosedRange<Int>
  ) throws(UniverseError) {
    func check(_ date: CivilDate, _ count: Int) throws(UniverseError) {
      guard expected.contains(count) else {
        throw .unlikelyCount(universe: name, date: date, count: count, expected: expected)
      }
    }
    let changes = counts
    try check(days.lowerBound, changes.last { $0.from <= days.lowerBound }?.count ?? 0)
    for change in changes where days.contains(change.from) {
      try check(change.from, change.count)
    }
  }
}

/// What can be wrong with a list of members.
public enum UniverseError: DiagnosedError, Equatable {
  case endsBeforeItStarts(universe: String, symbol: Symbol, CivilDate, CivilDate)
  case overlap(universe: String, symbol: Symbol, Universe.Span, Universe.Span)
  /// Removed by a list of changes, but no member then.
  case notAMember(universe: String, symbol: Symbol, CivilDate)
  case unlikelyCount(universe: String, date: CivilDate, count: Int, expected: ClosedRange<Int>)

  public var diagnosis: Diagnosis {
    switch self {
    case .endsBeforeItStarts(let universe, let symbol, let first, let end):
      Diagnosis(
        place: "\(universe), \(symbol)",
        finding: "its membership from \(first) ends on \(end), before it starts",
        remedy: "correct one of the two days")
    case .overlap(let universe, let symbol, let span, let next):
      Diagnosis(
        place: "\(universe), \(symbol)",
        finding: "is a member twice from \(next.first) on: since \(span.first) too",
        remedy: "end the earlier membership, or join the two")
    case .notAMember(let universe, let symbol, let date):
      Diagnosis(
        place: "\(universe), \(symbol)", finding: "is removed on \(date), and is no member then",
        remedy: "look for a change that is missing before that day, or a renamed symbol")
    case .unlikelyCount(let universe, let date, let count, let expected):
      Diagnosis(
        place: "\(universe), \(date)",
        finding:
          "has \(count) members, expected \(expected.lowerBound) to \(expected.upperBound)",
        remedy: "look for memberships that are missing or there twice around that day")
    }
  }
}
