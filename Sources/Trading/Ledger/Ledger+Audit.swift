import Market
import Numerics

extension Ledger {
  /// Proves the books against everything that was posted to them: balances of each currency sum to
  /// zero, positions are the sum of their fills and of what else changed them, and posting it all again
  /// gives the same books.
  public func audit(
    _ postings: some Sequence<Posting>, table: InstrumentTable
  ) throws(LedgerError) {
    var again = Ledger(table, costRule: costRule)
    var changes = [Int128](repeating: 0, count: instrumentCount)
    for posting in postings {
      try again.post(posting)
      if let change = posting.change {
        changes[change.instrument.place] += Int128(change.quantity.steps)
      }
    }
    guard again == self else { throw .audit("posting everything again gives other books") }
    for place in 0..<instrumentCount
    where changes[place] != Int128(position(InstrumentID(place)).steps) {
      throw .audit("\(table.instruments[place].symbol) is not the sum of what changed it")
    }
    try checkSums()
  }

  /// Proves that each currency's balances sum to zero, and that nothing held costs nothing.
  public func checkSums() throws(LedgerError) {
    var sums = [Int128](repeating: 0, count: currencyCount)
    for place in 0..<currencyCount {
      let currency = CurrencyID(place)
      for account in LedgerAccount.accounts(of: currency) {
        sums[place] += Int128(balance(account).steps)
      }
    }
    for place in 0..<instrumentCount {
      let instrument = InstrumentID(place)
      sums[currency(of: instrument).place] += Int128(cost(instrument).steps)
      guard !position(instrument).isZero || cost(instrument).isZero else {
        throw .audit("instrument \(place) is not held but has a cost")
      }
      if costRule == .firstIn {
        let lots = lots(instrument)
        guard lots.reduce(0, { $0 + $1.quantity.steps }) == position(instrument).steps,
          lots.reduce(0, { $0 + $1.cost.steps }) == cost(instrument).steps
        else { throw .audit("the lots of instrument \(place) are not its position") }
      }
    }
    for (place, sum) in sums.enumerated() where sum != 0 {
      throw .audit("the balances of currency \(place) sum to \(sum) steps")
    }
  }

  /// Proves that positions are the sum of these executions, and commissions and taxes theirs.
  public func audit(fills: some Sequence<Fill>) throws(LedgerError) {
    var held = [Int128](repeating: 0, count: instrumentCount)
    var costs = [Int128](repeating: 0, count: currencyCount)
    for fill in fills {
      held[fill.instrument.place] += Int128(fill.quantity.steps)
      costs[currency(of: fill.instrument).place] +=
        Int128(fill.commission.steps) + Int128(fill.taxes.steps)
    }
    for place in 0..<instrumentCount
    where held[place] != Int128(executed(InstrumentID(place)).steps) {
      throw .audit("instrument \(place): its executions are not the fills")
    }
    for place in 0..<currencyCount {
      let currency = CurrencyID(place)
      let booked =
        Int128(balance(.commission(currency)).steps) + Int128(balance(.taxes(currency)).steps)
      guard booked == costs[place] else {
        throw .audit("currency \(place): commissions and taxes are not those of the fills")
      }
    }
  }
}

extension LedgerAccount {
  /// Every account of a currency, but what is held in it.
  public static func accounts(of currency: CurrencyID) -> [LedgerAccount] {
    [
      .cash(currency), .unsettled(currency), .commission(currency), .taxes(currency),
      .borrowing(currency), .dividends(currency), .realised(currency), .capital(currency),
      .conversion(currency), .rounding(currency), .adopted(currency),
    ]
  }
}
