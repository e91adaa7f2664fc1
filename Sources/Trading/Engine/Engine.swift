import Market
import Numerics
import Runtime

/// The loop of back-test, paper and live trading: takes what happens in one order, tells the strategy,
/// and sends what the gate lets out once the journal has it.
public struct Engine<S: Strategy, Feed: MarketFeed, V: Venue, Journal: JournalSink> {
  public internal(set) var strategy: S
  public var feed: Feed
  public internal(set) var venue: V
  public private(set) var journal: Journal
  public internal(set) var gate: RiskGate
  public internal(set) var desk: Desk
  public internal(set) var record = RunRecord()

  // Kept between events, so that nothing is allocated in the loop.
  private var batch: [MarketEvent] = []
  private var messages: [VenueMessage] = []
  private var tickets: [Ticket] = []
  private var fills: [Fill] = []
  private var requests: [Desk.Request] = []

  public init(
    strategy: S, feed: Feed, venue: V, journal: Journal, gate: RiskGate, desk: Desk
  ) {
    self.strategy = strategy
    self.feed = feed
    self.venue = venue
    self.journal = journal
    self.gate = gate
    self.desk = desk
  }

  /// Begins: the strategy may look at what is known already, and order.
  public mutating func start(_ header: RunHeader) throws(EngineError) {
    desk.now = header.startedAt
    try write(.began(header))
    nameStrategy()
    try writeRules()
    try consult { $0.onStart(&$1) }
    try settle()
  }

  /// Everything that is due until `limit`, in order; a back-test has no limit.
  public mutating func run(until limit: Timestamp = Timestamp(nanoseconds: .max))
    throws(EngineError)
  {
    while let next = nextTime, next <= limit {
      // A clock never goes back: what comes late is handled when it comes.
      desk.now = max(desk.now, next)
      try heedSwitchIfPulled()
      if venue.nextDue.map({ $0 <= next }) == true {
        forgetMessages()
        try venue.advance(to: next, into: &messages)
        try hearMessages()
        try settle()
      } else if feed.nextTime == next {
        try feed.next(into: &batch)
        try takeBatch()
      } else {
        let timer = desk.takeTimer()
        try write(.timer(timer, at: desk.now))
        try consult { $0.onTimer(timer, &$1) }
        try settle()
      }
    }
  }

  /// Takes an act of the operator, journalled before it works.
  public mutating func operate(_ act: OperatorAct, at time: Timestamp) throws(EngineError) {
    desk.now = max(desk.now, time)
    try write(
      .operated(act: act.kind.rawValue, by: act.by, reason: act.reason, at: desk.now))
    try commit()
    gate.take(act, desk.account, at: desk.now)
    try tellBreakers()
    if act.kind == .halt || act.kind == .flatten {
      for id in desk.account.orders.open { desk.cancel(id) }
    }
    try settle()
    try closePositions()
  }

  /// Ends the journal; the account stays as it is.
  public mutating func finish() throws(EngineError) {
    try write(.ended(at: desk.now))
    try commit()
  }

  private var nextTime: Timestamp? {
    var next = feed.nextTime
    if let due = venue.nextDue, next.map({ due < $0 }) ?? true { next = due }
    if let timer = desk.nextTimer, next.map({ timer < $0 }) ?? true { next = timer }
    return next
  }
}

// Market data.
extension Engine {
  /// The venue sees it, then the books know its prices, then the strategy is told.
  private mutating func takeBatch() throws(EngineError) {
    record.events += batch.count
    if batch.contains(where: { !$0.isSound }) { batch.removeAll { !$0.isSound } }
    forgetMessages()
    try venue.observe(batch, into: &messages)
    try hearMessages()
    let isValued = try mark()
    if isValued { try value() }
    try tellFills()
    for event in batch {
      switch event.content {
      case .bar(let bar, let series, _):
        let known = BarOfSeries(bar, series: series, instrument: event.instrument)
        try consult { $0.onBar(known, &$1) }
      case .trade(let trade): try consult { $0.onTrade(trade, of: event.instrument, &$1) }
      default: break
      }
    }
    try settle()
    try closePositions()
  }

  /// Whether a bar of an execution series was among the events.
  private mutating func mark() throws(EngineError) -> Bool {
    var isValued = false
    do throws(FixedPointError) {
      for event in batch {
        switch event.content {
        case .bar(let bar, let series, let place):
          desk.histories[series.place].append(bar)
          guard !place.contains(.information) else { continue }
          desk.account.setMark(event.instrument, try Price(nearest: bar.close), at: event.time)
          isValued = true
        case .trade(let trade):
          desk.account.setMark(event.instrument, trade.price, at: event.time)
        case .action(.split(let ratio)):
          // Until the first price after it, the last one is on another scale.
          let place = event.instrument.place
          let mark = try Price.quotient(desk.account.marks[place], by: ratio)
          desk.account.setMark(event.instrument, mark, at: desk.account.markedAt[place])
        default: break
        }
      }
    } catch {
      throw .amount(error)
    }
    return isValued
  }

  private mutating func value() throws(EngineError) {
    do {
      try desk.account.revalue()
    } catch .noMark {
      // After a restart the venue may have booked what no price was seen of: until there is one the
      // account has no worth, and the gate lets out nothing that opens a position.
      return
    } catch {
      throw .ledger(error)
    }
    record.add(desk.account, at: desk.now)
    gate.observe(desk.account, at: desk.now)
    try tellBreakers()
  }
}

// The venue's word.
extension Engine {
  private mutating func forgetMessages() {
    if !messages.isEmpty { messages.removeAll(keepingCapacity: true) }
  }

  /// By their places: a copy of the list would cost memory at every event.
  private mutating func hearMessages() throws(EngineError) {
    for place in messages.indices { try hear(messages[place]) }
  }

  /// Takes one message: journalled first, then in the books.
  mutating func hear(_ message: VenueMessage) throws(EngineError) {
    try write(.told(message))
    let taken = try desk.account.take(message)
    if case .booking(let booking) = message, taken.posting != nil {
      gate.take(booking)
      record.bookings.append(booking)
    }
    if let posting = taken.posting { try write(.posted(posting)) }
    switch taken.effect {
    case .fill(let fill):
      record.fills.append(fill)
      fills.append(fill)
      gate.take(fill, of: desk.account)
    case .none: break
    case .repeated: record.repeated += 1
    case .unknownOrder: record.unknownOrders += 1
    }
  }

  private mutating func tellFills() throws(EngineError) {
    guard !fills.isEmpty else { return }
    let told = fills
    fills.removeAll(keepingCapacity: true)
    for fill in told { try consult { $0.onFill(fill, &$1) } }
  }
}

// What the strategy asked for.
extension Engine {
  /// Through the gate, into the journal, to the venue; and again, as long as answers lead to orders.
  mutating func settle() throws(EngineError) {
    while true {
      try tellFills()
      if let fault = desk.fault { throw .amount(fault) }
      if let failure = desk.failure { throw .strategy(failure) }
      guard !desk.requests.isEmpty else { break }
      tickets.removeAll(keepingCapacity: true)
      gate.killSwitch?.look()
      requests.removeAll(keepingCapacity: true)
      swap(&requests, &desk.requests)
      for place in requests.indices {
        guard !mustWait(requests[place], tickets) else {
          desk.requests = Array(requests[place...])
          break
        }
        try review(requests[place])
      }
      try tellBreakers()
      try commit()
      forgetMessages()
      for ticket in tickets { try venue.take(ticket, into: &messages) }
      try hearMessages()
    }
    try commit()
  }

  private mutating func review(_ request: Desk.Request) throws(EngineError) {
    switch request {
    case .submit(let id):
      guard let order = desk.account.orders[id]?.order else { return }
      if let ticket = gate.closing(order, of: desk.account, at: desk.now) {
        try write(.submitted(order))
        tickets.append(ticket)
        return
      }
      switch gate.review(order, of: desk.account, at: desk.now) {
      case .approved(let ticket):
        try write(.submitted(order))
        tickets.append(ticket)
      case .reduced(let ticket, let denial):
        try write(.reduced(order, denial))
        guard case .submit(let smaller) = ticket.action else { return }
        desk.account.orders.setQuantity(id, smaller.intent.quantity)
        try write(.submitted(smaller))
        record.reductions.append((id, denial))
        tickets.append(ticket)
      case .denied(let denial):
        try write(.denied(order, denial))
        desk.account.orders.deny(id)
        record.denials.append((id, denial))
      }
    case .replace(let id, let terms):
      switch gate.review(terms, of: id, of: desk.account, at: desk.now) {
      case .approved(let ticket), .reduced(let ticket, _):
        try write(.replacing(id, terms, at: desk.now))
        desk.account.orders.awaitReplacement(id, by: terms)
        tickets.append(ticket)
      case .denied(let denial): try write(.replaceDenied(id, denial, at: desk.now))
      }
    case .cancel(let id):
      guard desk.account.orders[id]?.state.isOver == false else { return }
      try write(.cancelling(id, at: desk.now))
      desk.account.orders.awaitCancel(id)
      tickets.append(gate.cancel(id, at: desk.now))
    }
  }

  mutating func write(_ entry: JournalRecord) throws(EngineError) {
    do { try journal.append(entry) } catch { throw .journal(error) }
  }

  mutating func commit() throws(EngineError) {
    do { try journal.commit() } catch { throw .journal(error) }
  }
}

extension MarketEvent {
  /// Prices that can be: above zero, in order and within what a `Price` holds. What is not is left out,
  /// as if it had not come.
  var isSound: Bool {
    switch content {
    case .bar(let bar, _, _):
      // One by one: the lesser of a number and of none is the number.
      bar.low > 0 && bar.high < 9e10 && bar.low <= bar.open && bar.low <= bar.close
        && bar.high >= bar.open && bar.high >= bar.close
    case .trade(let trade): trade.price > .zero && trade.quantity > .zero
    default: true
    }
  }
}
