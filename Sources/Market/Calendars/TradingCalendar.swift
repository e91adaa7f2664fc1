import Runtime

/// The sessions of a market: every day it trades, and from when to when.
///
/// Known for whole years; days outside are refused with an error, never guessed.
public struct TradingCalendar: Sendable {
  public let name: String
  public let zone: Zone
  /// The years whose holidays are known.
  public let years: ClosedRange<Int>

  /// Hours in minutes since midnight at the exchange.
  struct Hours: Sendable, Hashable {
    var open: Int
    var close: Int
    var extendedOpen: Int
    var extendedClose: Int
  }

  /// A day whose hours are not the usual ones.
  struct Special: Sendable {
    var hours: Hours
    var reason: String
  }

  private let usual: Hours
  private let closures: [CivilDate: String]
  private let specials: [CivilDate: Special]
  /// Every day with a session, in order.
  private let days: [CivilDate]

  init(
    name: String, zone: Zone, years: ClosedRange<Int>, usual: Hours,
    closures: [CivilDate: String], specials: [CivilDate: Special]
  ) {
    self.name = name
    self.zone = zone
    self.years = years
    self.usual = usual
    self.closures = closures
    self.specials = specials
    let all = CivilDate.known(years.lowerBound, 1, 1)...CivilDate.known(years.upperBound, 12, 31)
    days = all.filter { day in
      specials[day] != nil || (!day.weekday.isWeekend && closures[day] == nil)
    }
  }

  /// The first of a zone is the one that is meant where only a zone is named.
  public static let all = [nyse, nasdaq, cboe, nse]

  /// The calendar of `NYSE`, `NASDAQ`, `CBOE` or `NSE`.
  public init(named name: String) throws(CalendarError) {
    guard let calendar = Self.all.first(where: { $0.name == name.uppercased() }) else {
      throw .unknownCalendar(name: name, known: Self.all.map(\.name))
    }
    self = calendar
  }

  /// The days that are known, the first and the last of them.
  public var range: ClosedRange<CivilDate> {
    CivilDate.known(years.lowerBound, 1, 1)...CivilDate.known(years.upperBound, 12, 31)
  }

  /// What happens on a day.
  public enum Day: Hashable, Sendable {
    case session(Session)
    /// The holiday's or event's name, or "weekend".
    case closed(reason: String)
  }

  public func day(_ date: CivilDate) throws(CalendarError) -> Day {
    try check(date)
    if let special = specials[date] {
      return .session(session(date, special.hours, note: special.reason))
    }
    if date.weekday.isWeekend { return .closed(reason: "weekend") }
    if let reason = closures[date] { return .closed(reason: reason) }
    return .session(session(date, usual, note: nil))
  }

  /// The session of a day, or `nil` where there is none; `day(_:)` says why.
  public func session(on date: CivilDate) throws(CalendarError) -> Session? {
    guard case .session(let session) = try day(date) else { return nil }
    return session
  }

  /// The market's usual hours on a day, whether or not it traded then.
  public func usualHours(on date: CivilDate) -> Range<Timestamp> {
    session(date, usual, note: nil).range()
  }

  private func check(_ date: CivilDate) throws(CalendarError) {
    guard range.contains(date) else {
      throw .outsideYears(
        calendar: name, date: date, first: years.lowerBound, last: years.upperBound)
    }
  }

  private func session(_ date: CivilDate, _ hours: Hours, note: String?) -> Session {
    // No market here trades while the clocks are changed, so one offset holds for the day.
    let midday = zone.instant(on: date, secondOfDay: 12 * 3600)
    func instant(_ minute: Int) -> Timestamp {
      Timestamp(
        nanoseconds: midday.nanoseconds + Int64(minute - 720) * 60 * Timestamp.nanosecondsPerSecond)
    }
    return Session(
      date: date, open: instant(hours.open), close: instant(hours.close),
      extendedOpen: instant(hours.extendedOpen), extendedClose: instant(hours.extendedClose),
      note: note, isHalfDay: hours.close < usual.close)
  }
}

// From one session to others.
extension TradingCalendar {
  /// The number of sessions before `date`, which is also the position of its own.
  private func position(of date: CivilDate) -> Int {
    var (low, high) = (0, days.count)
    while low < high {
      let middle = (low + high) / 2
      if days[middle] < date { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The first session after `date`.
  public func nextSession(after date: CivilDate) throws(CalendarError) -> Session {
    try session(at: position(of: date.advanced(by: 1)), asked: date)
  }

  /// The last session before `date`.
  public func previousSession(before date: CivilDate) throws(CalendarError) -> Session {
    try session(at: position(of: date) - 1, asked: date)
  }

  private func session(at position: Int, asked date: CivilDate) throws(CalendarError) -> Session {
    try check(date)
    guard days.indices.contains(position), let found = try session(on: days[position]) else {
      // The neighbour lies in a year that is not known.
      throw .outsideYears(
        calendar: name, date: date.advanced(by: position < 0 ? -1 : 1), first: years.lowerBound,
        last: years.upperBound)
    }
    return found
  }

  /// The days with a session among `range`, both ends included.
  public func sessionDays(
    in range: ClosedRange<CivilDate>
  ) throws(CalendarError) -> ArraySlice<CivilDate> {
    try check(range.lowerBound)
    try check(range.upperBound)
    return days[position(of: range.lowerBound)..<position(of: range.upperBound.advanced(by: 1))]
  }

  /// The sessions of `range`, both ends included.
  public func sessions(in range: ClosedRange<CivilDate>) throws(CalendarError) -> [Session] {
    var sessions: [Session] = []
    for date in try sessionDays(in: range) {
      if let session = try session(on: date) { sessions.append(session) }
    }
    return sessions
  }

  /// The session that is under way at `instant`, or `nil`.
  public func session(
    at instant: Timestamp, hours: SessionHours = .regular
  ) throws(CalendarError) -> Session? {
    guard let session = try session(on: zone.date(at: instant)),
      session.range(hours).contains(instant)
    else { return nil }
    return session
  }

  public func isOpen(
    at instant: Timestamp, hours: SessionHours = .regular
  ) throws(CalendarError) -> Bool {
    try session(at: instant, hours: hours) != nil
  }

  /// The days of the group of `count` sessions, counted from the first known, that `date` is in.
  func sessionBlock(of count: Int, around date: CivilDate) -> ArraySlice<CivilDate> {
    let position = position(of: date)
    let first = position - position % count
    return days[first..<min(first + count, days.count)]
  }
}

// What a year holds.
extension TradingCalendar {
  /// Sessions in an average year, to the nearest whole one: 252 in New York.
  public var sessionsPerYear: Int {
    Int((Double(days.count) / Double(years.count)).rounded())
  }

  /// Bars in a session of usual length: 26 of 15 minutes in New York.
  public func barsPerSession(_ interval: BarInterval) -> Int {
    guard let length = interval.intradayNanoseconds else { return 1 }
    let whole = Int64(usual.close - usual.open) * 60 * Timestamp.nanosecondsPerSecond
    return Int((whole + length - 1) / length)
  }

  /// Bars in an average year, by which figures are annualised: 6,552 of 15 minutes in New York.
  public func barsPerYear(_ interval: BarInterval) -> Double {
    switch interval.unit {
    case .week: 365.2425 / 7 / Double(interval.count)
    case .day: Double(sessionsPerYear) / Double(interval.count)
    default: Double(sessionsPerYear * barsPerSession(interval))
    }
  }
}
