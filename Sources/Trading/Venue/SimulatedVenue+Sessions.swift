import Market
import Numerics
import Runtime

// What the day and the company do to orders and positions.
extension SimulatedVenue {
  mutating func apply(_ status: TradingStatus, _ book: Int) {
    switch status {
    case .halted: books[book].isHalted = true
    case .resumed: books[book].isHalted = false
    case .bands(let lower, let upper): books[book].bands = (lower, upper)
    case .noBands: books[book].bands = nil
    case .borrowable(let quantity): books[book].borrowable = quantity
    }
  }

  mutating func sessionOpened(
    _ book: Int, at time: Timestamp, _ messages: inout [VenueMessage]
  ) throws(FixedPointError) {
    books[book].session += 1
    account.sessionBegan(at: time)
    try setBands(book)
    // A day's orders of an earlier session whose end the feed did not show.
    for place in books[book].orders.indices {
      let resting = books[book].orders[place]
      if resting.order.intent.timeInForce == .day, let live = resting.liveSession,
        live < books[book].session
      {
        end(book, place, .expired, at: time, &messages)
      }
    }
    clear(book)
  }

  /// The day's limits, rounded inwards to whole ticks.
  private mutating func setBands(_ book: Int) throws(FixedPointError) {
    guard let band = rules.priceBand, books[book].lastClose > 0 else { return }
    let close = try Price(nearest: books[book].lastClose)
    let tick = table.instruments[book].tickSize
    let width = try Price.product(close, band).value
    let lower = try close.subtracting(width).rounded(toTick: tick, rounding: .up)
    let upper = try close.adding(width).rounded(toTick: tick, rounding: .down)
    books[book].bands = (max(tick, lower), upper)
  }

  mutating func sessionClosed(
    _ book: Int, at time: Timestamp, _ messages: inout [VenueMessage]
  ) throws(FixedPointError) {
    for place in books[book].orders.indices {
      let resting = books[book].orders[place]
      // What came at the close itself is for the next session; an exit waits as long as its entry.
      guard resting.arrivedAt < time, resting.order.intent.timeInForce == .day else { continue }
      end(book, place, .expired, at: time, &messages)
    }
    clear(book)
    try payBorrowing(book, at: time, &messages)
  }

  /// A part of the yearly rate for each day since it was last paid, on the value at the last price.
  private mutating func payBorrowing(
    _ book: Int, at time: Timestamp, _ messages: inout [VenueMessage]
  ) throws(FixedPointError) {
    guard let since = books[book].borrowedSince, !rules.borrowRate.isZero,
      account.positions[book].isNegative
    else { return }
    let days = Int64(time.utcDate.dayNumber - since.utcDate.dayNumber)
    guard days > 0 else { return }
    books[book].borrowedSince = time
    let value = try table.instruments[book].value(
      of: account.positions[book], at: Price(nearest: books[book].lastClose)
    ).cash
    let year = try CashAmount(value, times: rules.borrowRate).cash
    let fee = try year.scaled(by: days, over: 360, rounding: .down)
    try self.book(.borrowing, InstrumentID(book), cash: fee, at: time, &messages)
  }

  mutating func apply(
    _ action: ShareAction, _ book: Int, at time: Timestamp, _ messages: inout [VenueMessage]
  ) throws(FixedPointError) {
    switch action {
    case .dividend(let amount):
      try payDividend(amount, book, at: time, &messages)
    case .split(let ratio):
      try split(ratio, book, at: time, &messages)
    case .delisted(let price):
      books[book].isDelisted = true
      for place in books[book].orders.indices { end(book, place, .delisted, at: time, &messages) }
      clear(book)
      let held = account.positions[book]
      guard !held.isZero else { return }
      let value = try table.instruments[book].value(of: held, at: price).cash
      try self.book(
        .delisting, InstrumentID(book), cash: value, quantity: held.negated(), at: time, &messages)
    }
  }

  /// Paid on what is held, and owed on what was sold short. Buy limits and sell stops that wait come
  /// down by it, as exchanges do.
  private mutating func payDividend(
    _ amount: Price, _ book: Int, at time: Timestamp, _ messages: inout [VenueMessage]
  ) throws(FixedPointError) {
    let tick = table.instruments[book].tickSize
    for place in books[book].orders.indices {
      let resting = books[book].orders[place]
      guard resting.order.intent.timeInForce == .untilCancelled else { continue }
      func less(_ price: Price) throws(FixedPointError) -> Price {
        max(tick, try price.subtracting(amount).rounded(toTick: tick, rounding: .down))
      }
      let type: OrderType
      switch (resting.type, resting.side) {
      case (.limit(let limit), .buy): type = .limit(try less(limit))
      case (.stop(let stop), .sell): type = .stop(try less(stop))
      case (.stopLimit(let stop, let limit), .sell):
        type = .stopLimit(stop: try less(stop), limit: try less(limit))
      default: continue
      }
      change(
        book, place, to: OrderTerms(quantity: resting.order.intent.quantity, type: type), time,
        &messages)
    }
    let held = account.positions[book]
    guard !held.isZero else { return }
    let cash = try table.instruments[book].value(of: held, at: amount).cash
    try self.book(.dividend, InstrumentID(book), cash: cash, at: time, &messages)
  }

  private mutating func split(
    _ ratio: Rate, _ book: Int, at time: Timestamp, _ messages: inout [VenueMessage]
  ) throws(FixedPointError) {
    let instrument = table.instruments[book]
    books[book].lastClose /= Double(ratio)
    for place in books[book].orders.indices {
      let resting = books[book].orders[place]
      // What was filled stays what it was; only the rest becomes other shares.
      func split(_ whole: Quantity) throws(FixedPointError) -> Quantity {
        let rest = try Quantity.product(whole.subtracting(resting.filled), ratio).value
        return try resting.filled.adding(rest.rounded(toLot: instrument.lotSize))
      }
      let quantity = try split(resting.order.intent.quantity)
      guard quantity > resting.filled else {
        end(book, place, .cancelled, at: time, &messages)
        continue
      }
      // A buyer's prices are rounded down, a seller's up.
      let rounding: Rounding = resting.isBuy ? .down : .up
      let type = try resting.type.mapPrices { price throws(FixedPointError) in
        max(
          instrument.tickSize,
          try Price.quotient(price, by: ratio).rounded(
            toTick: instrument.tickSize, rounding: rounding))
      }
      books[book].orders[place].allowed = min(quantity, try split(resting.allowed))
      if let best = resting.best {
        books[book].orders[place].best = try Price.quotient(best, by: ratio)
      }
      change(book, place, to: OrderTerms(quantity: quantity, type: type), time, &messages)
    }
    clear(book)
    try splitPosition(ratio, book, at: time, &messages)
  }

  /// Whole lots of new shares; parts of one are paid out at the last price.
  private mutating func splitPosition(
    _ ratio: Rate, _ book: Int, at time: Timestamp, _ messages: inout [VenueMessage]
  ) throws(FixedPointError) {
    let instrument = table.instruments[book]
    let held = account.positions[book]
    guard !held.isZero else { return }
    let exact = try Quantity.product(held, ratio).value
    let whole = try exact.rounded(toLot: instrument.lotSize)
    let rest = try exact.subtracting(whole)
    let cash = try instrument.value(of: rest, at: Price(nearest: books[book].lastClose)).cash
    try self.book(
      .split, InstrumentID(book), cash: cash, quantity: whole.subtracting(held), at: time, &messages
    )
  }

  private mutating func change(
    _ book: Int, _ place: Int, to terms: OrderTerms, _ time: Timestamp,
    _ messages: inout [VenueMessage]
  ) {
    books[book].orders[place].order.intent.quantity = terms.quantity
    books[book].orders[place].order.intent.type = terms.type
    sayReplaced(book, place, terms, at: time, &messages)
  }
}

extension OrderType {
  /// The same order at other prices; a trail in parts of the price stays as it is.
  func mapPrices(
    _ map: (Price) throws(FixedPointError) -> Price
  ) throws(FixedPointError) -> OrderType {
    switch self {
    case .market, .trailing(.part), .atOpen(limit: nil), .atClose(limit: nil): self
    case .limit(let price): .limit(try map(price))
    case .stop(let price): .stop(try map(price))
    case .stopLimit(let stop, let limit): .stopLimit(stop: try map(stop), limit: try map(limit))
    case .trailing(.amount(let amount)): .trailing(.amount(try map(amount)))
    case .atOpen(limit: let price?): .atOpen(limit: try map(price))
    case .atClose(limit: let price?): .atClose(limit: try map(price))
    }
  }
}
