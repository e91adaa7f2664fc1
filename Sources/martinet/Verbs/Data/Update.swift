import Market
import MarketData
import Runtime

private let barCount: Flag<Int> = .value(
  "bars", .integer(in: 1...1_000_000), metavariable: "COUNT", default: 500,
  help: "How many bars of each symbol go into the file, the latest ones.")

private let file: Flag<String> = .value(
  "out", .text, metavariable: "FILE", default: "production/data/latest_market_data.csv",
  help: "The file to write.")

/// Brings every stored symbol to now, for the day ahead.
let dataUpdateVerb = Verb(
  "update", summary: "Bring every stored symbol to now and write the file of latest bars",
  discussion: """
    Asks the source of each stored series for what follows its last bar. Then the latest bars are \
    checked: nothing missing, nothing infinite, no daily move of more than half that no split \
    explains, volumes sound, none behind the last session. Only if all of it holds is the file \
    written, whole or not at all.

    Ends with exit code 1 where a symbol could not be brought to now and 3 where a check says no; the \
    file of before stays as it is then.
    """,
  flags: [
    DataFlags.to, DataFlags.symbols, DataFlags.interval, barCount, file, webBase,
    SettingsFiles.environment,
  ],
  examples: [
    .init("martinet data update", "Before the open."),
    .init("martinet data update --symbols NVDA,AMD --bars 250 --json", "For a program."),
  ]
) { invocation in
  let address = try invocation[DataFlags.to]
  let store = try invocation.store(address, creating: false)
  let wanted = Set(try invocation[DataFlags.symbols])
  let interval = try invocation[DataFlags.interval] ?? .day
  let stored = try store.series().filter { summary in
    SourceSettings.names.contains(summary.key.source)
      && (wanted.isEmpty || wanted.contains(summary.key.symbol)) && summary.barCount > 0
  }
  guard !stored.isEmpty else { throw UpdateError.nothing(store: "\(address)") }
  let fetching = Fetching(invocation: invocation, store: store, base: try invocation[webBase])
  let outcomes = try fetching.run(
    stored.map { ($0.key, $0.daysFromLast) }, verb: "update")
  if !invocation.wantsJSON { fetching.show(outcomes) }
  let failed = outcomes.filter { $0.status == .failed }
  let path = try invocation[file]
  guard failed.isEmpty else {
    throw UpdateError.failed(
      symbols: failed.map(\.key.symbol.text), of: outcomes.count, path: path)
  }
  let latest = try latestData(
    stored.filter { $0.key.interval == interval }, store, count: try invocation[barCount])
  let findings = latest.findings(now: SystemTime().now)
  guard findings.isEmpty else {
    for finding in findings.prefix(20) { invocation.console.note(finding.sentence) }
    throw UpdateError.unsound(count: findings.count, path: path)
  }
  if let slash = path.lastIndex(of: "/") { try UserFolder.makeFolder(String(path[..<slash])) }
  try AtomicFile.write(latest.csv, to: path)
  if invocation.wantsJSON {
    invocation.console.output.write(
      (["file": .string(path), "rows": JSON(latest.rowCount)] as JSON).text() + "\n")
  } else {
    invocation.console.printResult(
      "file", at: path, next: "martinet data check --from \(address)")
  }
  return .done
}

private func latestData(
  _ series: [SeriesSummary], _ store: any BarStore, count: Int
) throws -> LatestData {
  var latest = LatestData()
  var seen: Set<Symbol> = []
  for summary in series {
    let key = summary.key
    guard seen.insert(key.symbol).inserted else {
      throw UpdateError.twoSources(symbol: key.symbol.text)
    }
    latest.add(
      try store.bars(BarQuery(key)).bars, actions: try store.actions(of: key.symbol),
      calendar: summary.declaration.sessions, last: count)
  }
  return latest
}

extension SeriesSummary {
  /// From the day of its last bar on, as it is at the exchange.
  fileprivate var daysFromLast: TimeRange {
    guard let last = span?.upperBound, let zone = declaration.zone.flatMap(Zone.init(rawValue:))
    else { return .all }
    let day = zone.date(at: Timestamp(nanoseconds: last.nanoseconds - 1))
    do { return try TimeRange(first: day, last: nil) } catch { return .all }
  }
}

extension MarketData.Finding {
  fileprivate var sentence: String {
    let place = timestamp.map { ", \($0)" } ?? ""
    return "\(symbol) \(interval)\(place): \(found); \(action)"
  }
}

/// Why there is no new file.
private enum UpdateError: DiagnosedError {
  case nothing(store: String)
  case failed(symbols: [String], of: Int, path: String)
  case unsound(count: Int, path: String)
  case twoSources(symbol: String)

  var diagnosis: Diagnosis {
    switch self {
    case .nothing(let store):
      Diagnosis(
        place: store, finding: "has no series that came from the web",
        remedy: "fetch some first: martinet data fetch --symbols NVDA --to \(store)",
        exitCode: .wrongUsage)
    case .failed(let symbols, let count, let path):
      Diagnosis(
        place: path,
        finding: "is left as it was: \(symbols.count) of \(count) series could not be brought to "
          + "now (\(symbols.prefix(12).joined(separator: ", ")))",
        remedy: "run it again, or leave those out with --symbols")
    case .unsound(let count, let path):
      Diagnosis(
        place: path, finding: "is left as it was: \(count) findings in the latest bars",
        remedy: "see them above, and: martinet data check", exitCode: .refused)
    case .twoSources(let symbol):
      Diagnosis(
        place: symbol, finding: "is stored from two sources, and the file takes one",
        remedy: "keep the other one in a store of its own", exitCode: .wrongUsage)
    }
  }
}
