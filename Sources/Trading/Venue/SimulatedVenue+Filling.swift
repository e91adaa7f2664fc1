import Market
import Numerics
import Runtime

// One fill: how much, at which price, and what follows from it for others.
extension SimulatedVenue {
  /// Fills as much as volume, money and shares allow; ends the order where they do not.
  mutating func fill(
    _ book: Int, _ place: Int, at reference: Price, _ reason: FillReason, _ time: Timestamp,
    _ messages: inout [VenueMessage]
  ) throws(FixedPointError) {
    let resting = books[book].orders[place]
    let instrument = table.instruments[book]
    guard mayTrade(book, resting.side, at: reference) else { return }
    var quantity = resting.open
    if let left = books[book].bar.left {
      quantity = min(quantity, try left.rounded(toLot: instrument.lotSize))
    }
    if resting.order.intent.timeInForce == .fillOrKill, quantity < resting.open { return }
    guard quantity > .zero else { return }
    let price = try fillPrice(resting, reference, reason, quantity, book)
    let (allowed, shortage) = try allowance(resting, quantity, at: price, book, time)
    if resting.order.intent.timeInForce == .fillOrKill, allowed < quantity {
      end(book, place, shortage, at: time, &messages)
      return
    }
    if allowed > .zero {
      try execute(book, place, allowed, price, reference, reason, time, &messages)
    }
    if allowed < quantity { end(book, place, shortage, at: time, &messages) }
  }

  /// Whoever takes what is offered pays for it; whoever waits at a limit does not.
  private func fillPrice(
    _ resting: RestingOrder, _ reference: Price, _ reason: FillReason, _ quantity: Quantity,
    _ book: Int
  ) throws(FixedPointError) -> Price {
    switch reason {
    case .throughLimit, .touchedLimit, .tradedThrough, .queueReached: return reference
    // Quotes show the spread themselves.
    case .crossedSpread where books[book].quote != nil: return reference
    default: break
    }
    let bar = books[book].bar
    let traffic = Traffic(quantity: quantity, volume: bar.volume, range: bar.range)
    let isAuction = reason == .openingAuction || reason == .closingAuction
    var price = try rules.costs.price(reference, resting.side, traffic, inAuction: isAuction)
    if let limit = resting.limit { price = resting.isBuy ? min(price, limit) : max(price, limit) }
    if let bands = books[book].bands { price = min(max(price, bands.lower), bands.upper) }
    return max(price, .step)
  }

  /// Nobody sells at limit up, nobody buys at limit down.
  private func mayTrade(_ book: Int, _ side: Side, at price: Price) -> Bool {
    guard let bands = books[book].bands else { return true }
    return side == .buy ? price < bands.upper : price > bands.lower
  }

  /// What the account can pay for or deliver of `quantity`, and what it lacks.
  private func allowance(
    _ resting: RestingOrder, _ quantity: Quantity, at price: Price, _ book: Int, _ time: Timestamp
  ) throws(FixedPointError) -> (Quantity, OrderEnd) {
    let instrument = table.instruments[book]
    let currency = table.currency(of: InstrumentID(book))
    let held = account.positions[book]
    var traded = resting.traded
    if traded.quantity.isZero { traded.monthBefore = account.monthTraded(at: time) }
    switch (rules.buyingPower, resting.side) {
    case (.cash(let sessions), .buy):
      let cash = sessions > 0 ? try account.settled(currency) : account.cash[currency.place]
      let most = try rules.costs.affordable(cash, instrument, at: price, after: traded)
      return (min(quantity, most), .unaffordable)
    case (.cash, .sell): return (min(quantity, max(held, .zero)), .nothingToBorrow)
    case (.margin(let leverage), let side):
      // What closes a position is always allowed.
      let closing =
        held.sign * (side == .buy ? 1 : -1) < 0 ? min(quantity, try held.magnitude()) : .zero
      var opening = try quantity.subtracting(closing)
      var shortage = OrderEnd.unaffordable
      if side == .sell, let there = books[book].borrowable {
        let short = max(.zero, try Quantity.zero.subtracting(held))
        let free = max(.zero, try there.subtracting(short).rounded(toLot: instrument.lotSize))
        if free < opening { (opening, shortage) = (free, .nothingToBorrow) }
      }
      let room = try room(leverage, closing: closing, at: price, book)
      let most = try Quantity(of: room, at: price.multiplied(by: instrument.multiplier))
        .rounded(toLot: instrument.lotSize)
      if most < opening { (opening, shortage) = (most, .unaffordable) }
      return (try closing.adding(opening), shortage)
    }
  }

  /// How much more may be held, in value, at the last prices.
  private func room(
    _ leverage: Rate, closing: Quantity, at price: Price, _ book: Int
  ) throws(FixedPointError) -> Cash {
    var equity = account.cash.reduce(0) { $0 + Int128($1.steps) }
    var gross: Int128 = 0
    for index in books.indices where !account.positions[index].isZero {
      let mark = index == book ? price : try Price(nearest: books[index].lastClose)
      let value = try table.instruments[index].value(of: account.positions[index], at: mark).cash
      equity += Int128(value.steps)
      gross += Int128(value.steps.magnitude)
    }
    let closed = try table.instruments[book].value(of: closing, at: price).cash
    gross -= Int128(closed.steps)
    let most = equity * Int128(leverage.steps) / Int128(Rate.stepsPerUnit)
    return Cash(steps: Int64(clamping: max(0, most - gross)))
  }

  private mutating func execute(
    _ book: Int, _ place: Int, _ quantity: Quantity, _ price: Price, _ reference: Price,
    _ reason: FillReason, _ time: Timestamp, _ messages: inout [VenueMessage]
  ) throws(FixedPointError) {
    var resting = books[book].orders[place]
    let worth = try table.instruments[book].value(of: quantity, at: price).cash
    if resting.traded.quantity.isZero {
      resting.traded.monthBefore = account.monthTraded(at: time)
    }
    let charges = try rules.costs.commission.charges(
      resting.side, quantity, worth, after: resting.traded)
    resting.filled = try resting.filled.adding(quantity)
    resting.traded.quantity = try resting.traded.quantity.adding(quantity)
    resting.traded.value = try resting.traded.value.adding(worth)
    resting.traded.charges = try resting.traded.charges.adding(charges)
    resting.isOver = resting.filled >= resting.order.intent.quantity
    books[book].orders[place] = resting
    if let left = books[book].bar.left { books[book].bar.left = try left.subtracting(quantity) }
    try move(resting.side, quantity, worth, charges, book, time)
    let execution = Execution(
      id: ExecutionID(order: resting.order.id, cumulative: resting.filled.steps),
      quantity: quantity, cumulative: resting.filled, price: price, reference: reference,
      commission: charges.commission, taxes: charges.taxes, reason: reason)
    say(resting.order.id, .executed(execution), at: time, &messages)
    if let link = resting.order.link {
      try follow(link, resting, quantity, book, isWithinBar: reason.isWithinBar, time, &messages)
    }
  }

  /// Money and shares change hands.
  mutating func move(
    _ side: Side, _ quantity: Quantity, _ worth: Cash, _ charges: Charges, _ book: Int,
    _ time: Timestamp
  ) throws(FixedPointError) {
    let currency = table.currency(of: InstrumentID(book))
    let cash = account.cash[currency.place]
    let fees = try charges.total
    if side == .buy {
      account.cash[currency.place] = try cash.subtracting(worth).subtracting(fees)
      account.positions[book] = try account.positions[book].adding(quantity)
    } else {
      let proceeds = try worth.subtracting(fees)
      account.cash[currency.place] = try cash.adding(proceeds)
      account.positions[book] = try account.positions[book].subtracting(quantity)
      if case .cash(let sessions) = rules.buyingPower {
        account.settle(proceeds, currency, after: sessions)
      }
    }
    try account.count(quantity, at: time)
    books[book].borrowedSince =
      account.positions[book].isNegative ? books[book].borrowedSince ?? time : nil
  }
}

// Groups: what a fill of one order means for the others.
extension SimulatedVenue {
  private mutating func follow(
    _ link: OrderLink, _ filled: RestingOrder, _ quantity: Quantity, _ book: Int,
    isWithinBar: Bool, _ time: Timestamp, _ messages: inout [VenueMessage]
  ) throws(FixedPointError) {
    for place in books[book].orders.indices {
      let other = books[book].orders[place]
      guard !other.isOver, other.order.id != filled.order.id, other.order.link?.group == link.group
      else { continue }
      switch link.role {
      case .entry where other.order.link?.waitsForEntry == true:
        books[book].orders[place].allowed = try other.allowed.adding(quantity)
        books[book].orders[place].joined = isWithinBar ? .within : .atOpen
      case .takeProfit, .stopLoss:
        if other.order.link?.waitsForEntry == true {
          try reduce(book, place, by: quantity, time, &messages)
        }
      case .alternative: try reduce(book, place, by: quantity, time, &messages)
      case .entry: break
      }
    }
  }

  /// Takes away what another of the group was filled; with nothing left the order is over.
  private mutating func reduce(
    _ book: Int, _ place: Int, by quantity: Quantity, _ time: Timestamp,
    _ messages: inout [VenueMessage]
  ) throws(FixedPointError) {
    let other = books[book].orders[place]
    let left = try other.order.intent.quantity.subtracting(quantity)
    guard left > other.filled else {
      end(book, place, .otherOfGroup, at: time, &messages)
      return
    }
    books[book].orders[place].order.intent.quantity = left
    books[book].orders[place].allowed = max(.zero, try other.allowed.subtracting(quantity))
    let terms = OrderTerms(quantity: left, type: other.type)
    sayReplaced(book, place, terms, at: time, &messages)
  }

  /// An entry is over: its exits are for what it got, or for nothing.
  mutating func settleExits(
    _ book: Int, of group: OrderID, entry filled: Quantity, at time: Timestamp,
    _ messages: inout [VenueMessage]
  ) {
    for place in books[book].orders.indices {
      let exit = books[book].orders[place]
      guard !exit.isOver, let link = exit.order.link, link.group == group, link.waitsForEntry else {
        continue
      }
      guard exit.allowed > exit.filled else {
        end(book, place, .otherOfGroup, at: time, &messages)
        continue
      }
      guard exit.allowed < exit.order.intent.quantity else { continue }
      books[book].orders[place].order.intent.quantity = exit.allowed
      let terms = OrderTerms(quantity: exit.allowed, type: exit.type)
      sayReplaced(book, place, terms, at: time, &messages)
    }
  }
}
