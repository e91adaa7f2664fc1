import Foundation
import Numerics

extension MetricCatalogue {
  static let risk: [Metric] = [
    Metric(
      "annual_volatility", "Volatility a year", .percent, .lower, "s(r) × √N",
      .quantStats("Volatility (ann.)"),
      .lean("Annual Standard Deviation", "is of days, also where bars are shorter")
    ) { run throws(Undefined) in
      guard run.count > 1 else { throw Undefined("one bar has no deviation") }
      return run.moments.deviation() * run.barsPerYear.squareRoot()
    },
    Metric(
      "annual_variance", "Variance a year", .ratio, .lower, "s(r)² × N", .lean("Annual Variance")
    ) { run throws(Undefined) in
      guard run.count > 1 else { throw Undefined("one bar has no deviation") }
      return run.moments.variance() * run.barsPerYear
    },
    Metric(
      "downside_deviation", "Downside deviation a year", .percent, .lower,
      "√(mean min(x, 0)²) × √N"
    ) { run in
      let squares = run.excess.reduce(0) { $0 + ($1 < 0 ? $1 * $1 : 0) }
      return (squares / Double(run.count) * run.barsPerYear).squareRoot()
    },
    Metric(
      "skew", "Skewness", .ratio, .higher,
      "n ÷ ((n − 1)(n − 2)) × Σ ((r − mean r) ÷ s(r))³", .quantStats("Skew")
    ) { run throws(Undefined) in
      guard run.count > 2 else { throw Undefined("fewer than three bars have no skewness") }
      _ = try run.deviation(of: run.moments)
      return run.moments.sampleSkewness
    },
    Metric(
      "kurtosis", "Excess kurtosis", .ratio, .lower,
      "((n + 1)(γ₄ − 3) + 6) × (n − 1) ÷ ((n − 2)(n − 3))", .quantStats("Kurtosis")
    ) { run throws(Undefined) in
      guard run.count > 3 else { throw Undefined("fewer than four bars have no kurtosis") }
      _ = try run.deviation(of: run.moments)
      return run.moments.sampleExcessKurtosis
    },
    Metric(
      "var_95", "Value at risk of a bar, 95%, normal", .percent, .higher,
      "mean r + s(r) × Φ⁻¹(0.05)", .quantStats("Daily Value-at-Risk"),
      .lean("Value at Risk 95", "takes the last year's days only")
    ) { run throws(Undefined) in try run.normalQuantile(0.05) },
    Metric(
      "var_99", "Value at risk of a bar, 99%, normal", .percent, .higher,
      "mean r + s(r) × Φ⁻¹(0.01)", .lean("Value at Risk 99", "takes the last year's days only")
    ) { run throws(Undefined) in try run.normalQuantile(0.01) },
    Metric(
      "cvar_95", "Expected shortfall of a bar, 95%, normal", .percent, .higher,
      "mean r − s(r) × φ(Φ⁻¹(0.05)) ÷ 0.05", .quantStats("Expected Shortfall (cVaR)")
    ) { run throws(Undefined) in
      guard run.count > 1 else { throw Undefined("one bar has no deviation") }
      let z = run.standardQuantile(0.05)
      return run.moments.mean - run.moments.deviation() * NormalDistribution.standard.density(z)
        / 0.05
    },
    Metric(
      "var_95_historical", "Value at risk of a bar, 95%, as it was", .percent, .higher,
      "q(0.05) of r"
    ) { run throws(Undefined) in try run.quantile(0.05, of: run.returns) },
    Metric(
      "cvar_95_historical", "Expected shortfall of a bar, 95%, as it was", .percent, .higher,
      "mean r over [r ≤ q(0.05)]"
    ) { run throws(Undefined) in
      let threshold = try run.quantile(0.05, of: run.returns)
      return try run.returns.filter { $0 <= threshold }.mean(else: Undefined("the tail is empty"))
    },
  ]
}

extension RunSeries {
  func standardQuantile(_ chance: Double) -> Double {
    // The chances asked for lie between 0 and 1.
    do { return try NormalDistribution.standard.quantile(chance) } catch { return .nan }
  }

  /// Where a normal distribution with the bars' mean and deviation has the chance below it.
  func normalQuantile(_ chance: Double) throws(Undefined) -> Double {
    guard count > 1 else { throw Undefined("one bar has no deviation") }
    return moments.mean + moments.deviation() * standardQuantile(chance)
  }
}
