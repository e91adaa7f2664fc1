import Foundation

/// Returns by the calendar. Stretches at both ends count as they are, cut short or not.
extension MetricCatalogue {
  static let periods: [Metric] = trailing + best + winning

  private static let trailing: [Metric] = [
    Metric(
      "mtd", "Month to date", .percent, .higher, "return of the last bar's month",
      .quantStats("MTD")
    ) { $0.compounded($0.current(.month)) },
    window("3m", "Last 3 months", months: 3, .quantStats("3M", sameDay)),
    window("6m", "Last 6 months", months: 6, .quantStats("6M", sameDay)),
    Metric(
      "ytd", "Year to date", .percent, .higher, "return of the last bar's year", .quantStats("YTD")
    ) { $0.compounded($0.current(.year)) },
    window("1y", "Last year", months: 12, .quantStats("1Y", sameDay)),
    annualised("3y", "Last 3 years, a year", years: 3, .quantStats("3Y (ann.)", "takes 35 months")),
    annualised("5y", "Last 5 years, a year", years: 5, .quantStats("5Y (ann.)", "takes 59 months")),
    annualised(
      "10y", "Last 10 years, a year", years: 10, .quantStats("10Y (ann.)", "takes 119 months")),
  ]

  private static let sameDay =
    "takes the day so many months ago too, and of a shorter run all there is"

  private static func window(
    _ key: String, _ title: String, months: Int, _ name: Metric.Name
  ) -> Metric {
    Metric(
      key, title, .percent, .higher,
      "return of the bars later than the last day less \(months) months", name
    ) { run throws(Undefined) in run.compounded(try run.trailing(months: months)) }
  }

  private static func annualised(
    _ key: String, _ title: String, years: Int, _ name: Metric.Name
  ) -> Metric {
    Metric(
      key, title, .percent, .higher,
      "(1 + return of the bars later than the last day less \(years) years)^(N ÷ those bars) − 1",
      name
    ) { run throws(Undefined) in
      let bars = try run.trailing(months: 12 * years)
      guard run.last >= 0 else { throw Undefined("the account is below zero at the end") }
      return pow(1 + run.compounded(bars), run.barsPerYear / Double(bars.count)) - 1
    }
  }

  private static let best: [Metric] = [
    Metric(
      "best_day", "Best day", .percent, .higher, "max return of a day", .quantStats("Best Day")
    ) { $0.returns(by: .day).reduce(-.infinity, max) },
    Metric(
      "worst_day", "Worst day", .percent, .higher, "min return of a day", .quantStats("Worst Day")
    ) { $0.returns(by: .day).reduce(.infinity, min) },
    Metric(
      "best_day_profit", "Best day, in money", .money, .higher, "max profit of a day",
      .freqtrade("Best day", "puts a trade's profit onto the day it ended")
    ) { $0.profits(by: .day).reduce(-.infinity, max) },
    Metric(
      "worst_day_profit", "Worst day, in money", .money, .higher, "min profit of a day",
      .freqtrade("Worst day", "puts a trade's profit onto the day it ended")
    ) { $0.profits(by: .day).reduce(.infinity, min) },
    Metric(
      "best_month", "Best month", .percent, .higher, "max return of a month",
      .quantStats("Best Month")
    ) { $0.returns(by: .month).reduce(-.infinity, max) },
    Metric(
      "worst_month", "Worst month", .percent, .higher, "min return of a month",
      .quantStats("Worst Month")
    ) { $0.returns(by: .month).reduce(.infinity, min) },
    Metric(
      "best_year", "Best year", .percent, .higher, "max return of a year", .quantStats("Best Year")
    ) { $0.returns(by: .year).reduce(-.infinity, max) },
    Metric(
      "worst_year", "Worst year", .percent, .higher, "min return of a year",
      .quantStats("Worst Year")
    ) { $0.returns(by: .year).reduce(.infinity, min) },
    Metric(
      "mean_up_month", "Mean gaining month", .percent, .higher, "mean over months with a gain",
      .quantStats("Avg. Up Month")
    ) { run throws(Undefined) in
      try run.returns(by: .month).filter { $0 > 0 }.mean(else: Undefined("no month gained"))
    },
    Metric(
      "mean_down_month", "Mean losing month", .percent, .higher, "mean over months with a loss",
      .quantStats("Avg. Down Month")
    ) { run throws(Undefined) in
      try run.returns(by: .month).filter { $0 < 0 }.mean(else: Undefined("no month lost"))
    },
  ]

  private static let winning: [Metric] = [
    won("win_days", "Winning days", .day, .quantStats("Win Days %")),
    won("win_months", "Winning months", .month, .quantStats("Win Month %")),
    won("win_quarters", "Winning quarters", .quarter, .quantStats("Win Quarter %")),
    won("win_years", "Winning years", .year, .quantStats("Win Year %")),
    Metric(
      "days_won", "Days with a gain", .count, .higher, "Σ [return of the day > 0]",
      .freqtrade("Days win/draw/lose", "puts a trade's profit onto the day it ended")
    ) { Double($0.returns(by: .day).count { $0 > 0 }) },
    Metric(
      "days_flat", "Days without change", .count, .neither, "Σ [return of the day = 0]",
      .freqtrade("Days win/draw/lose", "has days without a trade's end here")
    ) { Double($0.returns(by: .day).count { $0 == 0 }) },
    Metric(
      "days_lost", "Days with a loss", .count, .lower, "Σ [return of the day < 0]",
      .freqtrade("Days win/draw/lose", "puts a trade's profit onto the day it ended")
    ) { Double($0.returns(by: .day).count { $0 < 0 }) },
  ]

  private static func won(
    _ key: String, _ title: String, _ period: Period, _ name: Metric.Name
  ) -> Metric {
    Metric(
      key, title, .percent, .higher, "those with a gain ÷ those with a gain or a loss", name
    ) { run throws(Undefined) in
      let returns = run.returns(by: period)
      return try Double(returns.count { $0 > 0 })
        .over(Double(returns.count { $0 != 0 }), else: Undefined("the account never moved"))
    }
  }
}
