import Runtime

/// A time zone by rules of our own, so that the same instant is the same wall time on every machine,
/// whatever its tz database says.
///
/// - New York: the laws of the United States since 1967; for later years, the law as it stands.
/// - Kolkata: five and a half hours ahead of UTC, without changes.
public enum Zone: String, CaseIterable, Sendable {
  case utc = "UTC"
  case newYork = "America/New_York"
  case kolkata = "Asia/Kolkata"

  public init(named name: String) throws(CalendarError) {
    guard let zone = Zone(rawValue: name) else {
      throw .unknownZone(name: name, known: Zone.allCases.map(\.rawValue))
    }
    self = zone
  }

  public var name: String { rawValue }

  /// A stretch of time in which the clocks are not changed.
  public struct Span: Hashable, Sendable {
    /// The first instant, and the first that no longer belongs to it.
    public let start: Timestamp
    public let end: Timestamp
    /// What is added to UTC to get wall time.
    public let offsetSeconds: Int64
  }

  /// The stretch that `instant` lies in; keep it to convert many instants.
  public func span(at instant: Timestamp) -> Span {
    switch self {
    case .utc: Self.always(offsetSeconds: 0)
    case .kolkata: Self.always(offsetSeconds: 19_800)
    case .newYork: NewYorkTime.span(at: instant)
    }
  }

  private static func always(offsetSeconds: Int64) -> Span {
    Span(
      start: Timestamp(nanoseconds: .min), end: Timestamp(nanoseconds: .max),
      offsetSeconds: offsetSeconds)
  }

  public func offsetSeconds(at instant: Timestamp) -> Int64 { span(at: instant).offsetSeconds }

  /// The day and the nanosecond since its midnight that the clock on the wall shows.
  public func wallTime(at instant: Timestamp) -> (date: CivilDate, nanosecondOfDay: Int64) {
    let local = Timestamp(
      nanoseconds: instant.nanoseconds &+ offsetSeconds(at: instant)
        * Timestamp.nanosecondsPerSecond)
    return (local.utcDate, local.nanosecondOfDay)
  }

  /// The day at this place.
  public func date(at instant: Timestamp) -> CivilDate { wallTime(at: instant).date }

  /// The instant at which the clock on the wall shows this time.
  ///
  /// In the hour that is shown twice in autumn it is the first; in the hour that is left out in
  /// spring it is as much later as the clocks were put forward.
  public func instant(on date: CivilDate, secondOfDay: Int) -> Timestamp {
    let wall =
      (Int64(date.dayNumber) * 86_400 + Int64(secondOfDay)) * Timestamp.nanosecondsPerSecond
    func instant(_ offset: Int64) -> Timestamp {
      Timestamp(nanoseconds: wall - offset * Timestamp.nanosecondsPerSecond)
    }
    // Clocks are never changed twice within two days.
    let before = offsetSeconds(at: Timestamp(nanoseconds: wall - Timestamp.nanosecondsPerDay))
    let after = offsetSeconds(at: Timestamp(nanoseconds: wall + Timestamp.nanosecondsPerDay))
    if before == after || offsetSeconds(at: instant(before)) == before { return instant(before) }
    return offsetSeconds(at: instant(after)) == after ? instant(after) : instant(before)
  }
}

/// Eastern time: the Uniform Time Act of 1966, its amendments of 1986 and the Energy Policy Act of
/// 2005. Clocks change at two in the morning of the wall time that ends.
private enum NewYorkTime {
  static let standard: Int64 = -5 * 3600
  static let daylight: Int64 = -4 * 3600

  static func span(at instant: Timestamp) -> Zone.Span {
    // At both changes the year is the same in UTC and in New York.
    let year = instant.utcDate.year
    let (start, end) = changes(year)
    if instant < start {
      return Zone.Span(start: changes(year - 1).end, end: start, offsetSeconds: standard)
    }
    if instant < end { return Zone.Span(start: start, end: end, offsetSeconds: daylight) }
    return Zone.Span(start: end, end: changes(year + 1).start, offsetSeconds: standard)
  }

  /// When daylight time begins and ends.
  static func changes(_ year: Int) -> (start: Timestamp, end: Timestamp) {
    let (first, last) = daylightDays(year)
    return (instant(first, utcHour: 7), instant(last, utcHour: 6))
  }

  private static func instant(_ date: CivilDate, utcHour: Int64) -> Timestamp {
    // The years around the first and the last instant reach beyond them.
    let reach = Int64.max / Timestamp.nanosecondsPerSecond
    let seconds = Int64(date.dayNumber) * 86_400 + utcHour * 3600
    return Timestamp(seconds: min(max(seconds, -reach), reach))
  }

  private static func daylightDays(_ year: Int) -> (first: CivilDate, last: CivilDate) {
    switch year {
    case 2007...:
      (.nth(2, .sunday, month: 3, year: year), .nth(1, .sunday, month: 11, year: year))
    case 1987...:
      (.nth(1, .sunday, month: 4, year: year), .last(.sunday, month: 10, year: year))
    case 1974:  // The oil crisis.
      (.known(1974, 1, 6), .last(.sunday, month: 10, year: year))
    case 1975:
      (.known(1975, 2, 23), .last(.sunday, month: 10, year: year))
    default:
      (.last(.sunday, month: 4, year: year), .last(.sunday, month: 10, year: year))
    }
  }
}
