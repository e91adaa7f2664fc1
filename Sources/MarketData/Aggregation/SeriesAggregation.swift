import Market
import Runtime

/// Makes coarser bars of a stored series and stores them beside it, under the same source.
public struct SeriesAggregation: Sendable {
  public var interval: BarInterval
  public var hours: SessionHours
  public var days: TimeRange

  public init(to interval: BarInterval, hours: SessionHours = .regular, days: TimeRange = .all) {
    self.interval = interval
    self.hours = hours
    self.days = days
  }

  /// What became of one series.
  public struct Outcome: Sendable {
    public let from, to: SeriesKey
    public let declaration: BarDeclaration
    public let fineBars, coarseBars: Int
    /// Finer bars outside the hours, and those of a coarse bar that is still being made.
    public let leftOut, unfinished: Int
    public let counts: WriteCounts
  }

  public func run(
    _ series: SeriesSummary, from store: any BarStore, to target: any BarStore,
    recordedAt: Timestamp
  ) throws -> Outcome {
    let key = series.key
    let declared = series.declaration
    let place = "\(key)"
    let clock = try SessionClock(declared, place: place)
    guard let calendar = clock.calendar else {
      throw DataError.badDeclaration(
        place: place, finding: "no exchange's sessions are known in \(clock.zone.name)",
        remedy: "declare the zone of the exchange, such as America/New_York")
    }
    let all = try store.read(BarQuery(key))
    let fine = all.slice(all.rows(on: days, in: clock.zone))
    guard fine.count > 0 else {
      throw DataError.noBars(
        place: place, wanted: "\(key.symbol) in \(days)",
        available: series.span.map {
          "\(clock.zone.date(at: $0.lowerBound)) to \(clock.zone.date(at: $0.upperBound))"
        } ?? "none")
    }
    let coarse = try fine.resampled(to: interval, calendar: calendar, hours: hours)
    let inside = try fine.within(hours, of: calendar)
    let used = coarse.count > 0 ? inside.start.firstRow(from: coarse.end[coarse.count - 1]) : 0
    let to = SeriesKey(symbol: key.symbol, interval: interval, source: key.source)
    var declaration = declared
    declaration.interval = interval
    if interval == .day { declaration.stamp = .session }
    try target.declare(to, as: declaration)
    let counts = try target.write(BarBatch(coarse), to: to, recordedAt: recordedAt)
    return Outcome(
      from: key, to: to, declaration: declaration, fineBars: fine.count,
      coarseBars: coarse.count, leftOut: fine.count - inside.count,
      unfinished: inside.count - used, counts: counts)
  }
}
