import Foundation
import Market
import Numerics
import Runtime

/// How many trades there were and how they ended. A trade wins with a profit above zero.
extension MetricCatalogue {
  static let trades: [Metric] = outcomes + durations + sides

  private static let outcomes: [Metric] = [
    Metric(
      "trades", "Trades", .count, .neither, "trades that are over",
      .freqtrade("Total/Daily Avg Trades"), .lean("Total Number Of Trades")
    ) { run throws(Undefined) in Double(try run.closedCount()) },
    Metric(
      "open_trades", "Trades still open", .count, .neither, "trades held at the end",
      .freqtrade("Left open trades")
    ) { run throws(Undefined) in Double(try run.allTrades().count { $0.isOpen }) },
    Metric(
      "trades_per_day", "Trades a day of the calendar", .ratio, .neither,
      "trades ÷ days from the first bar's day to the last one's, at least 1",
      .freqtrade("Total/Daily Avg Trades")
    ) { run throws(Undefined) in
      let days = run.days[0].distance(to: run.days[run.count - 1])
      return Double(try run.closedCount()) / Double(max(1, days))
    },
    Metric(
      "wins", "Winning trades", .count, .higher, "Σ [p > 0]", .lean("Number Of Winning Trades")
    ) { run throws(Undefined) in Double(try run.profits().count { $0 > 0 }) },
    Metric(
      "draws", "Trades without profit or loss", .count, .neither, "Σ [p = 0]",
      .freqtrade("Draws")
    ) { run throws(Undefined) in Double(try run.profits().count { $0 == 0 }) },
    Metric(
      "losses", "Losing trades", .count, .lower, "Σ [p < 0]",
      .lean("Number Of Losing Trades", "counts trades without profit or loss as lost")
    ) { run throws(Undefined) in Double(try run.profits().count { $0 < 0 }) },
    Metric(
      "win_rate", "Winning trades %", .percent, .higher, "Σ [p > 0] ÷ trades",
      .freqtrade("Win %"), .lean("Win Rate")
    ) { run throws(Undefined) in try run.tradeWinRate() },
    Metric(
      "loss_rate", "Losing trades %", .percent, .lower, "Σ [p < 0] ÷ trades",
      .lean("Loss Rate", "counts trades without profit or loss as lost")
    ) { run throws(Undefined) in
      let profits = try run.profits()
      return Double(profits.count { $0 < 0 }) / Double(profits.count)
    },
    Metric(
      "win_loss_ratio", "Winning over losing trades", .ratio, .higher, "Σ [p > 0] ÷ Σ [p < 0]",
      .lean("Win Loss Ratio", "says 10 without a loss")
    ) { run throws(Undefined) in
      let profits = try run.profits()
      return try Double(profits.count { $0 > 0 })
        .over(Double(profits.count { $0 < 0 }), else: Undefined("no trade lost"))
    },
    Metric(
      "consecutive_wins", "Most winning trades in a row", .count, .higher,
      "longest run of p > 0 by time of exit", .freqtrade("Max Consecutive Wins / Loss"),
      .lean("Max Consecutive Winning Trades")
    ) { run throws(Undefined) in Double(longestRun(of: try run.profits()) { $0 > 0 }) },
    Metric(
      "consecutive_losses", "Most losing trades in a row", .count, .lower,
      "longest run of p < 0 by time of exit",
      .freqtrade("Max Consecutive Wins / Loss", "counts trades without profit as lost"),
      .lean("Max Consecutive Losing Trades", "counts trades without profit as lost")
    ) { run throws(Undefined) in Double(longestRun(of: try run.profits()) { $0 < 0 }) },
  ]

  private static let durations: [Metric] = [
    held("holding_mean", "Mean holding", "mean (exit − entry)", .lean("Average Trade Duration")) {
      _ in true
    },
    held(
      "holding_winners", "Mean holding of winners", "mean (exit − entry) over [p > 0]",
      .freqtrade("Avg. Duration Winners", "is rounded to minutes"),
      .lean("Average Winning Trade Duration")
    ) { $0 > 0 },
    held(
      "holding_losers", "Mean holding of losers", "mean (exit − entry) over [p < 0]",
      .freqtrade("Avg. Duration Loser", "is rounded to minutes"),
      .lean("Average Losing Trade Duration", "has trades without profit or loss too")
    ) { $0 < 0 },
    heldMedian("holding_median", "Median holding", "", .lean("Median Trade Duration")) { _ in true
    },
    heldMedian(
      "holding_median_winners", "Median holding of winners", " over [p > 0]",
      .lean("Median Winning Trade Duration")
    ) { $0 > 0 },
    heldMedian(
      "holding_median_losers", "Median holding of losers", " over [p < 0]",
      .lean("Median Losing Trade Duration", "has trades without profit or loss too")
    ) { $0 < 0 },
    Metric(
      "holding_shortest", "Shortest holding", .days, .neither, "min (exit − entry)"
    ) { run throws(Undefined) in try run.trades().reduce(.infinity) { min($0, $1.days) } },
    Metric(
      "holding_longest", "Longest holding", .days, .neither, "max (exit − entry)"
    ) { run throws(Undefined) in try run.trades().reduce(0) { max($0, $1.days) } },
  ]

  private static func held(
    _ key: String, _ title: String, _ formula: String, _ first: Metric.Name,
    _ second: Metric.Name? = nil, which: @escaping @Sendable (Double) -> Bool
  ) -> Metric {
    Metric(
      key, title, .days, .neither, formula + ", in days of 24 hours",
      names: [first] + (second.map { [$0] } ?? [])
    ) { run throws(Undefined) in
      try run.trades().filter { which($0.profit) }.map(\.days)
        .mean(else: Undefined("no trade ended so"))
    }
  }

  private static func heldMedian(
    _ key: String, _ title: String, _ which: String, _ name: Metric.Name,
    where holds: @escaping @Sendable (Double) -> Bool
  ) -> Metric {
    Metric(
      key, title, .days, .neither, "q(0.5) of (exit − entry)\(which), in days of 24 hours",
      names: [name]
    ) { run throws(Undefined) in
      let days = try run.trades().filter { holds($0.profit) }.map(\.days)
      guard !days.isEmpty else { throw Undefined("no trade ended so") }
      return try run.quantile(0.5, of: days)
    }
  }

  private static let sides: [Metric] = [
    Metric(
      "trades_long", "Long trades", .count, .neither, "trades that bought first",
      .freqtrade("Long / Short")
    ) { run throws(Undefined) in Double(try run.trades().count { !$0.isShort }) },
    Metric(
      "trades_short", "Short trades", .count, .neither, "trades that sold first",
      .freqtrade("Long / Short")
    ) { run throws(Undefined) in Double(try run.trades().count { $0.isShort }) },
    Metric(
      "profit_long", "Profit of long trades", .money, .higher, "Σ p of long trades",
      .freqtrade("Absolute profit Long")
    ) { run throws(Undefined) in
      try run.trades().reduce(0) { $0 + ($1.isShort ? 0 : $1.profit) }
    },
    Metric(
      "profit_short", "Profit of short trades", .money, .higher, "Σ p of short trades",
      .freqtrade("Absolute profit Short")
    ) { run throws(Undefined) in
      try run.trades().reduce(0) { $0 + ($1.isShort ? $1.profit : 0) }
    },
    Metric(
      "return_long", "Return of long trades", .percent, .higher, "Σ p of long trades ÷ V(0)",
      .freqtrade("Total profit Long %")
    ) { run throws(Undefined) in
      try run.trades().reduce(0) { $0 + ($1.isShort ? 0 : $1.profit) } / run.first
    },
    Metric(
      "return_short", "Return of short trades", .percent, .higher, "Σ p of short trades ÷ V(0)",
      .freqtrade("Total profit Short %")
    ) { run throws(Undefined) in
      try run.trades().reduce(0) { $0 + ($1.isShort ? $1.profit : 0) } / run.first
    },
    Metric(
      "best_symbol", "Best symbol", .text, "the symbol with the greatest Σ p",
      .freqtrade("Best Pair")
    ) { run throws(Undefined) in .text(try run.symbolProfits().best) },
    Metric(
      "worst_symbol", "Worst symbol", .text, "the symbol with the least Σ p",
      .freqtrade("Worst Pair")
    ) { run throws(Undefined) in .text(try run.symbolProfits().worst) },
  ]
}

extension RunSeries {
  func profits() throws(Undefined) -> [Double] { try trades().map(\.profit) }

  func tradeWinRate() throws(Undefined) -> Double {
    let profits = try profits()
    return Double(profits.count { $0 > 0 }) / Double(profits.count)
  }

  /// The symbols that brought most and least; of equals the first by name.
  func symbolProfits() throws(Undefined) -> (best: String, worst: String) {
    var sums: [String: Double] = [:]
    for trade in try trades() { sums[trade.symbol.text, default: 0] += trade.profit }
    let ranked = sums.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    guard let best = ranked.first, let least = ranked.last?.value,
      let worst = ranked.first(where: { $0.value == least })
    else { throw .noTrades }
    return (best.key, worst.key)
  }
}
