import Evidence
import Market
import Numerics

/// What a result is worth: its figures, those of buying and holding, how sure they are, and what is
/// left of them when trading costs twice as much.
public struct Appraisal: Sendable {
  public let result: BacktestResult
  public let benchmark: Benchmark
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
  /// What was tried to choose what it traded, where it was chosen.
  public internal(set) var searched: Searched?
  /// What all that was tried on these bars means for it; `nil` until the ledger of trials has it.
  public var luck: TrialLuck?
  /// Moves of a price that the data may be to blame for.
  public let jumps: [Jump]

  /// Runs the strategy and the benchmark over the same days, and the strategy again for its fragility.
  ///
  /// - Parameter index: what to hold it against; without, the symbols that it trades
  public init(
    frames: [Frame], strategy: some Strategy, settings: BacktestSettings,
    against index: Frame? = nil
  ) throws(BacktestError) {
    let strategy = AnyStrategy(strategy)
    result = try Backtest.run(frames: frames, strategy: strategy, settings: settings)
    jumps = Jump.all(
      in: frames, known: result.start...result.end, zone: result.calendar.zone)
    let annualisation = Annualisation(interval: result.interval, calendar: result.calendar)
    self.annualisation = annualisation
    benchmark =
      if let index {
        try Benchmark(index, beside: result)
      } else { try Benchmark(holding: frames, beside: result) }
    do { series = try RunSeries(result.history(beside: benchmark)) } catch {
      throw .evidence(error)
    }
    self.performance = Performance(values: result.values, barsPerYear: annualisation.barsPerYear)
    benchmarkPerformance = Performance(
      values: benchmark.values, barsPerYear: annualisation.barsPerYear)
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
  /// it, above what the best of all trials would reach by luck, and not chosen by overfitting.
  public var isMoreThanLuck: Bool {
    !isTooShort && bootstrap.sharpe.lowerBound > 0 && luck?.isMoreThanLuck != false
  }

  /// What stands beside the Sharpe ratio.
  var sharpeWarning: String? {
    if isTooShort { return "too short to judge" }
    return bootstrap.sharpe.lowerBound > 0 ? luck?.warning : "cannot be told from luck"
  }

  /// Over less than half a year, figures scaled up to a year say nothing.
  public var isTooShort: Bool { performance.years < 0.5 }
}
