import Foundation
import Numerics

extension MetricCatalogue {
  static let ratios: [Metric] =
    sharpes + sortinos + [
      Metric(
        "omega", "Omega ratio", .ratio, .higher, "Σ max(x, 0) ÷ Σ max(−x, 0)", .quantStats("Omega")
      ) { run throws(Undefined) in
        let gains = run.excess.reduce(0) { $0 + max($1, 0) }
        return try gains.over(run.excess.reduce(0) { $0 + max(-$1, 0) }, else: .noLoss)
      },
      Metric(
        "calmar", "Calmar ratio", .ratio, .higher, "return a year ÷ |min D|", .quantStats("Calmar"),
        .freqtrade(
          "Calmar", "divides the profit of a day in percent by the drawdown and multiplies by √365")
      ) { run throws(Undefined) in
        try run.growth(to: 1 / run.years).over(-run.drawdowns.reduce(0, min), else: .noDrawdown)
      },
      Metric(
        "ulcer_performance", "Ulcer performance index", .ratio, .higher,
        "(return − risk-free rate a year) ÷ ulcer index",
        .quantStats("Ulcer Performance Index", "has another ulcer index, see there")
      ) { run throws(Undefined) in
        try (run.last / run.first - 1 - run.record.riskFreeRate).over(
          run.ulcer(), else: .noDrawdown)
      },
      Metric(
        "serenity", "Serenity index", .ratio, .higher,
        "(Σ r − risk-free rate a year) ÷ (ulcer index × pitfall); pitfall = −mean D over [D ≤ q(0.05) "
          + "of D] ÷ s(r)",
        .quantStats(
          "Serenity Index",
          "takes the shortfall of a normal distribution, which drawdowns, at most zero, do not have"
        )
      ) { run throws(Undefined) in
        let threshold = try run.quantile(0.05, of: run.drawdowns)
        let tail = try run.drawdowns.filter { $0 <= threshold }.mean(else: .noDrawdown)
        let pitfall = -tail / (try run.deviation(of: run.moments))
        return try (run.returns.sum() - run.record.riskFreeRate)
          .over(run.ulcer() * pitfall, else: .noDrawdown)
      },
      Metric(
        "gain_to_pain", "Gain to pain", .ratio, .higher, "Σ r ÷ Σ max(−r, 0)",
        .quantStats("Gain/Pain Ratio")
      ) { run throws(Undefined) in
        try run.returns.sum().over(run.returns.reduce(0) { $0 + max(-$1, 0) }, else: .noLoss)
      },
      Metric(
        "gain_to_pain_month", "Gain to pain by months", .ratio, .higher,
        "Σ m ÷ Σ max(−m, 0), m the sums of r of each month", .quantStats("Gain/Pain (1M)")
      ) { run throws(Undefined) in
        let months = run.bars(by: .month).map { run.returns[$0].sum() }
        return try months.sum().over(months.reduce(0) { $0 + max(-$1, 0) }, else: .noLoss)
      },
      Metric(
        "risk_return", "Mean over deviation of a bar", .ratio, .higher, "mean r ÷ s(r)",
        .quantStats("Risk-Return Ratio")
      ) { run throws(Undefined) in run.moments.mean / (try run.deviation(of: run.moments)) },
    ]

  private static let sharpes: [Metric] = [
    Metric(
      "sharpe", "Sharpe ratio", .ratio, .higher, "mean x ÷ s(x) × √N", .quantStats("Sharpe"),
      .freqtrade(
        "Sharpe",
        "divides the profit of a day of the calendar by the deviation of trades' profits, × √365"),
      .lean("Sharpe Ratio", "compounds the mean return to a year before it divides")
    ) { run throws(Undefined) in try run.sharpeEstimate().sharpe * run.barsPerYear.squareRoot() },
    Metric(
      "probabilistic_sharpe", "Chance that the Sharpe ratio is above 0", .percent, .higher,
      "Φ(S × √(n − 1) ÷ √(1 − γ₃ S + (γ₄ − 1) ÷ 4 × S²)), S = mean x ÷ s(x)",
      .quantStats(
        "Prob. Sharpe Ratio", "takes the sample's corrected skewness and kurtosis for γ₃ and γ₄")
    ) { run throws(Undefined) in try run.sharpeEstimate().chance(above: 0) },
    Metric(
      "probabilistic_sharpe_one", "Chance that the Sharpe ratio is above 1", .percent, .higher,
      "Φ((S − 1 ÷ √N) × √(n − 1) ÷ √(1 − γ₃ S + (γ₄ − 1) ÷ 4 × S²))",
      .lean(
        "Probabilistic Sharpe Ratio",
        "puts the excess kurtosis where the formula has the kurtosis, so the error is too small")
    ) { run throws(Undefined) in
      try run.sharpeEstimate().chance(above: 1 / run.barsPerYear.squareRoot())
    },
    Metric(
      "smart_sharpe", "Sharpe ratio, serial correlation taken off", .ratio, .higher,
      "Sharpe ratio ÷ √(1 + 2 Σ (n − i) ÷ n × |ρ|ⁱ), i = 1…n − 1, ρ the correlation of x with the x "
        + "before", .quantStats("Smart Sharpe")
    ) { run throws(Undefined) in
      try run.sharpeEstimate().sharpe * run.barsPerYear.squareRoot() / run.serialPenalty()
    },
  ]

  private static let sortinos: [Metric] = [
    Metric(
      "sortino", "Sortino ratio", .ratio, .higher, "mean x ÷ √(mean min(x, 0)²) × √N",
      .quantStats("Sortino"),
      .freqtrade("Sortino", "takes the deviation of losing trades about their mean, × √365"),
      .lean("Sortino Ratio", "takes the deviation of losing days about their mean")
    ) { run throws(Undefined) in try run.sortino() },
    Metric(
      "smart_sortino", "Sortino ratio, serial correlation taken off", .ratio, .higher,
      "Sortino ratio ÷ the root of the smart Sharpe ratio", .quantStats("Smart Sortino")
    ) { run throws(Undefined) in try run.sortino() / run.serialPenalty() },
    Metric(
      "adjusted_sortino", "Sortino ratio ÷ √2", .ratio, .higher, "Sortino ratio ÷ √2",
      .quantStats("Sortino/√2")
    ) { run throws(Undefined) in try run.sortino() / 2.0.squareRoot() },
    Metric(
      "smart_adjusted_sortino", "Sortino ratio ÷ √2, serial correlation taken off", .ratio, .higher,
      "smart Sortino ratio ÷ √2", .quantStats("Smart Sortino/√2")
    ) { run throws(Undefined) in try run.sortino() / run.serialPenalty() / 2.0.squareRoot() },
  ]
}

extension RunSeries {
  func sortino() throws(Undefined) -> Double {
    excessMoments.mean / (try downside()) * barsPerYear.squareRoot()
  }

  /// By how much serial correlation makes the deviation of sums larger than √ of their number has it.
  func serialPenalty() throws(Undefined) -> Double {
    guard count > 2 else { throw Undefined("fewer than three bars have no serial correlation") }
    var (pairs, before, after) = (StreamingCovariance(), StreamingMoments(), StreamingMoments())
    for row in 1..<count {
      pairs.add(excess[row - 1], excess[row])
      before.add(excess[row - 1])
      after.add(excess[row])
    }
    _ = try deviation(of: before)
    _ = try deviation(of: after)
    let correlation = abs(pairs.correlation)
    let n = Double(count)
    var (sum, power) = (0.0, 1.0)
    for lag in 1..<count {
      power *= correlation
      sum += (n - Double(lag)) / n * power
      if power < 1e-18 { break }
    }
    return (1 + 2 * sum).squareRoot()
  }
}
