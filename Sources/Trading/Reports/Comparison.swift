import Evidence
import Market
import Numerics
import Runtime

/// Several runs on one page.
public struct Comparison: Sendable {
  private let runs: [RunReport]
  private let names: [String]

  /// Of two runs or more.
  public init(_ runs: [RunReport]) {
    self.runs = runs
    var seen: [String: Int] = [:]
    names = runs.map { run in
      seen[run.strategy, default: 0] += 1
      let count = seen[run.strategy] ?? 1
      return count == 1 ? run.strategy : "\(run.strategy) (\(count))"
    }
  }

  public var page: Page {
    Page(
      title: "\(runs.count) runs side by side",
      blocks: [
        .facts(facts), .verdict(verdict), .heading("Figures"), .table(table),
        .heading("Equity and drawdown"),
      ] + charts + [.heading("How alike they are")] + likeness + [
        .heading("What each was made under"), .table(conditions), .heading("All figures"),
        .fold("Every figure of every run", [everything]),
      ])
  }

  private var facts: [Page.Fact] {
    zip(names, runs).map { name, run in
      .init(
        name,
        "\(run.symbolList); \(run.firstDay) to \(run.lastDay), "
          + "\(NumberText.count(run.series.count))\u{A0}bars of \(run.interval)")
    }
  }

  /// Which is best, and whether that is more than luck.
  public var verdict: String {
    let ranked = runs.indices.filter { runs[$0].performance.sharpe != nil }.sorted {
      (runs[$0].performance.sharpe ?? 0) > (runs[$1].performance.sharpe ?? 0)
    }
    guard let best = ranked.first, let next = ranked.dropFirst().first else {
      return "Fewer than two of these accounts ever moved, so there is nothing to compare."
    }
    let ratio = { (place: Int) in NumberText.ratio(runs[place].performance.sharpe ?? .nan) }
    let said =
      "\(names[best]) has the highest Sharpe ratio, \(ratio(best)), before \(names[next]) with "
      + "\(ratio(next))"
    let (a, b) = common(best, next)
    guard a.count > 40 else {
      return "\(said); they have too few days in common to say whether that is more than luck."
    }
    let bootstrap = Bootstrap(
      Performance(values: a, barsPerYear: 252), against: Performance(values: b, barsPerYear: 252),
      resamples: 1000, seed: runs[best].conditions.seed)
    let range = bootstrap.sharpeDifference
    return "\(said). Over their \(NumberText.count(a.count - 1)) common days the difference lies "
      + "between \(NumberText.range(range)): \(conclusion(best, isTold: range.lowerBound > 0))."
  }

  /// What the difference is worth, and what all trials on record leave of the best run's own ratio.
  private func conclusion(_ best: Int, isTold: Bool) -> String {
    let difference =
      isTold ? "more than luck explains" : "within luck: the two cannot be told apart"
    let run = runs[best]
    let chance = run.deflation.map { "a chance of \(Deflation.words($0.chance))" }
    guard let warning = run.sharpeWarning else {
      let own = chance.map {
        "; counting all trials on record, the ratio of \(names[best]) itself is above luck with \($0)"
      }
      return difference + (own ?? (isTold ? ", if no other runs were tried" : ""))
    }
    let verb = warning.hasPrefix("cannot") ? "" : "is "
    return difference + (isTold ? ". Yet" : "; and")
      + " the ratio of \(names[best]) itself \(verb)\(warning)"
      + (chance.map { ": counting all trials on record, it is above luck with \($0)" } ?? "")
  }

  /// The accounts of two runs over the days that both have.
  private func common(_ one: Int, _ other: Int) -> ([Double], [Double]) {
    let days = Dictionary(
      runs[other].dailyReturns.map { ($0.day, $0.value) }, uniquingKeysWith: { first, _ in first })
    var (a, b) = ([1.0], [1.0])
    for (day, value) in runs[one].dailyReturns {
      guard let held = days[day] else { continue }
      a.append(a[a.count - 1] * (1 + value))
      b.append(b[b.count - 1] * (1 + held))
    }
    return (a, b)
  }
}

// Tables.
extension Comparison {
  private static let keys = [
    "return", "annual_return", "annual_volatility", "sharpe", "sortino", "calmar", "max_drawdown",
    "longest_drawdown_days", "ulcer_index", "skew", "cvar_95_historical", "exposure", "turnover",
    "fees", "trades", "win_rate", "profit_factor", "expectancy", "holding_mean", "beta", "alpha",
    "information_ratio",
  ]

  /// The figures that people ask for first, each with the values of all runs.
  public static func figures(of runs: [RunReport]) -> [(name: String, values: [String])] {
    var figures = MetricCatalogue.all.filter { keys.contains($0.key) }.map { metric in
      (
        name: FigureTables.title(metric),
        values: runs.map { FigureTables.text(metric($0.series), metric.unit) }
      )
    }
    if runs.contains(where: { $0.deflation != nil }) {
      figures.append(
        (
          "Chance that the Sharpe ratio is above what luck gives",
          runs.map { $0.deflation.map { Deflation.words($0.chance) } ?? NumberText.absent }
        ))
    }
    return figures
  }

  private var table: Page.Table {
    Page.Table(
      caption: "\(runs.count) runs, after costs",
      columns: [.words("figure")] + names.map { .numbers($0) },
      rows: Self.figures(of: runs).map { [$0.name] + $0.values })
  }

  private var everything: Page.Table {
    Page.Table(
      caption: "\(MetricCatalogue.all.count) figures",
      columns: [.words("figure")] + names.map { .numbers($0) },
      rows: MetricCatalogue.all.map { metric in
        [FigureTables.title(metric)]
          + runs.map { FigureTables.text(metric($0.series), metric.unit) }
      })
  }

  private var conditions: Page.Table {
    func row(_ name: String, _ value: (RunReport) -> String) -> [String] {
      [name] + runs.map(value)
    }
    return Page.Table(
      caption: "Data, capital, costs and seed",
      columns: [.words("")] + names.map { .words($0) },
      rows: [
        row("data", \.data), row("timeframe") { $0.interval.description },
        row("capital") { $0.money($0.conditions.initialCash) },
        row("half-spread, commission in bp") {
          NumberText.fixed($0.conditions.halfSpreadBasisPoints, decimals: 1) + ", "
            + NumberText.fixed($0.conditions.commissionBasisPoints, decimals: 1)
        },
        row("look-ahead") {
          $0.proof.map { $0.isClean ? "none found" : "found" } ?? "not examined"
        },
        row("seed") { "\($0.conditions.seed)" },
      ])
  }
}

// Charts.
extension Comparison {
  private static let roles: [TimeChart.Series.Role] = [
    .subject, .second, .third, .fourth, .loss, .benchmark,
  ]

  /// What has room at the end of a line; with its number where others would be called the same.
  private func label(_ place: Int) -> String {
    func short(_ name: String) -> String { name.count <= 9 ? name : name.prefix(8) + "…" }
    let own = short(names[place])
    let isShared = names.indices.contains { $0 != place && short(names[$0]) == own }
    return isShared ? short("\(place + 1) \(names[place])") : own
  }

  /// Every day that some run has, and each run's account on it.
  private var daily: (times: [Timestamp], accounts: [[Double]]) {
    let returns = runs.map(\.dailyReturns)
    let days = Set(returns.flatMap { $0.map(\.day) }).sorted()
    let places = Dictionary(uniqueKeysWithValues: days.enumerated().map { ($1, $0) })
    let accounts = returns.map { run in
      var account = [Double](repeating: .nan, count: days.count)
      var value = 1.0
      for (day, change) in run {
        value *= 1 + change
        if let place = places[day] { account[place] = value }
      }
      return account
    }
    let times = days.map {
      Timestamp(nanoseconds: Int64($0.dayNumber) * Timestamp.nanosecondsPerDay)
    }
    return (times, accounts)
  }

  private var charts: [Page.Block] {
    let (times, accounts) = daily
    let shown = runs.indices.prefix(Self.roles.count)
    let final =
      shown.max { runs[$0].performance.totalReturn < runs[$1].performance.totalReturn } ?? 0
    let note = runs.count > shown.count ? " The first \(shown.count) runs are drawn." : ""
    func series(_ values: [[Double]]) -> [TimeChart.Series] {
      shown.map { place in
        .init(label(place), Self.roles[place], values[place])
      }
    }
    return [
      .chart(
        TimeChart(
          title: "\(names[final]) grew the most: one became "
            + NumberText.ratio(1 + runs[final].performance.totalReturn),
          caption: "Each account at the end of each day, as a multiple of its beginning.\(note)",
          times: times, series: series(accounts), format: .ratio, growsByFactors: true, height: 340)
      ),
      .chart(
        TimeChart(
          title: "The deepest fall was "
            + NumberText.percent(runs.map(\.performance.maxDrawdown).min() ?? .nan),
          caption: "Distance of each account from its highest value so far.", times: times,
          series: series(accounts.map(Self.drawdowns)), format: .percent, height: 200)),
    ]
  }

  private static func drawdowns(_ values: [Double]) -> [Double] {
    var peak = 1.0
    return values.map { value in
      guard value.isFinite else { return .nan }
      peak = max(peak, value)
      return value / peak - 1
    }
  }

  private var likeness: [Page.Block] {
    func correlation(_ one: Int, _ other: Int) -> Double {
      let (a, b) = common(one, other)
      guard a.count > 20 else { return .nan }
      let x = (1..<a.count).map { a[$0] / a[$0 - 1] - 1 }
      let y = (1..<b.count).map { b[$0] / b[$0 - 1] - 1 }
      let (mx, my) = (x.reduce(0, +) / Double(x.count), y.reduce(0, +) / Double(y.count))
      var (xy, xx, yy) = (0.0, 0.0, 0.0)
      for (u, v) in zip(x, y) {
        xy += (u - mx) * (v - my)
        xx += (u - mx) * (u - mx)
        yy += (v - my) * (v - my)
      }
      return xx > 0 && yy > 0 ? xy / (xx * yy).squareRoot() : .nan
    }
    let rows = runs.indices.map { row in
      HeatChart.Row("\(row + 1) \(names[row])", runs.indices.map { correlation(row, $0) })
    }
    return [
      .heat(
        HeatChart(
          title: "Correlation of daily returns",
          caption: "Over the days that both of a pair have; 1 is the same, 0 unrelated.",
          columns: runs.indices.map { "\($0 + 1)" }, rows: rows, showsNumbers: true))
    ]
  }
}
