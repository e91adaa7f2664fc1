import Evidence
import Features
import Market
import Numerics
import Runtime

/// The page of one back-test.
public struct TearSheet: Sendable {
  public var report: RunReport
  /// The bars, where they are at hand: without them there are no candles.
  public var frames: [Frame]
  /// What was filled, to be marked on the candles.
  public var fills: [Mark]
  /// The text of the charting library, where it is installed.
  public var library: String?

  /// A fill on a chart.
  public struct Mark: Sendable {
    public var symbol: Symbol
    public var time: Timestamp
    public var price: Double
    public var isPurchase: Bool
  }

  /// - Parameter proof: what was found when the future was changed, where it was tried
  public init(
    evidence: Appraisal, frames: [Frame], proof: LookAheadVerdict?, data: String, library: String?,
    sectors: [Symbol: String] = [:]
  ) {
    let result = evidence.result
    report = RunReport(evidence, data: data, proof: proof.map { RunReport.Proof($0) })
    report.sectors = sectors
    self.frames = frames
    fills = result.fills.map { fill in
      Mark(
        symbol: result.symbol(of: fill), time: fill.time, price: Double(fill.price),
        isPurchase: !fill.quantity.isNegative)
    }
    self.library = library
  }

  /// Of a run whose bars are not at hand.
  public init(_ report: RunReport) {
    self.report = report
    (frames, fills, library) = ([], [], nil)
  }

  public var page: Page {
    let head = HeadSection(report)
    let time = TimeSection(report)
    let luck = LuckSection(report)
    return Page(
      title: "\(report.strategy) on \(report.symbolList)",
      blocks: [.facts(head.facts), .verdict(report.verdict.text), .figures(head.figures)]
        + [.heading("Equity and drawdown")] + time.equityAndDrawdown
        + [.heading("Through time")] + time.rolling
        + [.heading("Months and days")] + time.monthsAndDays
        + [.heading("Price and trades")] + PriceSection(self).blocks
        + [.heading("Exposure, turnover and costs")] + CostSection(report).blocks
        + [.heading("Where it came from")] + AttributionSection(report).blocks
        + [.heading("Limits")] + luck.refusals
        + [.heading("Luck and fragility")] + luck.blocks
        + [
          .heading("All figures"),
          .fold("182 figures, and why some have no value", FigureTables.of(report.series)),
        ]
        + [.heading("How this was made"), .text(luck.proof), .text(head.method)])
  }
}
