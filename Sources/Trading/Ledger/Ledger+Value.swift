import Market
import Numerics

/// What an account is worth at some prices, in its own currency.
public struct AccountValue: Hashable, Sendable, BitwiseCopyable {
  /// Settled and unsettled.
  public var cash = Cash.zero
  /// What is held, and what is owed in shares as a positive number.
  public var long = Cash.zero
  public var short = Cash.zero
  public var equity = Cash.zero

  /// Both sides together: what leverage is measured by.
  public var gross: Cash { Cash(steps: long.steps &+ short.steps) }
}

extension Ledger {
  /// Cash and positions at the given prices, one an instrument; each currency is summed exactly and
  /// rounded once. `rates` are units of the account's currency for one of each, the first being 1;
  /// they may be left out where there is one currency.
  public func equity(marks: [Price], rates: [Rate] = []) throws(LedgerError) -> Cash {
    try value(marks: marks, rates: rates).equity
  }

  public func value(marks: [Price], rates: [Rate] = []) throws(LedgerError) -> AccountValue {
    var value = AccountValue()
    for place in 0..<currencyCount {
      let currency = CurrencyID(place)
      let own = try self.value(in: currency, marks: marks)
      guard currency != .base else {
        value = own
        continue
      }
      if own == AccountValue() { continue }
      guard rates.indices.contains(place), rates[place] > .zero else { throw .noRate(currency) }
      value = try exact { () throws(FixedPointError) in
        try value.adding(own, times: rates[place])
      }
    }
    return value
  }

  private func value(in currency: CurrencyID, marks: [Price]) throws(LedgerError) -> AccountValue {
    // In steps of 10⁻¹⁶, in which price × quantity is whole.
    var (long, short) = (Int128.zero, Int128.zero)
    for place in 0..<instrumentCount {
      let instrument = InstrumentID(place)
      let quantity = position(instrument)
      guard !quantity.isZero, self.currency(of: instrument) == currency else { continue }
      guard marks.indices.contains(place), !marks[place].isZero else { throw .noMark(instrument) }
      let (worth, overflow) = (Int128(marks[place].steps) * Int128(quantity.steps))
        .multipliedReportingOverflow(by: Int128(multiplier(of: instrument)))
      guard !overflow else { throw .tooLarge("the worth of a position", .rounding) }
      if quantity.isNegative { short -= worth } else { long += worth }
    }
    let cash = Int128(balance(.cash(currency)).steps) + Int128(balance(.unsettled(currency)).steps)
    guard let whole = Int64(exactly: cash) else {
      throw .tooLarge("the worth of the account", .rounding)
    }
    let own = Cash(steps: whole)
    // Nothing held, nothing to divide: most bars of most accounts.
    if long == 0, short == 0 { return AccountValue(cash: own, equity: own) }
    return AccountValue(
      cash: own, long: long == 0 ? .zero : try Self.cash(long),
      short: short == 0 ? .zero : try Self.cash(short),
      equity: try Self.cash(cash * Self.perStep + long - short))
  }

  private static let perStep = Int128(CashResidue.stepsPerUnit / Cash.stepsPerUnit)

  private static func cash(_ exact: Int128) throws(LedgerError) -> Cash {
    guard let steps = Int64(exactly: Rounding.halfEven.divide(exact, by: perStep).quotient) else {
      throw .tooLarge("the worth of the account", .rounding)
    }
    return Cash(steps: steps)
  }

  /// What a position is worth beyond what it cost.
  public func unrealised(
    _ instrument: InstrumentID, mark: Price
  ) throws(FixedPointError) -> Cash {
    try CashAmount(
      price: mark, quantity: position(instrument), multiplier: multiplier(of: instrument)
    ).cash.subtracting(cost(instrument))
  }
}

extension AccountValue {
  fileprivate func adding(_ other: Self, times rate: Rate) throws(FixedPointError) -> Self {
    AccountValue(
      cash: try cash.adding(CashAmount(other.cash, times: rate).cash),
      long: try long.adding(CashAmount(other.long, times: rate).cash),
      short: try short.adding(CashAmount(other.short, times: rate).cash),
      equity: try equity.adding(CashAmount(other.equity, times: rate).cash))
  }
}
