import Foundation
import Numerics

/// The run beside its benchmark.
extension MetricCatalogue {
  static let relative: [Metric] = [
    Metric(
      "benchmark_return", "Buy and hold", .percent, .neither, "Π (1 + b) − 1",
      .freqtrade("Market change", "is the mean of the pairs' changes of price")
    ) { run throws(Undefined) in try run.benchmark().reduce(1) { $0 * (1 + $1) } - 1 },
    Metric(
      "excess_return", "Return beyond the benchmark's", .percent, .higher,
      "return − the benchmark's return"
    ) { run throws(Undefined) in
      run.last / run.first - (try run.benchmark().reduce(1) { $0 * (1 + $1) })
    },
    Metric(
      "alpha", "Alpha a year", .percent, .higher, "N × (mean x − beta × mean (b − f))",
      .quantStats("Alpha", "leaves the risk-free rate out"),
      .lean("Alpha", "compounds mean returns to a year before it compares them")
    ) { run throws(Undefined) in
      let benchmark = try run.benchmark()
      let free = run.moments.mean - run.excessMoments.mean
      let mean = StreamingMoments(benchmark.span).mean - free
      return run.barsPerYear * (run.excessMoments.mean - (try run.beta()) * mean)
    },
    Metric(
      "beta", "Beta", .ratio, .neither, "cov(r, b) ÷ s(b)²", .quantStats("Beta"), .lean("Beta")
    ) { run throws(Undefined) in try run.beta() },
    Metric(
      "correlation", "Correlation with the benchmark", .ratio, .neither,
      "cov(r, b) ÷ (s(r) × s(b))", .quantStats("Correlation")
    ) { run throws(Undefined) in try run.benchmarkCorrelation() },
    Metric(
      "r_squared", "R²", .ratio, .neither, "correlation²", .quantStats("R^2")
    ) { run throws(Undefined) in
      let correlation = try run.benchmarkCorrelation()
      return correlation * correlation
    },
    Metric(
      "treynor", "Treynor ratio", .percent, .higher, "N × mean x ÷ beta",
      .quantStats("Treynor Ratio", "divides the return of the whole run, of whatever length"),
      .lean("Treynor Ratio", "compounds the mean return to a year before it divides")
    ) { run throws(Undefined) in
      try (run.barsPerYear * run.excessMoments.mean)
        .over(run.beta(), else: Undefined("beta is 0"))
    },
    Metric(
      "tracking_error", "Tracking error a year", .percent, .lower, "s(r − b) × √N",
      .lean("Tracking Error")
    ) { run throws(Undefined) in
      let moments = try run.differences()
      guard moments.count > 1 else { throw Undefined("one bar has no deviation") }
      return moments.deviation() * run.barsPerYear.squareRoot()
    },
    Metric(
      "information_ratio", "Information ratio", .ratio, .higher,
      "mean (r − b) ÷ s(r − b) × √N",
      .quantStats("Information Ratio", "is of one bar, not multiplied by √N"),
      .lean("Information Ratio", "compounds mean returns to a year before it compares them")
    ) { run throws(Undefined) in
      let moments = try run.differences()
      guard moments.count > 1, moments.deviation() > 1e-15 else {
        throw Undefined("the run is never away from its benchmark by more or less")
      }
      return moments.mean / moments.deviation() * run.barsPerYear.squareRoot()
    },
  ]
}

extension RunSeries {
  private func pairs() throws(Undefined) -> StreamingCovariance {
    let benchmark = try benchmark()
    guard count > 1 else { throw Undefined("one bar has no deviation") }
    var pairs = StreamingCovariance()
    for row in 0..<count { pairs.add(returns[row], benchmark[row]) }
    return pairs
  }

  func beta() throws(Undefined) -> Double {
    let benchmark = try benchmark()
    let variance = StreamingMoments(benchmark.span).variance()
    return try pairs().covariance()
      .over(variance > 1e-30 ? variance : 0, else: Undefined("the benchmark does not vary"))
  }

  func benchmarkCorrelation() throws(Undefined) -> Double {
    let correlation = try pairs().correlation
    guard correlation.isFinite else { throw Undefined("the run or its benchmark does not vary") }
    return correlation
  }

  func differences() throws(Undefined) -> StreamingMoments {
    let benchmark = try benchmark()
    var moments = StreamingMoments()
    for row in 0..<count { moments.add(returns[row] - benchmark[row]) }
    return moments
  }
}
