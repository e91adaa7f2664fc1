import CAllocations
import Market
import Numerics
import Runtime
import TestKit
import Testing
import Trading

@Suite("Ledger: what always holds") struct LedgerInvariantTests {
  var hand: BookKeeping

  init() throws { hand = try BookKeeping() }

  @Test("Five thousand random fills, splits and payments under both rules: nothing is lost")
  mutating func randomBooks() throws {
    for rule in CostRule.allCases {
      var random = SeededGenerator(seed: 7)
      var ledger = try hand.ledger(rule: rule)
      var postings: [Posting] = []
      var fills: [Fill] = []
      // In steps of 10⁻¹⁶: what trades in dollars moved, exactly.
      var exact: Int128 = 0
      var costs: Int128 = 0
      for second in 0..<5_000 {
        let instrument = [hand.a, hand.b, hand.euro].randomElement(using: &random) ?? hand.a
        if second % 50 == 49 {
          postings += [try split(instrument, &ledger, &random)].compactMap { $0 }
          continue
        }
        let fill = hand.fill(
          instrument, try quantity(ledger.position(instrument), &random),
          at: Price(steps: Int64.random(in: 1...20_000_000_000, using: &random)),
          commission: Cash(steps: Int64.random(in: 0...100, using: &random)),
          taxes: Cash(steps: Int64.random(in: 0...10, using: &random)), second: Int64(second))
        postings.append(try ledger.book(fill))
        fills.append(fill)
        if instrument != hand.euro {
          exact += Int128(fill.price.steps) * Int128(fill.quantity.steps)
          costs += Int128(fill.commission.steps + fill.taxes.steps)
        }
        if second % 100 == 0 { try ledger.checkSums() }
      }
      try ledger.audit(postings, table: hand.table)
      try ledger.audit(fills: fills)
      let paid = -(Int128(ledger.cash().steps) + costs)
      #expect(paid * 1_000_000_000_000 + Int128(ledger.residue(.base).steps) == exact)
      #expect(throws: LedgerError.self) { try ledger.audit(fills: fills.dropLast()) }
      #expect(throws: LedgerError.self) {
        try ledger.audit(postings.dropLast(), table: hand.table)
      }
    }
  }

  /// Any amount on either side; every tenth closes the position exactly.
  private func quantity(_ held: Quantity, _ random: inout SeededGenerator) throws -> Quantity {
    if !held.isZero, Int.random(in: 0..<10, using: &random) == 0 { return try held.negated() }
    let steps = Int64.random(in: 1...1_000_000_000, using: &random)
    return Quantity(steps: Bool.random(using: &random) ? steps : -steps)
  }

  private func split(
    _ instrument: InstrumentID, _ ledger: inout Ledger, _ random: inout SeededGenerator
  ) throws -> Posting? {
    let held = ledger.position(instrument)
    guard !held.isZero else { return nil }
    let after = try held.scaled(by: Int64.random(in: 1...7, using: &random), over: 3)
    guard !after.isZero else { return nil }
    return try ledger.book(
      hand.booking(
        .split, instrument, cash: .zero, quantity: try after.subtracting(held),
        currency: ledger.currency(of: instrument)))
  }

  @Test("Replaying the postings into new books, one crash after another, gives the same books")
  mutating func replay() throws {
    var ledger = try hand.ledger(rule: .firstIn)
    var again = ledger
    for step in 0..<60 {
      let sign = step % 3 == 2 ? "-" : ""
      let posting = try ledger.book(
        hand.fill(hand.a, "\(sign)\(step % 7 + 1)", at: "\(10 + step % 5).37"))
      try again.post(posting)
      #expect(again == ledger)
    }
  }

  @Test("A posting that would break the books is refused and changes nothing")
  mutating func refusals() throws {
    var ledger = try hand.ledger("1000", rule: .firstIn)
    try ledger.book(hand.fill(hand.a, "10", at: "10"))
    let before = ledger
    let base = CurrencyID.base
    func line(_ account: LedgerAccount, _ currency: CurrencyID, _ steps: Int64) -> Posting.Line {
      Posting.Line(account, currency, Cash(steps: steps))
    }
    func posting(
      _ change: Posting.Change?, _ first: Posting.Line, _ second: Posting.Line,
      _ third: Posting.Line? = nil
    ) -> Posting {
      Posting(.deposit, at: Timestamp(seconds: 0), change: change, first, second, third)
    }
    let wrong: [(Posting, LedgerError)] = [
      (
        posting(nil, line(.cash(base), base, 2), line(.capital(base), base, -1)),
        .unbalanced(.deposit, steps: 1)
      ),
      (
        // Balanced as a whole, but in no currency.
        posting(nil, line(.cash(base), base, 1), line(.cash(hand.euros), hand.euros, -1)),
        .unbalanced(.deposit, steps: 1)
      ),
      (
        posting(
          nil, line(.cash(CurrencyID(7)), CurrencyID(7), 1),
          line(.capital(CurrencyID(7)), CurrencyID(7), -1)), .unknownAccount(.deposit)
      ),
      (
        posting(nil, line(.cash(hand.euros), base, 1), line(.capital(base), base, -1)),
        .wrongCurrency(.deposit)
      ),
      (
        posting(nil, line(.holdings(hand.a), base, 1), line(.capital(base), base, -1)),
        .costWithoutPosition(.deposit)
      ),
      (
        posting(
          Posting.Change(hand.b, .zero), line(.holdings(hand.b), base, 1),
          line(.capital(base), base, -1)), .costWithoutPosition(.deposit)
      ),
      (
        posting(
          Posting.Change(InstrumentID(9), .step), line(.cash(base), base, 1),
          line(.capital(base), base, -1)), .unknownAccount(.deposit)
      ),
      (
        // Sells the oldest share for less than it had cost.
        posting(
          Posting.Change(hand.a, Quantity(steps: -Quantity.stepsPerUnit)),
          line(.holdings(hand.a), base, -99_999), line(.cash(base), base, 99_999)),
        .notTheLots(.deposit)
      ),
      (
        posting(nil, line(.cash(base), base, .max), line(.capital(base), base, -.max)),
        .tooLarge("a balance", .deposit)
      ),
      (
        posting(
          Posting.Change(hand.a, .max), line(.holdings(hand.a), base, 1),
          line(.cash(base), base, -1)), .tooLarge("a position", .deposit)
      ),
    ]
    for (posting, error) in wrong {
      #expect(throws: error) { try ledger.post(posting) }
      #expect(ledger == before, "\(error)")
    }
    let huge = hand.fill(hand.a, .max, at: .max)
    #expect(throws: LedgerError.self) { try ledger.book(huge) }
    #expect(ledger == before)
    try ledger.checkSums()
  }

  @Test("Booking a fill allocates nothing") mutating func allocations() throws {
    for rule in CostRule.allCases {
      var ledger = try hand.ledger("1000000", rule: rule)
      let buy = try hand.fill(hand.a, "10", at: "10.01", commission: "1")
      let sell = try hand.fill(hand.a, "-10", at: "10.02", commission: "1")
      // Room for the lots.
      for _ in 0..<64 {
        try ledger.book(buy)
        try ledger.book(sell)
      }
      let before = martinet_thread_allocations()
      for _ in 0..<100 {
        try ledger.book(buy)
        try ledger.book(sell)
      }
      #expect(martinet_thread_allocations() - before == 0)
    }
  }
}
