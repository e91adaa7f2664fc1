import Evidence
import Market
import Numerics

/// What a result is worth: its figures, those of buying and holding, how sure they are, and what is
/// left of them when trading costs twice as much.
public struct Appraisal: Sendable {
  public let result: BacktestResult
  public let benchmark: BacktestResult
  public let annualisation: Annualisation
  public let performance: Performance
  public let benchmarkPerformance: Performance
  public let bootstrap: Bootstrap
  /// The same strategy at doubled costs.
  public let doubledCosts: Performance
  /// Moves of a price that the data may be to blame for.
  public let jumps: [Jump]

  /// Runs the strategy, the benchmark and the strategy at doubled costs over the same bars.
  public init(
    frames: [Frame], strategy: some Strategy, settings: BacktestSettings
  ) throws(BacktestError) {
    result = try Backtest.run(frames: frames, strategy: strategy, settings: settings)
    jumps = Jump.all(
      in: frames, known: result.start...result.end, zone: result.calendar.zone)
    let annualisation = Annualisation(interval: result.interval, calendar: result.calendar)
    self.annualisation = annualisation
    func performance(_ result: BacktestResult) -> Performance {
      Performance(
        values: [Double(settings.initialCash)] + result.equity.map { Double($0.equity) },
        barsPerYear: annualisation.barsPerYear)
    }
    benchmark = try Backtest.run(frames: frames, strategy: BuyAndHold(), settings: settings)
    self.performance = performance(result)
    benchmarkPerformance = performance(benchmark)
    doubledCosts = performance(
      try Backtest.run(frames: frames, strategy: strategy, settings: settings.withDoubledCosts))
    bootstrap = Bootstrap(
      self.performance, against: benchmarkPerformance, resamples: settings.resamples,
      seed: settings.seed)
  }

  private var closed: [RoundTrip] { result.trades.filter { !$0.isOpen } }

  /// The part of closed trades that gained; `nil` where none is closed.
  public var winRate: Double? {
    closed.isEmpty
      ? nil : Double(closed.count { $0.profit > .zero }) / Double(closed.count)
  }

  /// What the gaining trades gained over what the losing ones lost; `nil` without a loss.
  public var profitFactor: Double? {
    let gains = closed.map { max(0, Double($0.profit)) }.reduce(0, +)
    let losses = closed.map { max(0, -Double($0.profit)) }.reduce(0, +)
    return losses > 0 ? gains / losses : nil
  }

  /// The mean part of the account that was invested.
  public var exposure: Double {
    result.equity.reduce(0) { $0 + $1.exposure } / Double(result.bars)
  }

  /// What was bought and sold in a year, over the mean value of the account.
  public var turnover: Double {
    let traded = result.fills.map { abs(Double($0.price) * Double($0.quantity)) }.reduce(0, +)
    let worth = result.equity.reduce(0) { $0 + Double($1.equity) } / Double(result.bars)
    return traded / worth / performance.years
  }

  /// The Sharpe ratio is above zero in more than 97 of 100 resampled histories.
  public var isMoreThanLuck: Bool { !isTooShort && bootstrap.sharpe.lowerBound > 0 }

  /// Over less than half a year, figures scaled up to a year say nothing.
  public var isTooShort: Bool { performance.years < 0.5 }
  /// The difference to buying and holding is, too; `nil` where neither is told from the other.
  public var beatsHolding: Bool? {
    if bootstrap.sharpeDifference.lowerBound > 0 { return true }
    return bootstrap.sharpeDifference.upperBound < 0 ? false : nil
  }
}
