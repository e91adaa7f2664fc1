import Market
import Runtime

/// When each bar of a file began and ended, from its stamps and what was declared about them.
struct BarTimes {
  var interval: BarInterval
  var start: Column<Int64>
  var end: Column<Int64>
  /// What the stamps were taken to mean.
  var declaration: BarDeclaration

  init(
    stamps: Column<Int64>, kind: StampText.Kind, declaration: BarDeclaration, path: String
  ) throws(DataError) {
    let zone = declaration.zone ?? "America/New_York"
    guard declaration.zone != nil || kind != .local else {
      throw .undeclared(
        place: path, what: "in which time zone its times are", guess: nil,
        remedy: "add --zone America/New_York, or a \(BarDeclaration.fileName) beside the file")
    }
    let hours = try ExchangeHours(zone: zone, place: path)
    let interval: BarInterval
    if let declared = declaration.interval {
      interval = declared
    } else {
      interval = try Self.interval(of: stamps, kind: kind, path: path)
    }
    self.interval = interval
    self.declaration = declaration
    self.declaration.interval = interval
    self.declaration.zone = zone
    var clock = WallClock(hours: hours)
    if interval.unit == .day || kind == .date {
      guard interval == .day else {
        throw .badDeclaration(
          place: path, finding: "dates without times cannot stamp bars of this interval",
          remedy: "use daily bars, or stamps with a time of day")
      }
      self.declaration.stamp = .session
      start = Column(count: stamps.count) { out in
        for row in out.indices { out[row] = clock.session(stamps[row], kind: kind).open }
      }
      end = Column(count: stamps.count) { out in
        for row in out.indices { out[row] = clock.session(stamps[row], kind: kind).close }
      }
    } else {
      let instants = Self.instants(stamps, kind: kind, clock: &clock)
      let length = interval.nanoseconds
      let convention = try Self.convention(
        declaration.stamp, instants: instants, length: length, clock: &clock, path: path)
      self.declaration.stamp = convention
      // An hourly bar of a session that opens at half past is cut at the opening.
      start = Column(count: stamps.count) { out in
        for row in out.indices {
          let nominal = convention == .start ? instants[row] : instants[row] - length
          let open = clock.session(nominal + length - 1, kind: .instant).open
          out[row] = nominal < open && open < nominal + length ? open : nominal
        }
      }
      end = Column(count: stamps.count) { out in
        for row in out.indices {
          let nominal = convention == .start ? instants[row] + length : instants[row]
          let close = clock.session(nominal - length, kind: .instant).close
          out[row] = nominal - length < close && close < nominal ? close : nominal
        }
      }
    }
    try checkOrder(path: path)
  }

  private static func instants(
    _ stamps: Column<Int64>, kind: StampText.Kind, clock: inout WallClock
  ) -> Column<Int64> {
    guard kind != .instant else { return stamps }
    return Column(count: stamps.count) { out in
      for row in out.indices { out[row] = clock.utc(local: stamps[row]) }
    }
  }

  /// The stamp's convention, which must have been declared; what it looks like is only offered.
  private static func convention(
    _ declared: BarDeclaration.Stamp?, instants: Column<Int64>, length: Int64,
    clock: inout WallClock, path: String
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
        let session = clock.session(instant, kind: .instant)
        if instant == session.open { atOpen += 1 }
        if instant == session.close { atClose += 1 }
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
      counts[stamps[row] - stamps[row - 1], default: 0] += 1
    }
    let step = counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? 0
    guard let interval = BarInterval(nanoseconds: step) else {
      throw .undeclared(
        place: path, what: "how long its bars are", guess: nil,
        remedy: "add --interval, such as 5min")
    }
    return interval
  }

  /// Wall times can repeat in autumn, which only shows once they are UTC.
  private func checkOrder(path: String) throws(DataError) {
    for row in 1..<max(1, end.count) where end[row] <= end[row - 1] {
      throw .outOfOrder(
        place: "\(path) (row \(row + 1))", found: StampText.spelled(end[row], like: ":") + "Z",
        previous: StampText.spelled(end[row - 1], like: ":") + "Z")
    }
  }
}

/// Wall clock arithmetic that asks for the zone's rules once a day, not once a row.
private struct WallClock {
  private let hours: ExchangeHours
  private var day: Int64 = .min
  private var known: (open: Int64, close: Int64) = (0, 0)
  private var hour: Int64 = .min
  private var offset: Int64 = 0
  private var quarter: Int64 = .min
  private var utcOffset: Int64 = 0

  init(hours: ExchangeHours) { self.hours = hours }

  /// The session of the day on which `stamp` lies at the exchange.
  mutating func session(_ stamp: Int64, kind: StampText.Kind) -> (open: Int64, close: Int64) {
    var seconds = Self.floor(stamp, Timestamp.nanosecondsPerSecond)
    if kind == .instant {
      // Clocks change on a quarter of an hour at the finest.
      let current = Self.floor(seconds, 900)
      if current != quarter {
        quarter = current
        utcOffset = hours.offset(utcSeconds: seconds)
      }
      seconds += utcOffset
    }
    let localDay = Self.floor(seconds, 86_400)
    if localDay != day {
      day = localDay
      known = hours.session(localDay: localDay)
    }
    return known
  }

  mutating func utc(local: Int64) -> Int64 {
    let seconds = Self.floor(local, Timestamp.nanosecondsPerSecond)
    let current = Self.floor(seconds, 900)
    if current != hour {
      hour = current
      offset = hours.offset(localSeconds: seconds)
    }
    return local - offset * Timestamp.nanosecondsPerSecond
  }

  private static func floor(_ value: Int64, _ by: Int64) -> Int64 {
    let (quotient, remainder) = value.quotientAndRemainder(dividingBy: by)
    return remainder < 0 ? quotient - 1 : quotient
  }
}

extension BarInterval {
  var nanoseconds: Int64 {
    let seconds: Int64 =
      switch unit {
      case .second: 1
      case .minute: 60
      case .hour: 3600
      case .day: 86_400
      case .week: 7 * 86_400
      }
    return Int64(count) * seconds * Timestamp.nanosecondsPerSecond
  }

  /// The interval in the largest unit that divides it, or `nil` where it is no whole seconds.
  init?(nanoseconds: Int64) {
    let (seconds, rest) = nanoseconds.quotientAndRemainder(
      dividingBy: Timestamp.nanosecondsPerSecond)
    guard rest == 0 else { return nil }
    self.init(seconds: seconds)
  }

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
