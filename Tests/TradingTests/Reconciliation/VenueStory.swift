import Market
import Numerics
import Runtime
import Trading

/// Two orders at a venue and eight reports of them: a purchase of 100 in three executions between which
/// it is replaced, and a sale of 50 that is filled in part and then cancelled.
struct VenueStory {
  let table: InstrumentTable
  let share: InstrumentID
  let buy, sell: Order
  let reports: [VenueReport]
  let statement: VenueStatement

  init() throws {
    var table = InstrumentTable()
    let instrument = try Instrument(symbol: Symbol(parsing: "AAA"), venue: "NYSE")
    guard let share = table.add(instrument) else { throw BookKeeping.Refused() }
    (self.table, self.share) = (table, share)
    func order(_ number: UInt64, _ side: Side, _ shares: Int64) -> Order {
      Order(
        id: OrderID(number), intent: OrderIntent(side, Self.shares(shares), of: share),
        createdAt: Timestamp(seconds: 0))
    }
    (buy, sell) = (order(1, .buy, 120), order(2, .sell, 50))
    let terms = OrderTerms(quantity: Self.shares(100), type: .limit(Self.price(11)))
    reports = [
      Self.report(1, 1, .accepted),
      Self.report(1, 2, Self.execution(1, 30, of: 30, at: 10)),
      Self.report(1, 3, .replaced(terms)),
      Self.report(1, 4, Self.execution(2, 50, of: 80, at: 11)),
      Self.report(2, 5, .accepted),
      Self.report(2, 6, Self.execution(3, 20, of: 20, at: 12)),
      Self.report(1, 7, Self.execution(4, 20, of: 100, at: 11)),
      Self.report(2, 8, .ended(.cancelled)),
    ]
    // 10000 − 300 − 550 + 240 − 220 − 4
    statement = VenueStatement(
      time: Timestamp(seconds: 9), cash: [Cash(steps: 91_660_000)], positions: [Self.shares(80)],
      working: [], reports: reports)
  }

  static func shares(_ count: Int64) -> Quantity { Quantity(steps: count * Quantity.stepsPerUnit) }
  static func price(_ dollars: Int64) -> Price { Price(steps: dollars * Price.stepsPerUnit) }

  static func report(
    _ order: UInt64, _ second: Int64, _ content: VenueReport.Content
  ) -> VenueReport {
    VenueReport(order: OrderID(order), time: Timestamp(seconds: second), content: content)
  }

  static func execution(
    _ name: UInt64, _ count: Int64, of cumulative: Int64, at dollars: Int64
  ) -> VenueReport.Content {
    .executed(
      Execution(
        id: ExecutionID(high: 77, low: name), quantity: shares(count),
        cumulative: shares(cumulative), price: price(dollars), reference: price(dollars),
        commission: Cash(steps: 10_000), reason: .venue))
  }

  /// The account with both orders journalled and nothing heard of them.
  func account() throws -> Account {
    var ledger = Ledger(table)
    try ledger.book(
      VenueBooking(
        id: ExecutionID(high: .max, low: 0), time: Timestamp(seconds: 0), instrument: nil,
        currency: .base, kind: .deposit, cash: Cash(steps: 100_000_000)))
    var account = Account(table, ledger)
    var none: [Posting] = []
    for order in [buy, sell] { try account.replay(.submitted(order), expecting: &none) }
    return account
  }

  /// The reports of a set, each once, in the order of their bits.
  func account(told set: Int) throws -> Account {
    var account = try account()
    for place in reports.indices where set >> place & 1 == 1 {
      _ = try account.take(.report(reports[place]))
    }
    return account
  }
}

/// What must not depend on the order in which a venue is heard. The cost of what is held, and with it
/// which gain is counted as made, follows the order of trades; their sum does not.
struct Standing: Hashable {
  let orders: [OrderRecord]
  let open: [OrderID]
  let position: Quantity
  let cash, commission, costAndGain: Cash

  init(_ account: Account) {
    orders = account.orders.records
    open = account.orders.open
    let share = InstrumentID(0)
    position = account.position(share)
    cash = account.cash()
    commission = account.ledger.balance(.commission(.base))
    costAndGain = Cash(
      steps: account.ledger.cost(share).steps
        + account.ledger.balance(.realised(.base)).steps)
  }
}
