import Market
import Numerics
import Runtime

/// What a strategy sees and through which it acts: all of it as known by now.
public struct Desk: Sendable {
  /// What a strategy asked for, in the order it asked.
  enum Request: Hashable, Sendable {
    case submit(OrderID)
    case replace(OrderID, OrderTerms)
    case cancel(OrderID)
  }

  struct Timer: Hashable, Sendable {
    var id: TimerID
    var at: Timestamp
  }

  /// The clock.
  public internal(set) var now = Timestamp(nanoseconds: 0)
  public internal(set) var account: Account
  /// The bars known of each series, by `SeriesID.place`.
  public internal(set) var histories: [BarHistory]
  public let sizing: Sizing
  /// What stands behind orders that do not say it themselves.
  var provenance: ProvenanceID?
  /// How often the strategy was called, by which the engine knows its own desk again.
  var turn: UInt64 = 0
  var requests: [Request] = []
  /// Latest first; of one instant the one set last first.
  private(set) var timers: [Timer] = []
  /// Arithmetic that failed on behalf of the strategy: the run stops with it.
  private(set) var fault: FixedPointError?
  /// Why a strategy that is not part of the program cannot go on: the run stops with it.
  private(set) var failure: StrategyFailure?

  public init(account: Account, histories: [BarHistory], sizing: Sizing) {
    self.account = account
    self.histories = histories
    self.sizing = sizing
  }
}

extension Desk {
  /// Ends the run: nothing that was asked for in this moment leaves.
  mutating func stop(_ failure: StrategyFailure) { self.failure = self.failure ?? failure }
}

// Orders.
extension Desk {
  /// Asks for an order; whether it leaves is for the gate to say.
  @discardableResult
  public mutating func submit(_ intent: OrderIntent) -> OrderID { submit(intent, link: nil) }

  private mutating func submit(_ intent: OrderIntent, link: OrderLink?) -> OrderID {
    let id = account.orders.nextID
    var intent = intent
    intent.provenance = intent.provenance ?? provenance
    account.orders.add(Order(id: id, intent: intent, createdAt: now, link: link))
    requests.append(.submit(id))
    return id
  }

  /// The numbers of the three orders of a bracket.
  public struct Bracket: Hashable, Sendable {
    public let entry, takeProfit, stopLoss: OrderID
  }

  /// Asks for an entry and for two exits that wait for it, of which the fill of one ends the other.
  @discardableResult
  public mutating func submitBracket(
    _ entry: OrderIntent, takeProfit: Price, stopLoss: OrderType
  ) -> Bracket {
    let group = account.orders.nextID
    func exit(_ type: OrderType) -> OrderIntent {
      var exit = entry
      exit.side = entry.side.opposite
      exit.type = type
      exit.timeInForce = .untilCancelled
      return exit
    }
    return Bracket(
      entry: submit(entry, link: OrderLink(group: group, role: .entry)),
      takeProfit: submit(
        exit(.limit(takeProfit)), link: OrderLink(group: group, role: .takeProfit)),
      stopLoss: submit(exit(stopLoss), link: OrderLink(group: group, role: .stopLoss)))
  }

  /// Asks for orders of which the fill of one takes its quantity from the others.
  @discardableResult
  public mutating func submitAlternatives(_ intents: [OrderIntent]) -> [OrderID] {
    let group = account.orders.nextID
    return intents.map { submit($0, link: OrderLink(group: group, role: .alternative)) }
  }

  public mutating func cancel(_ id: OrderID) { requests.append(.cancel(id)) }

  public mutating func replace(_ id: OrderID, with terms: OrderTerms) {
    requests.append(.replace(id, terms))
  }

  /// A trail of `multiple` average true ranges of a series as they are now, on the tick grid; `nil`
  /// while too few bars are known.
  public mutating func trail(multiple: Double, bars: Int, of series: SeriesID) -> Trail? {
    let history = histories[series.place]
    guard let range = history.averageTrueRange(bars: bars) else { return nil }
    let tick = account.table[history.instrument].tickSize
    do throws(FixedPointError) {
      let distance = try Price(nearest: multiple * range).rounded(toTick: tick, rounding: .up)
      return .amount(max(distance, tick))
    } catch {
      fault = error
      return nil
    }
  }
}

// Targets.
extension Desk {
  /// Orders what is missing to hold `part` (−1 to 1) of the instrument's share of the account, at the
  /// last price, and takes back what was ordered of it before and has not been filled.
  ///
  /// - Returns: the order, where one is needed
  @discardableResult
  public mutating func hold(_ part: Double, of id: InstrumentID) -> OrderID? {
    hold(Signal(id, target: part, timeframe: .day, at: now))
  }

  /// The same for a signal, whose orders tell the gate how sure it is.
  @discardableResult
  public mutating func hold(_ signal: Signal) -> OrderID? {
    let id = signal.instrument
    var part = min(max(signal.target, -1), 1)
    var share = sizing.share
    if let rule = sizing.rule {
      let volatility = histories.first { $0.instrument == id }?
        .volatility(bars: sizing.volatilityBars, barsPerYear: sizing.barsPerYear)
      part = rule.part(for: signal, volatility: volatility)
      share = sizing.investable
    }
    return order(part, of: id, share: share) { side, quantity, _ in signal.intent(side, quantity) }
  }

  /// The same with a part of all that may be invested, whatever the instrument's share.
  @discardableResult
  public mutating func hold(_ part: Double, ofAccountIn id: InstrumentID) -> OrderID? {
    order(
      min(max(part, -1), 1) * Double(account.table.count), of: id, share: sizing.share)
  }

  @discardableResult
  mutating func order(
    _ shares: Double, of id: InstrumentID, share: Rate,
    intent: (Side, Quantity, InstrumentID) -> OrderIntent = { OrderIntent($0, $1, of: $2) }
  ) -> OrderID? {
    for order in account.orders.open where account.orders[order]?.order.intent.instrument == id {
      cancel(order)
    }
    let sizing = Sizing(share: share, costs: sizing.costs)
    do throws(FixedPointError) {
      let change = try sizing.quantity(shares, of: id, in: account)
        .subtracting(account.position(id))
      guard !change.isZero else { return nil }
      return submit(intent(change.isNegative ? .sell : .buy, try change.magnitude(), id))
    } catch {
      fault = error
      return nil
    }
  }

  /// A price on the instrument's tick grid; `nil` stops the run.
  public mutating func price(_ value: Double, of id: InstrumentID) -> Price? {
    let tick = account.table[id].tickSize
    do throws(FixedPointError) {
      return max(tick, try Price(nearest: value).rounded(toTick: tick, rounding: .halfEven))
    } catch {
      fault = error
      return nil
    }
  }

  /// A quantity without its sign; `nil` stops the run.
  mutating func magnitude(of quantity: Quantity) -> Quantity? {
    do throws(FixedPointError) { return try quantity.magnitude() } catch {
      fault = error
      return nil
    }
  }
}

// Timers.
extension Desk {
  /// Calls `onTimer` when the clock reaches `instant`; one in the past is due at once.
  public mutating func setTimer(_ id: TimerID, at instant: Timestamp) {
    let place = timers.firstIndex { $0.at <= instant } ?? timers.count
    timers.insert(Timer(id: id, at: instant), at: place)
  }

  var nextTimer: Timestamp? { timers.last?.at }
  mutating func takeTimer() -> TimerID { timers.removeLast().id }
}

/// How a target becomes a quantity.
public struct Sizing: Sendable {
  /// The part of the account that one instrument may take.
  public var share: Rate
  /// What the venue will ask for, so that an order can be paid.
  public var costs: CostModel
  /// How much a position is given in place of its share, of all that may be invested.
  var rule: SizeRule?
  var investable = Rate(steps: Rate.stepsPerUnit)
  /// Over how many bars volatility is taken, and how many there are in a year.
  var volatilityBars = 60
  var barsPerYear = 252.0

  public init(share: Rate, costs: CostModel) {
    self.share = share
    self.costs = costs
  }

  /// Whole lots of an instrument for so many shares of the account, costs included.
  func quantity(
    _ shares: Double, of id: InstrumentID, in account: Account
  ) throws(FixedPointError) -> Quantity {
    let wanted = try Rate(nearest: shares)
    guard let price = account.mark(id), !wanted.isZero else { return .zero }
    let own = try account.inCurrency(of: id, try budget(of: account.equity, times: wanted))
    return try quantity(wanted, for: own, account.table[id], at: price)
  }

  /// What may be spent on so many shares of the account.
  func budget(of equity: Cash, times wanted: Rate) throws(FixedPointError) -> Cash {
    try CashAmount(CashAmount(equity, times: share).cash, times: wanted.magnitude()).cash
  }

  /// Lots for a budget, on the side that is wanted.
  func quantity(
    _ wanted: Rate, for budget: Cash, _ instrument: Instrument, at price: Price
  ) throws(FixedPointError) -> Quantity {
    let most = try costs.affordable(budget, instrument, at: price)
    return wanted.isNegative ? try most.negated() : most
  }
}
