import Market
import Numerics

/// What the book comes to if everything that has left is filled. Worths are in steps of 10⁻¹⁶ of the
/// account's currency, in which price × quantity is whole, so that no limit is met by rounding.
struct Exposure: Sendable {
  /// Beyond this (10¹¹ units of currency) products with a rate would no longer fit.
  static var greatest: Int128 { 1_000_000_000_000_000_000_000_000_000 }
  static var perCash: Int128 { 1_000_000_000_000 }

  /// By instrument, in steps of quantity: what may still be bought and sold.
  private(set) var buying: [Int64]
  private(set) var selling: [Int64]
  /// By instrument: the worth of the larger side it may come to, and the sign of that side.
  private(set) var worst: [Int128]
  private(set) var signs: [Int8]
  /// All of it.
  private(set) var gross: Int128 = 0
  private(set) var equity: Int128 = 0
  /// What is left of the cash when every purchase is paid.
  private(set) var cash: Int128 = 0
  /// Worth of what has left and is not filled.
  private(set) var ordered: Int128 = 0
  /// A number beyond all reason.
  private(set) var isUnknown = false
  /// A holding without a price.
  private(set) var lacksPrice = false
  /// The places of instruments of which there is any, and what they come to, below zero where owed.
  private(set) var holdings: [Int] = []
  private var weights: [Double]

  init(instruments: Int) {
    buying = Array(repeating: 0, count: instruments)
    selling = buying
    worst = Array(repeating: 0, count: instruments)
    signs = Array(repeating: 0, count: instruments)
    weights = Array(repeating: 0, count: instruments)
    holdings.reserveCapacity(instruments + 1)
  }

  /// Worth of one step of quantity, or zero where there is no price.
  static func unit(_ price: Price, _ id: InstrumentID, _ account: Account) -> Int128 {
    let unit = Int128(price.steps) * Int128(account.ledger.multiplier(of: id))
    let currency = account.ledger.currency(of: id)
    guard currency != .base else { return unit }
    // Rounded away from zero: a limit is not met by rounding.
    let (scaled, overflow) = unit.multipliedReportingOverflow(
      by: Int128(account.rates[currency.place].steps))
    guard !overflow else { return greatest }
    return Rounding.up.divide(scaled, by: Int128(Rate.stepsPerUnit)).quotient
  }

  static func product(_ unit: Int128, _ quantity: Int64) -> Int128 {
    let (product, overflow) = unit.multipliedReportingOverflow(by: Int128(quantity))
    return overflow || product.magnitude > UInt128(greatest) ? greatest : product
  }

  /// Counts everything anew but what `request` takes the place of, and orders after it, which no gate
  /// has let out.
  mutating func gather(_ account: Account, for request: RiskGate.Request, allowance: Rate) {
    for place in buying.indices { (buying[place], selling[place]) = (0, 0) }
    (gross, equity, cash, ordered) = (0, 0, 0, 0)
    (isUnknown, lacksPrice) = (false, false)
    holdings.removeAll(keepingCapacity: true)
    addCash(account)
    equity = cash
    addOrders(account, request, allowance)
    addHoldings(account)
    isUnknown = isUnknown || gross >= Self.greatest || equity.magnitude >= UInt128(Self.greatest)
  }

  private mutating func addCash(_ account: Account) {
    for place in 0..<account.ledger.currencyCount {
      let id = CurrencyID(place)
      let own =
        Int128(account.ledger.balance(.cash(id)).steps)
        + Int128(account.ledger.balance(.unsettled(id)).steps)
      guard id != .base else {
        cash += own * Self.perCash
        continue
      }
      // Of what is owed in another currency all counts; 10¹⁸ × 10⁸ × 10⁴ fits.
      cash += own * Int128(account.rates[place].steps) * 10_000
    }
  }

  private mutating func addOrders(
    _ account: Account, _ request: RiskGate.Request, _ allowance: Rate
  ) {
    var group = GroupCount()
    var purchases: Int128 = 0
    for id in account.orders.open {
      if let first = request.first, id >= first { break }
      guard let record = account.orders[id], !request.takesPlace(of: record.order) else {
        continue
      }
      let intent = record.order.intent
      // One that nobody knows waits for its denial.
      guard account.table.contains(intent.instrument) else { continue }
      let steps = group.count(record, in: account.orders)
      guard steps > 0 else { continue }
      let place = intent.instrument.place
      if intent.side == .buy {
        buying[place] = sum(buying[place], steps)
      } else {
        selling[place] = sum(selling[place], steps)
      }
      let price = intent.type.dearest(account.marks[place])
      let worth = Self.product(Self.unit(price, intent.instrument, account), steps)
      ordered += worth
      if intent.side == .buy { purchases += worth }
    }
    cash -= purchases + Self.part(allowance, of: purchases)
  }

  private mutating func sum(_ a: Int64, _ b: Int64) -> Int64 {
    let (sum, overflow) = a.addingReportingOverflow(b)
    isUnknown = isUnknown || overflow
    return overflow ? .max : sum
  }

  private mutating func addHoldings(_ account: Account) {
    for place in buying.indices {
      (worst[place], signs[place]) = (0, 0)
      let id = InstrumentID(place)
      let held = account.position(id).steps
      guard held != 0 || buying[place] != 0 || selling[place] != 0 else { continue }
      let unit = Self.unit(account.marks[place], id, account)
      if unit == 0, held != 0 { lacksPrice = true }
      equity += Self.product(unit, held)
      let (long, short) = sides(place, held)
      worst[place] = Self.product(unit, max(long, short))
      signs[place] = long >= short ? 1 : -1
      gross += worst[place]
      holdings.append(place)
    }
  }

  /// The most that may be held, and the most that may be owed.
  func sides(_ place: Int, _ held: Int64) -> (long: Int64, short: Int64) {
    let (long, tooLong) = held.addingReportingOverflow(buying[place])
    let (short, tooShort) = selling[place].subtractingReportingOverflow(held)
    return (max(0, tooLong ? .max : long), max(0, tooShort ? .max : short))
  }

  /// How much of a position an order of this side may close, with what is on its way to close it.
  func closable(_ side: Side, _ place: Int, _ held: Int64) -> Int64 {
    switch side {
    case .sell: held > selling[place] ? held - selling[place] : 0
    case .buy: held < 0 && buying[place] < -held ? -held - buying[place] : 0
    }
  }

  /// Puts one instrument's worth, below zero where owed, beside the others'.
  mutating func weigh(_ place: Int, _ worth: Double) {
    for place in holdings { weights[place] = Double(wide: worst[place]) * Double(signs[place]) }
    if worst[place] == 0 { holdings.append(place) }
    weights[place] = worth
  }

  /// Of the weights: the sum over all pairs of what is there.
  func variance(_ covariance: [Double]) -> Double {
    let count = worst.count
    return covariance.withUnsafeBufferPointer { covariance in
      weights.withUnsafeBufferPointer { weights in
        holdings.withUnsafeBufferPointer { holdings in
          var sum = 0.0
          for (index, a) in holdings.enumerated() {
            var line = 0.5 * covariance[a * count + a] * weights[a]
            for b in holdings[..<index] { line += covariance[a * count + b] * weights[b] }
            sum += 2 * line * weights[a]
          }
          // Rounding makes no variance negative.
          return sum < 0 ? 0 : sum
        }
      }
    }
  }

  /// Rounded up: what is set aside is enough.
  static func part(_ rate: Rate, of worth: Int128) -> Int128 {
    guard !rate.isZero else { return 0 }
    return (worth * Int128(rate.steps) + Int128(Rate.stepsPerUnit) - 1) / Int128(Rate.stepsPerUnit)
  }
}

/// How much of an order may still be filled, orders bound together counted once: the fill of one takes
/// its quantity from the others.
private struct GroupCount {
  private var last: (group: OrderID, instrument: InstrumentID, side: Side)?
  private var counted: Int64 = 0

  mutating func count(_ record: OrderRecord, in orders: OrderList) -> Int64 {
    var steps = record.mostRemaining
    guard let link = record.order.link, link.role != .entry else { return steps }
    if link.waitsForEntry, let entry = orders[link.group] {
      // An exit closes what the entry has opened, and no more.
      steps = min(steps, max(0, entry.filled.steps - record.filled.steps))
    }
    let intent = record.order.intent
    guard let last, last == (link.group, intent.instrument, intent.side) else {
      self.last = (link.group, intent.instrument, intent.side)
      counted = steps
      return steps
    }
    let more = max(0, steps - counted)
    counted += more
    return more
  }
}

extension OrderRecord {
  /// What may still be filled: of a replacement on its way, whichever is more.
  var mostRemaining: Int64 {
    let asked = max(order.intent.quantity.steps, replacement?.quantity.steps ?? 0)
    return max(0, asked - filled.steps)
  }
}

extension OrderType {
  /// The prices it names, as a pair so that nothing is allocated.
  var namedPrices: (Price?, Price?) {
    switch self {
    case .market, .trailing(.part), .atOpen(limit: nil), .atClose(limit: nil): (nil, nil)
    case .limit(let price), .stop(let price), .trailing(.amount(let price)),
      .atOpen(limit: let price?), .atClose(limit: let price?):
      (price, nil)
    case .stopLimit(let stop, let limit): (stop, limit)
    }
  }

  /// The most that one unit may cost: its limit or stop, or the last price where that is above it.
  func dearest(_ mark: Price) -> Price {
    switch self {
    case .trailing: return mark
    default:
      let (first, second) = namedPrices
      return max(mark, max(first ?? .zero, second ?? .zero))
    }
  }

  /// The worst price it may be filled at, where it names one.
  var limit: Price? {
    switch self {
    case .limit(let limit), .stopLimit(_, let limit): limit
    case .atOpen(let limit), .atClose(let limit): limit
    case .market, .stop, .trailing: nil
    }
  }
}
