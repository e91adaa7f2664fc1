import Market
import MarketData
import Runtime

/// From one store to another.
let dataCopyVerb = Verb(
  "copy", summary: "Copy series with every version from one store to another",
  discussion: """
    What the other store has already is left out, so a copy that was broken off goes on where it \
    stopped. At the end counts and hashes of every series are compared; a difference is an error.
    """,
  flags: [DataFlags.from, DataFlags.to, DataFlags.symbols, DataFlags.interval],
  examples: [
    .init(
      "martinet data copy --from sqlite:market.db --to lake:lake", "For programs that read Parquet."
    )
  ]
) { invocation in
  let source = try invocation[DataFlags.from].open(creating: false)
  let address = try invocation[DataFlags.to]
  guard address != source.address else { throw CopyChoiceError.same(address) }
  let symbols = Set(try invocation[DataFlags.symbols])
  let interval = try invocation[DataFlags.interval]
  let series = try source.series().filter { one in
    (symbols.isEmpty || symbols.contains(one.key.symbol))
      && (interval == nil || one.key.interval == interval)
  }
  let known = Set(try source.series().map(\.key.symbol))
  if let missing = symbols.subtracting(known).sorted().first {
    throw StoreError.unknownSeries(
      store: source.address.description, wanted: missing.text,
      nearest: Words.nearest(to: missing.text, among: known.map(\.text)))
  }
  let copy = StoreCopy(from: source, to: try invocation.store(address))
  let console = invocation.console
  let meter = ProgressMeter(
    "copy", total: series.reduce(0) { $0 + $1.barCount + $1.revisedCount }, on: console,
    isQuiet: invocation.isQuiet || invocation.wantsJSON)
  var copied = 0
  for one in series {
    meter.update(done: copied, label: "copy \(one.key.symbol) \(one.key.interval)")
    let report = try copy.copy(one) { meter.advance(by: $0) }
    copied += one.barCount + one.revisedCount
    if invocation.wantsJSON { console.output.write(report.json.text() + "\n") }
  }
  try copy.copyActions(of: symbols)
  meter.finish()
  if !invocation.wantsJSON {
    console.print(
      "✓ \(series.count) series, \(NumberText.count(copied)) versions of bars: counts and hashes agree"
    )
    console.print("\(address)   next: martinet data list --from \(address)")
  }
  return .done
}

extension StoreCopy.Report {
  fileprivate var json: JSON {
    [
      "symbol": .string(key.symbol.text), "interval": .string(key.interval.description),
      "source": .string(key.source), "copied": JSON(copied), "bars": JSON(content.barCount),
      "versions": JSON(content.versionCount), "sha256": .string(content.hash.description),
      "status": "verified",
    ]
  }
}

/// What is wrong with the choice of stores.
enum CopyChoiceError: DiagnosedError {
  case same(StoreAddress)

  var diagnosis: Diagnosis {
    switch self {
    case .same(let address):
      Diagnosis(
        place: "--to", finding: "\(address) is the store to copy from",
        remedy: "name another with --to", exitCode: .wrongUsage)
    }
  }
}
