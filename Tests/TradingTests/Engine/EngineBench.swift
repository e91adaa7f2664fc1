import Market
import Numerics
import Runtime
import Trading

/// A strategy of closures, for tests: each may be left out.
struct ActingStrategy: Strategy {
  var started: @Sendable (inout Desk) -> Void = { _ in }
  /// With how many bars of the series are known.
  var closed: @Sendable (BarOfSeries, Int, inout Desk) -> Void = { _, _, _ in }
  var traded: @Sendable (Market.Trade, InstrumentID, inout Desk) -> Void = { _, _, _ in }
  var filled: @Sendable (Fill, inout Desk) -> Void = { _, _ in }
  var timed: @Sendable (TimerID, inout Desk) -> Void = { _, _ in }

  let name = "acting"
  let warmUp = 0

  mutating func onStart(_ desk: inout Desk) { started(&desk) }
  mutating func onBar(_ bar: BarOfSeries, _ desk: inout Desk) {
    closed(bar, desk.histories[bar.series.place].count, &desk)
  }
  mutating func onTrade(_ trade: Market.Trade, of id: InstrumentID, _ desk: inout Desk) {
    traded(trade, id, &desk)
  }
  mutating func onFill(_ fill: Fill, _ desk: inout Desk) { filled(fill, &desk) }
  mutating func onTimer(_ timer: TimerID, _ desk: inout Desk) { timed(timer, &desk) }
}

/// Instruments, bars and an engine over them.
enum EngineBench {
  static let start = Timestamp(seconds: 1_000_000)
  static let minute: Int64 = 60_000_000_000

  static func at(_ minutes: Int64) -> Timestamp {
    Timestamp(nanoseconds: start.nanoseconds + minutes * minute)
  }

  static func table(_ names: String...) throws -> InstrumentTable {
    var table = InstrumentTable()
    for name in names {
      _ = table.add(try Instrument(symbol: Symbol(parsing: name), venue: "NYSE"))
    }
    return table
  }

  /// A bar of minute `minute`, flat at `price`, known `late` nanoseconds after its end.
  static func bar(
    _ minute: Int64, _ price: Double, of instrument: Int = 0, series: Int? = nil, late: Int64 = 0,
    place: SessionPlace = []
  ) -> MarketEvent {
    let known = Timestamp(nanoseconds: at(minute + 1).nanoseconds + late)
    return MarketEvent(
      time: known, instrument: InstrumentID(instrument),
      content: .bar(
        Bar(
          start: at(minute), end: at(minute + 1), knownAt: known, open: price, high: price,
          low: price, close: price, volume: 1_000_000), SeriesID(series ?? instrument), place))
  }

  static func engine<S: Strategy, V: Venue>(
    _ strategy: S, _ events: [MarketEvent], _ table: InstrumentTable, venue: V,
    series: [Int]? = nil, cash: Cash = Cash(steps: 100_000 * Cash.stepsPerUnit),
    gate: RiskGate = RiskGate()
  ) throws -> Engine<S, QueueFeed, V, MemoryJournal> {
    var ledger = Ledger(table)
    try ledger.book(
      VenueBooking(
        id: ExecutionID(high: 0, low: 0), time: start, instrument: nil, currency: .base,
        kind: .deposit, cash: cash))
    var engine = Engine(
      strategy: strategy, feed: QueueFeed(events), venue: venue, journal: MemoryJournal(),
      gate: gate,
      desk: Desk(
        account: Account(table, ledger),
        histories: (series ?? Array(0..<table.count)).map { BarHistory(of: InstrumentID($0)) },
        sizing: Sizing(share: Rate(steps: Rate.stepsPerUnit), costs: CostModel())))
    try engine.start(
      RunHeader(
        startedAt: start, seed: 1, settings: "", code: "", instruments: "", strategy: "acting"))
    return engine
  }

  static func venue(
    _ table: InstrumentTable, cash: Cash = Cash(steps: 100_000 * Cash.stepsPerUnit),
    positions: [Quantity]? = nil, change: (inout VenueRules) -> Void = { _ in }
  ) -> SimulatedVenue {
    var rules = VenueRules(costs: CostModel())
    change(&rules)
    return SimulatedVenue(table, cash: cash, positions: positions, rules: rules)
  }
}

extension Quantity {
  init(whole: Int64) { self.init(steps: whole * Quantity.stepsPerUnit) }
}

/// A venue that says what a test wants, whatever it is sent.
struct ScriptedVenue: Venue {
  var answers: @Sendable (Ticket) -> [VenueMessage] = { _ in [] }
  /// Said of its own accord.
  var due: [(at: Timestamp, message: VenueMessage)] = []
  private(set) var taken: [Ticket] = []

  mutating func take(_ ticket: Ticket, into messages: inout [VenueMessage]) {
    taken.append(ticket)
    messages += answers(ticket)
  }

  mutating func observe(_ batch: [MarketEvent], into messages: inout [VenueMessage]) {}
  var nextDue: Timestamp? { due.first?.at }

  mutating func advance(to now: Timestamp, into messages: inout [VenueMessage]) {
    while let first = due.first, first.at <= now {
      messages.append(first.message)
      due.removeFirst()
    }
  }
}
