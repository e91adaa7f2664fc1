import Runtime

/// Every figure that reports, sweeps and model evaluations print, each defined here and nowhere else.
public enum MetricCatalogue {
  /// In the order in which people look for them.
  public static let all: [Metric] =
    account + returns + periods + risk + drawdowns + ratios + bars + relative + trades
    + tradeProfits
    + tradePaths + orders

  /// What the letters in formulas stand for.
  public static let symbols: [(symbol: String, meaning: String)] = [
    ("V(i)", "what the account was worth at the end of bar i; V(0) is the capital put in"),
    ("n", "the number of bars"),
    ("N", "bars a year, from calendar and interval"),
    ("Y", "years: n ÷ N"),
    ("r", "the returns of the bars, V(i) ÷ V(i − 1) − 1"),
    ("f", "the risk-free rate of a bar, (1 + rate a year)^(1 ÷ N) − 1"),
    ("x", "excess returns, r − f"),
    ("b", "the returns of the benchmark in the same bars"),
    ("D", "drawdowns, V(i) ÷ the highest V up to i − 1: at most zero"),
    ("h", "what was held over V(i), at the end of each bar; short holdings negative"),
    (
      "p, k, c",
      "profit (after costs), stake and costs of a trade that is over; trades by time of exit"
    ),
    ("mean, s", "the mean, and the standard deviation of a sample (n − 1)"),
    ("q(α)", "the quantile at α, linear between neighbours in rank (Hyndman and Fan's type 7)"),
    ("Φ, φ", "the normal distribution and its density"),
    ("γ₃, γ₄", "skewness and kurtosis (3 for a normal distribution), with division by n"),
    ("[…]", "1 where what stands inside holds, else 0; a sum over [r > 0] takes those bars"),
  ]

  /// The metric of a key, or an error that names the nearest.
  public static func metric(_ key: String) throws(EvidenceError) -> Metric {
    guard let metric = all.first(where: { $0.key == key }) else {
      throw .unknownMetric(key, nearest: Words.nearest(to: key, among: all.map(\.key)))
    }
    return metric
  }

  /// The figure of a key that is known to be one; `nil` where the run has none.
  public static func number(_ key: String, of run: RunSeries) -> Double? {
    let metric = all.first { $0.key == key }
    precondition(metric != nil, "there is a metric of this key")
    return metric?.callAsFunction(run).number
  }

  /// Every figure of a run.
  public static func values(of run: RunSeries) -> [(metric: Metric, value: MetricValue)] {
    all.map { ($0, $0(run)) }
  }

  /// Plain numbers by key; null where a figure has no value, with the reasons under `undefined`.
  public static func json(of run: RunSeries) -> JSON {
    let values = values(of: run)
    var members = values.map { JSON.Member($0.metric.key, $0.value.json) }
    let reasons = values.compactMap { metric, value -> JSON.Member? in
      guard case .undefined(let reason) = value else { return nil }
      return JSON.Member(metric.key, JSON(reason))
    }
    members.append(JSON.Member("undefined", .object(reasons)))
    members.append(JSON.Member("bars_per_year", JSON(run.barsPerYear)))
    members.append(JSON.Member("annualisation", JSON(run.record.annualisation.statement)))
    return .object(members)
  }
}
