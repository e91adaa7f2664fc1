import Market
import Numerics
import Runtime

// Bars fill orders: at the open, within the range, at the close, in this order.
extension SimulatedVenue {
  public mutating func observe(
    _ batch: [MarketEvent], into messages: inout [VenueMessage]
  ) throws(EngineError) {
    do throws(FixedPointError) {
      try observe(batch, &messages)
    } catch {
      throw .amount(error)
    }
  }

  private mutating func observe(
    _ batch: [MarketEvent], _ messages: inout [VenueMessage]
  ) throws(FixedPointError) {
    var areFilling = false
    for event in batch {
      let book = event.instrument.place
      switch event.content {
      case .bar(let bar, _, let place) where !place.contains(.information):
        if try begin(bar, place, book, &messages) { areFilling = true }
      case .trade(let trade): try see(trade, book, &messages)
      case .quote(let quote): try see(quote, book, &messages)
      case .bar, .book: break
      case .action(let action): try apply(action, book, at: event.time, &messages)
      case .status(let status): apply(status, book)
      case .sessionOpened:
        books[book].isClosed = false
        try sessionOpened(book, at: event.time, &messages)
      case .sessionClosed:
        books[book].isClosed = true
        try sessionClosed(book, at: event.time, &messages)
      }
    }
    // What sales bring at an open can pay for purchases at the same open.
    if areFilling {
      for side in [Side.sell, .buy] {
        try forEachBar(batch) { venue, book throws(FixedPointError) in
          try venue.fillAtOpen(book, side, &messages)
        }
      }
      try forEachBar(batch) { venue, book throws(FixedPointError) in
        venue.cancelWithin(book, &messages)
        try venue.fillWithin(book, &messages)
        try venue.fillAtClose(book, &messages)
      }
    }
    for event in batch {
      guard case .bar(let bar, _, let place) = event.content, !place.contains(.information) else {
        continue
      }
      try finish(bar, place, event.instrument.place, &messages)
    }
  }

  private mutating func forEachBar(
    _ batch: [MarketEvent],
    _ body: (inout SimulatedVenue, Int) throws(FixedPointError) -> Void
  ) throws(FixedPointError) {
    for event in batch {
      guard case .bar(_, _, let place) = event.content, !place.contains(.information),
        !books[event.instrument.place].orders.isEmpty
      else { continue }
      try body(&self, event.instrument.place)
    }
  }

  /// Whether there is anything to fill.
  private mutating func begin(
    _ bar: Bar, _ place: SessionPlace, _ book: Int, _ messages: inout [VenueMessage]
  ) throws(FixedPointError) -> Bool {
    if place.contains(.first) { try sessionOpened(book, at: bar.start, &messages) }
    guard !books[book].orders.isEmpty else { return false }
    books[book].bar = try BarPrices(bar, place, share: rules.volumeShare)
    for place in books[book].orders.indices {
      books[book].orders[place].joined = .before
      if let cancel = books[book].orders[place].cancelledAt, cancel <= bar.start {
        books[book].orders[place].cancelledAt = nil
        end(book, place, .cancelled, at: cancel, &messages)
      }
    }
    return true
  }

  /// A cancel that came within the bar: too late for the open, in time for the rest.
  private mutating func cancelWithin(_ book: Int, _ messages: inout [VenueMessage]) {
    for place in books[book].orders.indices {
      guard let cancel = books[book].orders[place].cancelledAt, cancel <= books[book].bar.end
      else { continue }
      if books[book].orders[place].isOver {
        say(
          books[book].orders[place].order.id, .cancelRejected(.alreadyOver), at: cancel, &messages)
      } else {
        end(book, place, .cancelled, at: cancel, &messages)
      }
      books[book].orders[place].cancelledAt = nil
    }
  }

  private mutating func finish(
    _ bar: Bar, _ place: SessionPlace, _ book: Int, _ messages: inout [VenueMessage]
  ) throws(FixedPointError) {
    books[book].lastClose = bar.close
    books[book].lastSeen = bar.knownAt
    if place.contains(.last) { try sessionClosed(book, at: bar.end, &messages) }
    if !books[book].orders.isEmpty { clear(book) }
  }

  /// Whether the bar under way can fill an order: it began after the order had come.
  private func isEligible(_ resting: RestingOrder, _ book: Int) -> Bool {
    let bar = books[book].bar
    return !resting.isOver && resting.arrivedAt <= bar.start && !books[book].isHalted
      && (!bar.place.contains(.outside) || resting.order.intent.outsideHours)
  }

  private mutating func fillAtOpen(
    _ book: Int, _ side: Side, _ messages: inout [VenueMessage]
  ) throws(FixedPointError) {
    let bar = books[book].bar
    for place in books[book].orders.indices {
      let resting = books[book].orders[place]
      guard resting.side == side, resting.joined == .before, isEligible(resting, book) else {
        continue
      }
      if resting.liveSession == nil, resting.isLive(in: bar.place) {
        books[book].orders[place].liveSession = books[book].session
      }
      guard resting.open > .zero else { continue }
      switch resting.type {
      case .market:
        if rules.fillsAtDecidingClose, books[book].lastClose > 0 {
          let close = try Price(nearest: books[book].lastClose)
          try fill(book, place, at: close, .decidingClose, bar.start, &messages)
        } else {
          try fill(book, place, at: bar.open, .nextOpen, bar.start, &messages)
        }
      case .atOpen:
        guard bar.place.contains(.first) else { continue }
        if resting.accepts(bar.open) {
          try fill(book, place, at: bar.open, .openingAuction, bar.start, &messages)
        }
        end(book, place, .expired, at: bar.start, &messages)
      case .atClose: continue
      case .limit:
        if resting.accepts(bar.open) {
          try fill(book, place, at: bar.open, .limitAtOpen, bar.start, &messages)
        }
      case .stop, .stopLimit, .trailing:
        try openAtStop(book, place, &messages)
      }
      endWhatIsForOnce(book, place, at: bar.start, &messages)
    }
  }

  private mutating func openAtStop(
    _ book: Int, _ place: Int, _ messages: inout [VenueMessage]
  ) throws(FixedPointError) {
    let bar = books[book].bar
    let resting = books[book].orders[place]
    if !resting.isTriggered {
      guard let level = try resting.stopLevel(), resting.isReached(level, by: bar.open) else {
        follow(book, place, bar.open)
        return
      }
      trigger(book, place, at: bar.start, &messages)
    }
    guard resting.accepts(bar.open) else { return }
    let reason: FillReason =
      !resting.isTriggered ? .gapThroughStop : resting.limit == nil ? .nextOpen : .limitAtOpen
    try fill(book, place, at: bar.open, reason, bar.start, &messages)
  }

  /// A trailing stop follows a better price.
  mutating func follow(_ book: Int, _ place: Int, _ price: Price) {
    guard case .trailing = books[book].orders[place].type else { return }
    let best = books[book].orders[place].best ?? price
    books[book].orders[place].best =
      books[book].orders[place].isBuy ? min(best, price) : max(best, price)
  }

  mutating func trigger(
    _ book: Int, _ place: Int, at time: Timestamp, _ messages: inout [VenueMessage]
  ) {
    books[book].orders[place].triggeredAt = time
    say(books[book].orders[place].order.id, .triggered, at: time, &messages)
  }

  /// Stops before limits, because nobody knows which came first; then the stops of what was bought or
  /// sold within the bar.
  private mutating func fillWithin(
    _ book: Int, _ messages: inout [VenueMessage]
  ) throws(FixedPointError) {
    for place in books[book].orders.indices where books[book].orders[place].joined != .within {
      try reachStop(book, place, &messages)
    }
    for place in books[book].orders.indices where books[book].orders[place].joined != .within {
      try reachLimit(book, place, &messages)
    }
    for place in books[book].orders.indices where books[book].orders[place].joined == .within {
      try reachStop(book, place, &messages)
    }
  }

  private mutating func reachStop(
    _ book: Int, _ place: Int, _ messages: inout [VenueMessage]
  ) throws(FixedPointError) {
    let bar = books[book].bar
    let resting = books[book].orders[place]
    guard isEligible(resting, book), !resting.isTriggered, resting.open > .zero,
      let level = try resting.stopLevel()
    else { return }
    let (worst, best) = resting.isBuy ? (bar.high, bar.low) : (bar.low, bar.high)
    if resting.isReached(level, by: worst) {
      try fireStop(book, place, at: level, &messages)
      return
    }
    guard case .trailing = resting.type else { return }
    follow(book, place, best)
    // From the bar's best price the market fell back to the close: that much is certain.
    if let raised = try books[book].orders[place].stopLevel(), raised != level,
      resting.isReached(raised, by: bar.close)
    {
      try fireStop(book, place, at: raised, &messages)
    }
  }

  private mutating func fireStop(
    _ book: Int, _ place: Int, at level: Price, _ messages: inout [VenueMessage]
  ) throws(FixedPointError) {
    let bar = books[book].bar
    // Of an exit that became live within the bar its prices may all lie beyond: then the worst counts.
    let isBuy = books[book].orders[place].isBuy
    let isBeyond = isBuy ? level < bar.low : level > bar.high
    let level = isBeyond ? (isBuy ? bar.high : bar.low) : level
    trigger(book, place, at: bar.end, &messages)
    // A limit on the far side of its stop needs the price to come back, which the bar does not tell.
    if books[book].orders[place].accepts(level) {
      try fill(book, place, at: level, .stopReached, bar.end, &messages)
    }
  }

  private mutating func reachLimit(
    _ book: Int, _ place: Int, _ messages: inout [VenueMessage]
  ) throws(FixedPointError) {
    let bar = books[book].bar
    let resting = books[book].orders[place]
    guard isEligible(resting, book), resting.open > .zero, let limit = resting.limit else { return }
    switch resting.type {
    case .limit: break
    // One that was triggered in this bar has had its price.
    case .stopLimit where resting.triggeredAt.map { $0 <= bar.start } == true: break
    default: return
    }
    let extreme = resting.isBuy ? bar.low : bar.high
    let isThrough = resting.isBuy ? extreme < limit : extreme > limit
    guard isThrough || (rules.touchFills && extreme == limit) else { return }
    // An exit that became live within the bar may find all of its prices better than its limit.
    let price = resting.isBuy ? min(limit, bar.high) : max(limit, bar.low)
    try fill(
      book, place, at: price, isThrough ? .throughLimit : .touchedLimit, bar.end, &messages)
  }

  private mutating func fillAtClose(
    _ book: Int, _ messages: inout [VenueMessage]
  ) throws(FixedPointError) {
    let bar = books[book].bar
    guard bar.place.contains(.last) else { return }
    for place in books[book].orders.indices {
      let resting = books[book].orders[place]
      guard case .atClose = resting.type, isEligible(resting, book), resting.open > .zero else {
        continue
      }
      if resting.accepts(bar.close) {
        try fill(book, place, at: bar.close, .closingAuction, bar.end, &messages)
      }
      end(book, place, .expired, at: bar.end, &messages)
    }
  }

  mutating func endWhatIsForOnce(
    _ book: Int, _ place: Int, at time: Timestamp, _ messages: inout [VenueMessage]
  ) {
    let intent = books[book].orders[place].order.intent
    if intent.timeInForce == .immediateOrCancel || intent.timeInForce == .fillOrKill {
      end(book, place, .notFilledAtOnce, at: time, &messages)
    }
  }
}
