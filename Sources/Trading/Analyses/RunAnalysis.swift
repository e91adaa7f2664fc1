import Evidence
import Features
import Foundation
import Market
import Numerics
import Runtime

/// Looks at a run as a careful reader would, before its figures are believed.
struct RunAnalysis {
  let result: BacktestResult
  let performance: Performance
  let fragility: Fragility
  let frames: [Frame]

  /// What there is to say, the gravest first.
  var observations: [Observation] {
    [tooGood, stalePrices, oneTrade, costs, limitFills, fewTrades, idleMoney].compactMap(\.self)
  }

  private var closed: [RoundTrip] { result.trades.filter { !$0.isOpen } }

  /// Thirty, because the share of gains among fewer is known to no better than a fifth.
  private var fewTrades: Observation? {
    guard result.trades.count < 30 else { return nil }
    let open = result.trades.count - closed.count
    return Observation(
      .fewTrades,
      "\(closed.count) trades were closed in \(NumberText.count(result.bars)) bars"
        + (open > 0 ? ", and \(open) \(open == 1 ? "is" : "are") still open" : ""))
  }

  /// The best trade brought more than half of what was gained, and there were others.
  private var oneTrade: Observation? {
    let profits = result.trades.map { Double($0.profit) }
    let total = profits.reduce(0, +)
    guard result.trades.count > 1, total > 0,
      let best = profits.indices.max(by: { profits[$0] < profits[$1] }), profits[best] > total / 2
    else { return nil }
    let trade = result.trades[best]
    return Observation(
      .oneTrade,
      "\(trade.symbol) from \(result.day(trade.entry)) to \(result.day(trade.exit)) brought "
        + "\(money(profits[best])) of \(money(total)); without it \(money(total - profits[best])) "
        + "are left")
  }

  /// Fees and spread took more than half of what prices gave.
  private var costs: Observation? {
    let gained = result.values[result.bars] - result.values[0]
    let spread = result.fills.reduce(0.0) { sum, fill in
      let worse = Double(fill.price) - Double(fill.execution.reference)
      return sum + worse * Double(fill.quantity)
    }
    let taken = Double(result.fees) + spread
    let gross = gained + taken
    guard taken > 0, gross > 0, taken > gross / 2 else { return nil }
    return Observation(
      .costs,
      "prices gave \(money(gross)), of which commissions took \(money(Double(result.fees))) and "
        + "spread \(money(spread))"
        + (gained <= 0 ? "; nothing is left" : "; \(money(gained)) are left"))
  }

  /// What nobody keeps up: a Sharpe ratio above 3 over a year or more, nine gains in ten trades, or a
  /// gain that is gone when every bar is heard of one bar late.
  private var tooGood: Observation? {
    if let sharpe = performance.sharpe, sharpe > 3, performance.years >= 1 {
      return Observation(
        .tooGood,
        "a Sharpe ratio of \(NumberText.ratio(sharpe)) over "
          + "\(NumberText.fixed(performance.years, decimals: 1)) years")
    }
    let gains = closed.count { $0.profit > .zero }
    if closed.count >= 30, Double(gains) > 0.9 * Double(closed.count) {
      return Observation(.tooGood, "\(gains) of \(closed.count) trades gained")
    }
    guard let late = fragility.performance(.delayedBar), let sharpe = performance.sharpe,
      sharpe > 1, performance.annualReturn > 0.1,
      late.annualReturn < performance.annualReturn / 10
    else { return nil }
    return Observation(
      .tooGood,
      "\(NumberText.percent(performance.annualReturn)) a year become "
        + "\(NumberText.percent(late.annualReturn)) where every bar is heard of one bar late")
  }

  /// More than half of the fills stood at a limit and were served by the first price beyond it.
  private var limitFills: Observation? {
    let served = result.fills.count {
      $0.reason == .throughLimit || $0.reason == .touchedLimit
    }
    guard served > result.fills.count / 2 else { return nil }
    return Observation(
      .limitFills,
      "\(NumberText.count(served)) of \(NumberText.count(result.fills.count)) fills were at their "
        + "own limit within a bar, as if nobody had stood ahead")
  }

  /// A fill in a bar without volume, or after five bars in which no price moved.
  private var stalePrices: Observation? {
    var (stale, first) = (0, Fill?.none)
    for (place, frame) in frames.enumerated() {
      guard let close = frame["close"], let volume = frame["volume"] else { continue }
      for fill in result.fills where fill.instrument.place == place {
        let row = frame.start.firstRow(from: fill.time.nanoseconds + 1) - 1
        guard row >= 0 else { continue }
        let window = max(0, row - 5)...max(0, row - 1)
        let hasStopped = row >= 6 && window.allSatisfy { close[$0] == close[window.lowerBound] }
        guard volume[row] == 0 || hasStopped else { continue }
        stale += 1
        first = first ?? fill
      }
    }
    guard stale > 0, let first else { return nil }
    return Observation(
      .stalePrices,
      "\(NumberText.count(stale)) of \(NumberText.count(result.fills.count)) fills, first "
        + "\(result.symbol(of: first)) on \(result.day(first.time)), came in a bar without volume "
        + "or after five closes that were the same")
  }

  /// Never more than a fifth of the account was in the market.
  private var idleMoney: Observation? {
    let most = result.equity.reduce(0) { max($0, abs($1.exposure)) }
    guard most < 0.2 else { return nil }
    return Observation(
      .idleMoney,
      "at most \(NumberText.percent(most)) of the account was invested, on any bar")
  }

  private func money(_ amount: Double) -> String {
    NumberText.money(amount, currency: result.settings.currency, decimals: 0)
  }
}
