import Features
import Market
import Numerics
import Runtime

/// The bars of one symbol, ready to be traded again and again without events: what the engine would see
/// of each bar, in columns.
///
/// It trades what the engine trades where a strategy is in the market or out of it, whole lots are bought
/// at the next open, and every bar's volume is enough; prices, sizes and charges come from the functions
/// that the venue and the desk use. Where a run leaves that ground, there is no result here, and the
/// engine is asked instead.
public struct VectorMarket: Sendable {
  public let settings: BacktestSettings
  let bars: BarColumns
  /// The bars that are traded; earlier ones are history.
  public let rows: Range<Int>
  /// `nil` where every run is the engine's.
  let terms: VectorTerms?

  public init(_ frame: Frame, _ settings: BacktestSettings) throws(BacktestError) {
    try settings.check()
    let market = try BacktestMarket([frame], settings)
    self.settings = settings
    bars = market.columns[0]
    rows = market.rows[0]
    terms = try VectorTerms(settings, market)
  }

  public var count: Int { rows.count }
}

extension VectorMarket {
  /// A run of one rule; `nil` where only the engine knows what happens.
  public func run(_ rule: some LongFlatStrategy) -> VectorRun? {
    guard let terms else { return nil }
    var accounts = LaneAccounts(terms)
    accounts.decide(lane: 0) { list in rule.turns(on: self, to: list) }
    return accounts.follow(lanes: 1)[0]
  }

  /// Runs of many, shared out among threads; each is shown to the body, in no order, with its place in
  /// the list.
  func eachRun(
    of rules: [any LongFlatStrategy], on pool: Pool, _ body: @Sendable (Int, VectorRun?) -> Void
  ) {
    guard let terms else {
      for place in rules.indices { body(place, nil) }
      return
    }
    let crosses = rules.compactMap { $0 as? SMACross }
    let table =
      crosses.count == rules.count
      ? CrossTable(crosses, bars.close, rows: rows, on: pool) : nil
    let groups = (rules.count + LaneAccounts.count - 1) / LaneAccounts.count
    // More parts than threads: some rules decide far more often than others.
    let parts = Partition(count: groups, threads: 8 * pool.threads)
    pool.forEachPart(of: parts) { _, groups in
      var accounts = LaneAccounts(terms)
      for group in groups {
        let first = group * LaneAccounts.count
        let lanes = min(LaneAccounts.count, rules.count - first)
        for lane in 0..<lanes {
          accounts.decide(lane: lane) { list in
            if let table { return table.turns(of: first + lane, to: list) }
            return rules[first + lane].turns(on: self, to: list)
          }
        }
        for (lane, run) in accounts.follow(lanes: lanes).enumerated() { body(first + lane, run) }
      }
    }
  }
}

extension LongFlatStrategy {
  /// Writes the bars at whose close the rule changes its mind, into the market first, as it sees them
  /// in the engine; they are counted from the first that is traded.
  ///
  /// - Returns: how many there are
  fileprivate func turns(
    on market: VectorMarket, to list: UnsafeMutableBufferPointer<Int32>
  ) -> Int {
    let (bars, rows) = (market.bars, market.rows)
    return bars.high.withUnsafeValues { high in
      bars.low.withUnsafeValues { low in
        bars.close.withUnsafeValues { close in
          var (count, holds) = (0, false)
          let first = warmUp - 1
          for row in max(rows.lowerBound, first)..<max(rows.upperBound, first) {
            let window = row + 1 - warmUp...row
            let view = BarView(
              high: UnsafeBufferPointer(rebasing: high[window]),
              low: UnsafeBufferPointer(rebasing: low[window]),
              close: UnsafeBufferPointer(rebasing: close[window]))
            guard wants(view, holds: holds) != holds else { continue }
            holds.toggle()
            list[count] = Int32(row - rows.lowerBound)
            count += 1
          }
          return count
        }
      }
    }
  }
}
