import Evidence
import Features
import Market
import Numerics
import Runtime
import Synchronization

/// Runs settings of whatever is searched over the same bars: without events where that gives what the
/// engine gives, by the engine everywhere else.
public struct SweepRunner: Sendable {
  public let frames: [Frame]
  public let settings: BacktestSettings
  public let grid: SweepGrid
  /// Where there is one symbol and the strategy is a rule of being in or out.
  let market: VectorMarket?
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
    let held = try Backtest.run(frames: frames, strategy: BuyAndHold(), settings: settings)
    bars = held.bars
    zone = held.calendar.zone
    (first, last) = (held.day(held.start), held.day(held.end))
    annualisation = Annualisation(interval: held.interval, calendar: held.calendar)
    benchmark = Performance(values: held.values, barsPerYear: annualisation.barsPerYear)
    market =
      frames.count == 1 && grid.searched.type is any LongFlatStrategy.Type
      ? try VectorMarket(frames[0], settings) : nil
  }

  /// Runs settings, shared out among threads.
  func runs(
    _ settings: ArraySlice<StrategyValues>, on pool: Pool
  ) throws(BacktestError) -> [SweepRun] {
    let settings = Array(settings)
    let results = try each(settings, on: pool) { place, run in
      Result { () throws(BacktestError) in try self.run(settings[place], run) }
    }
    var runs: [SweepRun] = []
    for result in results { runs.append(try result.get()) }
    return runs
  }

  func run(_ values: StrategyValues) throws(BacktestError) -> SweepRun {
    try runs([values], on: .shared)[0]
  }

  /// - Parameter traded: what it trades without events, where that is known
  private func run(
    _ values: StrategyValues, _ traded: VectorRun?
  ) throws(BacktestError) -> SweepRun {
    let barsPerYear = annualisation.barsPerYear
    if let traded, let market {
      guard !traded.isIdle else {
        return SweepRun(idleFor: bars, capital: settings.initialCash, isVectorised: true)
      }
      do { return try SweepRun(traded, market, barsPerYear: barsPerYear) } catch {
        throw .amount(error)
      }
    }
    do throws(BacktestError) {
      let result = try Backtest.run(
        frames: frames, strategy: grid.searched.strategy(values), settings: settings)
      return SweepRun(result, barsPerYear: barsPerYear)
    } catch {
      switch error {
      case .noTrades, .allDenied:
        return SweepRun(idleFor: bars, capital: settings.initialCash, isVectorised: false)
      default: throw error
      }
    }
  }

  /// What settings trade, without events: the first half of each run, in exact money, from which the
  /// figures of every bar follow. The body is shown `nil` where the engine must be asked.
  public func trades<Found: Sendable>(
    of settings: [StrategyValues], on pool: Pool = .shared,
    _ body: @Sendable (VectorRun?) -> Found
  ) throws(BacktestError) -> [Found] {
    try each(settings, on: pool) { _, run in body(run) }
  }

  /// What the body makes of each setting's trades, in the order of settings.
  private func each<Found: Sendable>(
    _ settings: [StrategyValues], on pool: Pool,
    _ body: @Sendable (_ place: Int, VectorRun?) -> Found
  ) throws(BacktestError) -> [Found] {
    let found = Mutex<[Found?]>(Array(repeating: nil, count: settings.count))
    @Sendable func keep(_ place: Int, _ run: VectorRun?) {
      let result = body(place, run)
      found.withLock { $0[place] = result }
    }
    if let market, let type = grid.searched.type as? any LongFlatStrategy.Type {
      var rules: [any LongFlatStrategy] = []
      for values in settings { rules.append(try type.init(values)) }
      market.eachRun(of: rules, on: pool, keep)
    } else {
      pool.forEachChunk(of: settings.count) { range in
        for place in range { keep(place, nil) }
      }
    }
    return found.withLock { $0.compactMap { $0 } }
  }

  /// Draws of luck for the bars that are run, to which nothing was added.
  func luckDraws(seed: UInt64) throws(BacktestError) -> LuckDraws {
    do { return try LuckDraws(bars: bars, seed: seed) } catch { throw .evidence(error) }
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
