import Foundation
import Market
import Numerics
import Runtime

/// A run's record, found to be sound, with what many figures share: returns, their moments, drawdowns.
public struct RunSeries: Sendable {
  public let record: RunHistory
  /// Value over previous value, minus one; one a bar.
  public let returns: [Double]
  /// Each value over the highest so far, minus one, the capital put in being the first peak.
  public let drawdowns: [Double]
  /// Times the account was below its peak, in order.
  public let episodes: [DrawdownEpisode]
  /// The day of each bar.
  public let days: [CivilDate]
  let moments: StreamingMoments
  /// Returns less the risk-free rate of a bar.
  let excess: [Double]
  let excessMoments: StreamingMoments
  /// Trades that are over, by the time they ended.
  private let closedTrades: [TradeRecord]?

  public init(_ record: RunHistory) throws(EvidenceError) {
    try Self.check(record)
    self.record = record
    let values = record.values
    let returns = (1..<values.count).map { values[$0] / values[$0 - 1] - 1 }
    self.returns = returns
    // A bar that ends at midnight belongs to the day that ends then.
    days = record.stamps.map { record.zone.date(at: Timestamp(nanoseconds: $0.nanoseconds - 1)) }
    drawdowns = DrawdownEpisode.drawdowns(of: values)
    episodes = DrawdownEpisode.all(in: drawdowns)
    closedTrades = record.trades?.filter { !$0.isOpen }
      .sorted { ($0.exit, $0.entry) < ($1.exit, $1.entry) }
    let moments = StreamingMoments(returns.span)
    self.moments = moments
    let free = expm1(log1p(record.riskFreeRate) / record.annualisation.barsPerYear)
    let excess = free == 0 ? returns : returns.map { $0 - free }
    self.excess = excess
    excessMoments = free == 0 ? moments : StreamingMoments(excess.span)
  }

  public var count: Int { returns.count }
  public var barsPerYear: Double { record.annualisation.barsPerYear }
  public var years: Double { Double(count) / barsPerYear }
  var first: Double { record.values[0] }
  var last: Double { record.values[count] }

  private static func check(_ record: RunHistory) throws(EvidenceError) {
    let (bars, values) = (record.stamps.count, record.values)
    guard bars > 0 else { throw .noBars }
    let columns: [(String, Int?)] = [
      ("values", values.count - 1), ("benchmark", record.benchmark?.count),
      ("exposure", record.exposure?.count), ("traded", record.traded?.count),
    ]
    for (name, count) in columns {
      if let count, count != bars { throw .lengths(name, count, bars: bars) }
    }
    if let row = values.indices.first(where: { !values[$0].isFinite }) {
      throw .notFinite("values", row: row)
    }
    for (name, column) in [
      ("benchmark", record.benchmark), ("exposure", record.exposure), ("traded", record.traded),
    ] {
      if let column, let row = column.firstIndex(where: { !$0.isFinite }) {
        throw .notFinite(name, row: row)
      }
    }
    // An account that is worth nothing has no return from there on.
    if let row = values.dropLast().firstIndex(where: { $0 <= 0 }) { throw .ruined(row: row) }
    if let row = record.stamps.indices.dropFirst().first(where: {
      record.stamps[$0] <= record.stamps[$0 - 1]
    }) {
      throw .order(row: row)
    }
    guard record.riskFreeRate > -1, record.riskFreeRate.isFinite else {
      throw .riskFreeRate(record.riskFreeRate)
    }
    for (index, trade) in (record.trades ?? []).enumerated() {
      guard trade.stake > 0, trade.stake.isFinite, trade.profit.isFinite, trade.fees.isFinite,
        trade.exit >= trade.entry
      else { throw .badTrade(index, trade.symbol) }
    }
  }
}

// What a run may lack.
extension RunSeries {
  func benchmark() throws(Undefined) -> [Double] {
    guard let benchmark = record.benchmark else { throw .noBenchmark }
    return benchmark
  }

  func exposure() throws(Undefined) -> [Double] {
    guard let exposure = record.exposure else { throw Undefined("holdings were not recorded") }
    return exposure
  }

  func traded() throws(Undefined) -> [Double] {
    guard let traded = record.traded else {
      throw Undefined("what was bought and sold was not recorded")
    }
    return traded
  }

  func orders() throws(Undefined) -> OrderCounts {
    guard let orders = record.orders else { throw Undefined("orders were not counted") }
    return orders
  }

  /// Every trade, those still open included.
  func allTrades() throws(Undefined) -> [TradeRecord] {
    guard let trades = record.trades else { throw Undefined("trades were not recorded") }
    return trades
  }

  /// Trades that are over, at least one.
  func trades() throws(Undefined) -> [TradeRecord] {
    guard let closedTrades else { throw Undefined("trades were not recorded") }
    guard !closedTrades.isEmpty else { throw .noTrades }
    return closedTrades
  }

  /// How many trades are over.
  func closedCount() throws(Undefined) -> Int {
    guard let closedTrades else { throw Undefined("trades were not recorded") }
    return closedTrades.count
  }
}

// Statistics of the bars' returns.
extension RunSeries {
  /// The sample's standard deviation.
  func deviation(of moments: StreamingMoments) throws(Undefined) -> Double {
    guard moments.count > 1 else { throw Undefined("one bar has no deviation") }
    let deviation = moments.deviation()
    guard deviation > SharpeEstimate.leastDeviation else { throw .noSpread }
    return deviation
  }

  /// Mean over deviation of the excess returns, of one bar.
  func sharpeEstimate() throws(Undefined) -> SharpeEstimate {
    guard count > 1 else { throw Undefined("one bar has no deviation") }
    guard let estimate = SharpeEstimate(excessMoments) else { throw .noSpread }
    return estimate
  }

  /// The root of the mean square of what returned less than the risk-free rate.
  func downside() throws(Undefined) -> Double {
    let squares = excess.reduce(0) { $0 + ($1 < 0 ? $1 * $1 : 0) }
    guard squares > 0 else { throw Undefined("no bar lost anything") }
    return (squares / Double(count)).squareRoot()
  }

  func quantile(_ probability: Double, of values: [Double]) throws(Undefined) -> Double {
    // Values are finite and at least one, so that nothing is refused.
    do { return try Quantiles.exact(values, at: [probability])[0] } catch {
      throw Undefined("there are no values")
    }
  }
}

extension Collection where Element == Double {
  func sum() -> Double { reduce(0, +) }

  /// Of at least one number.
  func mean(else undefined: Undefined) throws(Undefined) -> Double {
    guard !isEmpty else { throw undefined }
    return sum() / Double(count)
  }
}
