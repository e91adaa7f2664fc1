import Market
import Numerics
import Runtime
import TestKit
import Testing

@Suite("Amounts and instruments") struct AmountsTests {
  @Test("cash and residue are the exact product of price, quantity and multiplier")
  func exactProducts() throws {
    var generator = SeededGenerator(seed: 1)
    for rounding in Rounding.allCases {
      for _ in 0..<5000 {
        let price = Price(steps: .random(in: 0..<50_000_000_000_000, using: &generator))
        let quantity = Quantity(
          steps: .random(in: -1_000_000_000_000...1_000_000_000_000, using: &generator))
        let multiplier = Int64.random(in: 1...100, using: &generator)
        let amount = try CashAmount(
          price: price, quantity: quantity, multiplier: multiplier, rounding: rounding)
        let exact = Int128(price.steps) * Int128(quantity.steps) * Int128(multiplier)
        #expect(
          Int128(amount.cash.steps) * 1_000_000_000_000 + Int128(amount.residue.steps) == exact)
        if rounding == .halfEven {
          #expect(amount.residue.steps.magnitude <= 500_000_000_000)
        }
      }
    }
  }

  @Test("residues gathered in an account come back as cash, and nothing is lost")
  func roundingAccount() throws {
    var generator = SeededGenerator(seed: 2)
    var (cash, account, exact) = (Cash.zero, CashResidue.zero, Int128(0))
    for _ in 0..<10_000 {
      let price = Price(steps: .random(in: 1..<1_000_000_000_000, using: &generator))
      let quantity = Quantity(steps: .random(in: 1..<100_000_000_000, using: &generator))
      let amount = try CashAmount(price: price, quantity: quantity, rounding: .down)
      exact += Int128(price.steps) * Int128(quantity.steps)
      cash = try cash.adding(amount.cash)
      let gathered = CashAmount.settling(try account.adding(amount.residue))
      cash = try cash.adding(gathered.cash)
      account = gathered.residue
      #expect(account.steps.magnitude < 1_000_000_000_000)
    }
    #expect(Int128(cash.steps) * 1_000_000_000_000 + Int128(account.steps) == exact)
  }

  @Test("shares of amounts and what cash buys, by hand")
  func byHand() throws {
    let value = try CashAmount(
      price: Price(parsing: "10.12345678"), quantity: Quantity(parsing: "3"))
    #expect(value.cash.description == "30.3704")
    #expect(value.residue.description == "-0.00002966")
    // Half a basis point of 12,345.67 is 0.6172835.
    let fee = try CashAmount(Cash(parsing: "12345.67"), times: Rate(parsing: "0.00005"))
    #expect(fee.cash.description == "0.6173")
    #expect(fee.residue.description == "-0.0000165")
    let bought = try Quantity(of: Cash(parsing: "1000"), at: Price(parsing: "3"))
    #expect(bought.description == "333.33333333")
    #expect(try bought.rounded(toLot: Quantity(parsing: "1")).description == "333")
    #expect(
      try Quantity(parsing: "-333.5").rounded(toLot: Quantity(parsing: "1")).description == "-333")
    #expect(
      try Price(parsing: "10.127").rounded(toTick: Price(parsing: "0.01")).description == "10.13")
    #expect(throws: FixedPointError.self) { try CashAmount(price: .max, quantity: .max) }
  }

  @Test("an instrument refuses sizes that are not above zero")
  func instruments() throws {
    let symbol = try Symbol(parsing: "ES")
    let future = try Instrument(
      symbol: symbol, assetClass: .future, venue: "CME", tickSize: Price(parsing: "0.25"),
      multiplier: 50)
    #expect(
      try future.value(of: Quantity(parsing: "-2"), at: Price(parsing: "5000.25")).cash
        == Cash(parsing: "-500025"))
    let share = try Instrument(symbol: symbol, venue: "NYSE")
    #expect(share.tickSize.description == "0.01" && share.lotSize.description == "1")
    #expect(throws: InstrumentError.self) {
      try Instrument(symbol: symbol, venue: "NYSE", tickSize: .zero)
    }
    #expect(throws: InstrumentError.self) {
      try Instrument(symbol: symbol, venue: "NYSE", lotSize: .zero)
    }
    #expect(throws: InstrumentError.sizeNotPositive(symbol, what: "multiplier", found: "0")) {
      try Instrument(symbol: symbol, venue: "NYSE", multiplier: 0)
    }
  }

  @Test("currencies are read by their code and print as many digits as they pay in")
  func currencies() throws {
    #expect(try Currency(parsing: "usd") == .usd)
    #expect(Currency.usd.text(Cash(steps: 15_000)) == "1.50")
    #expect(Currency.jpy.text(Cash(steps: 15_000_000)) == "1500")
    #expect(Currency.usd.text(Cash(steps: 15_001)) == "1.5001")
    let error = #expect(throws: InstrumentError.self) { try Currency(parsing: "UDS") }
    #expect(error?.diagnosis.remedy.hasPrefix("did you mean USD?") == true)
  }
}
