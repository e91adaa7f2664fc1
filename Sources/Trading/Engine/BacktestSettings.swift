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
  /// The part of the account that is never invested, so that an open above the close can be paid.
  public var cashReserve = 0.05
  /// The bars' days that are traded; earlier bars serve as history.
  public var range = TimeRange.all
  /// How many settings were tried before this one was chosen, itself included.
  public var trials = 1
  /// Of the bootstrap.
  public var seed: UInt64 = 1
  public var resamples = 1000

  public init() {}

  func costs() throws(BacktestError) -> Costs {
    try Costs(
      halfSpreadBasisPoints: halfSpreadBasisPoints, commissionBasisPoints: commissionBasisPoints)
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
    guard trials >= 1 else { throw .setting("trials", "\(trials)", expected: "at least 1") }
    guard resamples >= 100 else {
      throw .setting("resamples", "\(resamples)", expected: "at least 100")
    }
  }
}
