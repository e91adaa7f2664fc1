import Evidence
import Market
import Numerics
import Runtime

/// What a run is, and the eight figures to look at first.
struct HeadSection {
  private let report: RunReport
  private let performance: Performance
  private let held: Performance
  private let bootstrap: Bootstrap

  init(_ report: RunReport) {
    self.report = report
    performance = report.performance
    held = Performance(values: report.benchmark, barsPerYear: report.barsPerYear)
    bootstrap = report.bootstrap
  }

  private func number(_ key: String) -> Double? {
    MetricCatalogue.number(key, of: report.series)
  }

  var facts: [Page.Fact] {
    let conditions = report.conditions
    let leverage = conditions.leverage.map {
      ", on margin up to \(NumberText.ratio($0, decimals: 1)) × the account"
    }
    return [
      .init(
        "Dates",
        "\(report.firstDay) to \(report.lastDay), "
          + "\(NumberText.count(report.series.count))\u{A0}bars of \(report.interval)"),
      .init("Data", report.data),
      .init(
        "Capital",
        "\(report.money(conditions.initialCash)), of which "
          + "\(NumberText.percent(conditions.cashReserve)) is never invested\(leverage ?? "")"),
      .init(
        "Costs",
        conditions.costs
          ?? "\(NumberText.fixed(conditions.halfSpreadBasisPoints, decimals: 1)) bp half-spread and "
          + "\(NumberText.fixed(conditions.commissionBasisPoints, decimals: 1)) bp commission on "
          + "each fill"),
      .init("Fills", "at the next bar's open, never in the bar that led to them"),
      .init(
        "Look-ahead", report.proof?.sentence ?? "not examined: run martinet prove features"),
      .init("Seed", "\(conditions.seed)"),
      .init(
        "Trials",
        report.deflation.map {
          $0.trials > 1
            ? "\(NumberText.fixed($0.trials, decimals: $0.trials < 10 ? 1 : 0)) independent ones on "
              + "these bars, this one included" : "the first on record for these bars"
        } ?? "\(conditions.trials)"),
    ]
  }

  var figures: [Page.Figure] {
    [
      .init(
        "Return a year", NumberText.percent(performance.annualReturn),
        interval: NumberText.percentRange(bootstrap.annualReturn),
        note: "\(NumberText.percent(performance.totalReturn)) in all"),
      sharpe,
      .init(
        "Maximum drawdown", NumberText.percent(performance.maxDrawdown),
        interval: NumberText.percentRange(bootstrap.maxDrawdown),
        note: "longest \(NumberText.count(performance.longestDrawdownBars)) bars below a peak",
        warning: report.warnings.first),
      .init(
        "Volatility a year", NumberText.percent(performance.annualVolatility ?? .nan),
        interval: NumberText.percentRange(bootstrap.annualVolatility),
        note: "of the bars' returns"),
      .init(
        report.benchmarkSymbol.map { "\($0), held, a year" } ?? "Buy and hold a year",
        NumberText.percent(held.annualReturn),
        note: "Sharpe \(NumberText.ratio(held.sharpe ?? .nan)), drawdown "
          + NumberText.percent(held.maxDrawdown)),
      .init(
        "Invested", NumberText.percent(number("exposure") ?? .nan),
        note: "of the account, on average"),
      trades,
      .init(
        "Fees", report.money(number("fees") ?? .nan),
        note: "\(NumberText.ratio(number("turnover") ?? .nan)) × the account traded a year"),
    ]
  }

  private var sharpe: Page.Figure {
    .init(
      "Sharpe ratio", NumberText.ratio(performance.sharpe ?? .nan),
      interval: NumberText.range(bootstrap.sharpe),
      note: "risk-free rate 0, \(report.series.record.annualisation.statement)",
      warning: report.sharpeWarning,
      missing: performance.sharpe == nil ? "the account never moved" : nil)
  }

  private var trades: Page.Figure {
    let closed = report.trades.count { !$0.isOpen }
    let factor = number("profit_factor").map { "profit factor \(NumberText.ratio($0))" }
    let rate = number("win_rate")
    return .init(
      "Winning trades", rate.map { NumberText.percent($0) } ?? "",
      note: ["of \(NumberText.count(closed)) closed", factor].compactMap { $0 }
        .joined(separator: ", "),
      warning: closed < 30 ? "too few to tell" : nil,
      missing: rate == nil ? "no trade is closed yet" : nil)
  }

  var method: String {
    "Each bar's close was shown to the strategy, which saw nothing later; its order was sized at "
      + "that close and filled at the next bar's open. Money was booked in double entry, exact to a "
      + "hundredth of a cent. Figures of a year assume "
      + "\(report.series.record.annualisation.statement); returns compound. In brackets: where 95 of "
      + "100 histories lie, from \(NumberText.count(bootstrap.resamples)) drawn by the stationary "
      + "bootstrap with blocks of \(NumberText.count(Int(bootstrap.meanBlock))) bars on average (seed "
      + "\(bootstrap.seed)). Days are those of \(report.zone.name). Past prices are no promise."
  }
}
