import Market
import Runtime

/// When each bar of a file began and ended, from its stamps and what was declared about them.
struct BarTimes {
  let interval: BarInterval
  private(set) var start: Column<Int64> = Column([])
  private(set) var end: Column<Int64> = Column([])
  private var clock: SessionClock
  private let path: String

  init(
    stamps: Column<Int64>, kind: StampText.Kind, declaration: BarDeclaration, path: String
  ) throws(DataError) {
    guard declaration.zone != nil || kind != .local else {
      throw .undeclared(
        place: path, what: "in which time zone its times are", guess: nil,
        remedy: "add --zone America/New_York, or a \(BarDeclaration.fileName) beside the file")
    }
    self.path = path
    clock = try SessionClock(zone: declaration.zone ?? Zone.newYork.name, place: path)
    if let declared = declaration.interval {
      interval = declared
    } else {
      interval = try Self.interval(of: stamps, kind: kind, path: path)
    }
    if interval == .day {
      try setSessions(stamps, kind: kind)
    } else if let length = interval.length.nanoseconds, interval.isIntraday, kind != .date {
      try setBars(instants(stamps, kind: kind), length: length, declared: declaration.stamp)
    } else {
      throw .badDeclaration(
        place: path, finding: "stamps of this kind cannot name bars of \(interval)",
        remedy: "read daily bars, or bars of a day's part with the time of day in their stamps")
    }
  }

  /// A daily bar is its exchange's session, half days and all.
  private mutating func setSessions(
    _ stamps: Column<Int64>, kind: StampText.Kind
  ) throws(DataError) {
    guard let calendar = clock.calendar else {
      throw .badDeclaration(
        place: path, finding: "no exchange's sessions are known in \(clock.zone.name)",
        remedy: "declare the zone of the exchange, such as America/New_York")
    }
    var opens: [Int64] = []
    var closes: [Int64] = []
    opens.reserveCapacity(stamps.count)
    closes.reserveCapacity(stamps.count)
    for (row, stamp) in stamps.enumerated() {
      let instant = Timestamp(nanoseconds: stamp)
      let date = kind == .instant ? clock.date(at: instant) : instant.utcDate
      let place = "\(path) (row \(row + 1))"
      let day: TradingCalendar.Day
      do {
        day = try calendar.day(date)
      } catch {
        throw .calendar(place: place, error)
      }
      switch day {
      case .session(let session):
        opens.append(session.open.nanoseconds)
        closes.append(session.close.nanoseconds)
      case .closed(let reason):
        throw .notASession(place: place, date: date, calendar: calendar.name, reason: reason)
      }
    }
    start = Column(opens)
    end = Column(closes)
  }

  private mutating func instants(_ stamps: Column<Int64>, kind: StampText.Kind) -> Column<Int64> {
    guard kind == .local else { return stamps }
    return Column(count: stamps.count) { out in
      for row in out.indices { out[row] = clock.instant(local: stamps[row]) }
    }
  }

  /// A bar's nominal stretch, cut where the session opens or closes inside it: an hourly bar of a
  /// session that opens at half past is half an hour long.
  private mutating func setBars(
    _ instants: Column<Int64>, length: Int64, declared: BarDeclaration.Stamp?
  ) throws(DataError) {
    let toStart = try convention(declared, instants: instants, length: length) == .end ? length : 0
    let count = instants.count
    guard count > 0, instants[0] > .min + length, instants[count - 1] < .max - length else {
      throw .badDeclaration(
        place: path, finding: "has times out of reach",
        remedy: "check the unit of its stamps: seconds since 1970 have ten digits")
    }
    // Minutes and seconds start at openings and closes; only longer bars can straddle them.
    let canStraddle = length > 60 * Timestamp.nanosecondsPerSecond
    var starts = Column<Int64>(count: count) { out in
      for row in out.indices { out[row] = instants[row] - toStart }
    }
    var ends = Column<Int64>(count: count) { out in
      for row in out.indices { out[row] = instants[row] - toStart + length }
    }
    if canStraddle {
      (starts, ends) = try cut(starts, ends)
    }
    start = starts
    end = ends
  }

  private mutating func cut(
    _ starts: Column<Int64>, _ ends: Column<Int64>
  ) throws(DataError) -> (Column<Int64>, Column<Int64>) {
    var cutStarts = Array(starts)
    var cutEnds = Array(ends)
    for row in 0..<starts.count {
      guard let session = try clock.session(at: starts[row], place: path) else { continue }
      let open = session.open.nanoseconds
      let close = session.close.nanoseconds
      if starts[row] < open && open < ends[row] { cutStarts[row] = open }
      if starts[row] < close && close < ends[row] { cutEnds[row] = close }
    }
    return (Column(cutStarts), Column(cutEnds))
  }

  /// The stamp's convention, which must have been declared; what it looks like is only offered.
  private mutating func convention(
    _ declared: BarDeclaration.Stamp?, instants: Column<Int64>, length: Int64
  ) throws(DataError) -> BarDeclaration.Stamp {
    switch declared {
    case .start: return .start
    case .end: return .end
    case .session:
      throw .badDeclaration(
        place: path, finding: "stamps with a time of day cannot name a session",
        remedy: "declare stamp: start or stamp: end")
    case nil:
      var atOpen = 0
      var atClose = 0
      for instant in instants {
        guard let session = try clock.session(at: instant, place: path) else { continue }
        if instant == session.open.nanoseconds { atOpen += 1 }
        if instant == session.close.nanoseconds { atClose += 1 }
      }
      let guess = atOpen == atClose ? nil : atOpen > atClose ? "start" : "end"
      throw .undeclared(
        place: path, what: "whether a stamp is a bar's start or its end", guess: guess,
        remedy: "add --stamp \(guess ?? "start"), or a \(BarDeclaration.fileName) beside the file")
    }
  }

  /// The step that most rows make.
  static func interval(
    of stamps: Column<Int64>, kind: StampText.Kind, path: String
  ) throws(DataError) -> BarInterval {
    if kind == .date { return .day }
    var counts: [Int64: Int] = [:]
    for row in 1..<max(1, min(stamps.count, 2000)) {
      counts[stamps[row] &- stamps[row - 1], default: 0] += 1
    }
    let step = counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? 0
    let seconds = step.quotientAndRemainder(dividingBy: Timestamp.nanosecondsPerSecond)
    guard seconds.remainder == 0, let interval = BarInterval(seconds: seconds.quotient) else {
      throw .undeclared(
        place: path, what: "how long its bars are", guess: nil,
        remedy: "add --interval, such as 5min")
    }
    return interval
  }
}

extension BarInterval {
  /// The interval in the largest unit that divides it, or `nil` where no bar is that long.
  init?(seconds: Int64) {
    guard seconds > 0, seconds <= 7 * 86_400 else { return nil }
    let units: [(Unit, Int64)] = [
      (.week, 7 * 86_400), (.day, 86_400), (.hour, 3600), (.minute, 60), (.second, 1),
    ]
    for (unit, length) in units where seconds % length == 0 {
      self.init(count: Int(seconds / length), unit: unit)
      return
    }
    return nil
  }
}
