import Market
import MarketData
import Runtime

private let to: Flag<StoreAddress?> = .optional(
  "to", .storeAddress, metavariable: "STORE", help: "The store to write: sqlite:FILE, lake:FOLDER.")
private let out: Flag<String?> = .optional(
  "out", .text, metavariable: "FOLDER", help: "A folder for one CSV file a symbol, instead.")
private let interval: Flag<BarInterval> = .value(
  "interval", short: "i", aliases: ["timeframe"], .barInterval, metavariable: "LENGTH",
  default: .day, help: "Length of a bar: 1min, 5min, 1h, 1d.")
private let sessions: Flag<Int> = .value(
  "days", .integer(in: 1...8000), metavariable: "COUNT", default: 252,
  help: "How many sessions, where --timerange names no last day.")
private let seed: Flag<Int> = .value(
  "seed", .integer(in: 0...Int.max), metavariable: "NUMBER", default: 1,
  help: "The same seed makes the same bars; no symbol depends on another's.")
private let regimes: Flag<[String]> = .list(
  "regimes", .oneOf(MarketRegime.allCases.map(\.rawValue)), separator: ",",
  metavariable: "NAME,NAME", help: "How the market behaves, in turns; all if not given.")
private let defects: Flag<[String]> = .list(
  "defects", .oneOf(["all"] + SyntheticDefect.allCases.map(\.rawValue)), separator: ",",
  metavariable: "NAME,NAME", help: "Mistakes to plant, or all; where they are is printed.")
private let gaps: Flag<Double> = .value(
  "gaps", .number(in: 0...0.9, example: "0.01"), metavariable: "RATIO", default: 0,
  help: "Part of the bars that is left out.")
private let correlation: Flag<Double> = .value(
  "correlation", .number(in: 0...1, example: "0.4"), metavariable: "RATIO", default: 0.4,
  help: "Of the returns of any two symbols.")

/// Makes bars up.
let dataGenerateVerb = Verb(
  "generate", aliases: ["synthesize"], summary: "Make bars up, for trying things out offline",
  discussion: """
    A made-up market with regimes, jumps, splits and dividends. The same settings and seed give the \
    same bars to the last bit, and bars of all lengths agree with each other. Prices are as traded.

    Days begin on 2024-01-02 where --timerange names no first one.
    """,
  flags: [
    DataFlags.symbols, interval, DataFlags.timerange, sessions, seed, regimes, correlation, gaps,
    defects, to, out,
  ],
  examples: [
    .init(
      "martinet data generate --symbols AAA,BBB --interval 5min --days 60 --to sqlite:made-up.db",
      "Two symbols that move together, in a store."),
    .init(
      "martinet data generate --symbols BAD --interval 5min --days 20 --defects all --out bad",
      "A file with every mistake that checks look for."),
  ]
) { invocation in
  let symbols = try invocation[DataFlags.symbols]
  guard !symbols.isEmpty else {
    throw UsageError.missingFlag(name: "symbols", metavariable: "NAME,NAME")
  }
  let generator = try Generator(invocation)
  let console = invocation.console
  var made: [SyntheticSeries] = []
  var seen: Set<Symbol> = []
  for symbol in symbols where seen.insert(symbol).inserted {
    let series = try generator.source.series(symbol, interval: invocation[interval])
    try generator.keep(series)
    made.append(series)
    if invocation.wantsJSON { console.output.write(series.json.text() + "\n") }
  }
  if !invocation.wantsJSON {
    console.print(made.table.text(for: console.traits))
    for planted in made.flatMap(\.planted) {
      console.print("planted   \(planted.words)")
    }
    console.print("declared  " + made[0].declaration.words)
    generator.printResult(console, made[0])
  }
  return .done
}

/// What is made, and where it goes.
private struct Generator {
  let source: SyntheticSource
  private let folder: String?
  private let address: StoreAddress
  private let store: (any BarStore)?

  init(_ invocation: Invocation) throws {
    let range = try invocation[DataFlags.timerange] ?? .all
    let calendar = TradingCalendar.nyse
    let first = try range.first ?? CivilDate(parsing: "2024-01-02")
    let sessions = try invocation[sessions]
    // The days as asked for, or as many sessions as asked for.
    var last = range.last ?? first
    if range.last == nil {
      var count = try calendar.session(on: first) == nil ? 0 : 1
      while count < sessions {
        last = try calendar.nextSession(after: last).date
        count += 1
      }
    }
    guard first <= last else { throw TimeError.endsBeforeStart(text: "\(range)") }
    var settings = SyntheticSettings(
      seed: UInt64(try invocation[seed]), days: first...last, calendar: calendar)
    let names = try invocation[regimes]
    if !names.isEmpty { settings.regimes = names.compactMap { MarketRegime(rawValue: $0) } }
    let wanted = try invocation[defects]
    settings.defects =
      wanted.contains("all")
      ? SyntheticDefect.allCases : wanted.compactMap { SyntheticDefect(rawValue: $0) }
    settings.gaps = try invocation[gaps]
    settings.correlation = try invocation[correlation]
    source = try SyntheticSource(settings)
    folder = try invocation[out]
    address = try invocation[to] ?? .standard
    store = folder == nil ? try address.open() : nil
    if let folder { try UserFolder.makeFolder(folder) }
  }

  func keep(_ series: SyntheticSeries) throws {
    if let folder {
      try AtomicFile.write(series.csv, to: "\(folder)/\(series.symbol).csv")
      try AtomicFile.write(series.declaration.yaml, to: "\(folder)/\(BarDeclaration.fileName)")
    }
    try store?.keep(series, recordedAt: SystemTime().now)
  }

  func printResult(_ console: Console, _ series: SyntheticSeries) {
    if let folder {
      console.printResult(
        "folder", at: folder, next: "martinet data show \(series.symbol) --data \(folder)")
    } else {
      console.printResult(
        "store", at: "\(address)",
        next: "martinet data show \(series.symbol) --from \(address) --interval \(series.interval)"
      )
    }
  }
}

extension PlantedDefect {
  fileprivate var words: String {
    "\(symbol)  \(start)  \(defect.rawValue)\(count > 1 ? "  \(count) bars" : "")"
  }
}

extension SyntheticSeries {
  fileprivate var json: JSON {
    [
      "symbol": .string(symbol.text), "interval": .string("\(interval)"),
      "source": .string(SyntheticSource.name), "rows": JSON(rows.count),
      "first": JSON(rows.first?.start.description), "last": JSON(rows.last?.end.description),
      "actions": JSON(actions.count),
      "planted": JSON(
        planted.map { planted -> JSON in
          [
            "defect": .string(planted.defect.rawValue),
            "timestamp": .string("\(planted.start)"), "count": JSON(planted.count),
          ]
        }),
    ]
  }
}

extension [SyntheticSeries] {
  fileprivate var table: Table {
    var table = Table([
      .words("symbol"), .words("interval", importance: 3), .numbers("bars", importance: 4),
      .words("first", importance: 2), .words("last", importance: 2),
      .numbers("actions", importance: 1), .numbers("defects", importance: 1),
    ])
    for series in self {
      table.add([
        .init(series.symbol.text), .init("\(series.interval)"),
        .init(NumberText.count(series.rows.count)),
        .init(series.rows.first.map { "\($0.start)" } ?? ""),
        .init(series.rows.last.map { "\($0.end)" } ?? ""),
        .init(NumberText.count(series.actions.count)),
        .init(NumberText.count(series.planted.count)),
      ])
    }
    return table
  }
}
