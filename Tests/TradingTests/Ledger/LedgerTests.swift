import CAllocations
import Market
import Numerics
import Runtime
import Testing
import Trading

@Suite("Ledger") struct LedgerTests {
  var hand: BookKeeping

  init() throws { hand = try BookKeeping() }

  @Test("Two purchases and a sale by hand: what was sold cost the average, or what came first")
  mutating func costRules() throws {
    for (rule, gain, left) in [(CostRule.average, "600", "550"), (.firstIn, "650", "600")] {
      var ledger = try hand.ledger("10000", rule: rule)
      try ledger.book(hand.fill(hand.a, "100", at: "10", commission: "1"))
      try ledger.book(hand.fill(hand.a, "100", at: "12", commission: "1.5"))
      try ledger.book(hand.fill(hand.a, "-150", at: "15", commission: "2", taxes: "0.25"))
      #expect(ledger.realised(hand.a).description == gain)
      #expect(ledger.cost(hand.a).description == left)
      #expect(ledger.position(hand.a).description == "50")
      // 10000 − 1001 − 1201.5 + 2250 − 2.25
      #expect(ledger.text(.cash(.base)) == "10045.25")
      #expect(ledger.text(.commission(.base)) == "4.5" && ledger.text(.taxes(.base)) == "0.25")
      #expect(ledger.text(.realised(.base)) == "-" + gain)
      let unrealised = try ledger.unrealised(hand.a, mark: try Price(parsing: "16"))
      #expect(unrealised == (rule == .average ? Cash(steps: 2_500_000) : Cash(steps: 2_000_000)))
      let marks = [try Price(parsing: "16"), .zero, .zero]
      #expect(try ledger.equity(marks: marks).description == "10845.25")
      try ledger.checkSums()
    }
  }

  @Test("The oldest lot goes first, the rest of it next, and nothing is left when all is sold")
  mutating func lots() throws {
    var ledger = try hand.ledger("10000", rule: .firstIn)
    for (quantity, price) in [("3", "10"), ("3", "11"), ("3", "12")] {
      try ledger.book(hand.fill(hand.a, quantity, at: price))
    }
    try ledger.book(hand.fill(hand.a, "-4", at: "20"))
    // Gone: 3 at 10 and 1 at 11. 80 − 41 = 39.
    #expect(ledger.realised(hand.a).description == "39")
    #expect(ledger.lots(hand.a).map(\.quantity.description) == ["2", "3"])
    #expect(ledger.lots(hand.a).map(\.cost.description) == ["22", "36"])
    try ledger.book(hand.fill(hand.a, "-5", at: "1"))
    #expect(ledger.lots(hand.a).isEmpty && ledger.cost(hand.a).isZero)
    #expect(ledger.realised(hand.a).description == "-14")
  }

  @Test("A sale beyond what is held opens a short position, and buying it back books its gain")
  mutating func turningAround() throws {
    for rule in CostRule.allCases {
      var ledger = try hand.ledger("10000", rule: rule)
      try ledger.book(hand.fill(hand.a, "100", at: "10"))
      try ledger.book(hand.fill(hand.a, "-150", at: "11"))
      #expect(ledger.position(hand.a).description == "-50")
      #expect(ledger.cost(hand.a).description == "-550")
      #expect(ledger.realised(hand.a).description == "100")
      try ledger.book(hand.fill(hand.a, "20", at: "10"))
      #expect(ledger.realised(hand.a).description == "120")
      try ledger.book(hand.fill(hand.a, "40", at: "12"))
      // Thirty bought back one dollar too high, ten bought.
      #expect(ledger.realised(hand.a).description == "90")
      #expect(
        ledger.position(hand.a).description == "10" && ledger.cost(hand.a).description == "120")
      #expect(ledger.text(.cash(.base)) == "9970")
      try ledger.checkSums()
    }
  }

  @Test("Dividends are received on what is held, and paid on what was sold short")
  mutating func dividends() throws {
    var ledger = try hand.ledger("1000")
    try ledger.book(hand.booking(.dividend, hand.a, cash: Cash(parsing: "24")))
    try ledger.book(hand.booking(.dividend, hand.b, cash: Cash(parsing: "-7.5")))
    #expect(ledger.text(.dividends(.base)) == "-16.5" && ledger.text(.cash(.base)) == "1016.5")
    try ledger.book(hand.booking(.borrowing, hand.b, cash: Cash(parsing: "-0.0321")))
    try ledger.book(hand.booking(.interest, nil, cash: Cash(parsing: "-2")))
    #expect(ledger.text(.borrowing(.base)) == "2.0321")
  }

  @Test("A split changes how many there are and not what they cost; every lot takes its part")
  mutating func splits() throws {
    var ledger = try hand.ledger("10000", rule: .firstIn)
    try ledger.book(hand.fill(hand.a, "10", at: "30"))
    try ledger.book(hand.fill(hand.a, "5", at: "60"))
    try ledger.book(
      hand.booking(.split, hand.a, cash: .zero, quantity: Quantity(parsing: "30")))
    #expect(ledger.lots(hand.a).map(\.quantity.description) == ["30", "15"])
    #expect(ledger.cost(hand.a).description == "600" && ledger.executed(hand.a).description == "15")
    // The first lot's thirty cost 10 each: sold at 11 they gain 30.
    try ledger.book(hand.fill(hand.a, "-30", at: "11"))
    #expect(ledger.realised(hand.a).description == "30")
    // One for eight: 15 become 1.875, of which 1 stays and 17.5 is paid for the rest.
    try ledger.book(
      hand.booking(
        .split, hand.a, cash: Cash(parsing: "17.5"), quantity: Quantity(parsing: "-14")))
    #expect(ledger.lots(hand.a).map(\.cost.description) == ["282.5"])
    #expect(ledger.realised(hand.a).description == "30")
    try ledger.book(
      hand.booking(.delisting, hand.a, cash: Cash(parsing: "2"), quantity: Quantity(parsing: "-1")))
    #expect(ledger.realised(hand.a).description == "-250.5")
    #expect(ledger.position(hand.a).isZero && ledger.cost(hand.a).isZero)
    try ledger.checkSums()
  }

  @Test("Lots that no split divides evenly still add up to the position")
  mutating func unevenSplit() throws {
    var ledger = try hand.ledger("10000", rule: .firstIn)
    for _ in 0..<7 { try ledger.book(hand.fill(hand.a, "0.00000001", at: "30")) }
    // Seven steps become three.
    try ledger.book(
      hand.booking(.split, hand.a, cash: .zero, quantity: Quantity(steps: -4)))
    #expect(ledger.lots(hand.a).reduce(0) { $0 + $1.quantity.steps } == 3)
    try ledger.checkSums()
  }

  @Test("Money of a trade is owed until it is settled, and part of the account all along")
  mutating func settlement() throws {
    var ledger = try hand.ledger("1000")
    try ledger.book(hand.fill(hand.a, "10", at: "20", commission: "1"), settlement: .later)
    #expect(ledger.text(.cash(.base)) == "1000" && ledger.text(.unsettled(.base)) == "-201")
    let marks = [try Price(parsing: "20"), .zero, .zero]
    #expect(try ledger.equity(marks: marks).description == "999")
    try ledger.settle(Cash(parsing: "-201"), .base, at: Timestamp(seconds: 5))
    #expect(ledger.text(.cash(.base)) == "799" && ledger.balance(.unsettled(.base)).isZero)
  }

  @Test("Two currencies: each balances by itself, and the account is valued at the rate given")
  mutating func currencies() throws {
    var ledger = try hand.ledger("1000")
    let rate = try Rate(parsing: "0.91234567")
    try ledger.convert(
      Cash(parsing: "500.01"), from: .base, to: hand.euros, at: rate, time: Timestamp(seconds: 1))
    // 500.01 × 0.91234567 = 456.1819584567: what is left out is 0.0000415433.
    #expect(ledger.text(.cash(hand.euros)) == "456.182")
    #expect(ledger.text(.conversion(hand.euros)) == "-456.182")
    #expect(ledger.residue(hand.euros).description == "0.0000415433")
    try ledger.book(hand.fill(hand.euro, "4", at: "100"))
    try ledger.checkSums()
    let marks = [Price.zero, .zero, try Price(parsing: "110")]
    let dollars = try Rate(parsing: "1.1")
    // 499.99 + (56.182 + 440) × 1.1 = 1045.7902
    let one = try Rate(parsing: "1")
    #expect(try ledger.equity(marks: marks, rates: [one, dollars]).description == "1045.7902")
    #expect(throws: LedgerError.noRate(hand.euros)) { try ledger.equity(marks: marks) }
    #expect(throws: LedgerError.noMark(hand.euro)) { try ledger.equity(marks: []) }
  }

  @Test("What rounding leaves out is kept, and becomes cash of its own account when it is a step")
  mutating func rounding() throws {
    var ledger = try hand.ledger("1000")
    // 1 × 0.00005 is 0 in cash (banker's), and half a step is left; three of them are a step and a half.
    for _ in 0..<3 { try ledger.book(hand.fill(hand.a, "1", at: "0.00005")) }
    #expect(ledger.residue(.base).description == "0.00015")
    #expect(ledger.text(.cash(.base)) == "1000" && ledger.cost(hand.a).isZero)
    let posting = try ledger.settleRounding(.base, at: Timestamp(seconds: 1))
    #expect(posting?.cause == .rounding)
    #expect(ledger.text(.rounding(.base)) == "-0.0001" && ledger.text(.realised(.base)) == "0.0001")
    #expect(ledger.residue(.base).description == "0.00005")
    #expect(try ledger.settleRounding(.base, at: Timestamp(seconds: 1)) == nil)
  }

  @Test("Margin by hand: half to open, a quarter and three tenths to keep")
  mutating func margin() throws {
    var ledger = try hand.ledger("10000")
    try ledger.book(hand.fill(hand.a, "100", at: "120"))
    try ledger.book(hand.fill(hand.b, "-50", at: "80"))
    let marks = [try Price(parsing: "120"), try Price(parsing: "80"), .zero]
    let value = try ledger.value(marks: marks)
    #expect(value.long.description == "12000" && value.short.description == "4000")
    #expect(value.cash.description == "2000" && value.equity.description == "10000")
    let margin = try Margin(value, rule: .regulationT)
    #expect(margin.initial.description == "8000" && margin.maintenance.description == "4200")
    #expect(margin.excess.description == "2000" && margin.buyingPower.description == "4000")
    #expect(!margin.isCalled)
    let fallen = try ledger.value(marks: [Price(parsing: "60"), Price(parsing: "80"), .zero])
    // 2000 + 6000 − 4000 is above 1500 + 1200; at 40 it is not above 1000 + 1200.
    #expect(try !Margin(fallen, rule: .regulationT).isCalled)
    let called = try ledger.value(marks: [Price(parsing: "40"), Price(parsing: "80"), .zero])
    #expect(try Margin(called, rule: .regulationT).isCalled)
    #expect(try Margin(called, rule: .regulationT).buyingPower.isZero)
  }
}
