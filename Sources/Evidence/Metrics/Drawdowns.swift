import Foundation
import Runtime

extension MetricCatalogue {
  static let drawdowns: [Metric] = [
    Metric(
      "max_drawdown", "Maximum drawdown", .percent, .higher, "min D",
      .quantStats("Max Drawdown"),
      .freqtrade(
        "Max % of account underwater", "has it above zero, and looks at the end of each trade only"),
      .lean("Drawdown", "has it above zero, rounded to a tenth of a percent")
    ) { min(0, $0.drawdowns.reduce(0, min)) },
    Metric(
      "max_drawdown_money", "Maximum drawdown in money", .money, .higher,
      "min (V(i) − highest V up to i)",
      .freqtrade("Absolute drawdown", "has it above zero, and looks at the end of each trade only")
    ) { run in
      var (peak, deepest) = (run.first, 0.0)
      for value in run.record.values {
        peak = max(peak, value)
        deepest = min(deepest, value - peak)
      }
      return deepest
    },
    Metric(
      "max_drawdown_date", "Day of the maximum drawdown", .date, "the day where D is least",
      .quantStats("Max DD Date"), .freqtrade("Drawdown end")
    ) { run throws(Undefined) in .date(run.days[try run.deepest().trough]) },
    Metric(
      "max_drawdown_start", "The maximum drawdown began", .date,
      "the first day below the peak that it counts from", .quantStats("Max DD Period Start"),
      .freqtrade("Drawdown start", "is the day of the peak")
    ) { run throws(Undefined) in .date(run.days[try run.deepest().start]) },
    Metric(
      "max_drawdown_end", "The maximum drawdown ended", .date,
      "the last day before that peak was reached again, or the last day",
      .quantStats("Max DD Period End")
    ) { run throws(Undefined) in .date(run.days[try run.deepest().end]) },
    Metric(
      "max_drawdown_bars", "Longest time below a peak, in bars", .bars, .lower,
      "most bars in a row with D < 0"
    ) { Double($0.episodes.reduce(0) { max($0, $1.bars) }) },
    Metric(
      "longest_drawdown_days", "Longest time below a peak", .days, .lower,
      "most days of the calendar from the first bar with D < 0 to the last before D = 0, both counted",
      .quantStats(
        "Longest DD Days", "finds none where the account is below its start in every bar")
    ) { run in run.episodes.reduce(0) { max($0, run.calendarDays($1)) } },
    Metric(
      "mean_drawdown", "Mean drawdown", .percent, .higher,
      "mean of the depths of all times below a peak", .quantStats("Avg. Drawdown")
    ) { run throws(Undefined) in try run.episodes.map(\.depth).mean(else: .noDrawdown) },
    Metric(
      "mean_drawdown_days", "Mean time below a peak", .days, .lower,
      "mean of their days of the calendar",
      .quantStats("Avg. Drawdown Days", "is rounded to whole days")
    ) { run throws(Undefined) in
      try run.episodes.map { run.calendarDays($0) }.mean(else: .noDrawdown)
    },
    Metric(
      "drawdown_recovery_days", "Longest time until a peak was reached again", .days, .lower,
      "most days from a peak to the bar that reached it again; times still open do not count",
      .lean("Drawdown Recovery")
    ) { run throws(Undefined) in
      let closed = run.episodes.filter { !$0.isOpen }
      guard !closed.isEmpty else { throw Undefined("no peak was reached again after a fall") }
      return closed.reduce(0) { longest, episode in
        // The capital is put in before the first bar, on a day that is not recorded.
        let peak = run.days[max(0, episode.start - 1)]
        return max(longest, Double(peak.distance(to: run.days[episode.end + 1])))
      }
    },
    Metric(
      "ulcer_index", "Ulcer index", .percent, .lower, "√(Σ D² ÷ n)",
      .quantStats("Ulcer Index", "divides by n − 1, where its authors take the mean")
    ) { $0.ulcer() },
    Metric(
      "recovery_factor", "Recovery factor", .ratio, .higher, "|Σ r| ÷ |min D|",
      .quantStats("Recovery Factor")
    ) { run throws(Undefined) in
      try abs(run.returns.sum()).over(-run.drawdowns.reduce(0, min), else: .noDrawdown)
    },
  ]
}

extension RunSeries {
  func deepest() throws(Undefined) -> DrawdownEpisode {
    guard let deepest = episodes.min(by: { $0.depth < $1.depth }) else { throw .noDrawdown }
    return deepest
  }

  func calendarDays(_ episode: DrawdownEpisode) -> Double {
    Double(days[episode.start].distance(to: days[episode.end]) + 1)
  }

  /// The root of the mean square of all distances from the peak: Martin 1987, in Martin and McCann, The
  /// Investor's Guide to Fidelity Funds (1989).
  func ulcer() -> Double {
    (drawdowns.reduce(0) { $0 + $1 * $1 } / Double(count)).squareRoot()
  }
}
