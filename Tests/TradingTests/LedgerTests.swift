import Market
import Numerics
import Runtime
import TestKit
import Testing
import Trading

@Suite("Ledger") struct LedgerTests {
  let table: InstrumentTable
  let id: InstrumentID

  init() throws {
    var table = InstrumentTable()
    let symbol = try #require(Symbol("TEST"))
    let added = table.add(try Instrument(symbol: symbol, venue: "NYSE"))
    id = try #require(added)
    self.table = table
  }

  private func fill(_ quantity: Int64, at price: Int64, fee: Int64 = 0, number: UInt64 = 1) -> Fill
  {
    let order = Order(
      id: OrderID(number),
      intent: OrderIntent(
        quantity < 0 ? .sell : .buy, Quantity(steps: abs(quantity)), of: id),
      createdAt: Timestamp(seconds: 0))
    let execution = Execution(
      id: ExecutionID(order: order.id, cumulative: 1), quantity: order.intent.quantity,
      cumulative: order.intent.quantity, price: Price(steps: price), reference: Price(steps: price),
      commission: Cash(steps: fee), reason: .nextOpen)
    return Fill(execution, of: order, at: Timestamp(seconds: 1))
  }

  private var books: [LedgerAccount] {
    [.cash(.base), .holdings(id), .commission(.base), .capital(.base), .realised(.base)]
  }

  @Test(
    "Ten thousand random fills, long and short: debits equal credits, and rounding loses nothing")
  func randomFills() throws {
    var random = SeededGenerator(seed: 7)
    let capital = Cash(steps: 1_000_000_000_000)
    var ledger = try Ledger(table, capital: capital, at: Timestamp(seconds: 0))
    var fills: [Fill] = []
    var exact: Int128 = 0
    while fills.count < 10_000 {
      let next = fill(
        Int64.random(in: -1_000_000_000...1_000_000_000, using: &random) | 1,
        at: Int64.random(in: 1...10_000_000_000, using: &random),
        fee: Int64.random(in: 0...100, using: &random))
      try ledger.post(ledger.posting(of: next))
      fills.append(next)
      exact += Int128(next.price.steps) * Int128(next.quantity.steps)
    }
    try ledger.audit(fills)
    #expect(books.reduce(0) { $0 + ledger.balance($1).steps } == 0)
    // What cash paid, in steps of 10⁻¹⁶, and what rounding left out is the exact sum of the trades.
    let paid = capital.steps - ledger.cash(.base).steps - ledger.balance(.commission(.base)).steps
    #expect(Int128(paid) * 1_000_000_000_000 + Int128(ledger.residues[0].steps) == exact)
    #expect(throws: LedgerError.notTheFills) { try ledger.audit(Array(fills.dropLast())) }
  }

  @Test(
    "A position that goes through zero realises what it closes and holds the rest at its own price")
  func throughZero() throws {
    let unit = Quantity.stepsPerUnit
    var ledger = try Ledger(
      table, capital: Cash(steps: 100_000_000), at: Timestamp(seconds: 0))
    try ledger.post(ledger.posting(of: fill(10 * unit, at: 10 * unit)))
    // Sells 15 at 12: ten of them gain 2 each, five are short at 12.
    try ledger.post(ledger.posting(of: fill(-15 * unit, at: 12 * unit)))
    #expect(ledger.balance(.realised(.base)).description == "-20")
    #expect(ledger.balance(.holdings(id)).description == "-60")
    // Buys five back at 11: a gain of 1 each.
    try ledger.post(ledger.posting(of: fill(5 * unit, at: 11 * unit)))
    #expect(ledger.balance(.realised(.base)).description == "-25")
    #expect(ledger.balance(.holdings(id)).isZero && ledger.position(id).isZero)
    #expect(ledger.cash(.base).description == "10025")
  }

  @Test("What does not balance or does not fit is refused, and nothing is booked")
  func refusals() throws {
    var ledger = try Ledger(table, capital: Cash(steps: 1_000_000), at: Timestamp(seconds: 0))
    let before = books.map(ledger.balance)
    let overflow = #expect(throws: LedgerError.self) {
      try ledger.post(ledger.posting(of: fill(.max, at: .max)))
    }
    #expect(overflow?.diagnosis.finding.contains("limit") == true)
    #expect(throws: LedgerError.unbalanced(steps: 1)) {
      try ledger.post(
        Posting(
          .deposit, at: Timestamp(seconds: 1), .init(.cash(.base), .base, Cash(steps: 2)),
          .init(.capital(.base), .base, Cash(steps: -1))))
    }
    #expect(throws: LedgerError.self) {
      try ledger.post(
        Posting(
          .deposit, at: Timestamp(seconds: 1), change: .init(id, .step),
          .init(.cash(.base), .base, .max), .init(.capital(.base), .base, Cash(steps: -.max))))
    }
    #expect(books.map(ledger.balance) == before && ledger.position(id).isZero)
    #expect(ledger.postings == 1)
    #expect(throws: LedgerError.noCapital(.zero)) {
      try Ledger(table, capital: .zero, at: Timestamp(seconds: 0))
    }
  }
}
