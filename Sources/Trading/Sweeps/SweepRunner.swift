import Evidence
import Features
import Market
import Numerics
import Runtime
import Synchronization

/// Runs settings of one strategy over the same bars: without events where that gives what the engine
/// gives, by the engine everywhere else.
public struct SweepRunner: Sendable {
  public let frames: [Frame]
  public let settings: BacktestSettings
  let type: any ShippedStrategy.Type
  /// Where there is one symbol and the strategy is a rule of being in or out.
  let market: VectorMarket?
  private let means: MeanColumns?
  public let annualisation: Annualisation
  public let bars: Int
  public let first, last: CivilDate
  let zone: Zone
  /// Buying and holding over the same bars.
  public let benchmark: Performance

  /// - Parameter grid: whose settings will be run; what they share is computed once
  public init(
    frames: [Frame], strategy type: any ShippedStrategy.Type, grid: SweepGrid,
    settings: BacktestSettings
  ) throws(BacktestError) {
    self.frames = frames
    self.settings = settings
    self.type = type
    let held = try Backtest.run(frames: frames, strategy: BuyAndHold(), settings: settings)
    bars = held.bars
    zone = held.calendar.zone
    (first, last) = (held.day(held.start), held.day(held.end))
    annualisation = Annualisation(interval: held.interval, calendar: held.calendar)
    benchmark = Performance(values: held.values, barsPerYear: annualisation.barsPerYear)
    guard frames.count == 1, type is any LongFlatStrategy.Type else {
      (market, means) = (nil, nil)
      return
    }
    let market = try VectorMarket(frames[0], settings)
    self.market = market
    // Columns that many crosses share; a few make their own as they go.
    if type == SMACross.self, grid.settings.count > 4 {
      let lengths = grid.settings.flatMap { [$0[whole: "fast"], $0[whole: "slow"]] }
      means = MeanColumns(market.bars.close, lengths: Set(lengths))
    } else {
      means = nil
    }
  }

  func run(_ values: StrategyValues) throws(BacktestError) -> SweepRun {
    let strategy = try type.init(values)
    let barsPerYear = annualisation.barsPerYear
    if let market, let run = trades(of: strategy) {
      guard !run.fills.isEmpty else {
        return SweepRun(idleFor: bars, capital: settings.initialCash, isVectorised: true)
      }
      do { return try SweepRun(run, market, barsPerYear: barsPerYear) } catch {
        throw .amount(error)
      }
    }
    do throws(BacktestError) {
      let result = try Backtest.run(
        frames: frames, strategy: AnyStrategy(strategy), settings: settings)
      return SweepRun(result, barsPerYear: barsPerYear)
    } catch .noTrades {
      return SweepRun(idleFor: bars, capital: settings.initialCash, isVectorised: false)
    }
  }

  /// Many of them, shared out among threads.
  func runs(
    _ settings: ArraySlice<StrategyValues>, on pool: Pool
  ) throws(BacktestError) -> [SweepRun] {
    try each(settings, on: pool) { values throws(BacktestError) in try run(values) }
  }

  private func each<Found: Sendable>(
    _ settings: ArraySlice<StrategyValues>, on pool: Pool,
    _ body: @Sendable (StrategyValues) throws(BacktestError) -> Found
  ) throws(BacktestError) -> [Found] {
    let results = Mutex<[Result<Found, BacktestError>?]>(
      Array(repeating: nil, count: settings.count))
    pool.forEachChunk(of: settings.count) { range in
      for index in range {
        let result = Result { () throws(BacktestError) in
          try body(settings[settings.startIndex + index])
        }
        results.withLock { $0[index] = result }
      }
    }
    var found: [Found] = []
    for result in results.withLock({ $0 }) {
      if let result { found.append(try result.get()) }
    }
    return found
  }

  /// Draws of luck for the bars that are run, to which nothing was added.
  func luckDraws(seed: UInt64) throws(BacktestError) -> LuckDraws {
    do { return try LuckDraws(bars: bars, seed: seed) } catch { throw .evidence(error) }
  }

  /// What a setting trades, without events: the first half of each run, in exact money, from which
  /// the figures of every bar follow. `nil` where the engine must be asked.
  public func trades(of values: StrategyValues) throws(BacktestError) -> VectorRun? {
    trades(of: try type.init(values))
  }

  /// The same of many, shared out among threads.
  public func trades(
    of settings: [StrategyValues], on pool: Pool = .shared
  ) throws(BacktestError) -> [VectorRun?] {
    try each(settings[...], on: pool) { values throws(BacktestError) in try trades(of: values) }
  }

  private func trades(of strategy: any ShippedStrategy) -> VectorRun? {
    guard let market else { return nil }
    if let cross = strategy as? SMACross, let means {
      return market.run(market.changes(of: cross, means))
    }
    guard let rule = strategy as? any LongFlatStrategy else { return nil }
    return market.run(rule)
  }
}

extension [SweepRun] {
  /// Rows are bars, columns are settings.
  func add(to luck: inout LuckDraws) throws(BacktestError) {
    do { try luck.add(returns) } catch { throw .evidence(error) }
  }

  var returns: Matrix<Double> {
    Matrix(rows: first?.returns.count ?? 0, columns: count) { row, column in
      self[column].returns[row]
    }
  }
}
