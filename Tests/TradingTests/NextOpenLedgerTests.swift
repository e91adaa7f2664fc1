import Market
import Numerics
import Runtime
import TestKit
import Testing
import Trading

@Suite("Ledger of the next-open engine") struct NextOpenLedgerTests {
  let symbol: Symbol

  init() throws { symbol = try #require(Symbol("TEST")) }

  private func fill(_ quantity: Int64, at price: Int64, fee: Int64 = 0) -> NextOpenFill {
    NextOpenFill(
      symbol: symbol, quantity: Quantity(steps: quantity), price: Price(steps: price),
      fee: Cash(steps: fee), orderedAt: Timestamp(seconds: 0), time: Timestamp(seconds: 1),
      reason: .nextOpen)
  }

  @Test("Ten thousand random fills: debits equal credits, and rounding loses nothing")
  func randomFills() throws {
    var random = SeededGenerator(seed: 7)
    var ledger = try NextOpenLedger(capital: Cash(steps: 1_000_000_000_000))
    var fills: [NextOpenFill] = []
    var exact: Int128 = 0
    while fills.count < 10_000 {
      let held = ledger.position(symbol).steps
      let quantity =
        Bool.random(using: &random) || held == 0
        ? Int64.random(in: 1...1_000_000_000, using: &random)
        : -Int64.random(in: 1...held, using: &random)
      let next = fill(
        quantity, at: Int64.random(in: 1...10_000_000_000, using: &random),
        fee: Int64.random(in: 0...100, using: &random))
      try ledger.book(next)
      fills.append(next)
      exact += Int128(next.price.steps) * Int128(quantity)
    }
    try ledger.audit(fills)
    let books: [NextOpenLedger.Account] = [.cash, .holdings(symbol), .fees, .capital, .realised]
    #expect(books.reduce(0) { $0 + ledger.balance($1).steps } == 0)
    // What cash paid, in steps of 10⁻¹⁶, and what rounding left out is the exact sum of the trades.
    let paid = 1_000_000_000_000 - ledger.balance(.cash).steps - ledger.balance(.fees).steps
    #expect(Int128(paid) * 1_000_000_000_000 + Int128(ledger.residue.steps) == exact)
    #expect(throws: NextOpenLedgerError.notTheFills) { try ledger.audit(Array(fills.dropLast())) }
  }

  @Test("What cannot be paid, is not held or does not fit is refused, and nothing is booked")
  func refusals() throws {
    var ledger = try NextOpenLedger(capital: Cash(steps: 1_000_000))
    let before = ledger.balances
    #expect(throws: NextOpenLedgerError.overdrawn(Cash(steps: -1))) {
      try ledger.book(fill(100_000_000, at: 10_000_000_000, fee: 1))
    }
    #expect(throws: NextOpenLedgerError.self) { try ledger.book(fill(-1, at: 1)) }
    let overflow = #expect(throws: NextOpenLedgerError.self) {
      try ledger.book(fill(.max, at: .max))
    }
    #expect(overflow?.diagnosis.finding.contains("limit") == true)
    #expect(ledger.balances == before && ledger.positions.isEmpty)
    #expect(throws: NextOpenLedgerError.noCapital(.zero)) { try NextOpenLedger(capital: .zero) }
  }
}
