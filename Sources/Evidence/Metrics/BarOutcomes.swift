import Foundation

/// Wins and losses of bars, as QuantStats has them; those of trades are figures of their own.
extension MetricCatalogue {
  static let bars: [Metric] = [
    Metric(
      "bar_mean_win", "Mean gaining bar", .percent, .higher, "mean r over [r > 0]",
      .quantStats("Avg. Win")
    ) { run throws(Undefined) in try run.meanWin() },
    Metric(
      "bar_mean_loss", "Mean losing bar", .percent, .higher, "mean r over [r < 0]",
      .quantStats("Avg. Loss")
    ) { run throws(Undefined) in try run.meanLoss() },
    Metric(
      "bar_win_rate", "Winning bars", .percent, .higher, "Σ [r > 0] ÷ Σ [r ≠ 0]"
    ) { run throws(Undefined) in try run.barWinRate() },
    Metric(
      "bar_payoff", "Payoff of bars", .ratio, .higher, "mean gaining bar ÷ |mean losing bar|",
      .quantStats("Payoff Ratio"), .quantStats("Win/Loss Ratio")
    ) { run throws(Undefined) in try run.barPayoff() },
    Metric(
      "bar_profit_ratio", "Profit ratio of bars", .ratio, .higher,
      "(mean r over [r ≥ 0] ÷ their number) ÷ |mean r over [r < 0] ÷ their number|",
      .quantStats("Profit Ratio")
    ) { run throws(Undefined) in
      let wins = run.returns.filter { $0 >= 0 }
      let losses = run.returns.filter { $0 < 0 }
      let win = try wins.mean(else: .noWin) / Double(wins.count)
      return win / abs(try losses.mean(else: .noLoss) / Double(losses.count))
    },
    Metric(
      "bar_profit_factor", "Profit factor of bars", .ratio, .higher,
      "Σ max(r, 0) ÷ Σ max(−r, 0)", .quantStats("Profit Factor", "is infinite without a loss")
    ) { run throws(Undefined) in try run.barProfitFactor() },
    Metric(
      "tail_ratio", "Tail ratio", .ratio, .higher, "|q(0.95) ÷ q(0.05)| of r",
      .quantStats("Tail Ratio")
    ) { run throws(Undefined) in try run.tailRatio() },
    Metric(
      "common_sense_ratio", "Common sense ratio", .ratio, .higher,
      "profit factor of bars × tail ratio", .quantStats("Common Sense Ratio")
    ) { run throws(Undefined) in try run.barProfitFactor() * run.tailRatio() },
    Metric(
      "cpc_index", "CPC index", .ratio, .higher,
      "profit factor × win rate × payoff, all of bars", .quantStats("CPC Index")
    ) { run throws(Undefined) in
      try run.barProfitFactor() * run.barWinRate() * run.barPayoff()
    },
    Metric(
      "outlier_win", "Outlier win ratio", .ratio, .higher, "q(0.99) of r ÷ mean r over [r ≥ 0]",
      .quantStats("Outlier Win Ratio")
    ) { run throws(Undefined) in
      let mean = try run.returns.filter { $0 >= 0 }.mean(else: .noWin)
      return try run.quantile(0.99, of: run.returns).over(mean, else: .noWin)
    },
    Metric(
      "outlier_loss", "Outlier loss ratio", .ratio, .lower, "q(0.01) of r ÷ mean r over [r < 0]",
      .quantStats("Outlier Loss Ratio")
    ) { run throws(Undefined) in
      try run.quantile(0.01, of: run.returns) / run.meanLoss()
    },
    Metric(
      "kelly", "Kelly fraction", .percent, .higher,
      "w − (1 − w) ÷ payoff, w the winning part of the bars that moved",
      .quantStats("Kelly Criterion")
    ) { run throws(Undefined) in
      let win = try run.barWinRate()
      return win - (1 - win) / (try run.barPayoff())
    },
    Metric(
      "risk_of_ruin", "Risk of ruin by the rule of thumb", .percent, .lower,
      "((1 − w) ÷ (1 + w))ⁿ, w the winning part of the bars that moved: a rule of thumb that knows "
        + "neither sizes nor stakes", .quantStats("Risk of Ruin")
    ) { run throws(Undefined) in
      let win = try run.barWinRate()
      return pow((1 - win) / (1 + win), Double(run.count))
    },
    Metric(
      "bar_consecutive_wins", "Most gaining bars in a row", .bars, .higher,
      "longest run of r > 0", .quantStats("Max Consecutive Wins")
    ) { Double(longestRun(of: $0.returns) { $0 > 0 }) },
    Metric(
      "bar_consecutive_losses", "Most losing bars in a row", .bars, .lower,
      "longest run of r < 0", .quantStats("Max Consecutive Losses")
    ) { Double(longestRun(of: $0.returns) { $0 < 0 }) },
  ]

  /// The most neighbours in a row for which something holds.
  static func longestRun(of values: [Double], where holds: (Double) -> Bool) -> Int {
    var (longest, current) = (0, 0)
    for value in values {
      current = holds(value) ? current + 1 : 0
      longest = max(longest, current)
    }
    return longest
  }
}

extension RunSeries {
  func meanWin() throws(Undefined) -> Double {
    try returns.filter { $0 > 0 }.mean(else: Undefined("no bar gained"))
  }

  func meanLoss() throws(Undefined) -> Double {
    try returns.filter { $0 < 0 }.mean(else: Undefined("no bar lost"))
  }

  func barWinRate() throws(Undefined) -> Double {
    try Double(returns.count { $0 > 0 })
      .over(Double(returns.count { $0 != 0 }), else: Undefined("the account never moved"))
  }

  func barPayoff() throws(Undefined) -> Double { try meanWin() / abs(meanLoss()) }

  func barProfitFactor() throws(Undefined) -> Double {
    try returns.reduce(0) { $0 + max($1, 0) }
      .over(returns.reduce(0) { $0 + max(-$1, 0) }, else: .noLoss)
  }

  func tailRatio() throws(Undefined) -> Double {
    let low = try quantile(0.05, of: returns)
    return abs(try quantile(0.95, of: returns).over(low, else: Undefined("the lower tail is 0")))
  }
}
