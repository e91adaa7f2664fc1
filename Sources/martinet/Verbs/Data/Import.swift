import Market
import MarketData
import Runtime

private let paths: Argument<[String]> = .rest(
  "PATH", .text, help: "Files, and folders whose files are meant.")

private let source: Flag<String?> = .optional(
  "source", .sourceName, metavariable: "NAME",
  help: "The name under which the bars are kept; the folder's where neither file nor flag says.")

private let adjustment: Flag<String?> = .optional(
  "adjustment", .oneOf(BarDeclaration.Adjustment.allCases.map(\.rawValue)),
  metavariable: "WHAT", help: "What prices were multiplied by.")

private let calendar: Flag<String?> = .optional(
  "calendar", .oneOf(TradingCalendar.all.map(\.name)), metavariable: "NAME",
  help: "Whose sessions bars belong to, where not the zone's stock exchange: CBOE for the VIX.")

private let delimiter: Flag<String?> = .optional(
  "delimiter", .oneOf(delimiters.map(\.word)), metavariable: "SIGN",
  help: "What stands between fields, where that is not detected rightly.")

private let delimiters: [(word: String, byte: UInt8)] = [
  ("comma", UInt8(ascii: ",")), ("semicolon", UInt8(ascii: ";")), ("tab", UInt8(ascii: "\t")),
  ("pipe", UInt8(ascii: "|")), ("space", UInt8(ascii: " ")),
]

private let titles: Flag<[String]> = .list(
  "titles", .text, separator: ",", metavariable: "NAME,NAME",
  help: "The names of the columns, for files whose first line holds values.")

private let timeFormat: Flag<StampPattern?> = .optional(
  "time-format", .stampPattern, metavariable: "PATTERN",
  help: "How times are written, as in dd.MM.yyyy HH:mm, where no reader could guess it.")

/// Takes files into a store.
let dataImportVerb = Verb(
  "import", summary: "Take files of bars, trades, quotes or books into a store",
  discussion: """
    Reads CSV and Parquet, CSV also packed with gzip, zstd or zip, LEAN's folders with their factor and \
    map files, LOBSTER's books and recordings of Binance's streams. What a file is, its first bytes \
    tell. Rows go into the store as they are: martinet data check says what is wrong with them.

    When a bar began and ended and what its prices were adjusted for must be known before it is \
    stored. Some formats say it by themselves: Yahoo's daily files, LEAN's folders, Samples/. Of \
    others it is declared, with flags or a source.yaml beside them; what they look like is offered.

    A file is taken in whole or not at all. One that cannot be is refused with the reason, and the \
    others go on; files with the same bytes are not read again. Ends with exit code 1 where a file \
    was refused.
    """,
  flags: [
    DataFlags.to, source, DataFlags.symbols, DataFlags.interval, RunFlags.stamp, RunFlags.zone,
    calendar, adjustment, RunFlags.columns, delimiter, titles, timeFormat,
  ],
  arguments: [paths],
  examples: [
    .init(
      "martinet data import Samples/daily --to sqlite:market.db", "A folder that declares itself."),
    .init(
      "martinet data import NVDA.csv.gz --stamp start --zone America/New_York --adjustment none",
      "A file that does not."),
    .init(
      "martinet data import prices.csv --columns close=PX_LAST,timestamp=DAY --json",
      "Columns under names of your own; one line of JSON a file."),
  ]
) { invocation in
  let given = try invocation[paths]
  guard !given.isEmpty else {
    throw UsageError.missingArgument(name: "PATH", expected: "a file or a folder")
  }
  let plan = try ImportPlan(paths: given)
  let address = try invocation[DataFlags.to]
  let files = FileImport(
    into: try invocation.store(address), options: try ImportOptions(invocation))
  let report = ImportReport(invocation, plan: plan)
  var refused = 0
  for item in plan.items {
    let outcome = try files.run(item, isOnly: plan.items.count == 1)
    if outcome.status == .refused { refused += 1 }
    report.add(outcome)
  }
  report.finish(store: address)
  return refused == 0 ? .done : .failed
}

extension ImportOptions {
  fileprivate init(_ invocation: Invocation) throws {
    let columns = try invocation[RunFlags.columns].map(ColumnName.read(text:))
    self.init(
      declaration: BarDeclaration(
        source: try invocation[source],
        stamp: try invocation[RunFlags.stamp].flatMap(BarDeclaration.Stamp.init(rawValue:)),
        zone: try invocation[RunFlags.zone], calendar: try invocation[calendar],
        adjustment: try invocation[adjustment].flatMap(BarDeclaration.Adjustment.init(rawValue:))),
      columns: Dictionary(columns.map { ($0.column, $0.inFile) }) { _, later in later },
      text: TextOptions(
        delimiter: try invocation[delimiter].flatMap { word in
          delimiters.first { $0.word == word }?.byte
        },
        titles: try invocation[titles], stamps: try invocation[timeFormat]),
      symbols: try invocation[DataFlags.symbols],
      interval: try invocation[DataFlags.interval])
  }
}

extension Reading<StampPattern> {
  fileprivate static var stampPattern: Self {
    Reading(expecting: "a pattern with yyyy, MM and dd", example: "dd.MM.yyyy HH:mm") { text in
      StampPattern(text)
    }
  }
}

extension Reading<String> {
  /// A short name: it stands in addresses, keys and names of files.
  fileprivate static var sourceName: Self {
    Reading(expecting: "a name of letters, digits, - and _", example: "mine") { text in
      let isName = text.utf8.allSatisfy { byte in
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
          || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "-_.".utf8.contains(byte)
      }
      return isName && (1...64).contains(text.utf8.count) && !text.hasPrefix("-") ? text : nil
    }
  }
}
