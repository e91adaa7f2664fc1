import Market
import Runtime

/// How the stamps of a file become starts and ends: settled once, then used for all of its rows.
struct BarTiming {
  /// What becomes of a daily bar of a day on which the calendar knows no session.
  enum UnknownDays {
    case refused
    /// It goes from the usual opening to midnight at the exchange, so that it is never known too
    /// early: special sessions can be in the evening.
    case untilMidnight
  }

  let interval: BarInterval
  /// Days on which the calendar knew no session.
  private(set) var unknownDays: Set<CivilDate> = []
  private let kind: StampText.Kind
  /// What is taken from a stamp to get the bar's start.
  private var toStart: Int64 = 0
  private var clock: SessionClock
  private let policy: UnknownDays
  private let path: String

  /// - Parameter stamps: the first rows, from which follows what nobody declared.
  init(
    stamps: Column<Int64>, kind: StampText.Kind, declaration: BarDeclaration,
    unknownDays policy: UnknownDays = .refused, path: String
  ) throws(DataError) {
    // An instant needs no zone, but which day it belongs to does.
    guard declaration.zone != nil || (kind == .instant && declaration.interval != .day) else {
      let guess = DeclarationGuess.zone(of: stamps, kind: kind).name
      throw .undeclared(
        place: path, what: "in which time zone its times are", guess: guess,
        remedy: "add --zone \(guess), or a \(BarDeclaration.fileName) beside the file")
    }
    self.path = path
    self.kind = kind
    self.policy = policy
    clock = try SessionClock(declaration, place: path)
    if let declared = declaration.interval {
      interval = declared
    } else {
      interval = try Self.interval(of: stamps, kind: kind, path: path)
    }
    if interval == .day {
      guard clock.calendar != nil else {
        throw .badDeclaration(
          place: path, finding: "no exchange's sessions are known in \(clock.zone.name)",
          remedy: "declare the zone of the exchange, such as America/New_York")
      }
    } else if let length = interval.length.nanoseconds, interval.isIntraday, kind != .date {
      let instants = try instants(stamps, length: length)
      toStart = try convention(declaration.stamp, instants: instants) == .end ? length : 0
    } else {
      throw .badDeclaration(
        place: path, finding: "stamps of this kind cannot name bars of \(interval)",
        remedy: "read daily bars, or bars of a day's part with the time of day in their stamps")
    }
  }

  /// When the bars of these rows began and ended.
  ///
  /// - Parameter firstRow: how many rows of the file stand before them.
  mutating func times(
    of stamps: Column<Int64>, firstRow: Int = 0
  ) throws(DataError) -> (start: Column<Int64>, end: Column<Int64>) {
    guard interval.isIntraday, let length = interval.length.nanoseconds else {
      return try sessions(stamps, firstRow: firstRow)
    }
    return try bars(instants(stamps, length: length), length: length)
  }

  /// A daily bar is its exchange's session, half days and all.
  private mutating func sessions(
    _ stamps: Column<Int64>, firstRow: Int
  ) throws(DataError) -> (start: Column<Int64>, end: Column<Int64>) {
    var opens: [Int64] = []
    var closes: [Int64] = []
    opens.reserveCapacity(stamps.count)
    closes.reserveCapacity(stamps.count)
    for (row, stamp) in stamps.enumerated() {
      let instant = Timestamp(nanoseconds: stamp)
      let date = kind == .instant ? clock.date(at: instant) : instant.utcDate
      let session = try session(of: date, place: "\(path) (row \(firstRow + row + 1))")
      opens.append(session.lowerBound.nanoseconds)
      closes.append(session.upperBound.nanoseconds)
    }
    return (Column(opens), Column(closes))
  }

  private mutating func session(
    of date: CivilDate, place: String
  ) throws(DataError) -> Range<Timestamp> {
    guard let calendar = clock.calendar else { preconditionFailure("asked for in init") }
    var refusal: DataError
    do {
      switch try calendar.day(date) {
      case .session(let session): return session.range()
      case .closed(let reason):
        refusal = .notASession(place: place, date: date, calendar: calendar.name, reason: reason)
      }
    } catch {
      refusal = .calendar(place: place, error)
    }
    guard policy == .untilMidnight else { throw refusal }
    unknownDays.insert(date)
    let midnight = calendar.zone.instant(on: date.advanced(by: 1), secondOfDay: 0)
    return calendar.usualHours(on: date).lowerBound..<midnight
  }

  /// Stamps as instants, none of them so far out that a bar's length leads beyond all times.
  private mutating func instants(
    _ stamps: Column<Int64>, length: Int64
  ) throws(DataError) -> Column<Int64> {
    let reach = length + 2 * Timestamp.nanosecondsPerDay
    let (least, greatest) = stamps.withUnsafeValues { stamps in
      stamps.reduce((Int64.max, Int64.min)) { (min($0.0, $1), max($0.1, $1)) }
    }
    guard stamps.isEmpty || (least > .min + reach && greatest < .max - reach) else {
      throw .badDeclaration(
        place: path, finding: "has times out of reach",
        remedy: "check the unit of its stamps: seconds since 1970 have ten digits")
    }
    guard kind == .local else { return stamps }
    return Column(count: stamps.count) { out in
      for row in out.indices { out[row] = clock.instant(local: stamps[row]) }
    }
  }

  /// A bar's nominal stretch, cut where the session opens or closes inside it: an hourly bar of a
  /// session that opens at half past is half an hour long.
  private mutating func bars(
    _ instants: Column<Int64>, length: Int64
  ) throws(DataError) -> (start: Column<Int64>, end: Column<Int64>) {
    let starts = toStart == 0 ? instants : Self.shifted(instants, by: -toStart)
    let ends = toStart == length ? instants : Self.shifted(instants, by: length - toStart)
    // Minutes and seconds start at openings and closes; only longer bars can straddle them.
    let canStraddle = length > 60 * Timestamp.nanosecondsPerSecond
    return canStraddle ? try cut(starts, ends) : (starts, ends)
  }

  private static func shifted(_ instants: Column<Int64>, by step: Int64) -> Column<Int64> {
    Column(count: instants.count) { out in
      instants.withUnsafeValues { values in
        for row in out.indices { out[row] = values[row] &+ step }
      }
    }
  }

  private mutating func cut(
    _ starts: Column<Int64>, _ ends: Column<Int64>
  ) throws(DataError) -> (start: Column<Int64>, end: Column<Int64>) {
    var cutStarts = Array(starts)
    var cutEnds = Array(ends)
    for row in 0..<starts.count {
      guard let session = try knownSession(at: starts[row]) else { continue }
      let open = session.open.nanoseconds
      let close = session.close.nanoseconds
      if starts[row] < open && open < ends[row] { cutStarts[row] = open }
      if starts[row] < close && close < ends[row] { cutEnds[row] = close }
    }
    return (Column(cutStarts), Column(cutEnds))
  }

  private mutating func knownSession(at instant: Int64) throws(DataError) -> Session? {
    do {
      return try clock.session(at: instant, place: path)
    } catch {
      guard policy == .untilMidnight else { throw error }
      return nil
    }
  }

  /// The stamp's convention, which must have been declared; what it looks like is only offered.
  private mutating func convention(
    _ declared: BarDeclaration.Stamp?, instants: Column<Int64>
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
    // Newest first or oldest first, and some bars twice: that is for quality checks to say.
    for row in 1..<max(1, min(stamps.count, 2000)) where stamps[row] != stamps[row - 1] {
      let (step, overflow) = stamps[row].subtractingReportingOverflow(stamps[row - 1])
      if !overflow, step > .min { counts[abs(step), default: 0] += 1 }
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
