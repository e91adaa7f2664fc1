import Market
import Numerics
import Runtime

/// The account that a simulated venue keeps for us.
struct VenueAccount: Sendable {
  struct Settling: Sendable {
    var session: Int
    var currency: CurrencyID
    var amount: Cash
  }

  /// All cash, settled or not, by currency.
  var cash: [Cash]
  var positions: [Quantity]
  /// Proceeds of sales that do not pay for purchases yet, oldest first.
  private(set) var settling: [Settling] = []
  private(set) var session = 0
  private var sessionStart = Timestamp(nanoseconds: .min)
  /// Shares traded in the month under way, for brokers whose price depends on them.
  private var month: (year: Int, month: Int) = (0, 0)
  private var monthTraded = Quantity.zero

  init(_ table: InstrumentTable, cash: Cash) {
    self.cash = Array(repeating: .zero, count: table.currencies.count)
    self.cash[0] = cash
    positions = Array(repeating: .zero, count: table.count)
  }

  /// A session began somewhere; those of several instruments that begin together are one.
  mutating func sessionBegan(at time: Timestamp) {
    guard time > sessionStart else { return }
    sessionStart = time
    session += 1
    settling.removeAll { $0.session <= session }
  }

  mutating func settle(_ amount: Cash, _ currency: CurrencyID, after sessions: Int) {
    guard sessions > 0, amount > .zero else { return }
    settling.append(Settling(session: session + sessions, currency: currency, amount: amount))
  }

  /// Cash without what is not settled yet.
  func settled(_ currency: CurrencyID) throws(FixedPointError) -> Cash {
    var sum = cash[currency.place]
    for amount in settling where amount.currency == currency {
      sum = try sum.subtracting(amount.amount)
    }
    return sum
  }

  func monthTraded(at time: Timestamp) -> Quantity {
    let date = time.utcDate
    return (date.year, date.month) == month ? monthTraded : .zero
  }

  mutating func count(_ quantity: Quantity, at time: Timestamp) throws(FixedPointError) {
    let before = monthTraded(at: time)
    let date = time.utcDate
    month = (date.year, date.month)
    monthTraded = try before.adding(quantity)
  }
}
