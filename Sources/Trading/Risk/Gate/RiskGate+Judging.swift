import Market
import Numerics
import Runtime

extension RiskGate {
  /// What is asked for: an order, or other terms for one.
  struct Request {
    var intent: OrderIntent
    var link: OrderLink?
    /// In steps, without what has been filled already.
    var steps: Int64
    /// Orders from this one on have not been let out.
    var first: OrderID?
    var replaced: OrderID?

    init(_ order: Order) {
      intent = order.intent
      link = order.link
      steps = order.intent.quantity.steps
      first = order.id
    }

    init(_ terms: OrderTerms, of record: OrderRecord) {
      intent = record.order.intent
      (intent.type, intent.quantity) = (terms.type, terms.quantity)
      link = record.order.link
      steps = max(0, terms.quantity.steps - record.filled.steps)
      replaced = record.order.id
    }

    /// Whether this order goes where the request comes: it is replaced, or a fill of one of both takes
    /// its quantity from the other.
    func takesPlace(of order: Order) -> Bool {
      if order.id == replaced { return true }
      guard let link, link.role == .alternative, order.link == link else { return false }
      return order.intent.side == intent.side && order.intent.instrument == intent.instrument
    }
  }

  enum Judgement {
    case passes
    case smaller(Quantity, Denial)
    case denied(Denial)
  }

  /// Whether an order has to be judged at all.
  var isWatching: Bool { table != nil }

  /// The limits in their order of precedence.
  mutating func judge(
    _ request: Request, of account: Account, at now: Timestamp
  ) -> Judgement {
    let intent = request.intent
    let place = intent.instrument.place
    let mark = account.marks[place]
    if let denial = collar(intent, mark) { return .denied(denial) }
    if let judgement = exit(request, account) { return judgement }
    exposure.gather(account, for: request, allowance: limits.cash.allowance)
    let held = account.position(intent.instrument).steps
    let closable = exposure.closable(intent.side, place, held)
    if request.steps <= closable { return .passes }
    let lot = account.table.grid(of: intent.instrument).lot
    var sieve = Sieve(request.steps, closable: closable, at: now)
    if let breaker = memory.breaker(of: intent.instrument) {
      sieve.limit(to: 0, breaker.denial)
      return sieve.judgement(lot)
    }
    if let denial = obstacle(intent, account, now)
      ?? sizeOfOrder(request, mark, account, &sieve)
      ?? book(request, held, account, at: now, &sieve)
    {
      return .denied(denial)
    }
    return sieve.judgement(lot)
  }

  /// A sale far below the market or a purchase far above it is a slip, also where it closes a position.
  private func collar(_ intent: OrderIntent, _ mark: Price) -> Denial? {
    guard let collar = limits.order.collar, let limit = intent.type.limit, !mark.isZero else {
      return nil
    }
    // A stop-limit is measured from its stop.
    let reference = if case .stopLimit(let stop, _) = intent.type { stop } else { mark }
    let beyond =
      intent.side == .buy
      ? Int128(limit.steps) - Int128(reference.steps)
      : Int128(reference.steps) - Int128(limit.steps)
    guard
      beyond * Int128(Rate.stepsPerUnit) > Int128(reference.steps) * Int128(collar.steps)
    else { return nil }
    return Denial(
      .offMarket, found: Double(limit) / Double(reference) - 1, allowed: Double(collar))
  }

  /// An exit of a bracket closes what its entry opens, and no more.
  private func exit(_ request: Request, _ account: Account) -> Judgement? {
    guard let link = request.link, link.waitsForEntry else { return nil }
    guard let entry = account.orders[link.group], !entry.state.isOver || !entry.filled.isZero else {
      return .denied(Denial(.noEntry, found: Double(link.group.number)))
    }
    let most = entry.order.intent.quantity
    guard request.intent.quantity > most else { return .passes }
    return .smaller(
      most,
      Denial(
        .largerThanEntry, found: Double(request.intent.quantity), allowed: Double(most)))
  }

  /// What stands in the way of any order that enlarges a position.
  private mutating func obstacle(
    _ intent: OrderIntent, _ account: Account, _ now: Timestamp
  ) -> Denial? {
    let place = intent.instrument.place
    if account.marks[place].isZero || exposure.lacksPrice { return Denial(.noPrice) }
    if exposure.isUnknown { return Denial(.overflow) }
    if let oldest = limits.data.oldest?.nanoseconds {
      let age = now.nanoseconds &- account.markedAt[place].nanoseconds
      if age > oldest {
        return stop(.data, limits.data.action, .stalePrice, age.seconds, oldest.seconds, now)
      }
    }
    if let denial = provenance.fault(of: intent, limits.provenance, at: now) { return denial }
    if let denial = unsure(intent) { return denial }
    if let window = limits.messages.duplicateWindow?.nanoseconds,
      traffic.hasLike(intent, within: window, of: now)
    {
      return stop(
        .messages, limits.messages.action, .duplicate, Double(intent.quantity), window.seconds, now)
    }
    if traffic.isFull(at: now), let most = limits.messages.mostPerSecond {
      return stop(
        .messages, limits.messages.action, .tooManyMessages, Double(most + 1), Double(most), now)
    }
    return nil
  }

  private func unsure(_ intent: OrderIntent) -> Denial? {
    // What is missing or no number is not sure enough.
    if let least = limits.signal.leastConfidence, let confidence = intent.confidence,
      !(confidence >= least)
    {
      return Denial(.lowConfidence, found: confidence, allowed: least)
    }
    if let most = limits.signal.mostWidth, let width = intent.intervalWidth, !(width < most) {
      return Denial(.wideInterval, found: width, allowed: most)
    }
    return nil
  }

  /// Quantity and worth of the order itself.
  private mutating func sizeOfOrder(
    _ request: Request, _ mark: Price, _ account: Account, _ sieve: inout Sieve
  ) -> Denial? {
    if let most = limits.order.mostQuantity, request.steps > most.steps {
      let denial = Denial(
        .orderQuantity, found: Double(Quantity(steps: request.steps)), allowed: Double(most))
      if let denial = take(denial, .order, limits.order.action, most: most.steps, &sieve) {
        return denial
      }
    }
    if let most = limits.order.mostAmount {
      let unit = Exposure.unit(
        request.intent.type.dearest(mark), request.intent.instrument, account)
      let room = Int128(most.steps) * Exposure.perCash
      let worth = Exposure.product(unit, request.steps)
      if worth > room {
        let denial = Denial(.orderAmount, found: worth.currency, allowed: Double(most))
        let steps = Int64(clamping: room / unit)
        if let denial = take(denial, .order, limits.order.action, most: steps, &sieve) {
          return denial
        }
      }
    }
    return nil
  }

  /// A limit of size is broken: the order is denied, or becomes smaller.
  mutating func take(
    _ denial: Denial, _ limit: RiskLimit, _ action: RiskAction, most steps: Int64,
    _ sieve: inout Sieve
  ) -> Denial? {
    guard action == .reduce else {
      trip(limit, action, denial, nil, recovery: .approval, at: sieve.now)
      return denial
    }
    sieve.limit(to: steps, denial)
    return nil
  }

  /// A limit is broken that no smaller order would mend.
  mutating func stop(
    _ limit: RiskLimit, _ action: RiskAction, _ code: DenialCode, _ found: Double,
    _ allowed: Double, _ now: Timestamp
  ) -> Denial {
    let denial = Denial(code, found: found, allowed: allowed)
    trip(limit, action, denial, nil, recovery: .approval, at: now)
    return denial
  }
}

/// How much of an order is left when every limit has had its say.
struct Sieve {
  /// What of it only closes a position.
  let closable: Int64
  private(set) var steps: Int64
  private(set) var denial: Denial?
  let now: Timestamp

  init(_ asked: Int64, closable: Int64, at now: Timestamp) {
    self.closable = closable
    steps = asked
    self.now = now
  }

  /// At most so much: never less than what closes a position.
  mutating func limit(to most: Int64, _ denial: Denial) {
    let most = max(most, closable)
    guard most < steps else { return }
    (steps, self.denial) = (most, denial)
  }

  func judgement(_ lot: Quantity) -> RiskGate.Judgement {
    guard let denial else { return .passes }
    // Whole lots, also where a split left a part of one.
    let whole = steps - steps % lot.steps
    return whole > 0 ? .smaller(Quantity(steps: whole), denial) : .denied(denial)
  }
}

extension Int128 {
  /// Of a worth in steps of 10⁻¹⁶, for messages.
  var currency: Double { Double(wide: self) / 1e16 }
}

extension Int64 {
  /// Of nanoseconds, for messages.
  var seconds: Double { Double(self) / 1e9 }
}
