import Evidence
import Market
import Numerics

/// What a result is worth: its figures, those of buying and holding, how sure they are, and what is
/// left of them when trading costs twice as much.
public struct Appraisal: Sendable {
  public let result: BacktestResult
  public let benchmark: BacktestResult
  public let annualisation: Annualisation
  /// What every figure of the catalogue is computed from.
  public let series: RunSeries
  public let performance: Performance
  public let benchmarkPerformance: Performance
  public let bootstrap: Bootstrap
  /// The same strategy with one thing changed at a time.
  public let fragility: Fragility
  /// What a careful reader would ask about, the gravest first.
  public let observations: [Observation]
  /// What all that was tried on these bars means for it; `nil` until the ledger of trials has it.
  public var luck: TrialLuck?
  /// Moves of a price that the data may be to blame for.
  public let jumps: [Jump]

  /// Runs the strategy and the benchmark over the same bars, and the strategy again for its fragility.
  public init(
    frames: [Frame], strategy: some Strategy, settings: BacktestSettings
  ) throws(BacktestError) {
    let strategy = AnyStrategy(strategy)
    result = try Backtest.run(frames: frames, strategy: strategy, settings: settings)
    jumps = Jump.all(
      in: frames, known: result.start...result.end, zone: result.calendar.zone)
    let annualisation = Annualisation(interval: result.interval, calendar: result.calendar)
    self.annualisation = annualisation
    func performance(_ result: BacktestResult) -> Performance {
      Performance(values: result.values, barsPerYear: annualisation.barsPerYear)
    }
    // What it is compared with is the market, which no limit holds back.
    var unlimited = settings
    (unlimited.limits, unlimited.exits, unlimited.size) = (.research, .none, SizeSettings())
    benchmark = try Backtest.run(frames: frames, strategy: BuyAndHold(), settings: unlimited)
    do { series = try RunSeries(result.history(beside: benchmark)) } catch {
      throw .evidence(error)
    }
    self.performance = performance(result)
    benchmarkPerformance = performance(benchmark)
    fragility = try Fragility(
      of: result, frames: frames, strategy: strategy, barsPerYear: annualisation.barsPerYear)
    observations =
      RunAnalysis(
        result: result, performance: self.performance, fragility: fragility, frames: frames
      ).observations
    bootstrap = Bootstrap(
      self.performance, against: benchmarkPerformance, resamples: settings.resamples,
      seed: settings.seed)
  }

  /// At doubled costs; the run itself where there is no such case.
  public var doubledCosts: Performance { fragility.performance(.doubledCosts) ?? performance }

  /// The part of closed trades that gained; `nil` where none is closed.
  public var winRate: Double? { MetricCatalogue.number("win_rate", of: series) }

  /// What the gaining trades gained over what the losing ones lost; `nil` without a loss.
  public var profitFactor: Double? { MetricCatalogue.number("profit_factor", of: series) }

  /// The mean part of the account that was invested.
  public var exposure: Double { MetricCatalogue.number("exposure", of: series) ?? .nan }

  /// What was bought and sold in a year, over the mean value of the account.
  public var turnover: Double { MetricCatalogue.number("turnover", of: series) ?? .nan }

  /// The Sharpe ratio is above zero in more than 97 of 100 resampled histories, and where the ledger has
  /// it, above what the best of all trials would reach by luck.
  public var isMoreThanLuck: Bool {
    !isTooShort && bootstrap.sharpe.lowerBound > 0 && luck?.deflation?.isSignificant != false
  }

  /// Over less than half a year, figures scaled up to a year say nothing.
  public var isTooShort: Bool { performance.years < 0.5 }
  /// The difference to buying and holding is, too; `nil` where neither is told from the other.
  public var beatsHolding: Bool? {
    if bootstrap.sharpeDifference.lowerBound > 0 { return true }
    return bootstrap.sharpeDifference.upperBound < 0 ? false : nil
  }
}
