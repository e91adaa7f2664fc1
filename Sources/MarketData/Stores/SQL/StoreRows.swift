import Databases
import Market
import Runtime

/// A row of a store's tables that this program did not write.
struct StrangeRow: Error {
  let finding: String
}

extension SeriesSummary {
  /// From the columns of `SeriesSQL.list`.
  init(row: [SQLValue]) throws {
    guard let symbol = row[0].text.flatMap({ Symbol($0) }), let interval = row[1].text,
      let source = row[2].text, let barCount = row[6].integer, let revisedCount = row[7].integer
    else { throw StrangeRow(finding: "a series without a symbol, an interval or a source") }
    let key = SeriesKey(
      symbol: symbol, interval: try BarInterval(parsing: interval), source: source)
    func instant(_ column: Int) -> Timestamp? {
      row[column].integer.map { Timestamp(nanoseconds: $0) }
    }
    var span: Range<Timestamp>?
    if let first = instant(8), let last = instant(9) { span = first..<max(first, last) }
    self.init(
      key: key,
      declaration: BarDeclaration(
        source: source, interval: key.interval, words: (row[3..<6] + row[11..<12]).map(\.text)),
      barCount: Int(barCount), revisedCount: Int(revisedCount), span: span, recordedAt: instant(10))
  }
}

extension BarDeclaration {
  /// What stores keep of it: stamp, zone, adjustment and calendar.
  var storedWords: [String?] { [stamp?.rawValue, zone, adjustment?.rawValue, calendar] }

  /// From what stores keep of it.
  init(source: String, interval: BarInterval, words: [String?]) {
    self.init(
      source: source, interval: interval, stamp: words[0].flatMap { Stamp(rawValue: $0) },
      zone: words[1], calendar: words[3], adjustment: words[2].flatMap { Adjustment(rawValue: $0) })
  }

  /// What was declared with what was left open filled in; refused where they differ.
  func settled(by given: BarDeclaration, of key: SeriesKey) throws(StoreError) -> BarDeclaration {
    try agree("stamps that are", stamp?.rawValue, given.stamp?.rawValue, key)
    try agree("zone", zone, given.zone, key)
    try agree("calendar", calendar, given.calendar, key)
    try agree("adjustment", adjustment?.rawValue, given.adjustment?.rawValue, key)
    return overlaid(with: given)
  }

  private func agree(
    _ what: String, _ stored: String?, _ given: String?, _ key: SeriesKey
  ) throws(StoreError) {
    guard let stored, let given, stored != given else { return }
    throw .declaredOtherwise(series: key.description, what: what, stored: stored, given: given)
  }
}

extension RecordedAction {
  /// In the order of `ActionSQL`.
  var values: [SQLValue] {
    [
      .text(action.symbol.text), .text(source), .text(action.date.description),
      .text(action.kind.word), SQLValue(action.kind.target?.text), .integer(Int64(ordinal)),
      .integer(recordedAt.nanoseconds), .integer(action.knownAt.nanoseconds),
      SQLValue(action.kind.amount),
    ]
  }

  init(row: [SQLValue]) throws {
    guard let symbol = row[0].text.flatMap({ Symbol($0) }), let source = row[1].text,
      let date = row[2].text, let word = row[3].text,
      let kind = CorporateAction.Kind(word: word, amount: row[8].number, target: row[4].text),
      let ordinal = row[5].integer, let recordedAt = row[6].integer, let knownAt = row[7].integer
    else { throw StrangeRow(finding: "a corporate action that is none") }
    self.init(
      action: CorporateAction(
        symbol: symbol, date: try CivilDate(parsing: date),
        knownAt: Timestamp(nanoseconds: knownAt), kind: kind),
      source: source, ordinal: Int(ordinal), recordedAt: Timestamp(nanoseconds: recordedAt))
  }
}

extension BarQuery {
  /// First and last start, both included; the whole of time where nothing is said.
  static func bounds(_ starts: Range<Timestamp>?) -> (first: Int64, last: Int64) {
    guard let starts else { return (.min, .max) }
    // An empty range ends before it begins, which no bar is in.
    let last = starts.upperBound.nanoseconds
    return (starts.lowerBound.nanoseconds, last == .min ? .min : last - 1)
  }
}

extension StoreError {
  static func unknown(_ key: SeriesKey, store: StoreAddress, known: [SeriesKey]) -> StoreError {
    let same = known.filter { $0.symbol == key.symbol }.map(\.description)
    let nearest =
      same.first ?? Words.nearest(to: key.description, among: known.map(\.description))
    return .unknownSeries(store: store.description, wanted: key.description, nearest: nearest)
  }
}
