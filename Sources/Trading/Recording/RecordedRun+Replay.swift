import Market
import Numerics
import Runtime
import Synchronization

extension RecordedRun {
  /// What replaying a run gave.
  public struct Verdict: Sendable {
    public let recorded: SHA256Digest
    /// Of every replay; at several threads as many ran side by side.
    public let replayed: [(threads: Int, digest: SHA256Digest)]
    public let records: Int
    /// The first record that differs, of the recording and of a replay.
    public let difference: (place: Int, recorded: JournalRecord?, replayed: JournalRecord?)?

    public var isSame: Bool { replayed.allSatisfy { $0.digest == recorded } }
  }

  /// Runs the strategy again over the recorded market data, alone and `threads` times side by side, and
  /// compares the journals.
  public func replay(threads: Int) throws(RecordingError) -> Verdict {
    let recorded = try recorded()
    let alone = try play(into: MemoryJournal())
    var replayed = [(threads: 1, digest: alone.digest())]
    let several = Mutex<[Result<SHA256Digest, RecordingError>]>([])
    let pool = Pool(threads: threads)
    pool.forEachChunk(of: threads) { range in
      for _ in range {
        let result = Result { () throws(RecordingError) in try play(into: MemoryJournal()).digest()
        }
        several.withLock { $0.append(result) }
      }
    }
    for result in several.withLock({ $0 }) {
      replayed.append((threads: threads, digest: try result.get()))
    }
    let difference: (Int, JournalRecord?, JournalRecord?)?
    let records: [JournalRecord]
    do throws(JournalError) {
      records = try recorded.records()
      difference = Self.difference(records, try alone.records())
    } catch {
      throw .journal(error)
    }
    return Verdict(
      recorded: recorded.digest(), replayed: replayed, records: records.count,
      difference: difference)
  }

  private static func difference(
    _ recorded: [JournalRecord], _ replayed: [JournalRecord]
  ) -> (Int, JournalRecord?, JournalRecord?)? {
    let length = max(recorded.count, replayed.count)
    func record(_ records: [JournalRecord], _ place: Int) -> JournalRecord? {
      place < records.count ? records[place] : nil
    }
    for place in 0..<length where record(recorded, place) != record(replayed, place) {
      return (place, record(recorded, place), record(replayed, place))
    }
    return nil
  }

  /// One run over the recorded market data.
  func play<Sink: JournalSink>(into journal: Sink) throws(RecordingError) -> Sink {
    do throws(BacktestError) {
      if let exits = try settings.plannedExits() {
        return try play(try guarded(try recipe.strategy(), exits), into: journal)
      }
      return try play(try recipe.strategy(), into: journal)
    } catch {
      throw .backtest(error)
    }
  }

  private func guarded(
    _ strategy: some Strategy, _ exits: ExitPlan
  ) throws(BacktestError) -> any Strategy {
    try settings.guarded(strategy, exits)
  }

  private func play<Sink: JournalSink>(
    _ strategy: some Strategy, into journal: Sink
  ) throws(BacktestError) -> Sink {
    var table = InstrumentTable(base: try settings.baseCurrency())
    for symbol in symbols { _ = table.add(try settings.instrument(symbol)) }
    let (feed, histories): (QueueFeed, [BarHistory])
    do throws(JournalError) {
      (feed, histories) = (try QueueFeed(captured: market), try readHistories())
    } catch {
      throw .engine(.journal(error))
    }
    var engine = try settings.engine(
      strategy, feed, try settings.venue(table), table, histories, journal, at: startedAt)
    do throws(EngineError) {
      try engine.start(settings.header(strategy.name, table, at: startedAt))
      try engine.run()
      try engine.finish()
    } catch {
      throw .engine(error)
    }
    return engine.journal
  }
}
