import Market
import MarketData
import Runtime

private let symbol: Argument<Symbol> = .required("SYMBOL", .symbol, help: "Whose bars.")
private let from: Flag<StoreAddress?> = .optional(
  "from", .storeAddress, metavariable: "STORE",
  help: "The store to read: sqlite:FILE, lake:FOLDER or postgres:URL.")
private let folder: Flag<String?> = .optional(
  "data", .text, metavariable: "FOLDER", help: "A folder with one file of bars a symbol, instead.")
private let svg: Flag<String?> = .optional(
  "svg", .text, metavariable: "FILE", help: "Write a drawing.")
private let html: Flag<String?> = .optional(
  "html", .text, metavariable: "FILE", help: "Write a page with a chart to zoom.")

/// Draws bars.
let dataShowVerb = Verb(
  "show", aliases: ["plot"], summary: "Draw the bars of a symbol as candles",
  discussion: """
    On a terminal, a candle that falls is a block and one that rises a line. Without --timerange the \
    last bars that fit are drawn; with it all of those days, several bars to a candle where there is \
    no room. Times are those of the exchange. What the prices are, as traded or adjusted, stands below.
    """,
  flags: [
    from, folder, DataFlags.interval, DataFlags.timerange, SeriesChoice.source, svg, html,
  ],
  arguments: [symbol],
  examples: [
    .init("martinet data show NVDA --data Samples/daily", "The last bars, here."),
    .init(
      "martinet data show NVDA --from sqlite:market.db --interval 5min --html nvda.html",
      "Every bar of five minutes, in a page."),
  ]
) { invocation in
  let bars = try ShownBars(invocation)
  let console = invocation.console
  if invocation.wantsJSON {
    console.print(try bars.picture().json)
    return .done
  }
  var written: [(kind: String, path: String)] = []
  if let path = try invocation[svg] {
    try UserFolder.makeFolder(ofFile: path)
    try AtomicFile.write(try bars.picture().chart().svg, to: path)
    written.append(("drawing", path))
  }
  if let path = try invocation[html] {
    let page = try bars.picture().page(library: Installation.chartLibrary())
    try UserFolder.makeFolder(ofFile: path)
    try AtomicFile.write(page.html(), to: path)
    written.append(("page", path))
  }
  if written.isEmpty {
    // Of days nobody chose, those that fit.
    let fitting =
      try invocation[DataFlags.timerange] == nil
      ? CandleChart.candleCount(for: console.traits) : nil
    console.print(try bars.picture(last: fitting).chart().text(for: console.traits))
    let flags = "\(try invocation[symbol]) \(bars.place)"
    console.print("next: martinet data show \(flags) --html chart.html")
  }
  for (kind, path) in written { console.printResult(kind, at: path) }
  return .done
}

/// The bars that are asked for, and what is known about them.
private struct ShownBars {
  let frame: Frame
  let declaration: BarDeclaration
  let origin: String
  /// The flags that name where they are.
  let place: String

  init(_ invocation: Invocation) throws {
    let name = try invocation[symbol]
    let interval = try invocation[DataFlags.interval]
    let days = try invocation[DataFlags.timerange] ?? .all
    if let path = try invocation[folder] {
      let data = try DataFolder(path: path)
      frame = try data.load(symbols: [name], interval: interval, days: days)[0]
      declaration = data.declaration
      (origin, place) = (path, "--data \(path)")
      return
    }
    let address = try invocation[from] ?? .standard
    let store = try address.open(creating: false)
    let series = try SeriesChoice.one(
      in: store, symbol: name, interval: interval, source: invocation[SeriesChoice.source])
    let all = try store.read(BarQuery(series.key))
    let zone = try Zone(named: series.declaration.zone ?? Zone.newYork.name)
    frame = all.slice(all.rows(on: days, in: zone))
    declaration = series.declaration
    (origin, place) = ("\(address)", "--from \(address) --interval \(series.key.interval)")
    guard frame.count > 0 else {
      let span = series.span.map {
        "\(zone.date(at: $0.lowerBound)) to \(zone.date(at: $0.upperBound))"
      }
      throw DataError.noBars(
        place: origin, wanted: "\(name) in \(days)", available: span ?? "none")
    }
  }

  /// - Parameter last: how many of the last bars; all where that is not said.
  func picture(last: Int? = nil) throws(DataError) -> BarPicture {
    let first = last.map { max(0, frame.count - $0) } ?? 0
    return try BarPicture(
      frame: frame.slice(first..<frame.count), declaration: declaration, origin: origin)
  }
}
