import Market
import Numerics
import Runtime

/// What a back-test is run with, besides bars and strategy.
public struct BacktestSettings: Hashable, Sendable {
  public var initialCash = Cash(steps: 100_000 * Cash.stepsPerUnit)
  public var currency = "USD"
  /// Whose days and zone the bars have, and by which figures are annualised.
  public var calendar = "NYSE"
  public var costs = CostSettings()
  /// So many times the costs.
  public var costMultiple: Int64 = 1
  /// How the venue fills.
  public var venue = VenueSettings()
  /// What companies do, for prices as they were traded: prices that were adjusted for it have it in them.
  public var actions: [CorporateAction] = []
  /// What an exchange says of shares.
  public var notices: [MarketNotice] = []
  /// How many ticks worse every fill is; below zero better. A tick of an adjusted price is at most 5 bp.
  public var slippageTicks = 0
  /// Orders are filled at the close that led to them: what nobody gets, to see what it would be worth.
  public var fillsAtDecidingClose = false
  /// The part of the account that is never invested, so that an open above the close can be paid.
  public var cashReserve = 0.05
  /// The bars' days that are traded; earlier bars serve as history.
  public var range = TimeRange.all
  /// Positions worth up to so many times the account, short ones included; `nil` for an account of cash,
  /// which sells nothing short.
  public var leverage: Double?
  /// The market never closes: bars know no sessions.
  public var isContinuous = false
  /// What orders may do: nothing is limited where an idea is tried.
  public var limits = RiskLimits.research
  /// How positions are left again, whatever the strategy says: no way by default.
  public var exits = ExitPlan.none
  /// How much a position is given: its share of the account by default.
  public var size = SizeSettings()
  /// How many bars a day has, so that the days before the first are known to the limits too.
  var barsPerDay = 1
  /// Of the bootstrap.
  public var seed: UInt64 = 1
  public var resamples = 1000

  public init() {}

  /// Half the spread, paid on each side.
  public var halfSpreadBasisPoints: Double {
    get { costs.halfSpread }
    set { costs.halfSpread = newValue }
  }
  /// Of the value of each fill, where the broker's plan is that.
  public var commissionBasisPoints: Double {
    get { costs.commission }
    set { costs.commission = newValue }
  }

  func costModel() throws(BacktestError) -> CostModel {
    try costs.model(extraTicks: slippageTicks, multiple: costMultiple)
  }

  func rules() throws(BacktestError) -> VenueRules {
    var rules = VenueRules(costs: try costModel())
    rules.isContinuous = isContinuous
    rules.fillsAtDecidingClose = fillsAtDecidingClose
    try venue.apply(to: &rules)
    rules.buyingPower = .cash(settlementSessions: venue.settlementSessions)
    do {
      rules.borrowRate = try Rate(nearest: costs.borrowRate * Double(costMultiple))
      if let leverage { rules.buyingPower = .margin(leverage: try Rate(nearest: leverage)) }
    } catch {
      throw .amount(error)
    }
    return rules
  }

  /// Only bars, an account in cash and each fill by itself: what can be worked out without events.
  var isPlain: Bool {
    costs.isPlain && venue.isPlain && actions.isEmpty && notices.isEmpty
  }

  func sizing(instruments: Int) throws(BacktestError) -> Sizing {
    let costs = try costModel()
    let barsPerYear =
      size.rule == nil ? 0 : Double(barsPerDay * (try tradingCalendar().sessionsPerYear))
    do {
      var sizing = Sizing(
        share: try Rate(nearest: (1 - cashReserve) / Double(instruments)), costs: costs)
      sizing.investable = try Rate(nearest: 1 - cashReserve)
      sizing.rule = size.rule
      sizing.volatilityBars = size.volatilityBars
      sizing.barsPerYear = barsPerYear
      return sizing
    } catch { throw .amount(error) }
  }

  func baseCurrency() throws(BacktestError) -> Currency {
    do { return try Currency(parsing: currency) } catch { throw .instrument(error) }
  }

  /// Bars say nothing of an instrument's grid: whole units, and prices as fine as they come.
  func instrument(_ symbol: Symbol) throws(BacktestError) -> Instrument {
    let currency = try baseCurrency()
    do {
      return try Instrument(symbol: symbol, venue: calendar, currency: currency)
    } catch { throw .instrument(error) }
  }

  /// The same with everything that trading costs doubled.
  var withDoubledCosts: BacktestSettings {
    var doubled = self
    doubled.costMultiple *= 2
    return doubled
  }

  func tradingCalendar() throws(BacktestError) -> TradingCalendar {
    do { return try TradingCalendar(named: calendar) } catch { throw .calendar(error) }
  }

  /// Refuses what cannot be meant.
  func check() throws(BacktestError) {
    guard (0..<1).contains(cashReserve) else {
      throw .setting("cash_reserve", "\(cashReserve)", expected: "a part from 0 to below 1")
    }
    guard leverage.map({ (1...10).contains($0) }) ?? true else {
      throw .setting("leverage", "\(leverage ?? 0)", expected: "a number from 1 to 10")
    }
    guard venue.settlementSessions == 0 || leverage == nil else {
      throw .contradiction(
        "venue.settlement_sessions",
        finding: "an account on margin does not wait for settlement",
        remedy: "leave out account.leverage, or write settlement_sessions: 0")
    }
    guard costs.borrowRate == 0 || leverage != nil else {
      throw .contradiction(
        "costs.borrow_rate", finding: "an account in cash sells nothing short",
        remedy: "say how far it may go: --set account.leverage=1")
    }
    guard resamples >= 100 else {
      throw .setting("resamples", "\(resamples)", expected: "at least 100")
    }
  }
}
