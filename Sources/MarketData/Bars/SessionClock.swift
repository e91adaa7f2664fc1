import Market
import Runtime

/// The exchange's wall clock and sessions, asked for many rows that follow each other: rules are
/// looked up once a stretch or a day, not once a row.
struct SessionClock {
  let zone: Zone
  /// `nil` where the zone has no exchange whose sessions are known, as for markets that never close.
  let calendar: TradingCalendar?
  private var span: Zone.Span
  private var day: CivilDate?
  private var session: Session?

  /// New York's where nothing is declared.
  init(_ declaration: BarDeclaration, place: String) throws(DataError) {
    do {
      zone = try Zone(named: declaration.zone ?? Zone.newYork.name)
    } catch {
      throw .calendar(place: place, error)
    }
    span = zone.span(at: Timestamp(nanoseconds: 0))
    calendar = declaration.sessions
  }

  /// How far wall time is ahead of UTC.
  private mutating func offset(at instant: Timestamp) -> Int64 {
    if instant < span.start || instant >= span.end { span = zone.span(at: instant) }
    return span.offsetSeconds * Timestamp.nanosecondsPerSecond
  }

  mutating func date(at instant: Timestamp) -> CivilDate {
    let local = instant.nanoseconds &+ offset(at: instant)
    return Timestamp(nanoseconds: local).utcDate
  }

  /// The session of the day on which `instant` lies, if there is one.
  mutating func session(at instant: Int64, place: String) throws(DataError) -> Session? {
    let date = date(at: Timestamp(nanoseconds: instant))
    if date != day {
      do {
        session = try calendar?.session(on: date)
      } catch {
        throw .calendar(place: place, error)
      }
      day = date
    }
    return session
  }

  /// The instant at which wall time, counted from 1970-01-01T00:00:00 at the exchange, is shown.
  mutating func instant(local: Int64) -> Int64 {
    // Right unless clocks change within a day of it; then the zone itself is asked.
    let guess = Timestamp(nanoseconds: local &- span.offsetSeconds * Timestamp.nanosecondsPerSecond)
    let margin = Timestamp.nanosecondsPerDay
    if guess.nanoseconds > span.start.nanoseconds &+ margin,
      guess.nanoseconds < span.end.nanoseconds &- margin
    {
      return guess.nanoseconds
    }
    let wall = Timestamp(nanoseconds: local)
    let second = Timestamp.nanosecondsPerSecond
    let found = zone.instant(on: wall.utcDate, secondOfDay: Int(wall.nanosecondOfDay / second))
    _ = offset(at: found)
    return found.nanoseconds + wall.nanosecondOfDay % second
  }
}
