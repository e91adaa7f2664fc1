import Market
import Numerics
import Runtime

/// What a back-test is run with, besides bars and strategy.
public struct BacktestSettings: Hashable, Sendable {
  public var initialCash = Cash(steps: 100_000 * Cash.stepsPerUnit)
  public var currency = "USD"
  /// Whose days and zone the bars have, and by which figures are annualised.
  public var calendar = "NYSE"
  /// Half the spread, paid on each side.
  public var halfSpreadBasisPoints = 2.0
  /// Of the value of each fill.
  public var commissionBasisPoints = 1.0
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

  func costs() throws(BacktestError) -> CostModel {
    CostModel(
      halfSpread: try Self.rate(halfSpreadBasisPoints, "half_spread_bps"),
      slippage: slippageTicks == 0 ? .none : .ticks(slippageTicks),
      commission: .part(try Self.rate(commissionBasisPoints, "commission_bps")))
  }

  private static func rate(_ basisPoints: Double, _ key: String) throws(BacktestError) -> Rate {
    guard (0...1000).contains(basisPoints) else {
      throw .setting(key, "\(basisPoints)", expected: "basis points from 0 to 1000")
    }
    do { return try Rate(nearest: basisPoints / 10_000) } catch { throw .amount(error) }
  }

  func rules() throws(BacktestError) -> VenueRules {
    var rules = VenueRules(costs: try costs())
    rules.isContinuous = isContinuous
    rules.fillsAtDecidingClose = fillsAtDecidingClose
    if let leverage {
      do { rules.buyingPower = .margin(leverage: try Rate(nearest: leverage)) } catch {
        throw .amount(error)
      }
    }
    return rules
  }

  func sizing(instruments: Int) throws(BacktestError) -> Sizing {
    let costs = try costs()
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
    doubled.halfSpreadBasisPoints *= 2
    doubled.commissionBasisPoints *= 2
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
    guard resamples >= 100 else {
      throw .setting("resamples", "\(resamples)", expected: "at least 100")
    }
  }
}
