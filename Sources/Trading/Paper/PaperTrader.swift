import Market
import Numerics
import Runtime

/// Trades an account on paper: the engine of a back-test at a simulated venue, over a market that comes as
/// time goes by.
///
/// Each instant of the market is on the disk before the engine sees it, and everything else follows from
/// it: a process that starts again plays what was seen, finds the journal as far as it got, and goes on.
struct PaperTrader<S: Strategy> {
  private(set) var engine: Engine<S, QueueFeed, SimulatedVenue, ResumedJournal>
  private let sink: ResumedJournal
  private let market: Journal?
  /// The latest bar of each instrument, by its beginning.
  private var latest: [Timestamp]
  private(set) var lastTime: Timestamp?
  /// Bars whose prices cannot be.
  private(set) var unsound = 0

  /// - Parameter isReading: only looks, while another process may be trading
  init(_ folder: PaperFolder, _ strategy: S, isReading: Bool = false) throws(PaperError) {
    var seen: [MarketEvent] = []
    do throws(JournalError) {
      func take(_ stored: StoredRecord) throws(JournalError) {
        seen.append(try stored.decodedEvent())
      }
      let identity = folder.settings.seed
      if isReading {
        market = nil
        _ = try JournalReader(FolderDisk(reading: folder.market)).read(take)
        sink = try ResumedJournal(reading: FolderDisk(reading: folder.journal))
      } else {
        // The lock of the journal is the account's.
        let disk = try FolderDisk(folder.journal)
        let market = try Journal(try FolderDisk(folder.market), identity: identity, replay: take)
        self.market = market
        sink = try ResumedJournal(disk, identity: identity, after: market)
      }
    } catch {
      throw .journal(error)
    }
    let settings = folder.settings
    do throws(BacktestError) {
      var table = InstrumentTable(base: try settings.baseCurrency())
      for symbol in folder.symbols { _ = table.add(try settings.instrument(symbol)) }
      engine = try settings.engine(
        strategy, QueueFeed(), try folder.venue.venue(table, settings), table, folder.histories,
        sink,
        at: folder.startedAt)
    } catch {
      throw .backtest(error)
    }
    latest = Array(
      repeating: Timestamp(nanoseconds: .min), count: engine.desk.account.table.count)
    try replay(seen, folder)
  }

  private mutating func replay(
    _ seen: [MarketEvent], _ folder: PaperFolder
  ) throws(PaperError) {
    var header = folder.settings.header(
      engine.strategy.name, engine.desk.account.table, at: folder.startedAt)
    header.code = folder.code
    try run { engine throws(EngineError) in try engine.start(header) }
    try repeatActs()
    var place = 0
    while place < seen.count {
      let end = seen[place...].firstIndex { $0.time != seen[place].time } ?? seen.count
      try play(Array(seen[place..<end]))
      try repeatActs()
      place = end
    }
    guard sink.hasCaughtUp else { throw .marketMissing(record: sink.place) }
  }

  /// What persons did then is done again where it was.
  private mutating func repeatActs() throws(PaperError) {
    while true {
      let next: JournalRecord?
      do { next = try sink.nextRecord() } catch { throw .journal(error) }
      guard case .operated(let act, let by, let reason, let time)? = next,
        let kind = OperatorAct.Kind(rawValue: act)
      else { return }
      try operate(OperatorAct(kind, by: by, reason: reason), at: time)
    }
  }

  private mutating func play(_ events: [MarketEvent]) throws(PaperError) {
    guard let time = events.first?.time else { return }
    for event in events {
      engine.feed.append(event)
      if case .bar(let bar, _, _) = event.content {
        latest[event.instrument.place] = max(latest[event.instrument.place], bar.start)
      }
      if !event.isSound { unsound += 1 }
    }
    lastTime = max(lastTime ?? time, time)
    try run { engine throws(EngineError) in try engine.run(until: time) }
  }

  private mutating func run(
    _ act: (inout Engine<S, QueueFeed, SimulatedVenue, ResumedJournal>) throws(EngineError) -> Void
  ) throws(PaperError) {
    do throws(EngineError) {
      try act(&engine)
    } catch {
      if case .journal(.unreadable(let record, ResumedJournal.difference)) = error {
        throw .differs(record: Int(record))
      }
      throw .engine(error)
    }
  }

  /// Nothing is entered, because no bar of any instrument came.
  var isFeedSilent: Bool { engine.gate.memory.breakers.contains(where: \.isOfFeed) }

  // MARK: Trading

  mutating func operate(_ act: OperatorAct, at time: Timestamp) throws(PaperError) {
    try run { engine throws(EngineError) in try engine.operate(act, at: time) }
  }

  /// Bars of frames that are new, one instant after another; a late one comes after what was seen before
  /// it.
  func news(in frames: [Frame], _ settings: BacktestSettings) throws(PaperError) -> [MarketEvent] {
    var feed: BarFeed
    do { feed = BarFeed(try BacktestMarket(frames, settings).lanes) } catch {
      throw .backtest(error)
    }
    var events: [MarketEvent] = []
    var batch: [MarketEvent] = []
    while feed.nextTime != nil {
      feed.next(into: &batch)
      for event in batch {
        guard case .bar(let bar, _, _) = event.content, bar.start > latest[event.instrument.place]
        else { continue }
        events.append(event)
      }
    }
    return events
  }

  /// Sees one instant of the market: it is on the disk, then it is acted on.
  mutating func see(_ instant: [MarketEvent]) throws(PaperError) {
    var instant = instant
    if let last = lastTime, let time = instant.first?.time, time <= last {
      let after = Timestamp(nanoseconds: last.nanoseconds + 1)
      for place in instant.indices { instant[place].time = after }
    }
    do throws(JournalError) {
      for event in instant { try market?.append(event) }
      try market?.commit()
    } catch {
      throw .journal(error)
    }
    try play(instant)
  }

  func close() throws(PaperError) {
    do { try sink.close() } catch { throw .journal(error) }
  }
}
