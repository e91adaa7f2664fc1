import Foundation
import Market
import Runtime

extension MetricCatalogue {
  static let returns: [Metric] = [
    Metric(
      "return", "Return", .percent, .higher, "V(n) ÷ V(0) − 1", .quantStats("Cumulative Return"),
      .freqtrade("Total profit %"), .lean("Net Profit")
    ) { $0.last / $0.first - 1 },
    Metric(
      "return_sum", "Sum of returns", .percent, .higher, "Σ r",
      .quantStats("Total Return", "which it prints where returns are not compounded")
    ) { $0.returns.sum() },
    Metric(
      "annual_return", "Return a year", .percent, .higher, "(V(n) ÷ V(0))^(1 ÷ Y) − 1",
      .quantStats("CAGR﹪"),
      .freqtrade("CAGR %", "counts years of 365 days of the calendar, and says 0 after ruin"),
      .lean("Compounding Annual Return", "counts years of 365 days of the calendar")
    ) { run throws(Undefined) in try run.growth(to: 1 / run.years) },
    Metric(
      "expected_bar", "Geometric mean a bar", .percent, .higher, "(V(n) ÷ V(0))^(1 ÷ n) − 1",
      .quantStats("Expected Daily")
    ) { run throws(Undefined) in try run.growth(to: 1 / Double(run.count)) },
    Metric(
      "expected_month", "Geometric mean a month", .percent, .higher,
      "(V(n) ÷ V(0))^(1 ÷ months that have bars) − 1", .quantStats("Expected Monthly")
    ) { run throws(Undefined) in try run.growth(to: 1 / Double(run.bars(by: .month).count)) },
    Metric(
      "expected_year", "Geometric mean a year of the calendar", .percent, .higher,
      "(V(n) ÷ V(0))^(1 ÷ years that have bars) − 1", .quantStats("Expected Yearly")
    ) { run throws(Undefined) in try run.growth(to: 1 / Double(run.bars(by: .year).count)) },
    Metric(
      "mean_return", "Mean return of moving bars", .percent, .higher, "mean r over [r ≠ 0]",
      .quantStats("Avg. Return")
    ) { run throws(Undefined) in
      try run.returns.filter { $0 != 0 }.mean(else: Undefined("the account never moved"))
    },
    Metric(
      "profit_per_day", "Profit a day of the calendar", .percent, .higher,
      "(V(n) ÷ V(0) − 1) ÷ days from the first bar's day to the last one's, at least 1",
      .freqtrade("Avg. daily profit %")
    ) { run in
      let days = run.days[0].distance(to: run.days[run.count - 1])
      return (run.last / run.first - 1) / Double(max(1, days))
    },
    Metric(
      "risk_adjusted_return", "Return a year for full time in the market", .percent, .higher,
      "return a year ÷ time in market",
      .quantStats("Risk-Adjusted Return", "takes its own time in market, rounded up")
    ) { run throws(Undefined) in
      let held = Double(try run.exposure().count { $0 != 0 }) / Double(run.count)
      return try run.growth(to: 1 / run.years)
        .over(held, else: Undefined("nothing was ever held"))
    },
  ]
}

extension RunSeries {
  /// What the account grew by, raised to a power.
  func growth(to power: Double) throws(Undefined) -> Double {
    guard last >= 0 else { throw Undefined("the account is below zero at the end") }
    return Growth.raised(from: first, to: last, by: power)
  }
}
