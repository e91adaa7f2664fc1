import Evidence
import Market
import Numerics
import Runtime

/// How much was invested and traded, and what that cost.
struct CostSection {
  private let report: RunReport
  private let times: [Timestamp]

  init(_ report: RunReport) {
    self.report = report
    times = report.stamps.map(report.wall)
  }

  var blocks: [Page.Block] {
    [exposure, turnover, .table(costs)].compactMap { $0 }
  }

  private var exposure: Page.Block? {
    guard let exposure = report.series.record.exposure else { return nil }
    let invested = exposure.count { abs($0) > 1e-9 }
    let most = exposure.map(abs).max() ?? 0
    return .chart(
      TimeChart(
        title:
          "Something was held at \(NumberText.percent(share(invested, exposure.count))) of the "
          + "closes, at most \(NumberText.percent(most)) of the account",
        caption: "Holdings over the value of the account at each close; below zero where more was "
          + "sold short than bought.",
        times: times, series: [.init("held", .subject, exposure)], format: .percent, height: 170))
  }

  private func share(_ part: Int, _ whole: Int) -> Double { Double(part) / Double(max(1, whole)) }

  /// What was bought and sold in each month, over the mean account of that month.
  private var turnover: Page.Block? {
    guard let traded = report.series.record.traded, report.dailyReturns.count >= 60 else {
      return nil
    }
    var months: [(time: Timestamp, traded: Double, value: Double, bars: Int)] = []
    for (row, amount) in traded.enumerated() {
      let date = times[row].utcDate.yearMonthDay
      let last = months.last?.time.utcDate.yearMonthDay
      if last.map({ ($0.year, $0.month) == (date.year, date.month) }) != true {
        months.append((times[row], 0, 0, 0))
      }
      months[months.count - 1].time = times[row]
      months[months.count - 1].traded += amount
      months[months.count - 1].value += report.values[row + 1]
      months[months.count - 1].bars += 1
    }
    let rates = months.map { $0.traded / ($0.value / Double($0.bars)) }
    let mean = rates.reduce(0, +) / Double(max(1, rates.count))
    return .chart(
      TimeChart(
        title: "\(NumberText.ratio(mean)) × the account was traded in a month on average",
        caption: "Purchases and sales of each month over the account's mean value in it.",
        times: months.map(\.time), series: [.init("traded", .subject, rates)], format: .ratio,
        height: 150))
  }

  private var costs: Page.Table {
    let traded = report.series.record.traded?.reduce(0, +) ?? .nan
    let fees = report.series.record.fees ?? .nan
    let spread = traded * report.conditions.halfSpreadBasisPoints / 10_000
    let profit = report.values[report.values.count - 1] - report.values[0]
    let years = report.series.years
    let mean = report.values.reduce(0, +) / Double(report.values.count)
    func row(_ name: String, _ amount: Double) -> [String] {
      [
        name, report.money(amount), NumberText.percent(amount / years / mean),
        profit + fees + spread > 0
          ? NumberText.percent(amount / (profit + fees + spread)) : NumberText.absent,
      ]
    }
    return Page.Table(
      caption: "What trading cost, of \(report.money(traded)) traded",
      columns: [
        .words("cost"), .numbers(report.currency), .numbers("of the account a year"),
        .numbers("of the profit before it"),
      ],
      rows: [
        row("commission and taxes", fees), row("half the spread, in the prices", spread),
        row("together", fees + spread),
      ])
  }
}
