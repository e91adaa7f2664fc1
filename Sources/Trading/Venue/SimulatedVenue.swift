import Market
import Numerics
import Runtime

/// A venue and broker in one, for back-tests and paper: fills by the rules of docs/FILL_RULES.md and
/// keeps an account of its own.
public struct SimulatedVenue: Venue {
  public let rules: VenueRules
  let table: InstrumentTable
  var account: VenueAccount
  var books: [InstrumentBook]
  private var latest = OrderID(0)
  private var bookings: UInt64 = 0
  /// On their way to the venue and back, in order: delays are constant.
  private var inFlight: [(due: Timestamp, ticket: Ticket)] = []
  private var outgoing: [(due: Timestamp, message: VenueMessage)] = []

  /// - Parameter positions: what it holds for us already, by instrument; nothing where left out
  public init(
    _ table: InstrumentTable, cash: Cash, positions: [Quantity]? = nil, rules: VenueRules
  ) {
    self.table = table
    self.rules = rules
    account = VenueAccount(table, cash: cash)
    if let positions { account.positions = positions }
    books = Array(repeating: InstrumentBook(), count: table.count)
  }

  /// What it holds for us, with the reports that are still on their way.
  public func statement(at time: Timestamp) -> VenueStatement {
    VenueStatement(
      time: time, cash: account.cash, positions: account.positions,
      working: books.flatMap(\.orders).sorted { $0.order.id < $1.order.id }
        .map { .init($0.order, filled: $0.filled) },
      reports: outgoing.compactMap { message in
        if case .report(let report) = message.message { report } else { nil }
      })
  }
}

// Orders come in.
extension SimulatedVenue {
  public mutating func take(
    _ ticket: Ticket, into messages: inout [VenueMessage]
  ) throws(EngineError) {
    guard rules.orderDelay > 0 else {
      try arrive(ticket, at: ticket.time, &messages)
      return
    }
    take(ticket, arrivingAt: Timestamp(nanoseconds: ticket.time.nanoseconds + rules.orderDelay))
  }

  /// Takes what reaches the venue at an instant of its own.
  mutating func take(_ ticket: Ticket, arrivingAt due: Timestamp) {
    let place = inFlight.lastIndex { $0.due <= due }.map { $0 + 1 } ?? 0
    inFlight.insert((due, ticket), at: place)
  }

  public var nextDue: Timestamp? {
    switch (inFlight.first?.due, outgoing.first?.due) {
    case (let arrival?, let word?): min(arrival, word)
    case (let due?, nil), (nil, let due?): due
    case (nil, nil): nil
    }
  }

  public mutating func advance(
    to now: Timestamp, into messages: inout [VenueMessage]
  ) throws(EngineError) {
    while let first = inFlight.first, first.due <= now {
      inFlight.removeFirst()
      try arrive(first.ticket, at: first.due, &messages)
    }
    while let first = outgoing.first, first.due <= now {
      outgoing.removeFirst()
      messages.append(first.message)
    }
  }

  private mutating func arrive(
    _ ticket: Ticket, at time: Timestamp, _ messages: inout [VenueMessage]
  ) throws(EngineError) {
    switch ticket.action {
    case .submit(let order): submit(order, at: time, &messages)
    case .replace(let id, let terms): replace(id, terms, at: time, &messages)
    case .cancel(let id): cancel(id, at: time, &messages)
    }
  }

  private mutating func submit(
    _ order: Order, at time: Timestamp, _ messages: inout [VenueMessage]
  ) {
    if let why = refusal(of: order) {
      latest = max(latest, order.id)
      say(order.id, .rejected(why), at: time, &messages)
      return
    }
    latest = order.id
    books[order.intent.instrument.place].orders.append(RestingOrder(order, arrivedAt: time))
    say(order.id, .accepted, at: time, &messages)
  }

  private mutating func replace(
    _ id: OrderID, _ terms: OrderTerms, at time: Timestamp, _ messages: inout [VenueMessage]
  ) {
    guard let (book, place) = find(id) else {
      say(id, .replaceRejected(id <= latest ? .alreadyOver : .unknownOrder), at: time, &messages)
      return
    }
    var resting = books[book].orders[place]
    var intent = resting.order.intent
    (intent.quantity, intent.type) = (terms.quantity, terms.type)
    if let why = fault(in: intent) ?? (terms.quantity <= resting.filled ? .badQuantity : nil) {
      say(id, .replaceRejected(why), at: time, &messages)
      return
    }
    if resting.order.link?.waitsForEntry != true { resting.allowed = terms.quantity }
    resting.order.intent = intent
    // It stands behind those that came before, and no older price fills the new terms.
    resting.arrivedAt = time
    resting.triggeredAt = nil
    resting.ahead = nil
    resting.best = nil
    books[book].orders.remove(at: place)
    books[book].orders.append(resting)
    sayReplaced(book, books[book].orders.count - 1, terms, at: time, &messages)
  }

  private mutating func cancel(
    _ id: OrderID, at time: Timestamp, _ messages: inout [VenueMessage]
  ) {
    guard let (book, place) = find(id) else {
      say(id, .cancelRejected(id <= latest ? .alreadyOver : .unknownOrder), at: time, &messages)
      return
    }
    // Within a bar, whose open may have filled the order before the cancel came: the bar will tell.
    if let seen = books[book].lastSeen, seen != time {
      books[book].orders[place].cancelledAt = time
      return
    }
    end(book, place, .cancelled, at: time, &messages)
    clear(book)
  }

  func find(_ id: OrderID) -> (book: Int, place: Int)? {
    for book in books.indices {
      if let place = books[book].orders.firstIndex(where: { $0.order.id == id && !$0.isOver }) {
        return (book, place)
      }
    }
    return nil
  }

  /// Why it takes an order not at all.
  private func refusal(of order: Order) -> Rejection? {
    if order.id <= latest { return .duplicateNumber }
    if let fault = fault(in: order.intent) { return fault }
    let book = books[order.intent.instrument.place]
    if book.isDelisted { return .delisted }
    guard let link = order.link, link.waitsForEntry else { return nil }
    let group = book.orders.filter { $0.order.link?.group == link.group && !$0.isOver }
    guard let entry = group.first(where: { $0.order.link?.role == .entry }),
      entry.side != order.intent.side
    else { return .badLink }
    let exits = group.map(\.order) + [order]
    func price(_ role: OrderLink.Role) -> Price? {
      exits.first { $0.link?.role == role }?.intent.type.prices.first
    }
    if let target = price(.takeProfit), let stop = price(.stopLoss),
      case .stop = exits.first(where: { $0.link?.role == .stopLoss })?.intent.type
    {
      // The two must lie on either side of the market, or the first price ends the position.
      guard entry.isBuy ? stop < target : stop > target else { return .badLink }
    }
    return nil
  }

  private func fault(in intent: OrderIntent) -> Rejection? {
    guard table.contains(intent.instrument) else { return .notSupported }
    let instrument = table[intent.instrument]
    guard intent.quantity > .zero else { return .badQuantity }
    guard intent.quantity.isMultiple(of: instrument.lotSize) else { return .offLot }
    for price in intent.type.prices {
      guard price > .zero else { return .badPrice }
      guard price.isMultiple(of: instrument.tickSize) else { return .offTick }
    }
    let isAtOnce =
      intent.timeInForce == .immediateOrCancel || intent.timeInForce == .fillOrKill
    switch intent.type {
    case .stop, .stopLimit, .trailing: return isAtOnce ? .notSupported : nil
    case .atOpen, .atClose: return isAtOnce || rules.isContinuous ? .notSupported : nil
    case .market, .limit: return nil
    }
  }
}

// Words go out.
extension SimulatedVenue {
  mutating func say(
    _ id: OrderID, _ content: VenueReport.Content, at time: Timestamp,
    _ messages: inout [VenueMessage]
  ) {
    send(.report(VenueReport(order: id, time: time, content: content)), at: time, &messages)
  }

  /// Terms that change twice at one instant are told a nanosecond apart: the later ones hold.
  mutating func sayReplaced(
    _ book: Int, _ place: Int, _ terms: OrderTerms, at time: Timestamp,
    _ messages: inout [VenueMessage]
  ) {
    var time = time
    if let last = books[book].orders[place].changedAt, last >= time {
      time = Timestamp(nanoseconds: last.nanoseconds + 1)
    }
    books[book].orders[place].changedAt = time
    say(books[book].orders[place].order.id, .replaced(terms), at: time, &messages)
  }

  mutating func book(
    _ kind: VenueBooking.Kind, _ id: InstrumentID, cash: Cash, quantity: Quantity = .zero,
    at time: Timestamp, _ messages: inout [VenueMessage]
  ) throws(FixedPointError) {
    let currency = table.currency(of: id)
    account.cash[currency.place] = try account.cash[currency.place].adding(cash)
    account.positions[id.place] = try account.positions[id.place].adding(quantity)
    bookings += 1
    let booking = VenueBooking(
      id: ExecutionID(high: .max, low: bookings), time: time, instrument: id, currency: currency,
      kind: kind, cash: cash, quantity: quantity)
    send(.booking(booking), at: time, &messages)
  }

  private mutating func send(
    _ message: VenueMessage, at time: Timestamp, _ messages: inout [VenueMessage]
  ) {
    guard rules.reportDelay > 0 else {
      messages.append(message)
      return
    }
    outgoing.append((Timestamp(nanoseconds: time.nanoseconds + rules.reportDelay), message))
  }

  /// Ends an order, and with an entry its exits as far as they had waited.
  mutating func end(
    _ book: Int, _ place: Int, _ why: OrderEnd, at time: Timestamp,
    _ messages: inout [VenueMessage]
  ) {
    guard !books[book].orders[place].isOver else { return }
    books[book].orders[place].isOver = true
    say(books[book].orders[place].order.id, .ended(why), at: time, &messages)
    guard let link = books[book].orders[place].order.link, link.role == .entry else { return }
    settleExits(book, of: link.group, entry: books[book].orders[place].filled, at: time, &messages)
  }

  /// Forgets orders that are over.
  mutating func clear(_ book: Int) {
    if books[book].orders.contains(where: \.isOver) {
      books[book].orders.removeAll(where: \.isOver)
    }
  }
}
