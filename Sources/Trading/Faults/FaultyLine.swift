import Market
import Numerics
import Runtime

/// The line to a venue that goes on by itself: it breaks, repeats, reorders, delays and refuses.
struct FaultyLine: Venue {
  /// How bad a line is; in percent of tickets or messages.
  struct Quality: Sendable {
    var duplicates = 0
    var delays = 0
    var rejections = 0
    /// Of tickets that are sent while it is down, how many never arrive.
    var losses = 0
    /// When it is down.
    var outages: [Range<Timestamp>] = []
    /// Whether the venue's statement has what was executed during outages, or only what that came to.
    var tellsExecutions = true
  }

  private(set) var venue: SimulatedVenue
  private let quality: Quality
  private let watch: FaultWatch
  private let plant: FaultPlant
  private var dice: FaultDice
  private var now = Timestamp(nanoseconds: .min)
  private var held: [(due: Timestamp, message: VenueMessage)] = []
  /// All that the venue ever said.
  private var reports: [VenueReport] = []
  private var bookings: [VenueBooking] = []
  /// Executions that were not delivered and that no statement tells.
  private(set) var untold: Set<ExecutionID> = []
  /// Orders that came to the venue.
  private(set) var arrived: Set<OrderID> = []
  /// Booked while the line was down.
  private var unheard: [VenueBooking] = []
  /// A connection that was lost is there again, and nobody has asked the venue yet.
  private(set) var needsStatement = false
  private var fresh: [VenueMessage] = []

  init(
    _ venue: SimulatedVenue, _ quality: Quality, seed: UInt64, _ watch: FaultWatch,
    _ plant: FaultPlant
  ) {
    (self.venue, self.quality, self.watch, self.plant) = (venue, quality, watch, plant)
    dice = FaultDice(seed: seed, "line")
  }

  var isDown: Bool { quality.outages.contains { $0.contains(now) } }

  private mutating func reach(_ time: Timestamp) {
    guard time > now else { return }
    let wasDown = isDown
    now = time
    if isDown { watch.note(.disconnect) }
    guard wasDown, !isDown else { return }
    needsStatement = true
    held.insert(contentsOf: unheard.map { (now, .booking($0)) }, at: 0)
    unheard = []
  }

  /// A process that starts anew hears nothing that was on its way to the one before; what was booked can
  /// be asked for at any time.
  mutating func restart() {
    held = bookings.map { (now, .booking($0)) }
    unheard = []
    needsStatement = true
  }

  /// What the venue says it holds, to be asked for when the line is up.
  mutating func statement(at time: Timestamp) -> VenueStatement {
    needsStatement = false
    var statement = venue.statement(at: time)
    statement.reports += reports.filter { report in
      guard case .executed(let execution) = report.content else { return true }
      return !untold.contains(execution.id)
    }
    guard let other = plant.messages else { return statement }
    statement.reports = statement.reports.flatMap { other(.report($0)) }.compactMap { message in
      if case .report(let report) = message { report } else { nil }
    }
    return statement
  }
}

// To the venue.
extension FaultyLine {
  mutating func take(_ ticket: Ticket, into messages: inout [VenueMessage]) throws(EngineError) {
    guard let tickets = plant.tickets else { return try send(ticket, &messages) }
    for other in tickets(ticket) { try send(other, &messages) }
  }

  private mutating func send(
    _ ticket: Ticket, _ messages: inout [VenueMessage]
  ) throws(EngineError) {
    watch.sent(ticket)
    reach(ticket.time)
    if isDown, dice.happens(quality.losses) { return }
    if case .submit(let order) = ticket.action {
      if dice.happens(quality.rejections) {
        watch.note(.reject)
        fresh.append(
          .report(
            VenueReport(order: order.id, time: ticket.time, content: .rejected(.unspecified))))
        return deliver(&messages)
      }
      arrived.insert(order.id)
    }
    try venue.take(ticket, into: &fresh)
    deliver(&messages)
  }
}

// From the venue.
extension FaultyLine {
  mutating func observe(
    _ batch: [MarketEvent], into messages: inout [VenueMessage]
  ) throws(EngineError) {
    if let time = batch.first?.time { reach(time) }
    try venue.observe(batch, into: &fresh)
    for message in fresh { checkPrice(of: message, batch) }
    deliver(&messages)
  }

  var nextDue: Timestamp? {
    switch (venue.nextDue, held.first?.due) {
    case (let own?, let other?): min(own, other)
    case (let due, nil), (nil, let due): due
    }
  }

  mutating func advance(to now: Timestamp, into messages: inout [VenueMessage]) throws(EngineError)
  {
    reach(now)
    if let due = venue.nextDue, due <= now { try venue.advance(to: now, into: &fresh) }
    while let first = held.first, first.due <= now {
      held.removeFirst()
      if isDown { miss(first.message) } else { hand(first.message, &messages) }
    }
    deliver(&messages)
  }

  private mutating func deliver(_ messages: inout [VenueMessage]) {
    for message in fresh {
      log(message)
      if isDown {
        miss(message)
      } else if dice.happens(quality.delays) {
        watch.note(.reordering)
        hold(message, until: now.nanoseconds + Int64(dice.below(7200)) * 1_000_000_000)
      } else {
        hand(message, &messages)
      }
    }
    fresh.removeAll(keepingCapacity: true)
  }

  private mutating func hand(_ message: VenueMessage, _ messages: inout [VenueMessage]) {
    tell(message, &messages)
    guard dice.happens(quality.duplicates) else { return }
    watch.note(.duplicate)
    // The same again, or something from long ago.
    if dice.happens(50) || reports.isEmpty {
      tell(message, &messages)
    } else {
      tell(.report(dice.one(of: reports)), &messages)
    }
  }

  private mutating func tell(_ message: VenueMessage, _ messages: inout [VenueMessage]) {
    if case .report(let report) = message, case .executed(let execution) = report.content {
      untold.remove(execution.id)
    }
    guard let other = plant.messages else { return messages.append(message) }
    messages += other(message)
  }

  private mutating func miss(_ message: VenueMessage) {
    switch message {
    case .booking(let booking): unheard.append(booking)
    case .report(let report):
      guard case .executed(let execution) = report.content, !quality.tellsExecutions else { return }
      untold.insert(execution.id)
    }
  }

  private mutating func hold(_ message: VenueMessage, until due: Int64) {
    let due = Timestamp(nanoseconds: due)
    let place = held.firstIndex { $0.due > due } ?? held.count
    held.insert((due, message), at: place)
  }

  private mutating func log(_ message: VenueMessage) {
    switch message {
    case .booking(let booking): bookings.append(booking)
    case .report(let report):
      reports.append(report)
      guard case .executed(let execution) = report.content else { return }
      watch.countFill()
      if execution.quantity < execution.cumulative { watch.note(.partialFill) }
    }
  }

  /// Whatever is filled is filled at a price that the bar had.
  private func checkPrice(of message: VenueMessage, _ batch: [MarketEvent]) {
    guard case .report(let report) = message, case .executed(let execution) = report.content else {
      return
    }
    let reference = Double(execution.reference)
    let hadIt = batch.contains { event in
      guard case .bar(let bar, _, _) = event.content else { return false }
      // A price is a whole number of steps, which the bar's own need not be.
      return reference > bar.low - 1e-7 && reference < bar.high + 1e-7
    }
    if !hadIt { watch.find("\(report.order) was filled at \(reference), which no bar had") }
  }
}
