import Market
import MarketData
import Runtime

private let coarse: Flag<BarInterval> = .required(
  "interval", short: "i", aliases: ["timeframe"], .barInterval, metavariable: "LENGTH",
  help: "Length of the bars to make: 5min, 15min, 1h, 1d, 1w.")
private let fine: Flag<BarInterval?> = .optional(
  "of", .barInterval, metavariable: "LENGTH",
  help: "Length of the bars to make them of; the finest there are if not given.")
private let hours: Flag<String> = .value(
  "hours", .oneOf(SessionHours.allCases.map(\.rawValue)), metavariable: "HOURS",
  default: SessionHours.regular.rawValue,
  help: "Whether trading before the open and after the close makes bars, too.")

/// Makes coarser bars of stored ones.
let dataAggregateVerb = Verb(
  "aggregate", aliases: ["resample"], summary: "Make coarser bars of those in a store",
  discussion: """
    Bars begin and end with the exchange's sessions, half days and changes of clocks included. A bar is \
    known when it is over; one that is still being made is left out. The new series keeps the name of \
    its source.
    """,
  flags: [
    DataFlags.from, DataFlags.to, coarse, fine, DataFlags.symbols, SeriesChoice.source,
    DataFlags.timerange, hours,
  ],
  examples: [
    .init(
      "martinet data aggregate --from sqlite:market.db --to sqlite:market.db --interval 5min",
      "Bars of five minutes of every symbol's finest ones.")
  ]
) { invocation in
  let (from, to) = (try invocation[DataFlags.from], try invocation[DataFlags.to])
  let interval = try invocation[coarse]
  let store = try from.open(creating: false)
  let target = from == to ? store : try invocation.store(to)
  let known = try SeriesChoice.series(
    in: store, symbols: invocation[DataFlags.symbols], interval: invocation[fine],
    source: invocation[SeriesChoice.source])
  let series = Finest.series(known, below: interval)
  guard !series.isEmpty else {
    throw AggregateError.nothingFiner(interval, known.map(\.key))
  }
  let aggregation = SeriesAggregation(
    to: interval, hours: SessionHours(rawValue: try invocation[hours]) ?? .regular,
    days: try invocation[DataFlags.timerange] ?? .all)
  let console = invocation.console
  var outcomes: [SeriesAggregation.Outcome] = []
  for summary in series {
    let outcome = try aggregation.run(
      summary, from: store, to: target, recordedAt: SystemTime().now)
    outcomes.append(outcome)
    if invocation.wantsJSON { console.output.write(outcome.json.text() + "\n") }
  }
  if !invocation.wantsJSON {
    console.print(outcomes.table.text(for: console.traits))
    for words in Set(outcomes.map(\.declaration.words)).sorted() {
      console.print("declared  " + words)
    }
    let first = outcomes.first.map { " \($0.to.symbol)" } ?? ""
    console.printResult(
      "store", at: "\(to)", next: "martinet data show\(first) --from \(to) --interval \(interval)")
  }
  return .done
}

private enum Finest {
  /// Of each symbol and source the finest series that is finer than `interval`.
  static func series(_ all: [SeriesSummary], below interval: BarInterval) -> [SeriesSummary] {
    var seen: Set<String> = []
    return all.filter { $0.key.interval < interval && $0.barCount > 0 }
      .sorted { $0.key.interval < $1.key.interval }
      .filter { seen.insert("\($0.key.symbol) \($0.key.source)").inserted }
      .sorted { $0.key < $1.key }
  }
}

private enum AggregateError: DiagnosedError {
  case nothingFiner(BarInterval, [SeriesKey])

  var diagnosis: Diagnosis {
    switch self {
    case .nothingFiner(let interval, let keys):
      Diagnosis(
        place: "--interval \(interval)",
        finding: "no bars there are finer: "
          + Set(keys.map(\.interval)).sorted().map(\.description).joined(separator: ", "),
        remedy: "choose a longer interval", exitCode: .wrongUsage)
    }
  }
}

extension SeriesAggregation.Outcome {
  fileprivate var json: JSON {
    [
      "symbol": .string(to.symbol.text), "source": .string(to.source),
      "from": .string("\(from.interval)"), "interval": .string("\(to.interval)"),
      "fine_bars": JSON(fineBars), "bars": JSON(coarseBars), "outside_hours": JSON(leftOut),
      "unfinished": JSON(unfinished), "added": JSON(counts.added),
      "revised": JSON(counts.revised), "unchanged": JSON(counts.unchanged),
    ]
  }
}

extension [SeriesAggregation.Outcome] {
  fileprivate var table: Table {
    var table = Table([
      .words("symbol"), .words("source", importance: 3), .words("from", importance: 4),
      .words("to", importance: 5), .numbers("finer bars", importance: 2),
      .numbers("bars", importance: 6), .numbers("outside hours", importance: 1),
      .numbers("unfinished", importance: 1), .numbers("new", importance: 3),
      .numbers("revised", importance: 2),
    ])
    for outcome in self {
      table.add([
        .init(outcome.to.symbol.text), .init(outcome.to.source),
        .init("\(outcome.from.interval)"), .init("\(outcome.to.interval)"),
        .init(NumberText.count(outcome.fineBars)), .init(NumberText.count(outcome.coarseBars)),
        .init(NumberText.count(outcome.leftOut)), .init(NumberText.count(outcome.unfinished)),
        .init(NumberText.count(outcome.counts.added)),
        .init(NumberText.count(outcome.counts.revised)),
      ])
    }
    return table
  }
}
