import Foundation
import Numerics

extension MetricCatalogue {
  static let tradeProfits: [Metric] = [
    Metric(
      "profit_factor", "Profit factor", .ratio, .higher, "Σ max(p, 0) ÷ Σ max(−p, 0)",
      .freqtrade("Profit factor", "says 0 without a loss"),
      .lean("Profit Factor", "says 10 without a loss")
    ) { run throws(Undefined) in
      let profits = try run.profits()
      return try profits.reduce(0) { $0 + max($1, 0) }
        .over(profits.reduce(0) { $0 + max(-$1, 0) }, else: .noLoss)
    },
    Metric(
      "expectancy", "Expectancy of a trade", .money, .higher, "mean p",
      .freqtrade("Expectancy (Ratio)"), .lean("Average Profit Loss")
    ) { run throws(Undefined) in try run.profits().mean(else: .noTrades) },
    Metric(
      "expectancy_ratio", "Expectancy for what is risked", .ratio, .higher,
      "win rate × payoff of trades − loss rate",
      .freqtrade("Expectancy (Ratio)", "counts draws as lost"),
      .lean("Expectancy", "takes profits as parts of the account, and counts draws as lost")
    ) { run throws(Undefined) in
      let profits = try run.profits()
      let lost = Double(profits.count { $0 < 0 }) / Double(profits.count)
      return try run.tradeWinRate() * run.tradePayoff() - lost
    },
    Metric(
      "payoff", "Payoff of trades", .ratio, .higher, "mean p over [p > 0] ÷ |mean p over [p < 0]|",
      .lean("Profit Loss Ratio")
    ) { run throws(Undefined) in try run.tradePayoff() },
    Metric(
      "sqn", "System quality number", .ratio, .higher, "√trades × mean p ÷ s(p)", .freqtrade("SQN")
    ) { run throws(Undefined) in
      let (mean, deviation) = try run.profitMoments()
      return Double(try run.closedCount()).squareRoot() * mean / deviation
    },
    Metric(
      "trade_sharpe", "Mean over deviation of a trade", .ratio, .higher, "mean p ÷ s(p)",
      .lean("Sharpe Ratio (trades)")
    ) { run throws(Undefined) in
      let (mean, deviation) = try run.profitMoments()
      return mean / deviation
    },
    Metric(
      "trade_sortino", "Mean over deviation of losing trades", .ratio, .higher,
      "mean p ÷ s(p over [p < 0])",
      .lean("Sortino Ratio (trades)", "has trades without profit or loss too")
    ) { run throws(Undefined) in
      try run.profits().mean(else: .noTrades) / run.lossDeviation()
    },
    Metric(
      "profit_deviation", "Deviation of trades' profits", .money, .lower, "s(p)",
      .lean("Profit Loss Standard Deviation")
    ) { run throws(Undefined) in try run.profitMoments().deviation },
    Metric(
      "loss_deviation", "Deviation of losing trades", .money, .lower, "s(p over [p < 0])",
      .lean("Profit Loss Downside Deviation", "has trades without profit or loss too")
    ) { run throws(Undefined) in try run.lossDeviation() },
    Metric(
      "best_trade", "Best trade", .percent, .higher, "max p ÷ k", .freqtrade("Best trade")
    ) { run throws(Undefined) in try run.trades().reduce(-.infinity) { max($0, $1.profitRatio) } },
    Metric(
      "worst_trade", "Worst trade", .percent, .higher, "min p ÷ k", .freqtrade("Worst trade")
    ) { run throws(Undefined) in try run.trades().reduce(.infinity) { min($0, $1.profitRatio) } },
    Metric(
      "mean_trade", "Mean trade", .percent, .higher, "mean p ÷ k", .freqtrade("Avg Profit %")
    ) { run throws(Undefined) in try run.trades().map(\.profitRatio).mean(else: .noTrades) },
    Metric(
      "median_trade", "Median trade", .percent, .higher, "q(0.5) of p ÷ k"
    ) { run throws(Undefined) in try run.quantile(0.5, of: run.trades().map(\.profitRatio)) },
    Metric(
      "mean_win_of_account", "Mean win, of the account", .percent, .higher,
      "mean over [p > 0] of p ÷ (V(0) + Σ p of trades that ended before)", .lean("Average Win")
    ) { run throws(Undefined) in
      try run.accountShares().filter { $0 > 0 }.mean(else: .noWin)
    },
    Metric(
      "mean_loss_of_account", "Mean loss, of the account", .percent, .higher,
      "mean over [p < 0] of p ÷ (V(0) + Σ p of trades that ended before)",
      .lean("Average Loss", "has trades without profit or loss too")
    ) { run throws(Undefined) in
      try run.accountShares().filter { $0 < 0 }.mean(else: .noLoss)
    },
    Metric(
      "total_won", "All that was won", .money, .higher, "Σ max(p, 0)", .lean("Total Profit")
    ) { run throws(Undefined) in try run.profits().reduce(0) { $0 + max($1, 0) } },
    Metric(
      "total_lost", "All that was lost", .money, .higher, "Σ min(p, 0)", .lean("Total Loss")
    ) { run throws(Undefined) in try run.profits().reduce(0) { $0 + min($1, 0) } },
    Metric(
      "largest_win", "Largest win", .money, .higher, "max p over [p > 0]", .lean("Largest Profit")
    ) { run throws(Undefined) in
      let wins = try run.profits().filter { $0 > 0 }
      guard let largest = wins.max() else { throw .noWin }
      return largest
    },
    Metric(
      "largest_loss", "Largest loss", .money, .higher, "min p over [p < 0]", .lean("Largest Loss")
    ) { run throws(Undefined) in
      let losses = try run.profits().filter { $0 < 0 }
      guard let largest = losses.min() else { throw .noLoss }
      return largest
    },
    Metric(
      "mean_win", "Mean win", .money, .higher, "mean p over [p > 0]", .lean("Average Profit")
    ) { run throws(Undefined) in try run.profits().filter { $0 > 0 }.mean(else: .noWin) },
    Metric(
      "mean_loss", "Mean loss", .money, .higher, "mean p over [p < 0]",
      .lean("Average Loss (trades)", "has trades without profit or loss too")
    ) { run throws(Undefined) in try run.profits().filter { $0 < 0 }.mean(else: .noLoss) },
    Metric(
      "mean_stake", "Mean stake", .money, .neither, "mean k", .freqtrade("Avg. stake amount")
    ) { run throws(Undefined) in try run.trades().map(\.stake).mean(else: .noTrades) },
    Metric(
      "volume", "Staked in all", .money, .neither, "Σ k", .freqtrade("Total trade volume")
    ) { run throws(Undefined) in try run.trades().map(\.stake).sum() },
    Metric(
      "trade_costs", "Costs of trades", .money, .lower, "Σ c", .lean("Total Fees (trades)")
    ) { run throws(Undefined) in try run.trades().map(\.fees).sum() },
  ]
}

extension RunSeries {
  func tradePayoff() throws(Undefined) -> Double {
    let profits = try profits()
    return try profits.filter { $0 > 0 }.mean(else: .noWin)
      / abs(profits.filter { $0 < 0 }.mean(else: .noLoss))
  }

  func profitMoments() throws(Undefined) -> (mean: Double, deviation: Double) {
    let profits = try profits()
    let moments = StreamingMoments(profits.span)
    guard moments.count > 1 else { throw Undefined("one trade has no deviation") }
    let deviation = moments.deviation()
    guard deviation > 0 else { throw Undefined("every trade brought the same") }
    return (moments.mean, deviation)
  }

  func lossDeviation() throws(Undefined) -> Double {
    let losses = try profits().filter { $0 < 0 }
    guard losses.count > 1 else { throw Undefined("fewer than two trades lost") }
    let deviation = StreamingMoments(losses.span).deviation()
    guard deviation > 0 else { throw Undefined("every loss is the same") }
    return deviation
  }

  /// Each trade's profit over the capital with what trades before it had brought.
  func accountShares() throws(Undefined) -> [Double] {
    var account = first
    var shares: [Double] = []
    for profit in try profits() {
      guard account > 0 else { throw Undefined("losses used up the capital") }
      shares.append(profit / account)
      account += profit
    }
    return shares
  }
}
