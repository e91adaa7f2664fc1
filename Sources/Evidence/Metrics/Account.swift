import Foundation
import Market
import Runtime

extension MetricCatalogue {
  static let account: [Metric] = [
    Metric(
      "start", "First day", .date, "the day of bar 1", .quantStats("Start Period"),
      .freqtrade("Backtesting from")
    ) { .date($0.days[0]) },
    Metric(
      "end", "Last day", .date, "the day of bar n", .quantStats("End Period"),
      .freqtrade("Backtesting to")
    ) { .date($0.days[$0.count - 1]) },
    Metric("duration_days", "Duration", .days, .neither, "the last day − the first + 1") {
      Double($0.days[0].distance(to: $0.days[$0.count - 1]) + 1)
    },
    Metric("bars", "Bars", .bars, .neither, "n") { Double($0.count) },
    Metric("years", "Years", .years, .neither, "Y = n ÷ N") { $0.years },
    Metric(
      "risk_free_rate", "Risk-free rate a year", .percent, .neither, "as given",
      .quantStats("Risk-Free Rate")
    ) { $0.record.riskFreeRate },
    Metric("exposure", "Exposure", .percent, .neither, "mean |h|") { run throws(Undefined) in
      try run.exposure().map(abs).sum() / Double(run.count)
    },
    Metric(
      "time_in_market", "Time in market", .percent, .neither, "mean [h ≠ 0]",
      .quantStats(
        "Time in Market",
        "counts bars whose return is not 0, and rounds up to a whole percent")
    ) { run throws(Undefined) in
      Double(try run.exposure().count { $0 != 0 }) / Double(run.count)
    },
    Metric(
      "equity_start", "Capital", .money, .neither, "V(0)", .freqtrade("Starting balance"),
      .lean("Start Equity")
    ) { $0.first },
    Metric(
      "equity_final", "End value", .money, .higher, "V(n)", .freqtrade("Final balance"),
      .lean("End Equity")
    ) { $0.last },
    Metric(
      "equity_peak", "Highest value", .money, .higher, "max V",
      .freqtrade("Max balance", "looks at the end of each trade, not of each bar")
    ) { $0.record.values.reduce(-.infinity, max) },
    Metric(
      "equity_low", "Lowest value", .money, .higher, "min V",
      .freqtrade("Min balance", "looks at the end of each trade, not of each bar")
    ) { $0.record.values.reduce(.infinity, min) },
    Metric(
      "profit", "Profit", .money, .higher, "V(n) − V(0)", .freqtrade("Absolute profit")
    ) { $0.last - $0.first },
    Metric(
      "fees", "Fees", .money, .lower, "commissions and taxes; spread and slippage are in prices",
      .lean("Total Fees")
    ) { run throws(Undefined) in
      guard let fees = run.record.fees else { throw Undefined("fees were not recorded") }
      return fees
    },
    Metric(
      "turnover", "Turnover a year", .ratio, .lower,
      "Σ (bought + sold) ÷ mean V(1…n) ÷ Y"
    ) { run throws(Undefined) in
      let worth = run.record.values.dropFirst().sum() / Double(run.count)
      return try run.traded().sum() / worth / run.years
    },
    Metric(
      "turnover_bar", "Turnover a bar", .percent, .lower, "mean (bought + sold) ÷ V(i)",
      .lean("Portfolio Turnover", "is of a day, and of sales and purchases at closing prices")
    ) { run throws(Undefined) in
      let traded = try run.traded()
      return traded.indices.reduce(0) { $0 + traded[$1] / run.record.values[$1 + 1] }
        / Double(run.count)
    },
    Metric(
      "capacity", "Capacity", .money, .higher,
      "V(0) × 1% ÷ the largest part of a bar's traded value that one fill took: the capital at which "
        + "no fill would take more than 1%",
      .lean(
        "Estimated Strategy Capacity", "estimates it from the volume of minutes and fast trading")
    ) { run throws(Undefined) in
      guard let participation = run.record.participation else {
        throw Undefined("the market's volume was not recorded")
      }
      return run.first * (try 0.01.over(participation.share, else: Undefined("nothing was traded")))
    },
    Metric(
      "capacity_symbol", "Symbol of the least capacity", .text, "where that fill was",
      .lean("Lowest Capacity Asset")
    ) { run throws(Undefined) in
      guard let participation = run.record.participation else {
        throw Undefined("the market's volume was not recorded")
      }
      return .text(participation.symbol.text)
    },
  ]
}
