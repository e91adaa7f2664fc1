import Evidence
import Features
import Market
import Numerics
import Runtime

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
    if type == SMACross.self {
      let lengths = grid.settings.flatMap { [$0[whole: "fast"], $0[whole: "slow"]] }
      means = MeanColumns(market.bars.close, lengths: Set(lengths))
    } else {
      means = nil
    }
  }

  func run(_ values: StrategyValues) throws(BacktestError) -> SweepRun {
    let strategy = try type.init(values)
    let barsPerYear = annualisation.barsPerYear
    if let market, let vector = try run(strategy, market) {
      guard !vector.fills.isEmpty else {
        return SweepRun(idleFor: bars, capital: settings.initialCash, isVectorised: true)
      }
      do {
        return try SweepRun(vector, capital: settings.initialCash, barsPerYear: barsPerYear)
      } catch { throw .amount(error) }
    }
    do throws(BacktestError) {
      let result = try Backtest.run(
        frames: frames, strategy: AnyStrategy(strategy), settings: settings)
      return SweepRun(result, barsPerYear: barsPerYear)
    } catch .noTrades {
      return SweepRun(idleFor: bars, capital: settings.initialCash, isVectorised: false)
    }
  }

  private func run(
    _ strategy: any ShippedStrategy, _ market: VectorMarket
  ) throws(BacktestError) -> VectorRun? {
    if let cross = strategy as? SMACross, let means {
      return try market.run(market.changes(of: cross, means))
    }
    guard let rule = strategy as? any LongFlatStrategy else { return nil }
    return try market.run(rule)
  }
}
