import Market
import Numerics
import Runtime

/// Why a day of trading made another profit than the back-test of that day: one amount a cause, which sum
/// to the difference exactly.
///
/// From the back-test to the day, one cause at a time is taken from what happened, and the strategy decides
/// anew each time: the data it saw, when its orders reached the venue, what was filled at which price, and
/// what was charged. Whatever a cause sets off later, larger or smaller orders included, is its own. What
/// then is left are other decisions on the same facts, which is the signal.
public struct DifferenceAccount: Hashable, Sendable {
  public enum Cause: String, CaseIterable, Sendable {
    case data, signal, timing, fill, fee, rounding
  }

  /// What the account was worth at the end.
  public let backtest, day: Cash
  /// Back-test minus day.
  public let amounts: [Cause: Cash]

  public var total: Cash { Cash(steps: backtest.steps - day.steps) }
  public func amount(_ cause: Cause) -> Cash { amounts[cause] ?? .zero }

  /// - Parameters:
  ///   - modelled: bars that the back-test is run on.
  ///   - seen: bars that the day's run was given.
  ///   - day: its journal.
  public init(
    modelled: [Frame], seen: [Frame], strategy: some Strategy, settings: BacktestSettings,
    day: RecordedDay
  ) throws(BacktestError) {
    let steps = try Counterfactuals(
      modelled: modelled, seen: seen, strategy: strategy, settings: settings, day: day)
    backtest = steps.model.booked
    self.day = steps.actual.booked
    var amounts: [Cause: Cash] = [:]
    var rest = Int128(backtest.steps) - Int128(self.day.steps)
    let pairs: [(Cause, Worth, Worth)] = [
      (.data, steps.model, steps.data), (.timing, steps.data, steps.timing),
      (.fill, steps.timing, steps.fills), (.fee, steps.fills, steps.fees),
      (.signal, steps.fees, steps.actual),
    ]
    for (cause, before, after) in pairs {
      let exact = before.exact - after.exact
      let quotient = Rounding.halfEven.divide(exact, by: Worth.perStep).quotient
      guard let amount = Int64(exactly: quotient) else {
        throw .engine(.ledger(.tooLarge("a difference", .rounding)))
      }
      amounts[cause] = Cash(steps: amount)
      rest -= quotient
    }
    // What booking in whole steps of cash made of it on either side.
    amounts[.rounding] = Cash(steps: Int64(clamping: rest))
    self.amounts = amounts
  }
}

/// What an account is worth: as it was booked, and before any trade was rounded, in 10⁻¹⁶.
private struct Worth {
  static let perStep = Int128(CashResidue.stepsPerUnit / Cash.stepsPerUnit)

  let booked: Cash
  let exact: Int128

  init(_ ledger: Ledger, marks: [Price], rates: [Rate]) throws(LedgerError) {
    booked = try ledger.equity(marks: marks, rates: rates)
    // What rounding left out of trades was not paid, whether it was moved to its account yet or not.
    var left = Int128.zero
    for place in 0..<ledger.currencyCount {
      let currency = CurrencyID(place)
      let unpaid =
        Int128(ledger.residue(currency).steps)
        - Int128(ledger.balance(.rounding(currency)).steps) * Self.perStep
      left += unpaid * Int128(rates[place].steps) / Int128(Rate.stepsPerUnit)
    }
    exact = Int128(booked.steps) * Self.perStep - left
  }

  init(_ account: Account) throws(BacktestError) {
    do {
      try self.init(account.ledger, marks: account.marks, rates: account.rates)
    } catch {
      throw .ledger(error)
    }
  }
}

/// The back-test, the day, and what lies between them.
private struct Counterfactuals {
  let model, data, timing, fills, fees, actual: Worth

  init<S: Strategy>(
    modelled: [Frame], seen: [Frame], strategy: S, settings: BacktestSettings, day: RecordedDay
  ) throws(BacktestError) {
    try settings.check()
    let market = try BacktestMarket(seen, settings)
    func account(_ market: BacktestMarket, _ venue: some Venue) throws(BacktestError) -> Account {
      try Backtest.run(market, strategy, settings, venue: venue, journal: NoJournal())
        .desk.account
    }
    func worth(_ reality: CounterfactualVenue.Reality) throws(BacktestError) -> Worth {
      let venue = CounterfactualVenue(
        try settings.venue(market.table), following: day, in: reality)
      return try Worth(account(market, venue))
    }
    let original = try BacktestMarket(modelled, settings)
    model = try Worth(account(original, settings.venue(original.table)))
    let onData = try account(market, settings.venue(market.table))
    data = try Worth(onData)
    (timing, fills, fees) = (try worth(.timing), try worth(.fills), try worth(.fees))
    let opening = try settings.ledger(market.table, at: market.startedAt)
    do throws(LedgerError) {
      let books = try day.books(over: opening)
      actual = try Worth(books, marks: onData.marks, rates: onData.rates)
    } catch {
      throw .ledger(error)
    }
  }
}
