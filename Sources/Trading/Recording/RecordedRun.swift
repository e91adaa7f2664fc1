import Features
import Market
import Numerics
import Runtime

/// A run in a folder, with all it was a function of: settings, strategy, market data in the order it
/// arrived, and the journal that came of it.
public struct RecordedRun: Sendable {
  public let folder: String
  public let recipe: StrategyRecipe
  public let settings: BacktestSettings
  public let symbols: [Symbol]
  let startedAt: Timestamp
  private let format: Int64
  /// Bars known before the run began, by series; then the events of the run.
  let histories: [UInt8]
  let market: [UInt8]

  private static let parts = (
    run: "run.json", market: "market.bin", histories: "history.bin", artefact: "artefact.json",
    journal: "journal"
  )

  /// Of recordings and of accounts on paper: 1 kept no times of the bars before the first day.
  static let format: Int64 = 2

  /// Refuses a folder that holds a recording or a journal: a second run in it would be neither's.
  public static func checkIsFree(_ folder: String) throws(RecordingError) {
    guard Folder.exists(folder) else { return }
    let names: [String]
    do { names = try Folder.names(in: folder) } catch { throw .file(error) }
    let isTaken = names.contains {
      $0 == parts.run || $0 == parts.journal || Segment.number(in: $0) != nil
    }
    if isTaken { throw .taken(folder) }
  }

  /// Runs a back-test and keeps it in `folder`.
  public static func record(
    frames: [Frame], recipe: StrategyRecipe, settings: BacktestSettings, in folder: String
  ) throws(RecordingError) {
    try checkIsFree(folder)
    let market: BacktestMarket
    do { market = try BacktestMarket(frames, settings) } catch { throw .backtest(error) }
    let run = RecordedRun(
      folder: folder, recipe: recipe, settings: settings.counting(market),
      symbols: frames.map(\.symbol),
      startedAt: market.startedAt, histories: Self.bytes(of: market.histories),
      market: market.feed.captured())
    try run.write()
    try keepJournal(
      frames: frames, recipe: recipe, settings: run.settings, in: "\(folder)/\(parts.journal)")
  }

  /// Runs a back-test and keeps its journal alone: what was decided, sent, reported and booked.
  public static func keepJournal(
    frames: [Frame], recipe: StrategyRecipe, settings: BacktestSettings, in folder: String
  ) throws(RecordingError) {
    try checkIsFree(folder)
    var journalSettings = JournalSettings()
    // Written as blocks fill up: nobody waits for the orders of a back-test.
    journalSettings.isSynced = false
    let journal: Journal
    do throws(JournalError) {
      journal = try Journal(
        try FolderDisk(folder), identity: settings.seed, settings: journalSettings)
    } catch {
      throw .journal(error)
    }
    do throws(BacktestError) {
      _ = try Backtest.record(
        frames: frames, strategy: try recipe.strategy(), settings: settings, journal: journal
      ) { SimulatedVenue($0, cash: settings.initialCash, rules: $1) }
    } catch {
      throw .backtest(error)
    }
    do { try journal.close() } catch { throw .journal(error) }
  }

  public init(in folder: String) throws(RecordingError) {
    self.folder = folder
    let bytes = try Self.read(folder, Self.parts.run)
    let json: JSON
    do { json = try JSON(parsing: bytes, source: Self.parts.run) } catch { throw .json(error) }
    settings = try BacktestSettings(json["settings"])
    recipe = try StrategyRecipe(json["strategy"], modelFolder: "\(folder)/model") {
      () throws(RecordingError) in
      try LinearModel(
        parsing: try Self.read(folder, Self.parts.artefact), source: Self.parts.artefact)
    }
    let names = json["symbols"]?.elements?.compactMap { $0.string.flatMap { Symbol($0) } }
    guard let names, !names.isEmpty, let start = json["started_ns"]?.whole else {
      throw .malformed(Self.parts.run, "symbols and started_ns")
    }
    (symbols, startedAt) = (names, Timestamp(nanoseconds: start))
    format = json["format"]?.whole ?? 1
    market = try Self.read(folder, Self.parts.market)
    histories = try Self.read(folder, Self.parts.histories)
    let recorded = json["market_sha256"]?.string ?? "none"
    let found = Self.digest(market, histories).description
    guard recorded == found else { throw .otherMarket(recorded: recorded, found: found) }
  }

  private init(
    folder: String, recipe: StrategyRecipe, settings: BacktestSettings, symbols: [Symbol],
    startedAt: Timestamp, histories: [UInt8], market: [UInt8]
  ) {
    self.folder = folder
    self.recipe = recipe
    self.settings = settings
    self.symbols = symbols
    self.startedAt = startedAt
    format = Self.format
    self.histories = histories
    self.market = market
  }

  private func write() throws(RecordingError) {
    let json: JSON = [
      "format": JSON(Self.format), "program": JSON(Version.number), "strategy": recipe.json,
      "settings": settings.json, "symbols": JSON(symbols.map { JSON($0.text) }),
      "started_ns": JSON(startedAt.nanoseconds),
      "market_sha256": JSON(Self.digest(market, histories).description),
    ]
    do throws(FileError) {
      try Folder.make(folder)
      try AtomicFile.write(json.text(pretty: true) + "\n", to: "\(folder)/\(Self.parts.run)")
      try AtomicFile.write(market, to: "\(folder)/\(Self.parts.market)")
      try AtomicFile.write(histories, to: "\(folder)/\(Self.parts.histories)")
      if case .linear(let model) = recipe {
        try AtomicFile.write(model.json.text(), to: "\(folder)/\(Self.parts.artefact)")
      }
      if case .model(let source) = recipe { try source.copy(to: "\(folder)/model") }
    } catch {
      throw .file(error)
    }
  }

  private static func read(_ folder: String, _ name: String) throws(RecordingError) -> [UInt8] {
    do {
      return try SmallFile.read("\(folder)/\(name)", bytesMax: .max)
    } catch { throw .file(error) }
  }

  private static func digest(_ market: [UInt8], _ histories: [UInt8]) -> SHA256Digest {
    var hash = SHA256()
    hash.update(market)
    hash.update(histories)
    return hash.finish()
  }

  /// The records that the run wrote.
  func recorded() throws(RecordingError) -> MemoryJournal {
    var journal = MemoryJournal()
    do throws(JournalError) {
      let disk = FolderDisk(reading: "\(folder)/\(Self.parts.journal)")
      _ = try JournalReader(disk).read { stored throws(JournalError) in
        journal.append(try stored.decoded())
      }
    } catch {
      throw .journal(error)
    }
    return journal
  }
}

// Histories: for each series a count, then its bars; since format 2 with their times.
extension RecordedRun {
  static func bytes(of histories: [BarHistory]) -> [UInt8] {
    var writer = ByteWriter()
    for history in histories {
      writer.write(UInt32(history.count))
      for row in 0..<history.count {
        let bar = history.bar(row)
        for time in [bar.start, bar.end, bar.knownAt] { writer.write(time) }
        for number in [bar.open, bar.high, bar.low, bar.close, bar.volume] { writer.write(number) }
      }
    }
    return writer.bytes
  }

  func readHistories() throws(JournalError) -> [BarHistory] {
    try Self.histories(from: histories, format: format)
  }

  static func histories(from bytes: [UInt8], format: Int64) throws(JournalError) -> [BarHistory] {
    var reader = ByteReader(bytes[...])
    var read: [BarHistory] = []
    while !reader.isAtEnd {
      var history = BarHistory(of: InstrumentID(read.count))
      for _ in 0..<Int(try reader.read(UInt32.self)) {
        // What ran when there were none asked for none.
        let never = Timestamp(nanoseconds: .min)
        let times =
          format > 1
          ? (try reader.readTime(), try reader.readTime(), try reader.readTime())
          : (never, never, never)
        history.append(
          Bar(
            start: times.0, end: times.1, knownAt: times.2, open: try reader.readDouble(),
            high: try reader.readDouble(), low: try reader.readDouble(),
            close: try reader.readDouble(), volume: try reader.readDouble()))
      }
      read.append(history)
    }
    return read
  }
}
