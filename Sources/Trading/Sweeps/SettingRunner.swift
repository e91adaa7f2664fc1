import Evidence
import Features
import Market
import Numerics
import Runtime

/// Runs settings of whatever is searched over the same bars: strategies of the program by `SweepRunner`,
/// a person's rules by the engine.
public struct SettingRunner: Sendable {
  public let frames: [Frame]
  public let settings: BacktestSettings
  public let grid: SweepGrid
  /// `nil` of rules.
  private let shipped: SweepRunner?
  public let annualisation: Annualisation
  public let bars: Int
  public let first, last: CivilDate
  let zone: Zone
  /// Buying and holding over the same bars.
  public let benchmark: Performance

  public init(
    frames: [Frame], grid: SweepGrid, settings: BacktestSettings
  ) throws(BacktestError) {
    self.frames = frames
    self.settings = settings
    self.grid = grid
    if let type = grid.searched.type {
      let runner = try SweepRunner(frames: frames, strategy: type, grid: grid, settings: settings)
      shipped = runner
      (annualisation, bars, zone) = (runner.annualisation, runner.bars, runner.zone)
      (first, last, benchmark) = (runner.first, runner.last, runner.benchmark)
      return
    }
    shipped = nil
    let held = try Backtest.run(frames: frames, strategy: BuyAndHold(), settings: settings)
    annualisation = Annualisation(interval: held.interval, calendar: held.calendar)
    (bars, zone) = (held.bars, held.calendar.zone)
    (first, last) = (held.day(held.start), held.day(held.end))
    benchmark = Performance(values: held.values, barsPerYear: annualisation.barsPerYear)
  }

  func run(_ values: StrategyValues) throws(BacktestError) -> SweepRun {
    if let shipped { return try shipped.run(values) }
    let job = try job(values)
    return try run(
      Result { () throws(BacktestError) in
        try Backtest.run(frames: frames, strategy: job.strategy, settings: settings)
      })
  }

  /// Many of them, shared out among threads.
  func runs(
    _ many: ArraySlice<StrategyValues>, on pool: Pool
  ) throws(BacktestError) -> [SweepRun] {
    if let shipped { return try shipped.runs(many, on: pool) }
    var jobs: [BacktestJob<AnyStrategy>] = []
    for values in many { jobs.append(try job(values)) }
    var runs: [SweepRun] = []
    for result in Backtest.runAll(jobs, on: pool) { runs.append(try run(result)) }
    return runs
  }

  private func job(_ values: StrategyValues) throws(BacktestError) -> BacktestJob<AnyStrategy> {
    BacktestJob(frames: frames, strategy: try grid.searched.strategy(values), settings: settings)
  }

  private func run(
    _ result: Result<BacktestResult, BacktestError>
  ) throws(BacktestError) -> SweepRun {
    switch result {
    case .failure(.noTrades), .failure(.allDenied):
      return SweepRun(idleFor: bars, capital: settings.initialCash, isVectorised: false)
    default: return SweepRun(try result.get(), barsPerYear: annualisation.barsPerYear)
    }
  }

  /// Draws of luck for the bars that are run, to which nothing was added.
  func luckDraws(seed: UInt64) throws(BacktestError) -> LuckDraws {
    do { return try LuckDraws(bars: bars, seed: seed) } catch { throw .evidence(error) }
  }
}
