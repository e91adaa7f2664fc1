import Market
import MarketData
import Runtime

extension RunSettings {
  /// The bars these settings ask for, one frame a symbol, and what to call them on a page.
  ///
  /// `days` are those to read; a back-test reads earlier ones too, as history.
  func bars(days: TimeRange = .all) throws -> (frames: [Frame], description: String) {
    if let store = try StoreAddress(ofData: data) { return try bars(of: store, days: days) }
    let folder = try DataFolder(path: data)
    let wanted = symbols.isEmpty ? folder.symbols : symbols
    guard !wanted.isEmpty else { throw DataChoiceError.emptyFolder(path: data) }
    let options = reading
    let frames = try folder.load(
      symbols: wanted, interval: interval, days: days, options: options)
    let adjustment = folder.declaration.overlaid(with: options.declaration).adjustment
    return (frames, "\(data), \(adjustment.words)")
  }

  /// The bars of what results are held against; `nil` where that is the symbols that are traded.
  func benchmarkFrame(beside frames: [Frame]) throws -> Frame? {
    guard let benchmark else { return nil }
    if let traded = frames.first(where: { $0.symbol == benchmark }) { return traded }
    var own = self
    own.symbols = [benchmark]
    own.interval = frames.first?.interval ?? interval
    do {
      return try own.bars().frames[0]
    } catch DataError.unknownSymbol(let symbol, let folder, let nearest, let available) {
      throw DataChoiceError.noBenchmark(
        symbol, folder: folder, known: nearest.map { [$0] } ?? available)
    }
  }

  private var reading: ReadingOptions {
    ReadingOptions(
      declaration: BarDeclaration(
        stamp: declaration.stamp, zone: declaration.zone, adjustment: declaration.adjustment),
      columns: Dictionary(columns.map { ($0.column, $0.inFile) }) { _, later in later })
  }
}

extension StoreAddress {
  /// The store that a setting names; nil for a folder.
  fileprivate init?(ofData text: String) throws(StoreError) {
    let kinds = ["sqlite:", "lake:", "parquet:", "postgres:", "postgresql:"]
    guard kinds.contains(where: text.hasPrefix) else { return nil }
    try self.init(parsing: text)
  }
}

extension RunSettings {
  /// The same from a store, as it is now.
  private func bars(
    of address: StoreAddress, days: TimeRange
  ) throws -> (frames: [Frame], description: String) {
    let store = try address.open(creating: false)
    let wanted =
      try symbols.isEmpty
      ? Set(
        SeriesChoice.series(in: store, symbols: [], interval: interval, source: nil).map(
          \.key.symbol)
      ).sorted() : symbols
    var adjustment: BarDeclaration.Adjustment?
    let frames = try wanted.map { symbol in
      let series = try SeriesChoice.one(
        in: store, symbol: symbol, interval: interval, source: nil)
      adjustment = series.declaration.adjustment
      let frame = try store.read(BarQuery(series.key))
      guard days != .all, let zone = series.declaration.zone.flatMap(Zone.init(rawValue:)) else {
        return frame
      }
      return frame.slice(frame.rows(on: days, in: zone))
    }
    return (frames, "\(address), \(adjustment.words)")
  }
}

extension BarDeclaration.Adjustment? {
  fileprivate var words: String {
    switch self {
    case nil: "adjustment not declared"
    case .none?: "not adjusted"
    case .splits?: "adjusted for splits"
    case .splitsAndDividends?: "adjusted for splits and dividends"
    }
  }
}

/// What is wrong with the choice of data, rather than in it.
enum DataChoiceError: DiagnosedError {
  case emptyFolder(path: String)
  /// A benchmark without bars, and what there is instead.
  case noBenchmark(String, folder: String, known: [String])

  var diagnosis: Diagnosis {
    switch self {
    case .emptyFolder(let path):
      Diagnosis(
        place: path, finding: "there is no file of bars in this folder",
        remedy: "put one there for each symbol, as in NVDA.csv, or name a folder with --data")
    case .noBenchmark(let symbol, let folder, let known):
      Diagnosis(
        place: "benchmark \(symbol)", finding: "\(folder) has no bars of it",
        remedy: known.count == 1
          ? "did you mean --benchmark \(known[0])?"
          : "choose one of " + known.joined(separator: ", ") + ", or another folder with --data",
        exitCode: .wrongUsage)
    }
  }
}
