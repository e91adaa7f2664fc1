import Market
import MarketData
import Runtime

let webBase: Flag<String?> = .optional(
  "base-url", .text, metavariable: "URL",
  help: "Ask this address instead of the source's own, as a test server's.")

private let source: Flag<String> = .value(
  "source", .oneOf(SourceSettings.names), metavariable: "NAME", default: YahooSource.name,
  help: "Where bars come from.")

/// Gets bars from a source on the web.
let dataFetchVerb = Verb(
  "fetch", aliases: ["download"], summary: "Get bars from the web and keep them in a store",
  discussion: """
    Asks only for what the store does not have of the days in --timerange, or for what follows its \
    last bar where no days are named. Every batch is kept as soon as it is there, so that a run that \
    was broken off goes on where it stopped. Requests are counted for all runs on this machine \
    together.

    Bars that are not over, rows without a close and rows outside of sessions are left out and \
    counted. Ends with exit code 1 where a symbol failed; the others are kept.
    """,
  flags: [
    source, DataFlags.symbols, DataFlags.interval, DataFlags.timerange, DataFlags.to, webBase,
    SettingsFiles.environment,
  ],
  examples: [
    .init("martinet data fetch --symbols NVDA,AMD --interval 1d", "All daily bars Yahoo has."),
    .init(
      "martinet data fetch --source alpaca --symbols NVDA -i 5min --timerange 20240101- --to sqlite:a.db",
      "Needs a key: APCA_API_KEY_ID and APCA_API_SECRET_KEY."),
  ]
) { invocation in
  let symbols = try invocation[DataFlags.symbols]
  guard !symbols.isEmpty else {
    throw UsageError.missingFlag(name: "symbols", metavariable: "NAME,NAME")
  }
  let address = try invocation[DataFlags.to]
  let name = try invocation[source]
  let interval = try invocation[DataFlags.interval] ?? .day
  let days = try invocation[DataFlags.timerange] ?? .all
  var seen: Set<Symbol> = []
  let series = symbols.filter { seen.insert($0).inserted }.map { symbol in
    (key: SeriesKey(symbol: symbol, interval: interval, source: name), days: days)
  }
  let fetching = Fetching(
    invocation: invocation, store: try invocation.store(address), base: try invocation[webBase])
  let outcomes = try fetching.run(series, verb: "fetch")
  let failed = outcomes.filter { $0.status == .failed }
  if !invocation.wantsJSON {
    fetching.show(outcomes)
    if !failed.isEmpty {
      invocation.console.note(
        "\(failed.count) of \(outcomes.count) symbols failed; run it again for those: --symbols "
          + failed.map(\.key.symbol.text).joined(separator: ","))
    }
    invocation.console.printResult(
      "store", at: "\(address)", next: "martinet data check --from \(address)")
  }
  return failed.isEmpty ? .done : .failed
}
