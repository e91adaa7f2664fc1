import Features
import Market
import Numerics
import Runtime

/// One run without events: the engine's fills and account values, to the step.
public struct VectorRun: Hashable, Sendable {
  public struct Fill: Hashable, Sendable, BitwiseCopyable {
    /// The bar at whose open it happened.
    public var row: Int
    /// Below zero where sold.
    public var quantity: Quantity
    public var price: Price
    public var commission: Cash

    public init(row: Int, quantity: Quantity, price: Price, commission: Cash) {
      self.row = row
      self.quantity = quantity
      self.price = price
      self.commission = commission
    }
  }

  public fileprivate(set) var fills: [Fill] = []
  /// What the account was worth when each traded bar became known.
  public fileprivate(set) var equity: [Cash] = []
  /// The bars at whose end something was held.
  public fileprivate(set) var barsHeld = 0
}

/// The account on its way through the bars.
private struct VectorAccount {
  let market: VectorMarket
  var run = VectorRun()
  var cash: Cash
  var held = Quantity.zero
  /// Bought and sold, which the venue counts by months and in one number.
  private var traded = Quantity.zero
  /// The next bar that has no value yet.
  private var next: Int

  init(_ market: VectorMarket) {
    self.market = market
    cash = market.settings.initialCash
    next = market.rows.lowerBound
    run.equity.reserveCapacity(market.count)
  }

  /// Values the account at the closes before `end`; `false` where the sum is too large for this.
  mutating func value(until end: Int) -> Bool {
    guard next < end else { return true }
    if held.isZero {
      run.equity.append(contentsOf: repeatElement(cash, count: end - next))
    } else {
      run.barsHeld += end - next
      for row in next..<end {
        guard let worth = worth(at: market.close(row)) else { return false }
        run.equity.append(worth)
      }
    }
    next = end
    return true
  }

  /// Cash and what is held, as the ledger values it: summed exactly and rounded once to the even step.
  /// Whole units, so that nothing is finer than a step of a price.
  private func worth(at price: Price) -> Cash? {
    let perStep = Price.stepsPerUnit / Cash.stepsPerUnit
    let (units, part) = held.steps.quotientAndRemainder(dividingBy: Quantity.stepsPerUnit)
    let (value, isOver) = price.steps.multipliedReportingOverflow(by: units)
    let (own, isAlsoOver) = cash.steps.multipliedReportingOverflow(by: perStep)
    let (sum, isSumOver) = value.addingReportingOverflow(own)
    guard part == 0, !isOver, !isAlsoOver, !isSumOver, sum >= 0 else { return nil }
    let (steps, rest) = sum.quotientAndRemainder(dividingBy: perStep)
    let isUp = rest > perStep / 2 || (rest == perStep / 2 && steps & 1 != 0)
    return Cash(steps: isUp ? steps + 1 : steps)
  }

  /// Orders at the close of `row` what the decision needs, and fills it at the next open; `false` where
  /// the venue would do more than that.
  mutating func follow(_ change: PositionChange) throws(FixedPointError) -> Bool {
    guard value(until: change.row + 1) else { return false }
    let equity = run.equity[run.equity.count - 1]
    let whole = Rate(steps: Rate.stepsPerUnit)
    let wanted =
      change.holds
      ? try market.sizing.quantity(
        whole, for: market.sizing.budget(of: equity, times: whole), market.instrument,
        at: market.close(change.row)) : .zero
    let missing = try wanted.subtracting(held)
    let row = change.row + 1
    guard !missing.isZero, row < market.rows.upperBound else { return true }
    let size = try missing.magnitude()
    let (sum, isBeyondCounting) = traded.addingReportingOverflow(size)
    guard !isBeyondCounting else { return false }
    traded = sum
    guard market.isFillable(row), try market.hasVolume(for: size, in: row) else { return false }
    try fill(missing.isNegative ? .sell : .buy, size, row)
    return true
  }

  private mutating func fill(_ side: Side, _ size: Quantity, _ row: Int) throws(FixedPointError) {
    let costs = market.rules.costs
    let reference = market.rules.fillsAtDecidingClose ? market.close(row - 1) : market.open(row)
    let price = max(try costs.price(reference, side, .none), .step)
    let most =
      side == .buy ? try costs.affordable(cash, market.instrument, at: price) : held
    let quantity = min(size, most)
    guard quantity > .zero else { return }
    let worth = try market.instrument.value(of: quantity, at: price).cash
    let charges = try costs.commission.charges(side, quantity, worth, after: TradedSoFar()).total
    let signed = side == .buy ? quantity : try quantity.negated()
    cash = try (side == .buy ? cash.subtracting(worth) : cash.adding(worth)).subtracting(charges)
    held = try held.adding(signed)
    run.fills.append(.init(row: row, quantity: signed, price: price, commission: charges))
  }
}

extension VectorMarket {
  /// Trades decisions, in the order of their rows; `nil` where only the engine knows what happens.
  func run(_ changes: [PositionChange]) throws(BacktestError) -> VectorRun? {
    guard isSupported else { return nil }
    do throws(FixedPointError) {
      var account = VectorAccount(self)
      for change in changes where try !account.follow(change) { return nil }
      return account.value(until: rows.upperBound) ? account.run : nil
    } catch {
      throw .amount(error)
    }
  }

  /// The same for a rule.
  public func run(_ rule: some LongFlatStrategy) throws(BacktestError) -> VectorRun? {
    try run(changes(of: rule))
  }

  /// Prices that are not zero when exact, an account in cash without limits, and slippage that knows no volume.
  private var isSupported: Bool {
    guard case .cash(settlementSessions: 0) = rules.buyingPower, settings.limits == .research,
      settings.isPlain
    else { return false }
    return hasEveryPrice
  }

  /// As much as the venue lets one account have of a bar.
  fileprivate func hasVolume(for size: Quantity, in row: Int) throws(FixedPointError) -> Bool {
    let volume = bars.volume[row]
    guard volume.isFinite else { return true }
    let left = try Quantity(nearest: min(volume * rules.volumeShare, 9e10), rounding: .down)
      .rounded(toLot: instrument.lotSize)
    return size <= left
  }
}
