import Market
import Numerics
import Runtime

/// What does not change from one schedule to the next: instruments, and sessions of the NYSE three at a
/// time, among them those around changes of clocks and half days.
struct FaultWorld: Sendable {
  struct Week: Sendable {
    let sessions: [Session]
    let kind: Fault?
  }

  let table: InstrumentTable
  let weeks: [Week]
  static let cash = Cash(steps: 100_000 * Cash.stepsPerUnit)

  init() throws(BacktestError) {
    do throws(CalendarError) {
      weeks = try Self.weeks(of: .nyse)
    } catch {
      throw .calendar(error)
    }
    var table = InstrumentTable()
    do throws(InstrumentError) {
      for name in ["A", "B"] {
        _ = table.add(try Instrument(symbol: Symbol(parsing: name), venue: "NYSE"))
      }
    } catch {
      throw .instrument(error)
    }
    self.table = table
  }

  private static func weeks(of calendar: TradingCalendar) throws(CalendarError) -> [Week] {
    let days = CivilDate(dayNumber: 13_880)...CivilDate(dayNumber: 21_900)
    let sessions = try calendar.sessions(in: days)
    var weeks: [Week] = []
    for place in sessions.indices.dropFirst().dropLast() {
      let three = Array(sessions[place - 1...place + 1])
      let offsets = three.map { calendar.zone.offsetSeconds(at: $0.open) }
      if three[1].isHalfDay {
        weeks.append(Week(sessions: three, kind: .halfDay))
      } else if offsets[0] != offsets[1] {
        weeks.append(Week(sessions: three, kind: .clockChange))
      } else if place.isMultiple(of: 100) {
        weeks.append(Week(sessions: three, kind: nil))
      }
    }
    return weeks
  }
}

/// The market of one schedule: three sessions of bars of two instruments, with prices that cannot be, that
/// are old, that jump, and clocks that do.
struct FaultMarket {
  private(set) var events: [MarketEvent] = []
  private(set) var seen: Set<Fault> = []
  private var dice: FaultDice
  private static let barsPerSession = 5

  init(_ world: FaultWorld, seed: UInt64) {
    dice = FaultDice(seed: seed, "market")
    let week = world.weeks[dice.below(world.weeks.count)]
    if let kind = week.kind { seen.insert(kind) }
    for place in 0..<world.table.count { add(week, InstrumentID(place)) }
    // In the order in which they are known; of one instant by instrument.
    events.sort { ($0.time, $0.rank, $0.instrument) < ($1.time, $1.rank, $1.instrument) }
    if dice.happens(20) { jump() }
  }

  private mutating func add(_ week: FaultWorld.Week, _ id: InstrumentID) {
    var price = 20 + 200 * dice.part()
    let volume = dice.happens(40) ? 300.0 : 100_000
    for session in week.sessions {
      if session.date != week.sessions[0].date { act(on: id, before: session, &price) }
      let length = (session.close.nanoseconds - session.open.nanoseconds)
      for number in 0..<Self.barsPerSession {
        func at(_ part: Int) -> Timestamp {
          Timestamp(
            nanoseconds: session.open.nanoseconds + length * Int64(part)
              / Int64(Self.barsPerSession))
        }
        let open = cents(price)
        price *= 0.985 + 0.03 * dice.part()
        let close = cents(price)
        var bar = Bar(
          start: at(number), end: at(number + 1), knownAt: at(number + 1), open: open,
          high: cents(max(open, close) * (1 + 0.01 * dice.part())),
          low: cents(min(open, close) * (1 - 0.01 * dice.part())), close: close,
          volume: (volume * dice.part()).rounded())
        spoil(&bar, &price)
        let place: SessionPlace =
          number == 0 ? .first : number == Self.barsPerSession - 1 ? .last : []
        let event = MarketEvent(
          time: bar.knownAt, instrument: id, content: .bar(bar, SeriesID(id.place), place))
        events.append(event)
        if dice.happens(1) { repeatLater(event) }
        if dice.happens(1) { halt(id, at: bar.end) }
      }
    }
  }

  private func cents(_ price: Double) -> Double { max(0.01, (price * 100).rounded() / 100) }

  private mutating func spoil(_ bar: inout Bar, _ price: inout Double) {
    switch dice.below(200) {
    case 0:
      seen.insert(.missingPrice)
      if dice.happens(50) { bar.close = .nan } else { bar.open = .nan }
    case 1:
      seen.insert(.negativePrice)
      bar.low = -bar.low
    case 2:
      seen.insert(.negativePrice)
      (bar.open, bar.high, bar.low, bar.close) = (-bar.open, -bar.low, -bar.high, -bar.close)
    case 3:
      // A split that nobody announced.
      seen.insert(.splitPrice)
      let ratio = dice.one(of: [2.0, 3, 10, 0.1])
      price /= ratio
      (bar.open, bar.high) = (cents(bar.open / ratio), cents(bar.high / ratio))
      (bar.low, bar.close) = (cents(bar.low / ratio), cents(bar.close / ratio))
    default: break
    }
  }

  /// The same bar comes once more, when it is old.
  private mutating func repeatLater(_ event: MarketEvent) {
    seen.insert(.stalePrice)
    var late = event
    late.time = Timestamp(
      nanoseconds: event.time.nanoseconds + Int64(1 + dice.below(20_000)) * 1_000_000_000)
    events.append(late)
  }

  private mutating func halt(_ id: InstrumentID, at time: Timestamp) {
    seen.insert(.halt)
    let until = Timestamp(
      nanoseconds: time.nanoseconds + Int64(1 + dice.below(20_000)) * 1_000_000_000)
    events.append(MarketEvent(time: time, instrument: id, content: .status(.halted)))
    events.append(MarketEvent(time: until, instrument: id, content: .status(.resumed)))
  }

  /// Corporate actions come before a session.
  private mutating func act(on id: InstrumentID, before session: Session, _ price: inout Double) {
    let time = Timestamp(nanoseconds: session.open.nanoseconds - 1)
    func add(_ action: ShareAction) {
      events.append(MarketEvent(time: time, instrument: id, content: .action(action)))
    }
    switch dice.below(40) {
    case 0, 1:
      seen.insert(.splitPrice)
      let ratio = dice.one(of: [2.0, 1.5, 10, 0.5, 0.1])
      price /= ratio
      add(.split(ratio: Rate(steps: Int64((ratio * Double(Rate.stepsPerUnit)).rounded()))))
    case 2, 3: add(.dividend(Price(steps: Int64(1 + dice.below(200)) * 1_000_000)))
    case 4:
      if dice.happens(30) { add(.delisted(at: Price(steps: Int64(price) * Price.stepsPerUnit))) }
    default: break
    }
  }

  /// The clock of the feed goes wrong for a while, by hours: ahead, then back.
  private mutating func jump() {
    seen.insert(.clockJump)
    let first = dice.below(events.count)
    let by = Int64(1 + dice.below(40_000)) * (dice.happens(50) ? 1_000_000_000 : -1_000_000_000)
    for place in first..<min(events.count, first + 1 + dice.below(6)) {
      events[place].time = Timestamp(nanoseconds: events[place].time.nanoseconds + by)
    }
  }
}
