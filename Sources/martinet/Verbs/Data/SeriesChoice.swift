import Market
import MarketData
import Runtime

/// Choosing among the series of a store.
enum SeriesChoice {
  static let source: Flag<String?> = .optional(
    "source", .text, metavariable: "NAME",
    help: "The source of the bars, where the store has several of one symbol.")

  /// The series that match what is named, in order; refused where there is none.
  static func series(
    in store: any BarStore, symbols: [Symbol], interval: BarInterval?, source: String?
  ) throws -> [SeriesSummary] {
    let all = try store.series()
    func matches(_ series: SeriesSummary, _ symbol: Symbol?) -> Bool {
      (symbol.map { series.key.symbol == $0 } ?? true)
        && (interval.map { series.key.interval == $0 } ?? true)
        && (source.map { series.key.source == $0 } ?? true)
    }
    for symbol in symbols where !all.contains(where: { matches($0, symbol) }) {
      let names = Set(all.map(\.key.symbol.text))
      let wanted = [symbol.text, interval?.description, source.map { "from \($0)" }]
      let nearest =
        names.contains(symbol.text)
        ? all.first { $0.key.symbol == symbol }.map { "\($0.key)" }
        : Words.nearest(to: symbol.text, among: names.sorted())
      throw StoreError.unknownSeries(
        store: store.address.description,
        wanted: wanted.compactMap { $0 }.joined(separator: " "), nearest: nearest)
    }
    let found = all.filter { series in
      symbols.isEmpty ? matches(series, nil) : symbols.contains { matches(series, $0) }
    }
    guard !found.isEmpty else {
      throw StoreError.unknownSeries(
        store: store.address.description, wanted: "any symbol", nearest: nil)
    }
    return found
  }

  /// The one series that matches; refused where there are several.
  static func one(
    in store: any BarStore, symbol: Symbol, interval: BarInterval?, source: String?
  ) throws -> SeriesSummary {
    let found = try series(in: store, symbols: [symbol], interval: interval, source: source)
    guard found.count == 1, let one = found.first else {
      throw SeriesChoiceError.several(symbol, found.map(\.key))
    }
    return one
  }
}

enum SeriesChoiceError: DiagnosedError {
  case several(Symbol, [SeriesKey])

  var diagnosis: Diagnosis {
    switch self {
    case .several(let symbol, let keys):
      let intervals = Set(keys.map(\.interval))
      let choice =
        intervals.count > 1
        ? "--interval \(intervals.sorted().map(\.description).joined(separator: " or "))"
        : "--source \(Set(keys.map(\.source)).sorted().joined(separator: " or "))"
      return Diagnosis(
        place: "\(symbol)",
        finding: "there are \(keys.count) series of it: "
          + keys.prefix(6).map { "\($0.interval) (\($0.source))" }.joined(separator: ", "),
        remedy: "choose one with \(choice)", exitCode: .wrongUsage)
    }
  }
}

extension BarDeclaration {
  /// What is declared, on one line.
  var words: String {
    [
      source.map { "source \($0)" }, interval.map { "bars of \($0)" },
      stamp.map { "stamped \($0.rawValue)" }, zone, calendar.map { "sessions of \($0)" },
      adjustment.map { "adjusted: \($0.rawValue)" },
    ].compactMap { $0 }.joined(separator: ", ")
  }
}
