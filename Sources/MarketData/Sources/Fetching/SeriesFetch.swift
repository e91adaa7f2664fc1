import Market
import Runtime

/// Brings one series of a store up to what its source has: asks for what is missing, and keeps each
/// batch before it asks for the next.
public struct SeriesFetch: Sendable {
  private let source: any BarSource
  private let store: any BarStore
  private let time: any TimeSource

  public init(source: any BarSource, store: any BarStore, time: any TimeSource = SystemTime()) {
    self.source = source
    self.store = store
    self.time = time
  }

  /// Fetches what the store does not have of those days; without a first day, what follows the
  /// stored bars, or all there is.
  ///
  /// A failure ends this series only, and is part of the outcome.
  public func run(_ key: SeriesKey, days: TimeRange) async -> FetchOutcome {
    var outcome = FetchOutcome(key: key)
    do {
      try await fetch(key, days: days, into: &outcome)
    } catch {
      outcome.status = .failed
      outcome.failure = Diagnosis(describing: error, place: "\(key)")
    }
    return outcome
  }

  /// What the store holds of a series.
  private struct Stored {
    var bars: BarBatch
    var days: [CivilDate]
    var zone: Zone
    var calendar: TradingCalendar
  }

  private func fetch(
    _ key: SeriesKey, days: TimeRange, into outcome: inout FetchOutcome
  ) async throws {
    guard let stored = try stored(key) else {
      _ = try await take(key, days: days, stored: nil, into: &outcome)
      return
    }
    let gaps = try FetchGaps.missing(
      days: days, stored: stored.days,
      storedEnd: Timestamp(nanoseconds: stored.bars.end.last ?? 0),
      isDaily: !key.interval.isIntraday, calendar: stored.calendar, now: time.now)
    guard !gaps.isEmpty else {
      outcome.status = .upToDate
      return
    }
    var isRebased = false
    for gap in gaps {
      let changed = try await take(key, days: gap, stored: stored, into: &outcome)
      isRebased = isRebased || changed
    }
    guard isRebased else { return }
    // Factors of different days must never stand in one series.
    let whole = try TimeRange(first: stored.days.first, last: stored.days.last)
    _ = try await take(key, days: whole, stored: nil, into: &outcome)
    outcome.status = .rebased
  }

  private func stored(_ key: SeriesKey) throws -> Stored? {
    guard
      let summary = try store.series().first(where: { $0.key == key }), summary.barCount > 0
    else { return nil }
    let bars = try store.bars(BarQuery(key)).bars
    guard let name = summary.declaration.zone, let zone = Zone(rawValue: name),
      let calendar = summary.declaration.sessions
    else {
      throw SourceError.noCalendar(
        symbol: key.symbol.text, market: summary.declaration.zone ?? "no zone",
        why: "no exchange's sessions are known there")
    }
    var days: [CivilDate] = []
    for start in bars.start {
      let date = zone.date(at: Timestamp(nanoseconds: start))
      if date != days.last { days.append(date) }
    }
    return Stored(bars: bars, days: days, zone: zone, calendar: calendar)
  }

  /// Fetches and keeps those days; whether the past changed with them.
  private func take(
    _ key: SeriesKey, days: TimeRange, stored: Stored?, into outcome: inout FetchOutcome
  ) async throws -> Bool {
    var isRebased = false
    let request = BarRequest(symbol: key.symbol, interval: key.interval, days: days)
    for try await batch in source.bars(request) {
      if let stored { isRebased = isRebased || changesPast(batch, stored) }
      if batch.count > 0 {
        var declaration = source.declaration.overlaid(with: batch.declaration)
        declaration.source = key.source
        try store.declare(key, as: declaration)
      }
      let written =
        batch.count > 0
        ? try store.write(batch, to: key, recordedAt: time.now) : WriteCounts()
      if !batch.actions.isEmpty {
        try store.write(batch.actions, source: key.source, recordedAt: time.now)
      }
      outcome.add(batch, written)
    }
    return isRebased
  }

  /// A split or a payment after what is stored, or a bar that comes again at another price level.
  private func changesPast(_ batch: BarBatch, _ stored: Stored) -> Bool {
    guard let last = stored.days.last, stored.bars.count > 1 else { return false }
    if batch.actions.contains(where: { $0.date > last }) { return true }
    guard let new = batch["close"], let old = stored.bars["close"] else { return false }
    var rows: [Int64: Int] = [:]
    for row in 0..<batch.count { rows[batch.start[row]] = row }
    return (0..<stored.bars.count).suffix(500).contains { row in
      guard let match = rows[stored.bars.start[row]] else { return false }
      // A late correction moves a price a little, a factor moves it by far more.
      return (new[match] / old[row] - 1).magnitude > 0.02
    }
  }
}
