import Market
import Numerics
import Runtime

// Quotes and trades fill orders where there are no bars: who takes pays what is offered, as far as it is
// offered; who waits is served when those ahead are.
extension SimulatedVenue {
  mutating func see(
    _ quote: Quote, _ book: Int, _ messages: inout [VenueMessage]
  ) throws(FixedPointError) {
    books[book].lastSeen = quote.knownAt
    books[book].quote = quote
    guard !books[book].orders.isEmpty else { return }
    for side in [Side.sell, .buy] {
      guard let offer = side == .buy ? quote.ask : quote.bid else { continue }
      try beginTick(book, quote.time, offered: offer.quantity)
      for place in books[book].orders.indices where books[book].orders[place].side == side {
        guard mayMeet(book, place, at: quote.time) else { continue }
        queue(book, place, quote)
        if try isTaking(book, place, offer.price) {
          try fill(book, place, at: offer.price, .crossedSpread, quote.time, &messages)
        }
        endWhatIsForOnce(book, place, at: quote.time, &messages)
      }
    }
    clear(book)
  }

  mutating func see(
    _ trade: Market.Trade, _ book: Int, _ messages: inout [VenueMessage]
  ) throws(FixedPointError) {
    books[book].lastSeen = trade.knownAt
    books[book].lastClose = Double(trade.price)
    guard !books[book].orders.isEmpty else { return }
    try beginTick(book, trade.time, offered: trade.quantity)
    for place in books[book].orders.indices where mayMeet(book, place, at: trade.time) {
      try stop(book, place, by: trade, &messages)
      if try serve(book, place, trade) {
        let isThrough = trade.price != books[book].orders[place].limit
        let limit = books[book].orders[place].limit ?? trade.price
        try fill(
          book, place, at: limit, isThrough ? .tradedThrough : .queueReached, trade.time, &messages)
      } else if books[book].quote == nil, books[book].orders[place].limit == nil,
        try isTaking(book, place, trade.price)
      {
        // Nobody quotes: the next trade is the only price there is.
        try fill(book, place, at: trade.price, .crossedSpread, trade.time, &messages)
      }
    }
    clear(book)
  }

  private mutating func beginTick(
    _ book: Int, _ time: Timestamp, offered quantity: Quantity
  ) throws(FixedPointError) {
    books[book].bar = BarPrices()
    (books[book].bar.start, books[book].bar.end) = (time, time)
    books[book].bar.volume = Double(quantity)
    books[book].bar.left = try Quantity.product(
      quantity, Rate(nearest: rules.volumeShare), rounding: .down
    ).value
  }

  /// A price newer than the order, in hours it may trade, and no auction's order.
  private func mayMeet(_ book: Int, _ place: Int, at time: Timestamp) -> Bool {
    let resting = books[book].orders[place]
    switch resting.type {
    case .atOpen, .atClose: return false
    default: break
    }
    return !resting.isOver && resting.arrivedAt < time && !books[book].isHalted
      && resting.open > .zero && (!books[book].isClosed || resting.order.intent.outsideHours)
  }

  /// Whether it takes what is offered at `price`.
  private func isTaking(
    _ book: Int, _ place: Int, _ price: Price
  ) throws(FixedPointError) -> Bool {
    let resting = books[book].orders[place]
    switch resting.type {
    case .market: return true
    case .limit: return resting.accepts(price)
    case .stop, .trailing: return resting.isTriggered
    case .stopLimit: return resting.isTriggered && resting.accepts(price)
    case .atOpen, .atClose: return false
    }
  }

  /// Trades, not quotes, reach stops.
  private mutating func stop(
    _ book: Int, _ place: Int, by trade: Market.Trade, _ messages: inout [VenueMessage]
  ) throws(FixedPointError) {
    let resting = books[book].orders[place]
    guard !resting.isTriggered else { return }
    if let level = try resting.stopLevel(), resting.isReached(level, by: trade.price) {
      trigger(book, place, at: trade.time, &messages)
    } else {
      follow(book, place, trade.price)
    }
  }

  /// What stands before it: what is shown at its price, and no more than that later; nobody where the
  /// market is worse than its price.
  private mutating func queue(_ book: Int, _ place: Int, _ quote: Quote) {
    let resting = books[book].orders[place]
    guard let limit = resting.limit, let own = resting.isBuy ? quote.bid : quote.ask else { return }
    if own.price == limit {
      books[book].orders[place].ahead = min(resting.ahead ?? own.quantity, own.quantity)
    } else if resting.isBuy ? own.price < limit : own.price > limit {
      books[book].orders[place].ahead = .zero
    }
  }

  /// Whether a trade reaches an order that waits: beyond its price at once, at its price when those ahead
  /// were served, by what is left of the trade.
  private mutating func serve(
    _ book: Int, _ place: Int, _ trade: Market.Trade
  ) throws(FixedPointError) -> Bool {
    let resting = books[book].orders[place]
    guard let limit = resting.limit, resting.triggeredAt != trade.time else { return false }
    if case .stopLimit = resting.type, !resting.isTriggered { return false }
    if resting.isBuy ? trade.price < limit : trade.price > limit { return true }
    guard trade.price == limit, let ahead = resting.ahead else { return false }
    let beyond = try trade.quantity.subtracting(ahead)
    books[book].orders[place].ahead = max(.zero, try ahead.subtracting(trade.quantity))
    guard beyond > .zero else { return false }
    books[book].bar.left = books[book].bar.left.map { min($0, beyond) }
    return true
  }
}
