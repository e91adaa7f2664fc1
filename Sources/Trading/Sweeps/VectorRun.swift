import Features
import Market
import Numerics
import Runtime

/// One run without events: the engine's fills and what the account was after each, to the step.
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

  /// What the account has from a bar on until the next state.
  struct State: Hashable, Sendable, BitwiseCopyable {
    let row: Int
    /// In steps, and whole.
    let cash, units: Int64
  }

  public fileprivate(set) var fills: [Fill] = []
  fileprivate(set) var states: [State]
  /// What the account is worth at the last bar.
  public fileprivate(set) var finalEquity = Cash.zero

  /// Times that something was bought; all of it is sold again before the next.
  public var purchases: Int { fills.count { !$0.quantity.isNegative } }
}

/// The account on its way through the bars; places are counted from the first bar that is traded.
private struct VectorAccount {
  private let terms: VectorTerms
  private let first: Int
  private var run: VectorRun
  private var cash: Int64
  private var units: Int64 = 0
  /// Bought and sold, which the venue counts by months and in one number.
  private var traded: Int64 = 0

  init(_ market: VectorMarket, _ terms: VectorTerms) {
    self.terms = terms
    first = market.rows.lowerBound
    cash = market.settings.initialCash.steps
    run = VectorRun(states: [.init(row: first, cash: cash, units: 0)])
  }

  /// Orders at the close of a row what the decision needs, and fills it at the next open; `false` where
  /// the venue would do more than that, or a word is too small.
  mutating func follow(_ change: PositionChange) -> Bool {
    let (now, money) = (change.row - first, terms.money)
    let close = terms.bars[now].close
    guard let equity = units == 0 ? cash : money.worth(units, at: close, and: cash) else {
      return false
    }
    var wanted: Int64 = 0
    if change.holds {
      guard let budget = money.budget(of: equity),
        let most = money.affordable(budget, at: close)
      else { return false }
      wanted = most
    }
    let missing = wanted - units
    guard missing != 0, now + 1 < terms.bars.count else { return true }
    let (size, isOver) = abs(missing).multipliedReportingOverflow(by: Quantity.stepsPerUnit)
    let (sum, isBeyondCounting) = traded.addingReportingOverflow(size)
    guard !isOver, !isBeyondCounting, size <= terms.bars[now + 1].room else { return false }
    traded = sum
    return fill(missing, now + 1)
  }

  private mutating func fill(_ missing: Int64, _ place: Int) -> Bool {
    let money = terms.money
    let isPurchase = missing > 0
    let price = isPurchase ? terms.bars[place].buying : terms.bars[place].selling
    guard let most = isPurchase ? money.affordable(cash, at: price) : units else { return false }
    let count = min(abs(missing), most)
    guard count > 0 else { return true }
    guard let worth = money.worth(count, at: price, and: 0),
      let charges = money.charges(on: worth)
    else { return false }
    cash += (isPurchase ? -worth : worth) - charges
    units += isPurchase ? count : -count
    // The account must be worth a number at every close there is.
    guard cash >= 0, units == 0 || money.worth(units, at: terms.highestClose, and: cash) != nil
    else { return false }
    run.fills.append(
      .init(
        row: first + place,
        quantity: Quantity(steps: (isPurchase ? count : -count) * Quantity.stepsPerUnit),
        price: Price(steps: price), commission: Cash(steps: charges)))
    run.states.append(.init(row: first + place, cash: cash, units: units))
    return true
  }

  consuming func ended() -> VectorRun? {
    guard let close = terms.bars.last?.close,
      let worth = terms.money.worth(units, at: close, and: cash)
    else { return nil }
    run.finalEquity = Cash(steps: worth)
    return run
  }
}

extension VectorMarket {
  /// Trades decisions, in the order of their rows; `nil` where only the engine knows what happens.
  func run(_ changes: [PositionChange]) -> VectorRun? {
    guard let terms else { return nil }
    var account = VectorAccount(self, terms)
    for change in changes where !account.follow(change) { return nil }
    return account.ended()
  }

  /// The same for a rule.
  public func run(_ rule: some LongFlatStrategy) -> VectorRun? {
    guard terms != nil else { return nil }
    return run((rule as? SMACross).map(changes) ?? changes(of: rule))
  }

  /// What the account of a run was worth when each traded bar became known.
  public func equity(of run: VectorRun) -> [Cash] {
    var equity: [Cash] = []
    equity.reserveCapacity(count)
    guard let terms else { return equity }
    for (state, rows) in stretches(of: run) {
      guard state.units != 0 else {
        equity.append(contentsOf: repeatElement(Cash(steps: state.cash), count: rows.count))
        continue
      }
      for row in rows {
        equity.append(
          Cash(steps: terms.money.value(state, at: terms.bars[row - self.rows.lowerBound].close)))
      }
    }
    return equity
  }

  /// The states of the account, each with the bars at whose close it was in it.
  func stretches(of run: VectorRun) -> [(state: VectorRun.State, rows: Range<Int>)] {
    run.states.indices.map { place in
      let end = place + 1 < run.states.count ? run.states[place + 1].row : rows.upperBound
      return (run.states[place], run.states[place].row..<end)
    }
  }
}
