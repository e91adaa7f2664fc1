import Market
import Numerics
import Runtime

/// What a venue takes, and the gate alone can make.
public struct Ticket: Hashable, Sendable, BitwiseCopyable {
  public enum Action: Hashable, Sendable, BitwiseCopyable {
    case submit(Order)
    case replace(OrderID, OrderTerms)
    case cancel(OrderID)
  }

  public let action: Action
  /// When it was approved.
  public let time: Timestamp

  // Private to this file: nothing but the gate below can let anything out.
  fileprivate init(_ action: Action, at time: Timestamp) {
    self.action = action
    self.time = time
  }
}

/// What the gate says to an order or a replacement.
public enum RiskVerdict: Hashable, Sendable, BitwiseCopyable {
  case approved(Ticket)
  /// Only a smaller quantity may leave; the ticket has it.
  case reduced(Ticket, Denial)
  case denied(Denial)
}

/// Stands before the venue: every order and replacement passes it or does not leave.
///
/// It looks at the book as if everything that has left were filled, so that no order that waits can
/// break a limit later. What only makes a position smaller is never held back by a limit.
public struct RiskGate: Sendable {
  public internal(set) var limits: RiskLimits
  public internal(set) var memory = RiskMemory()
  /// What stands behind orders, by `ProvenanceID`.
  public internal(set) var provenance: ProvenanceTable
  /// By which a person stops everything from outside.
  public let killSwitch: KillSwitch?
  /// Whose days are the account's.
  let zone: Zone
  var table: InstrumentTable?
  /// The number of each instrument's sector; below zero for none.
  var sectors: [Int] = []
  var exposure: Exposure
  var traffic: OrderTraffic
  var statistics: ReturnStatistics?
  var messagesPerSecond: Int?
  /// How many deviations a loss is that the level of value at risk leaves.
  var riskQuantile = Double.nan
  var news: [RiskNews] = []

  /// A gate without limits: what is left is what no venue could take.
  public init() {
    limits = .research
    provenance = ProvenanceTable()
    killSwitch = nil
    zone = .utc
    exposure = Exposure(instruments: 0)
    traffic = OrderTraffic(mostPerSecond: nil)
  }

  /// A gate for an account that trades the instruments of `table`.
  ///
  /// - Parameters:
  ///   - equity: what the account begins with
  ///   - zone: in which its days begin
  public init(
    _ limits: RiskLimits, _ table: InstrumentTable, equity: Cash, zone: Zone,
    provenance: ProvenanceTable = ProvenanceTable(), killSwitch: KillSwitch? = nil
  ) throws(RiskLimitsError) {
    try limits.check(table, equity: equity)
    self.limits = limits
    self.provenance = provenance
    self.killSwitch = killSwitch
    self.zone = zone
    self.table = table
    exposure = Exposure(instruments: table.count)
    traffic = OrderTraffic(mostPerSecond: nil)
    memory.approvedPrices = Array(repeating: .zero, count: table.count)
    (memory.start, memory.best, memory.dayStart) = (equity, equity, equity)
    (memory.weekStart, memory.latest) = (equity, equity)
    settle(limits)
  }

  /// Nothing leaves but cancels.
  public var isHalted: Bool { memory.isHalted || killSwitch?.isPulled == true }

  /// Looks at an order as it would leave now.
  public mutating func review(_ order: Order, of account: Account, at now: Timestamp) -> RiskVerdict
  {
    if isHalted { return .denied(Denial(.halted)) }
    if let denial = fault(order.intent, quantity: order.intent.quantity, account) {
      return .denied(denial)
    }
    guard isWatching else { return .approved(Ticket(.submit(order), at: now)) }
    switch judge(Request(order), of: account, at: now) {
    case .passes:
      note(order.intent, at: now)
      return .approved(Ticket(.submit(order), at: now))
    case .smaller(let quantity, let denial):
      var smaller = order
      smaller.intent.quantity = quantity
      note(smaller.intent, at: now)
      return .reduced(Ticket(.submit(smaller), at: now), denial)
    case .denied(let denial): return .denied(denial)
    }
  }

  /// Looks at a replacement of a working order; one that is too large is denied, not made smaller.
  public mutating func review(
    _ terms: OrderTerms, of id: OrderID, of account: Account, at now: Timestamp
  ) -> RiskVerdict {
    if isHalted { return .denied(Denial(.halted)) }
    guard let record = account.orders[id] else { return .denied(Denial(.unknownOrder)) }
    guard !record.state.isOver else { return .denied(Denial(.orderIsOver)) }
    var intent = record.order.intent
    intent.type = terms.type
    if let denial = fault(intent, quantity: terms.quantity, account) { return .denied(denial) }
    guard isWatching else { return .approved(Ticket(.replace(id, terms), at: now)) }
    switch judge(Request(terms, of: record), of: account, at: now) {
    case .passes:
      traffic.noteMessage(at: now)
      return .approved(Ticket(.replace(id, terms), at: now))
    case .smaller(_, let denial), .denied(let denial): return .denied(denial)
    }
  }

  /// A cancel makes nothing larger: it always leaves.
  public mutating func cancel(_ id: OrderID, at now: Timestamp) -> Ticket {
    traffic.noteMessage(at: now)
    return Ticket(.cancel(id), at: now)
  }

  /// The order that closes a position at the market, which a person or a breaker asked for: it leaves
  /// even where everything else is halted. `nil` where there is none, or orders of it are under way.
  mutating func closing(_ order: Order, of account: Account, at now: Timestamp) -> Ticket? {
    let intent = order.intent
    guard isClosing(intent.instrument), account.table.contains(intent.instrument) else {
      return nil
    }
    let held = account.position(intent.instrument)
    guard
      held.sign == (intent.side == .sell ? 1 : -1), intent.type == .market,
      intent.quantity.steps == Int64(clamping: held.steps.magnitude)
    else { return nil }
    for id in account.orders.open where id != order.id {
      if account.orders[id]?.order.intent.instrument == intent.instrument { return nil }
    }
    traffic.noteMessage(at: now)
    return Ticket(.submit(order), at: now)
  }

  private mutating func note(_ intent: OrderIntent, at now: Timestamp) {
    traffic.noteMessage(at: now)
    traffic.note(intent, at: now)
  }

  /// What no venue could take.
  private func fault(_ intent: OrderIntent, quantity: Quantity, _ account: Account) -> Denial? {
    guard account.table.contains(intent.instrument) else {
      return Denial(.unknownInstrument, found: Double(intent.instrument.index))
    }
    guard quantity > .zero else {
      return Denial(.quantityNotPositive, found: Double(quantity))
    }
    let (tick, lot) = account.table.grid(of: intent.instrument)
    guard quantity.isMultiple(of: lot) else {
      return Denial(.offLot, found: Double(quantity), allowed: Double(lot))
    }
    let (first, second) = intent.type.namedPrices
    if let denial = fault(first, tick) ?? fault(second, tick) { return denial }
    if case .trailing(.part(let part)) = intent.type,
      !(part > .zero && part.steps < Rate.stepsPerUnit)
    {
      return Denial(.priceNotPositive, found: Double(part))
    }
    return nil
  }

  private func fault(_ price: Price?, _ tick: Price) -> Denial? {
    guard let price else { return nil }
    guard price > .zero else { return Denial(.priceNotPositive, found: Double(price)) }
    guard price.isMultiple(of: tick) else {
      return Denial(.offTick, found: Double(price), allowed: Double(tick))
    }
    return nil
  }
}
