import Market
import Numerics
import Runtime

/// The books of one account: double entry, exact to the step, checked at every posting.
public struct NextOpenLedger: Sendable {
  public enum Account: Hashable, Sendable {
    /// Money there is.
    case cash
    /// What is held, at what was paid for it.
    case holdings(Symbol)
    /// What was paid to trade.
    case fees
    /// Money put in; a credit, so negative.
    case capital
    /// What selling brought beyond what buying had cost; a credit when it is a gain.
    case realised
  }

  public private(set) var balances: [Account: Cash] = [:]
  public private(set) var positions: [Symbol: Quantity] = [:]
  public private(set) var postings = 0
  /// What rounding trades to cash has left out so far: exact, so that nothing is lost.
  public private(set) var residue = CashResidue.zero

  public init(capital: Cash) throws(NextOpenLedgerError) {
    guard capital > .zero else { throw .noCapital(capital) }
    try post([(.cash, capital), (.capital, Cash(steps: -capital.steps))])
  }

  public func balance(_ account: Account) -> Cash { balances[account] ?? .zero }
  public func position(_ symbol: Symbol) -> Quantity { positions[symbol] ?? .zero }

  /// Books a fill: shares against cash, the fee, and for a sale the gain over what they had cost.
  public mutating func book(_ fill: NextOpenFill) throws(NextOpenLedgerError) {
    let held = position(fill.symbol)
    let (worth, after, left) = try exact {
      () throws(FixedPointError) -> (Cash, Quantity, CashResidue) in
      let worth = try CashAmount(price: fill.price, quantity: fill.quantity)
      return (worth.cash, try held.adding(fill.quantity), try residue.adding(worth.residue))
    }
    guard !after.isNegative else { throw .short(fill.symbol, after) }
    let lines = try exact { () throws(FixedPointError) -> [(Account, Cash)] in
      let change = try cost(of: fill, worth: worth, held: held)
      return [
        (.holdings(fill.symbol), change),
        (.fees, fill.fee),
        (.cash, try worth.negated().subtracting(fill.fee)),
        (.realised, try worth.subtracting(change)),
      ]
    }
    try post(lines)
    positions[fill.symbol] = after
    residue = left
  }

  /// Cash and holdings at the given prices.
  public func equity(at prices: [Symbol: Price]) throws(FixedPointError) -> Cash {
    var sum = balance(.cash)
    for (symbol, quantity) in positions where !quantity.isZero {
      guard let price = prices[symbol] else { continue }
      sum = try sum.adding(CashAmount(price: price, quantity: quantity).cash)
    }
    return sum
  }

  /// Proves the books against the fills they were made from.
  public func audit(_ fills: [NextOpenFill]) throws(NextOpenLedgerError) {
    var held: [Symbol: Quantity] = [:]
    var fees = Cash.zero
    try exact { () throws(FixedPointError) in
      for fill in fills {
        held[fill.symbol] = try (held[fill.symbol] ?? .zero).adding(fill.quantity)
        fees = try fees.adding(fill.fee)
      }
    }
    guard held == positions, fees == balance(.fees) else { throw .notTheFills }
  }

  /// What a fill adds to the cost of what is held: a sale takes its part of it.
  private func cost(of fill: NextOpenFill, worth: Cash, held: Quantity) throws(FixedPointError)
    -> Cash
  {
    guard fill.quantity.isNegative else { return worth }
    return try balance(.holdings(fill.symbol)).scaled(by: fill.quantity.steps, over: held.steps)
  }

  private mutating func post(_ lines: [(Account, Cash)]) throws(NextOpenLedgerError) {
    let after = try exact { () throws(FixedPointError) in
      var after = balances
      for (account, amount) in lines {
        after[account] = try (after[account] ?? .zero).adding(amount)
      }
      return after
    }
    let sum = lines.reduce(Int128.zero) { $0 + Int128($1.1.steps) }
    guard sum == 0 else { throw .unbalanced(steps: sum) }
    guard let cash = after[.cash], !cash.isNegative else {
      throw .overdrawn(after[.cash] ?? .zero)
    }
    balances = after
    postings += 1
  }

  private func exact<Value>(
    _ compute: () throws(FixedPointError) -> Value
  ) throws(NextOpenLedgerError) -> Value {
    do { return try compute() } catch { throw .amount(error) }
  }
}
