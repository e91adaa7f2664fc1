import Market
import Runtime

/// A row of a store's tables that this program did not write.
struct StrangeRow: Error {
  let finding: String
}

extension SeriesSummary {
  /// From the columns of `SeriesSQL.list`.
  init(row: [String?]) throws {
    guard let symbol = row[0].flatMap({ Symbol($0) }), let interval = row[1], let source = row[2],
      let barCount = row[6].flatMap({ Int($0) }), let revisedCount = row[7].flatMap({ Int($0) })
    else { throw StrangeRow(finding: "a series without a symbol, an interval or a source") }
    let key = SeriesKey(
      symbol: symbol, interval: try BarInterval(parsing: interval), source: source)
    func instant(_ column: Int) -> Timestamp? {
      row[column].flatMap { Int64($0) }.map { Timestamp(nanoseconds: $0) }
    }
    var span: Range<Timestamp>?
    if let first = instant(8), let last = instant(9) { span = first..<max(first, last) }
    self.init(
      key: key,
      declaration: BarDeclaration(source: source, interval: key.interval, words: Array(row[3..<6])),
      barCount: barCount, revisedCount: revisedCount, span: span, recordedAt: instant(10))
  }
}

extension BarDeclaration {
  /// From what stores keep of it: stamp, zone and adjustment.
  init(source: String, interval: BarInterval, words: [String?]) {
    self.init(
      source: source, interval: interval, stamp: words[0].flatMap { Stamp(rawValue: $0) },
      zone: words[1], adjustment: words[2].flatMap { Adjustment(rawValue: $0) })
  }

  /// What was declared with what was left open filled in; refused where they differ.
  func settled(by given: BarDeclaration, of key: SeriesKey) throws(StoreError) -> BarDeclaration {
    try agree("stamps that are", stamp?.rawValue, given.stamp?.rawValue, key)
    try agree("zone", zone, given.zone, key)
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
  /// Symbol, source, date, kind and target, as tables have them.
  var texts: [String?] {
    [
      action.symbol.text, source, action.date.description, action.kind.word,
      action.kind.target?.text,
    ]
  }

  init(
    texts: [String?], ordinal: Int, recordedAt: Int64, knownAt: Int64, amount: Double?
  ) throws {
    guard let symbol = texts[0].flatMap({ Symbol($0) }), let source = texts[1],
      let date = texts[2], let word = texts[3],
      let kind = CorporateAction.Kind(word: word, amount: amount, target: texts[4])
    else { throw StrangeRow(finding: "a corporate action that is none") }
    self.init(
      action: CorporateAction(
        symbol: symbol, date: try CivilDate(parsing: date),
        knownAt: Timestamp(nanoseconds: knownAt), kind: kind),
      source: source, ordinal: ordinal, recordedAt: Timestamp(nanoseconds: recordedAt))
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
