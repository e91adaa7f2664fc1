import Market
import Numerics
import Runtime

/// A venue that treats orders of a recorded day as they were treated then, as far as it is told to, and
/// anything else as the model does.
struct CounterfactualVenue: Venue {
  /// What is taken from the record; each has those before it, too.
  enum Reality: Int, Comparable, Sendable {
    /// When orders reached the venue.
    case timing
    /// What was executed, at which prices, rejected or ended.
    case fills
    /// What was charged.
    case fees

    static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
  }

  private var model: SimulatedVenue
  private var day: RecordedDay
  private let reality: Reality
  /// Which recorded orders of a key have found theirs.
  private var taken: [RecordedDay.Key: Set<Int>] = [:]
  fileprivate var scripts: [Script] = []
  /// Orders that the model has, and their like in the record.
  private var alike: [OrderID: RecordedDay.Order] = [:]

  /// An order whose fate is known.
  fileprivate struct Script {
    let order: Order
    let recorded: RecordedDay.Order
    var next = 0
    var filled = Quantity.zero
    var traded = TradedSoFar()
    var isOver = false
  }

  init(_ model: SimulatedVenue, following day: RecordedDay, in reality: Reality) {
    self.model = model
    self.day = day
    self.reality = reality
  }

  mutating func take(
    _ ticket: Ticket, into messages: inout [VenueMessage]
  ) throws(EngineError) {
    switch ticket.action {
    case .submit(let order):
      guard let recorded = takeAlike(order) else {
        return try model.take(ticket, into: &messages)
      }
      if reality == .timing, let arrival = recorded.arrivedAt {
        alike[order.id] = recorded
        model.take(ticket, arrivingAt: max(arrival, ticket.time))
        return
      }
      // Of one that was still on its way when the day ended nothing is said.
      scripts.append(Script(order: order, recorded: recorded))
    case .cancel(let id):
      guard let place = scripts.firstIndex(where: { $0.order.id == id }) else {
        return try pass(ticket, of: id, into: &messages)
      }
      // Its record says what became of it; where that is nothing, it is over now.
      guard !scripts[place].isOver, !scripts[place].endsByItself,
        scripts[place].recorded.arrivedAt != nil
      else { return }
      scripts[place].isOver = true
      messages.append(
        .report(VenueReport(order: id, time: ticket.time, content: .ended(.cancelled))))
    case .replace(let id, _):
      guard scripts.contains(where: { $0.order.id == id }) else {
        return try pass(ticket, of: id, into: &messages)
      }
    }
  }

  /// The recorded order that this one is: of several sent at one instant, the nearest in size, so that
  /// one which only the day had is not taken for the strategy's own.
  private mutating func takeAlike(_ order: Order) -> RecordedDay.Order? {
    let key = RecordedDay.Key(order)
    guard let candidates = day.orders[key] else { return nil }
    let free = candidates.indices.filter { taken[key]?.contains($0) != true }
    func distance(_ place: Int) -> UInt64 {
      (candidates[place].order.intent.quantity.steps - order.intent.quantity.steps).magnitude
    }
    guard let place = free.min(by: { distance($0) < distance($1) }) else { return nil }
    taken[key, default: []].insert(place)
    return candidates[place]
  }

  /// To the model; a cancel or a replacement arrives when the recorded one was answered.
  private mutating func pass(
    _ ticket: Ticket, of id: OrderID, into messages: inout [VenueMessage]
  ) throws(EngineError) {
    let answer = alike[id]?.reports.first { $0.time >= ticket.time && $0.answers(ticket) }
    guard let answer else { return try model.take(ticket, into: &messages) }
    model.take(ticket, arrivingAt: answer.time)
  }

  mutating func observe(
    _ batch: [MarketEvent], into messages: inout [VenueMessage]
  ) throws(EngineError) {
    try model.observe(batch, into: &messages)
    guard let now = batch.first?.time else { return }
    try tell(upTo: now, withFills: true, &messages)
  }

  var nextDue: Timestamp? {
    var due = model.nextDue
    for script in scripts {
      guard let report = script.nextReport, !report.comesWithTheMarket else { continue }
      due = min(due ?? report.time, report.time)
    }
    return due
  }

  mutating func advance(
    to now: Timestamp, into messages: inout [VenueMessage]
  ) throws(EngineError) {
    if let due = model.nextDue, due <= now { try model.advance(to: now, into: &messages) }
    try tell(upTo: now, withFills: false, &messages)
  }

  /// Says what the record has for each order up to now, in its order. A fill is told when the market data
  /// behind it is known, as it was then.
  private mutating func tell(
    upTo now: Timestamp, withFills: Bool, _ messages: inout [VenueMessage]
  ) throws(EngineError) {
    for place in scripts.indices {
      while let report = scripts[place].nextReport, report.isKnown(at: now),
        withFills || !report.comesWithTheMarket
      {
        scripts[place].next += 1
        if let content = try content(of: report, place) {
          messages.append(
            .report(
              VenueReport(order: scripts[place].order.id, time: report.time, content: content)))
        }
      }
    }
    scripts.removeAll { $0.nextReport == nil && $0.endsByItself }
  }

  private mutating func content(
    of report: VenueReport, _ place: Int
  ) throws(EngineError) -> VenueReport.Content? {
    guard case .executed(let execution) = report.content else { return report.content }
    do throws(FixedPointError) {
      return try executed(execution, report.time, place).map { .executed($0) }
    } catch {
      throw .amount(error)
    }
  }

  /// The same part of this order as was executed of the recorded one, at the price it had.
  private mutating func executed(
    _ recorded: Execution, _ time: Timestamp, _ place: Int
  ) throws(FixedPointError) -> Execution? {
    var script = scripts[place]
    let (own, theirs) = (script.order.intent, script.recorded.order.intent)
    let instrument = model.table[own.instrument]
    let upTo =
      own.quantity == theirs.quantity
      ? recorded.cumulative
      : try own.quantity.scaled(
        by: recorded.cumulative.steps, over: theirs.quantity.steps, rounding: .towardZero
      ).rounded(toLot: instrument.lotSize)
    let quantity = try min(upTo, own.quantity).subtracting(script.filled)
    guard quantity > .zero else { return nil }
    let worth = try instrument.value(of: quantity, at: recorded.price).cash
    var charges = try model.rules.costs.commission.charges(
      own.side, quantity, worth, after: script.traded)
    if reality >= .fees {
      charges = Charges(commission: recorded.commission, taxes: recorded.taxes)
      if quantity != recorded.quantity {
        let (part, whole) = (quantity.steps, recorded.quantity.steps)
        charges = Charges(
          commission: try recorded.commission.scaled(by: part, over: whole),
          taxes: try recorded.taxes.scaled(by: part, over: whole))
      }
    }
    script.filled = try script.filled.adding(quantity)
    script.traded.quantity = script.filled
    script.traded.value = try script.traded.value.adding(worth)
    script.traded.charges = try script.traded.charges.adding(charges)
    scripts[place] = script
    // What the model fills besides is paid out of the same account.
    try model.move(own.side, quantity, worth, charges, own.instrument.place, time)
    var execution = recorded
    execution.id = ExecutionID(order: script.order.id, cumulative: script.filled.steps)
    (execution.quantity, execution.cumulative) = (quantity, script.filled)
    (execution.commission, execution.taxes) = (charges.commission, charges.taxes)
    return execution
  }
}

extension CounterfactualVenue.Script {
  fileprivate var nextReport: VenueReport? {
    isOver || next >= recorded.reports.count ? nil : recorded.reports[next]
  }

  /// Whether the record says how it ended.
  fileprivate var endsByItself: Bool {
    recorded.reports.contains { report in
      switch report.content {
      case .ended, .rejected: true
      case .executed(let execution): execution.cumulative >= recorded.order.intent.quantity
      default: false
      }
    }
  }
}

extension VenueReport {
  /// What happens at the beginning of a bar is known with the bar, later.
  fileprivate func isKnown(at now: Timestamp) -> Bool {
    if case .executed(let execution) = content, execution.reason.isAtOpen { return time < now }
    return time <= now
  }

  /// Whether it is what a venue says to a cancel or a replacement.
  fileprivate func answers(_ ticket: Ticket) -> Bool {
    switch (ticket.action, content) {
    case (.cancel, .ended(.cancelled)), (.cancel, .cancelRejected): true
    case (.replace, .replaced), (.replace, .replaceRejected): true
    default: false
    }
  }

  /// It was said when a price was known, not when a message came.
  fileprivate var comesWithTheMarket: Bool {
    switch content {
    case .executed, .triggered: true
    case .ended(let end): end != .cancelled
    default: false
    }
  }
}

extension FillReason {
  fileprivate var isAtOpen: Bool {
    switch self {
    case .nextOpen, .openingAuction, .limitAtOpen, .gapThroughStop: true
    default: false
    }
  }
}
