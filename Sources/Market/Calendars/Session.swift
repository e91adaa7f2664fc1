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

  /// The stretches that a bar shorter than a day never leaves: with extended hours, those before the
  /// open, in the session and after the close.
  public func parts(_ hours: SessionHours = .regular) -> [Range<Timestamp>] {
    switch hours {
    case .regular: [open..<close]
    case .extended:
      [extendedOpen..<open, open..<close, close..<extendedClose].filter { !$0.isEmpty }
    }
  }

  /// How many bars of `interval` it has; one where a bar is as long as a session or longer.
  ///
  /// 390 minutes make seven bars of an hour: the last has thirty minutes.
  public func barCount(_ interval: BarInterval, hours: SessionHours = .regular) -> Int {
    guard let length = interval.intradayNanoseconds else { return 1 }
    return parts(hours).reduce(0) { $0 + Self.barCount(of: length, in: $1) }
  }

  private static func barCount(of length: Int64, in part: Range<Timestamp>) -> Int {
    let whole = part.upperBound.nanoseconds - part.lowerBound.nanoseconds
    return Int((whole + length - 1) / length)
  }

  /// From when to when bar `index` goes, counted from the beginning; the last of each part ends with
  /// it.
  public func bar(
    _ index: Int, of interval: BarInterval, hours: SessionHours = .regular
  ) -> Range<Timestamp> {
    guard let length = interval.intradayNanoseconds else {
      precondition(index == 0, "a session is one bar")
      return range(hours)
    }
    precondition(
      index >= 0 && index < barCount(interval, hours: hours), "the session has that many bars")
    var place = index
    for part in parts(hours) {
      let count = Self.barCount(of: length, in: part)
      if place < count { return Self.bar(place, of: length, in: part) }
      place -= count
    }
    return range(hours)
  }

  private static func bar(
    _ index: Int, of length: Int64, in part: Range<Timestamp>
  ) -> Range<Timestamp> {
    let start = Timestamp(nanoseconds: part.lowerBound.nanoseconds + Int64(index) * length)
    let end = Timestamp(nanoseconds: start.nanoseconds + length)
    return start..<min(end, part.upperBound)
  }

  /// The bar of `interval` that `instant` belongs to; `nil` where it lies outside the hours.
  public func bar(
    containing instant: Timestamp, of interval: BarInterval, hours: SessionHours = .regular
  ) -> Range<Timestamp>? {
    guard let length = interval.intradayNanoseconds else {
      return range(hours).contains(instant) ? range(hours) : nil
    }
    guard let part = parts(hours).first(where: { $0.contains(instant) }) else { return nil }
    let sinceStart = instant.nanoseconds - part.lowerBound.nanoseconds
    return Self.bar(Int(sinceStart / length), of: length, in: part)
  }

  /// Every bar of the session, in order.
  public func bars(
    _ interval: BarInterval, hours: SessionHours = .regular
  ) -> [Range<Timestamp>] {
    (0..<barCount(interval, hours: hours)).map { bar($0, of: interval, hours: hours) }
  }
}
