import Market
import Runtime

/// Which bars a series should have, from the exchange's calendar and nothing else.
struct ExpectedBars {
  /// How the bars of a session are laid out where its open is not at a full hour.
  enum Grid { case fromOpen, byClock }

  let interval: BarInterval
  let zone: Zone
  let grid: Grid

  /// `nil` for lengths whose bars nobody can expect: weeks, and seconds in which nothing was traded.
  init?(_ bars: OrderedBars) {
    interval = bars.batch.interval
    zone = bars.zone
    guard interval == .day || (interval.isIntraday && interval >= .minute) else { return nil }
    grid = Self.grid(of: bars)
  }

  /// Nanoseconds of a bar; of a daily one nothing, because it is due when its session is over.
  var length: Int64 { interval.nanosecondsWithinDay ?? 0 }

  /// The starts of a session's bars.
  func starts(of session: Session) -> [Int64] { Self.starts(of: session, interval, grid, zone) }

  /// When a bar that starts then ends: after its length, at the next full hour, or with the session.
  func end(of start: Int64, in session: Session) -> Int64 {
    guard let length = interval.nanosecondsWithinDay else { return session.close.nanoseconds }
    var end = start + length
    if grid == .byClock {
      end -= zone.wallTime(at: Timestamp(nanoseconds: start)).nanosecondOfDay % length
    }
    return min(end, session.close.nanoseconds)
  }

  /// Bars of an hour begin at the open (09:30, 10:30) or at full hours (09:30, 10:00, 11:00): what
  /// more of the series' own bars do.
  private static func grid(of bars: OrderedBars) -> Grid {
    guard bars.batch.interval.isIntraday,
      bars.batch.interval > BarInterval(count: 30, unit: .minute)
    else { return .fromOpen }
    var (fromOpen, byClock) = (0, 0)
    for day in bars.days.prefix(20) {
      guard let session = day.session else { continue }
      let own = Set(day.rows.map { bars.batch.start[$0] })
      func hits(_ grid: Grid) -> Int {
        starts(of: session, bars.batch.interval, grid, bars.zone).count { own.contains($0) }
      }
      fromOpen += hits(.fromOpen)
      byClock += hits(.byClock)
    }
    return byClock > fromOpen ? .byClock : .fromOpen
  }

  private static func starts(
    of session: Session, _ interval: BarInterval, _ grid: Grid, _ zone: Zone
  ) -> [Int64] {
    let open = session.open.nanoseconds
    guard let length = interval.nanosecondsWithinDay else { return [open] }
    var first = open + length
    if grid == .byClock {
      let sinceMidnight = zone.wallTime(at: session.open).nanosecondOfDay
      first = open + length - sinceMidnight % length
    }
    return [open] + Array(stride(from: first, to: session.close.nanoseconds, by: Int(length)))
  }
}

extension BarInterval {
  /// Nanoseconds of a bar within a session, or `nil` for days and weeks.
  var nanosecondsWithinDay: Int64? { isIntraday ? length.nanoseconds : nil }
}
