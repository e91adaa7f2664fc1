import Runtime

/// Which part of a day counts.
public enum SessionHours: String, CaseIterable, Sendable {
  case regular
  /// With trading before the open and after the close, where the market has it.
  case extended
}

/// One day's trading: when it begins and ends, as instants.
public struct Session: Hashable, Sendable {
  /// The day at the exchange; the key by which sessions are told apart.
  public let date: CivilDate
  public let open: Timestamp
  public let close: Timestamp
  /// The first and last instant of trading outside regular hours; `open` and `close` without any.
  public let extendedOpen: Timestamp
  public let extendedClose: Timestamp
  /// Why the hours are not the usual ones, or `nil`: "day after Thanksgiving".
  public let note: String?
  /// It closes before the usual time.
  public let isHalfDay: Bool

  /// From the first instant to the one at which it is over.
  public func range(_ hours: SessionHours = .regular) -> Range<Timestamp> {
    hours == .regular ? open..<close : extendedOpen..<extendedClose
  }

  /// How many bars of `interval` it has; one where a bar is as long as a session or longer.
  ///
  /// 390 minutes make seven bars of an hour: the last has thirty minutes.
  public func barCount(_ interval: BarInterval, hours: SessionHours = .regular) -> Int {
    guard let length = interval.intradayNanoseconds else { return 1 }
    let range = range(hours)
    let whole = range.upperBound.nanoseconds - range.lowerBound.nanoseconds
    return Int((whole + length - 1) / length)
  }

  /// From when to when bar `index` goes, counted from the open; the last ends with the session.
  public func bar(
    _ index: Int, of interval: BarInterval, hours: SessionHours = .regular
  ) -> Range<Timestamp> {
    let range = range(hours)
    guard let length = interval.intradayNanoseconds else {
      precondition(index == 0, "a session is one bar")
      return range
    }
    let start = range.lowerBound.nanoseconds + Int64(index) * length
    precondition(
      index >= 0 && start < range.upperBound.nanoseconds, "the session has that many bars")
    return Timestamp(
      nanoseconds: start)..<min(
        Timestamp(nanoseconds: start + length), range.upperBound)
  }

  /// Every bar of the session, in order.
  public func bars(
    _ interval: BarInterval, hours: SessionHours = .regular
  ) -> [Range<Timestamp>] {
    (0..<barCount(interval, hours: hours)).map { bar($0, of: interval, hours: hours) }
  }
}
