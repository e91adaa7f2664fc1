import Market
import Numerics
import Runtime
import Trading

/// Two shares in dollars and one in euros, and orders by hand.
struct BookKeeping {
  let table: InstrumentTable
  let a, b, euro: InstrumentID
  let dollars = CurrencyID(0)
  let euros = CurrencyID(1)
  private var orders: UInt64 = 0

  init() throws {
    var table = InstrumentTable()
    var ids: [InstrumentID] = []
    for (name, currency) in [("AAA", Currency.usd), ("BBB", .usd), ("EEE", .eur)] {
      let instrument = try Instrument(
        symbol: try Symbol(parsing: name), venue: "NYSE", currency: currency)
      guard let id = table.add(instrument) else { throw Refused() }
      ids.append(id)
    }
    self.table = table
    (a, b, euro) = (ids[0], ids[1], ids[2])
  }

  struct Refused: Error {}

  /// A fill at whole dollars and parts: `quantity` shares below zero when sold.
  mutating func fill(
    _ instrument: InstrumentID, _ quantity: String, at price: String, commission: String = "0",
    taxes: String = "0", second: Int64 = 0
  ) throws -> Fill {
    fill(
      instrument, try Quantity(parsing: quantity), at: try Price(parsing: price),
      commission: try Cash(parsing: commission), taxes: try Cash(parsing: taxes), second: second)
  }

  mutating func fill(
    _ instrument: InstrumentID, _ quantity: Quantity, at price: Price, commission: Cash = .zero,
    taxes: Cash = .zero, second: Int64 = 0
  ) -> Fill {
    orders += 1
    let size = Quantity(steps: Int64(quantity.steps.magnitude))
    let order = Order(
      id: OrderID(orders),
      intent: OrderIntent(quantity.isNegative ? .sell : .buy, size, of: instrument),
      createdAt: Timestamp(seconds: second))
    let execution = Execution(
      id: ExecutionID(order: order.id, cumulative: size.steps), quantity: size, cumulative: size,
      price: price, reference: price, commission: commission, taxes: taxes, reason: .nextOpen)
    return Fill(execution, of: order, at: Timestamp(seconds: second))
  }

  /// Books with so many dollars in them.
  func ledger(_ cash: String = "0", rule: CostRule = .average) throws -> Ledger {
    var ledger = Ledger(table, costRule: rule)
    let amount = try Cash(parsing: cash)
    guard !amount.isZero else { return ledger }
    try ledger.book(booking(.deposit, nil, cash: amount))
    return ledger
  }

  func booking(
    _ kind: VenueBooking.Kind, _ instrument: InstrumentID?, cash: Cash,
    quantity: Quantity = .zero, currency: CurrencyID = .base
  ) -> VenueBooking {
    VenueBooking(
      id: ExecutionID(high: 0, low: 1), time: Timestamp(seconds: 9), instrument: instrument,
      currency: currency, kind: kind, cash: cash, quantity: quantity)
  }
}

extension Ledger {
  /// A balance as text: `-1000.5`.
  func text(_ account: LedgerAccount) -> String { balance(account).description }
}
