import Evidence
import Foundation
import Market
import Numerics
import Runtime

/// The account through time: equity, drawdown, rolling figures, months and days.
struct TimeSection {
  private let report: RunReport
  private let performance: Performance
  private let times: [Timestamp]

  init(_ report: RunReport) {
    self.report = report
    performance = report.performance
    times = report.stamps.map(report.wall)
  }

  private var showsTimeOfDay: Bool { report.firstDay == report.lastDay }

  var equityAndDrawdown: [Page.Block] {
    let drawdowns = performance.drawdowns
    let deepest = drawdowns.indices.min { drawdowns[$0] < drawdowns[$1] }
    let date = deepest.map { times[$0].utcDate.description } ?? ""
    let equity = TimeChart(
      title: "\(report.money(report.values[0])) became "
        + "\(report.money(performance.values.last ?? .nan)); "
        + (report.benchmarkSymbol.map { "in \($0), held, " } ?? "held it became ")
        + report.money(report.benchmark.last ?? .nan),
      caption:
        "Value of the account in \(report.currency) at each close, after costs, beside buying "
        + "\(report.benchmarkSymbol?.text ?? report.symbolList) at the first open and holding with the "
        + "same costs; days of "
        + "\(report.zone.name).",
      times: times,
      series: [
        .init("strategy", .subject, Array(performance.values.dropFirst())),
        .init(report.benchmarkLabel, .benchmark, Array(report.benchmark.dropFirst())),
      ],
      format: .compact, growsByFactors: true, height: 340, showsTimeOfDay: showsTimeOfDay)
    let drawdown = TimeChart(
      title: "At worst the account was \(NumberText.percent(performance.maxDrawdown)) below its "
        + "peak, on \(date)",
      caption: "Distance from the highest value so far, on the same axis of time.", times: times,
      series: [.init("strategy", .loss, drawdowns, isArea: true)], format: .percent, height: 170,
      labelledIndex: deepest, showsTimeOfDay: showsTimeOfDay)
    return [.chart(equity), .chart(drawdown), .table(episodes)]
  }

  private var episodes: Page.Table {
    let worst = report.series.episodes.sorted { $0.depth < $1.depth }.prefix(5)
    return Page.Table(
      caption: "The deepest falls",
      columns: [
        .words("from"), .words("deepest on"), .words("back on"), .numbers("depth"),
        .numbers("bars"),
      ],
      rows: worst.map { episode in
        [
          report.day(report.stamps[episode.start]).description,
          report.day(report.stamps[episode.trough]).description,
          episode.isOpen
            ? "not yet" : report.day(report.stamps[episode.end + 1]).description,
          NumberText.percent(episode.depth), NumberText.count(episode.bars),
        ]
      })
  }
}

// Rolling figures.
extension TimeSection {
  /// Half a year of bars, or a quarter of a shorter run.
  private var window: Int {
    let half = Int((report.barsPerYear / 2).rounded())
    return max(2, min(half, report.series.count / 4))
  }

  var rolling: [Page.Block] {
    let count = report.series.count
    guard count >= 40 else {
      return [.text("\(NumberText.count(count)) bars are too few for figures of a moving window.")]
    }
    let own = Rolling(report.series.returns, window: window)
    let held = report.series.record.benchmark.map { Rolling($0, window: window) }
    let year = report.barsPerYear.squareRoot()
    func chart(
      _ name: String, _ caption: String, _ values: [Double], beside other: [Double]?,
      _ format: TimeChart.Format
    ) -> Page.Block {
      let known = values.filter(\.isFinite)
      func text(_ value: Double?) -> String {
        let value = value ?? .nan
        return switch format {
        case .percent: NumberText.percent(value)
        default: NumberText.ratio(value)
        }
      }
      return .chart(
        TimeChart(
          title: "\(name) of \(NumberText.count(window)) bars lay between \(text(known.min())) and "
            + "\(text(known.max())), last \(text(known.last))",
          caption: caption, times: times,
          series: [.init("strategy", .subject, values)]
            + (other.map { [.init(report.benchmarkLabel, .benchmark, $0)] } ?? []),
          format: format, height: 190, showsTimeOfDay: showsTimeOfDay))
    }
    var blocks = [
      chart(
        "The Sharpe ratio",
        "Mean over deviation of the last \(NumberText.count(window)) bars, a year.",
        own.ratio(times: year), beside: held?.ratio(times: year), .ratio),
      chart(
        "Volatility a year", "Deviation of the same bars' returns, scaled to a year.",
        own.deviation(times: year), beside: held?.deviation(times: year), .percent),
    ]
    if let held {
      blocks.append(
        chart(
          "Beta",
          "How far the account moved with each percent of \(report.benchmarkName), over the same bars.",
          own.beta(to: held), beside: nil, .ratio))
    }
    return blocks
  }
}

// Months and days.
extension TimeSection {
  var monthsAndDays: [Page.Block] {
    let days = report.dailyReturns
    guard days.count >= 20 else { return [.text("Too few days for months to compare.")] }
    let months = MonthTable(days)
    // Days without a position move nothing, and would hide all others.
    let values = days.map(\.value).filter { $0 != 0 }
    guard values.count >= 20 else { return [.text("The account moved on too few days.")] }
    let gained = values.count { $0 > 0 }
    let worst = values.sorted()[values.count / 20]
    let mean = values.reduce(0, +) / Double(values.count)
    return [
      .heat(
        HeatChart(
          title: "\(NumberText.count(months.gained)) of \(NumberText.count(months.count)) months "
            + "gained",
          caption: "Return of each month and year in percent, after costs; colour is full at "
            + "\(NumberText.percent(months.full)).",
          columns: MonthTable.columns, rows: months.rows, full: months.full, showsNumbers: true,
          isPercent: true)),
      .distribution(
        DistributionChart(
          title:
            "\(NumberText.count(gained)) of \(NumberText.count(values.count)) days with a change gained; one "
            + "day in twenty lost more than \(NumberText.percent(abs(min(0, worst)), withSign: false))%",
          caption:
            "How often a day returned so much, \(NumberText.count(days.count - values.count)) days "
            + "without a change left out. The outermost bars hold all that lies beyond.",
          values: values, marks: [.init("mean", mean), .init("worst of twenty", worst)])),
    ]
  }
}
