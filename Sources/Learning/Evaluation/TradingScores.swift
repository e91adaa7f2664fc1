import Evidence
import Market
import Numerics
import Runtime

/// What forecasts earn after costs: at each bar each symbol gets its share of the account, long, short or
/// not at all as the forecast chooses, by `PositionReturns`; beside it every symbol held alike.
package struct TradingScores: Sendable {
  package let run: RunSeries
  /// The same with all symbols held alike and made equal at every bar, and without ever making equal.
  package let equalWeight, buyAndHold: RunSeries
  package let estimate: SharpeEstimate?
  package let deflation: Deflation?
  /// Of the difference of Sharpe ratios, a year: to equal weight, and to holding what was bought.
  package let sharpeDifference, holdDifference: ClosedRange<Double>?
  package let doubledCosts: Double?
  /// When nothing was left of the account, and the run ended; nil where something is.
  package let lostEverythingAt: Timestamp?

  /// Parts of the value traded that research reckons with where nothing else is said.
  package static func standardCosts() throws(EvidenceError) -> CostRates {
    try .basisPoints(halfSpread: 2, commission: 1)
  }

  /// - Parameters:
  ///   - deflation: looks the run up among all trials on these bars
  init(
    _ output: PredictionOutput, next: [Double], instants: Instants, costs: CostRates,
    barsPerYear: Double, seed: UInt64, deflation: (SharpeEstimate, Int) throws -> Deflation?
  ) throws {
    let grid = SymbolGrid(output, next: next, instants: instants)
    let annualisation = Annualisation(
      barsPerYear: barsPerYear,
      statement: "\(NumberText.count(Int(barsPerYear.rounded()))) bars a year (as counted)")
    let traded = try grid.traded(costs: costs, barsPerYear: barsPerYear)
    func series(_ returns: [Double], benchmark: [Double]?) throws -> RunSeries {
      let values = Self.values(of: returns)
      let bars = values.count - 1
      var history = RunHistory(
        annualisation: annualisation, zone: .utc,
        stamps: instants.times.prefix(bars).map { Timestamp(nanoseconds: $0) }, values: values)
      history.benchmark = benchmark.map { Array($0.prefix(bars)) }
      return try RunSeries(history)
    }
    let equal = try EqualWeight.returns(assetReturns: grid.assetReturns, costs: costs)
    let held = try EqualWeight.returns(
      assetReturns: grid.assetReturns, rebalance: max(1, instants.count), costs: costs)
    equalWeight = try series(equal, benchmark: nil)
    buyAndHold = try series(held, benchmark: nil)
    var history = try series(traded.returns, benchmark: equal).record
    history.trades = traded.trades(values: history.values, times: history.stamps, grid.symbols)
    history.exposure = Array(traded.exposure.prefix(history.stamps.count))
    let run = try RunSeries(history)
    self.run = run
    lostEverythingAt = history.values.last == 0 ? history.stamps.last : nil
    estimate = SharpeEstimate(returns: run.returns)
    self.deflation = try estimate.flatMap { try deflation($0, run.count) }
    let doubled = try series(
      grid.traded(costs: costs.doubled, barsPerYear: barsPerYear).returns, benchmark: nil)
    doubledCosts = SharpeEstimate(returns: doubled.returns).map {
      $0.sharpe * barsPerYear.squareRoot()
    }
    let own = Performance(values: run.record.values, barsPerYear: barsPerYear)
    func difference(to other: RunSeries) -> ClosedRange<Double>? {
      guard run.count > 20, run.count == other.count, history.values.last != 0 else { return nil }
      return Bootstrap(
        own, against: Performance(values: other.record.values, barsPerYear: barsPerYear),
        resamples: 400, seed: seed
      ).sharpeDifference
    }
    sharpeDifference = difference(to: equalWeight)
    holdDifference = difference(to: buyAndHold)
  }

  /// Less than this part of the account is nothing.
  private static let nothing = 1e-9

  /// What one becomes, up to the bar after which nothing is left, if there is one. What is sold short can
  /// lose more than there is; the account cannot.
  private static func values(of returns: [Double]) -> [Double] {
    var values = [1.0]
    for value in returns {
      let next = values[values.count - 1] * (1 + value)
      guard next > nothing else { return values + [0] }
      values.append(next)
    }
    return values
  }

  /// Whether it earns more for its risk than both ways of looking at nothing, beyond luck; nil where
  /// too few bars say.
  package var beatsHolding: Bool? {
    guard lostEverythingAt == nil else { return false }
    guard let sharpeDifference, let holdDifference else { return nil }
    return sharpeDifference.lowerBound > 0 && holdDifference.lowerBound > 0
  }

  package static let keys = [
    "return", "annual_return", "annual_volatility", "sharpe", "sortino", "max_drawdown",
    "win_rate", "profit_factor", "turnover", "trades",
  ]

  var json: JSON {
    func figures(_ series: RunSeries) -> JSON {
      let all = MetricCatalogue.json(of: series)
      return .object(
        Self.keys.compactMap { key in all[key].map { JSON.Member(key, $0) } })
    }
    return [
      "model": figures(run), "equal_weight": figures(equalWeight),
      "buy_and_hold": figures(buyAndHold), "sharpe_doubled_costs": JSON(doubledCosts),
      "sharpe_difference_to_equal_weight": sharpeDifference.json,
      "sharpe_difference_to_buy_and_hold": holdDifference.json,
      "deflated_sharpe": JSON(deflation?.chance), "trials": JSON(deflation?.trials),
      "bars_per_year": JSON(run.barsPerYear),
      "lost_everything_at": JSON(lostEverythingAt?.description),
    ]
  }
}

extension ClosedRange<Double>? {
  /// `[0.4, 1.8]`, or null.
  var json: JSON { map { [JSON($0.lowerBound), JSON($0.upperBound)] } ?? .null }
}

/// Forecasts and returns laid out by instant and symbol.
struct SymbolGrid {
  let symbols: [Symbol]
  /// For each symbol the instants at which it has a row, and what was chosen there.
  private let places: [[Int]]
  private let choices: [[Double]]
  private let instants: Int
  /// For each symbol what it returned in the bar that ends at each instant; NaN where it is not there.
  let assetReturns: [[Double]]

  init(_ output: PredictionOutput, next: [Double], instants: Instants) {
    symbols = output.symbols
    self.instants = instants.count
    var places = [[Int]](repeating: [], count: symbols.count)
    var choices = [[Double]](repeating: [], count: symbols.count)
    var returns = [[Double]](
      repeating: [Double](repeating: .nan, count: instants.count), count: symbols.count)
    var coming = [Double](repeating: 0, count: symbols.count)
    for (instant, rows) in instants.rows.enumerated() {
      for row in rows {
        let symbol = Int(output.codes[row])
        places[symbol].append(instant)
        choices[symbol].append(Double(output.choice(row)))
        returns[symbol][instant] = coming[symbol]
        coming[symbol] = next[row].isFinite ? next[row] : 0
      }
    }
    self.places = places
    self.choices = choices
    assetReturns = returns
  }

  /// Symbols that have rows at all.
  private var count: Int { places.count { !$0.isEmpty } }

  /// What the account did, and what each symbol gave to it.
  struct Traded {
    let returns: [Double]
    let exposure: [Double]
    /// For each symbol its stretches in one direction.
    fileprivate let stretches: [Stretch]
    fileprivate let share: Double
  }

  fileprivate struct Stretch {
    let symbol: Int
    let isShort: Bool
    let entry: Int
    var exit: Int
    /// At each instant from after the entry on, of the symbol's share.
    var results: [(instant: Int, value: Double)] = []
    var isOpen = true
  }

  func traded(costs: CostRates, barsPerYear: Double) throws -> Traded {
    let share = 1 / Double(max(1, count))
    var returns = [Double](repeating: 0, count: instants)
    var exposure = [Double](repeating: 0, count: instants)
    var stretches: [Stretch] = []
    for symbol in symbols.indices where !places[symbol].isEmpty {
      let own = places[symbol]
      let results = PositionReturns.returns(
        positions: choices[symbol], assetReturns: own.map { assetReturns[symbol][$0] },
        costs: costs, barsPerYear: barsPerYear)
      var current: Stretch?
      for (index, instant) in own.enumerated() {
        returns[instant] += share * results[index]
        current?.results.append((instant, results[index]))
        let choice = choices[symbol][index]
        let end = index + 1 < own.count ? own[index + 1] : instants
        for place in instant..<end { exposure[place] += share * choice }
        guard index == 0 || choice != choices[symbol][index - 1] else { continue }
        if var over = current {
          over.exit = instant
          over.isOpen = false
          stretches.append(over)
        }
        current =
          choice == 0
          ? nil : Stretch(symbol: symbol, isShort: choice < 0, entry: instant, exit: instants - 1)
      }
      if let current { stretches.append(current) }
    }
    return Traded(returns: returns, exposure: exposure, stretches: stretches, share: share)
  }
}

extension SymbolGrid.Traded {
  /// Each stretch in one direction as a trade, as far as the account lived; costs of taking a position count
  /// for the one before.
  func trades(values: [Double], times: [Timestamp], _ symbols: [Symbol]) -> [TradeRecord] {
    stretches.compactMap { stretch in
      guard stretch.entry < times.count else { return nil }
      let stake = share * values[stretch.entry + 1]
      guard stake > 0 else { return nil }
      let lived = stretch.results.prefix { $0.instant < times.count }
      return TradeRecord(
        symbol: symbols[stretch.symbol], isShort: stretch.isShort, entry: times[stretch.entry],
        exit: times[min(max(stretch.exit, stretch.entry), times.count - 1)], stake: stake,
        profit: lived.reduce(0) { $0 + share * values[$1.instant] * $1.value },
        isOpen: stretch.isOpen || stretch.exit >= times.count)
    }
  }
}
