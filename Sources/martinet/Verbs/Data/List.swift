import Market
import MarketData
import Runtime

/// What a store holds.
let dataListVerb = Verb(
  "list", summary: "List the series of a store",
  discussion: """
    A series is a symbol, an interval and a source. Revised counts the versions that a later delivery \
    replaced; they are kept, and data diff shows what changed.
    """,
  flags: [DataFlags.from],
  examples: [.init("martinet data list --from lake:lake", "What a Parquet lake holds.")]
) { invocation in
  let store = try invocation.store(invocation[DataFlags.from], creating: false)
  let series = try store.series()
  let console = invocation.console
  if invocation.wantsJSON {
    console.print(["series": .array(series.map(\.json))])
    return .done
  }
  var table = Table([
    .words("symbol"), .words("interval"), .words("source"), .numbers("bars"),
    .numbers("revised", importance: 2), .words("first", importance: 1),
    .words("last", importance: 1), .words("recorded", importance: 3),
  ])
  for one in series {
    table.add([
      .init(one.key.symbol.text), .init(one.key.interval.description), .init(one.key.source),
      .init(NumberText.count(one.barCount)), .init(NumberText.count(one.revisedCount)),
      .init(one.span.map { $0.lowerBound.utcDate.description } ?? NumberText.absent),
      .init(one.span.map { $0.upperBound.utcDate.description } ?? NumberText.absent),
      .init(one.recordedAt.map { $0.utcDate.description } ?? NumberText.absent),
    ])
  }
  if !series.isEmpty { console.print(table.text(for: console.traits) + "\n") }
  console.print(
    "\(series.count) series in \(store.address)   next: "
      + (series.isEmpty
        ? "martinet data import FILE" : "martinet data check --from \(store.address)"))
  return .done
}

extension SeriesSummary {
  fileprivate var json: JSON {
    [
      "symbol": .string(key.symbol.text), "interval": .string(key.interval.description),
      "source": .string(key.source), "bars": JSON(barCount), "revised": JSON(revisedCount),
      "first": JSON(span?.lowerBound.description), "last": JSON(span?.upperBound.description),
      "recorded_at": JSON(recordedAt?.description),
      "stamp": JSON(declaration.stamp?.rawValue), "zone": JSON(declaration.zone),
      "calendar": JSON(declaration.calendar), "adjustment": JSON(declaration.adjustment?.rawValue),
    ]
  }
}
