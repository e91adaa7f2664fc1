import Market
import Runtime

/// A file of trades, quotes or changes of a book on its way into a lake.
enum TickFile {
  case lobster(LobsterFiles)
  case binance(BinanceFeed)
  case lean(LeanTicks)

  /// `nil` where neither the file's name nor its beginning is that of such a file.
  init?(path: String) throws(DataError) {
    if let files = LobsterFiles(path: path) {
      self = .lobster(files)
    } else if FileEnding.mayHoldLines(FilePath.name(path)), let feed = try BinanceFeed(path: path) {
      self = .binance(feed)
    } else {
      return nil
    }
  }

  init(lean: LeanPath, path: String) throws(DataError) {
    guard let ticks = LeanTicks(lean, path: path) else {
      throw .wrongFormat(
        place: path, found: "names no symbol and day",
        remedy: "LEAN calls such files SYMBOL/DATE_trade.zip and SYMBOL/DATE_quote.zip")
    }
    self = .lean(ticks)
  }

  var symbol: Symbol {
    switch self {
    case .lobster(let files): files.symbol
    case .binance(let feed): feed.symbol
    case .lean(let ticks): ticks.symbol
    }
  }

  /// In one word, for programs.
  var kind: String {
    switch self {
    case .lobster: "book"
    case .binance: "feed"
    case .lean(let ticks): ticks.lean.content == .quotes ? "quotes" : "trades"
    }
  }

  /// What its rows are, in words.
  var contents: String {
    switch self {
    case .lobster: "changes of an order book"
    case .binance: "trades, quotes and changes of an order book"
    case .lean(let ticks): ticks.lean.content == .quotes ? "quotes" : "trades"
    }
  }

  /// Takes a day's rows into the lake, once all of them were read.
  func importing(
    into lake: TickLake, _ place: String, source given: String?
  ) throws(DataError) -> ImportOutcome {
    var outcome = ImportOutcome(path: place, status: .imported)
    switch self {
    case .lobster(let files): try importLobster(files, lake, given ?? "lobster", &outcome)
    case .binance(let feed): try importBinance(feed, lake, given ?? "binance", &outcome)
    case .lean(let ticks): try importLean(ticks, lake, given ?? "lean", &outcome)
    }
    outcome.counts.added = outcome.rows
    return outcome
  }

  private func importLobster(
    _ files: LobsterFiles, _ lake: TickLake, _ source: String, _ outcome: inout ImportOutcome
  ) throws(DataError) {
    let reader = try LobsterReader(files)
    var events: [BookEvent] = []
    while let more = try reader.next() { events += more }
    guard !events.isEmpty else { throw .empty(path: files.path) }
    let name = files.part == .message ? source : "\(source)-levels"
    try lake.write(events, symbol: files.symbol, day: files.day, source: name)
    outcome.describe(kind, files.symbol, name, rows: reader.rowCount, events)
    outcome.declaration.zone = Zone.newYork.name
    if files.part == .orderbook {
      outcome.notes.append(
        "\(reader.rowCount) pictures of the book, \(events.count - reader.rowCount) levels in all, "
          + "at the times of their messages")
    }
  }

  private func importBinance(
    _ feed: BinanceFeed, _ lake: TickLake, _ source: String, _ outcome: inout ImportOutcome
  ) throws(DataError) {
    let reader = try BinanceReader(path: feed.path)
    var all = BinanceReader.Batch()
    while let batch = try reader.next() {
      all.trades += batch.trades
      all.quotes += batch.quotes
      all.events += batch.events
    }
    try Self.byDay(all.trades) { day, records throws(DataError) in
      try lake.write(records, symbol: feed.symbol, day: day, source: source)
    }
    try Self.byDay(all.quotes) { day, records throws(DataError) in
      try lake.write(records, symbol: feed.symbol, day: day, source: source)
    }
    try Self.byDay(all.events) { day, records throws(DataError) in
      try lake.write(records, symbol: feed.symbol, day: day, source: source)
    }
    outcome.describe(kind, feed.symbol, source, rows: reader.lineCount, all.events)
    outcome.declaration.zone = Zone.utc.name
    outcome.notes.append(
      "\(all.trades.count) trades, \(all.quotes.count) best prices, \(reader.updateCount) updates "
        + "and \(reader.pictureCount) pictures of the book with \(all.events.count) levels")
    outcome.notes += Self.words(about: reader)
    if let words = Self.words(aboutBookOf: all.events) { outcome.notes.append(words) }
  }

  private static func words(about reader: BinanceReader) -> [String] {
    var words: [String] = []
    if reader.chain.staleCount > 0 {
      words.append(
        "\(reader.chain.staleCount) updates came before the picture of the book or are in it already"
      )
    }
    if reader.chain.gaps.isEmpty {
      words.append("the numbers of updates follow each other without a gap")
    }
    for gap in reader.chain.gaps.prefix(20) {
      words.append(
        "line \(gap.line): update \(gap.expected) was expected and \(gap.found) came: what was known "
          + "of the book holds no more from there to the next picture")
    }
    if reader.aheadMax > 0 {
      let seconds = Double(reader.aheadMax) / 1e9
      words.append(
        "the venue's clock was up to \((seconds * 1000).rounded() / 1000) s ahead of the receiver's: "
          + "nothing is known before the venue's time of it")
    }
    return words
  }

  /// The best prices that all updates together lead to: sides that cross show that they do not fit.
  private static func words(aboutBookOf events: [BookEvent]) -> String? {
    var book = LevelBook()
    for event in events { book.apply(event) }
    guard let bid = book.bestBid?.price, let ask = book.bestAsk?.price else { return nil }
    let prices = "a best bid of \(bid) and a best ask of \(ask)"
    return bid < ask
      ? "the book ends with \(prices)"
      : "the book ends crossed, with \(prices): its updates do not fit together"
  }

  private static func byDay<Record: TickRecord>(
    _ records: [Record], _ write: (CivilDate, [Record]) throws(DataError) -> Void
  ) throws(DataError) {
    let days = Dictionary(grouping: records) { $0.time.utcDate }
    for day in days.keys.sorted() { try write(day, days[day] ?? []) }
  }

  private func importLean(
    _ ticks: LeanTicks, _ lake: TickLake, _ source: String, _ outcome: inout ImportOutcome
  ) throws(DataError) {
    outcome.declaration = try ticks.lean.declaration()
    let isTick = ticks.lean.resolution == .tick
    if ticks.lean.content == .trades {
      let reader = try LeanTickReader(ticks)
      var trades: [Trade] = []
      while let more = try reader.nextTrades() { trades += more }
      guard !trades.isEmpty else { throw .empty(path: ticks.path) }
      try lake.write(trades, symbol: ticks.symbol, day: ticks.day, source: source)
      outcome.describe(kind, ticks.symbol, source, rows: trades.count, trades)
      return
    }
    var quotes: [Quote] = []
    if isTick {
      let reader = try LeanTickReader(ticks)
      while let more = try reader.nextQuotes() { quotes += more }
    } else {
      let reader = try LeanQuoteBars(ticks)
      while let more = try reader.next() { quotes += more }
      outcome.interval = ticks.lean.resolution?.interval
      outcome.notes.append(
        "best prices at the end of each bar; what they were inside it is left out")
    }
    guard !quotes.isEmpty else { throw .empty(path: ticks.path) }
    let name = isTick ? source : "\(source)-\(ticks.lean.resolution?.rawValue ?? "")"
    try lake.write(quotes, symbol: ticks.symbol, day: ticks.day, source: name)
    outcome.describe(kind, ticks.symbol, name, rows: quotes.count, quotes)
  }
}

extension ImportOutcome {
  fileprivate mutating func describe(
    _ kind: String, _ symbol: Symbol, _ source: String, rows: Int, _ records: [some TickRecord]
  ) {
    self.kind = kind
    self.rows = rows
    self.source = source
    symbols = [symbol]
    if let first = records.map(\.time).min(), let last = records.map(\.time).max() {
      span = first..<last
    }
  }
}
