import Features
import Market
import Numerics
import Runtime

/// Runs a strategy again over worlds whose future was changed, and compares what it had ordered before
/// anything changed was known: any strategy, of whatever language, is proved so.
public struct StrategyProof: Provable {
  public typealias Failure = BacktestError
  public typealias Making = @Sendable ([Frame]) throws(BacktestError) -> AnyStrategy

  public let columns = ["ordered", "price", "held"].map { ProvenColumn($0) }
  private let settings: BacktestSettings
  private let making: Making

  /// - Parameter making: gives the strategy for these bars: one that takes more from them than the engine
  ///   hands out is found by it.
  public init(settings: BacktestSettings, making: @escaping Making) {
    self.settings = settings
    self.making = making
  }

  /// - Parameter cuts: how many instants are drawn at which the future is changed in six ways.
  public static func run(
    frames: [Frame], settings: BacktestSettings, cuts: Int = 4, making: @escaping Making
  ) throws(BacktestError) -> LookAheadVerdict {
    let world = World(frames)
    return try LookAheadProof.run(
      StrategyProof(settings: settings, making: making), on: world,
      cuts: LookAheadProof.drawnCuts(in: world, count: cuts, seed: settings.seed),
      seed: settings.seed)
  }

  public func evaluate(
    _ worlds: [World], _ visit: (_ world: Int, _ table: ProvenTable) -> Void
  ) throws(BacktestError) {
    for (number, world) in worlds.enumerated() {
      for table in try tables(of: world) { visit(number, table) }
    }
  }

  /// For each symbol and bar: the quantity that was ordered when it became known, the first price that
  /// an order named then, and what was held.
  private func tables(of world: World) throws(BacktestError) -> [ProvenTable] {
    let market = try BacktestMarket(world.frames, settings, isChecked: false)
    let settings = settings.counting(market)
    let engine = try Backtest.run(
      market, try making(world.frames), settings, venue: try settings.venue(market.table),
      journal: NoJournal())
    let orders = Dictionary(
      grouping: engine.desk.account.orders.records, by: \.order.intent.instrument.place)
    let fills = Dictionary(grouping: engine.record.fills, by: \.instrument.place)
    return world.frames.enumerated().map { place, frame in
      table(frame, orders[place] ?? [], fills[place] ?? [])
    }
  }

  private func table(_ frame: Frame, _ orders: [OrderRecord], _ fills: [Fill]) -> ProvenTable {
    let known = frame.knownAt
    var ordered = [Double](repeating: 0, count: frame.count)
    var price = [Double](repeating: .nan, count: frame.count)
    var held = [Double](repeating: 0, count: frame.count)
    for record in orders {
      let row = known.firstRow(from: record.order.createdAt.nanoseconds)
      guard row < frame.count else { continue }
      ordered[row] += Double(record.order.intent.signedQuantity)
      if price[row].isNaN, let named = record.order.intent.type.prices.first {
        price[row] = Double(named)
      }
    }
    for fill in fills {
      let row = known.firstRow(from: fill.time.nanoseconds)
      if row < frame.count { held[row] += Double(fill.quantity) }
    }
    for row in 1..<max(1, frame.count) { held[row] += held[row - 1] }
    return ProvenTable(
      name: frame.symbol.text, usedAt: known,
      values: [Column(ordered), Column(price), Column(held)]
    )
  }
}
