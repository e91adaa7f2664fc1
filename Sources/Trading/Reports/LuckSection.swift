import Evidence
import Market
import Numerics
import Runtime

/// What luck and small changes leave of the result, what was refused, and what was proved.
struct LuckSection {
  private let report: RunReport

  init(_ report: RunReport) { self.report = report }

  var refusals: [Page.Block] {
    guard !report.refusals.isEmpty else {
      return [.text("No order was refused or made smaller before it left, and no breaker tripped.")]
    }
    let count = report.refusals.reduce(0) { $0 + $1.count }
    return [
      .table(
        Page.Table(
          caption: "\(NumberText.count(count)) times a limit said no",
          columns: [.words("why"), .numbers("times"), .words("first"), .words("last")],
          rows: report.refusals.map { refusal in
            [
              refusal.reason, NumberText.count(refusal.count),
              report.day(refusal.first).description, report.day(refusal.last).description,
            ]
          }))
    ]
  }

  var blocks: [Page.Block] {
    var blocks: [Page.Block] = []
    if let deflation = report.deflation {
      blocks.append(.text(deflation.sentence(barsPerYear: report.barsPerYear)))
      blocks.append(.table(trials(deflation)))
    } else {
      blocks.append(
        .text("This run is in no ledger of trials, so that nothing is taken off for others."))
    }
    if let fragility = report.fragility { blocks.append(.text(fragility)) }
    blocks.append(.table(changes))
    if !report.doubts.isEmpty { blocks.append(.table(doubts)) }
    return blocks
  }

  private func trials(_ deflation: Deflation) -> Page.Table {
    let year = report.barsPerYear.squareRoot()
    return Page.Table(
      caption: "The Sharpe ratio against all that was tried on these bars",
      columns: [.words("figure"), .numbers("value")],
      rows: [
        ["independent trials on record", NumberText.fixed(deflation.trials, decimals: 1)],
        [
          "Sharpe ratio that luck gives the best of them, a year",
          NumberText.ratio(deflation.threshold * year),
        ],
        ["chance that the true ratio is above it", Deflation.words(deflation.chance)],
        [
          "bars with which it would pass at 95%",
          deflation.minimumCount.map { NumberText.count(Int(min($0, 1e15).rounded(.up))) }
            ?? "never",
        ],
        ["chance to find a true ratio of 1 a year", NumberText.percent(deflation.power)],
      ])
  }

  private var doubts: Page.Table {
    Page.Table(
      caption: "What a careful reader would ask about",
      columns: [.words("finding"), .words("what shows it"), .words("what to do")],
      rows: report.doubts.map { [$0.finding, $0.evidence, $0.remedy] })
  }

  private var changes: Page.Table {
    func row(_ name: String, _ values: [Double]) -> [String] {
      let performance = Performance(values: values, barsPerYear: report.barsPerYear)
      return [
        name, NumberText.percent(performance.annualReturn),
        NumberText.ratio(performance.sharpe ?? .nan), NumberText.percent(performance.maxDrawdown),
        report.money(values.last ?? .nan),
      ]
    }
    func row(_ changed: RunReport.Changed) -> [String] {
      [
        changed.what, NumberText.percent(changed.annualReturn),
        NumberText.ratio(changed.sharpe ?? .nan), NumberText.percent(changed.maxDrawdown),
        report.money(changed.endValue),
      ]
    }
    return Page.Table(
      caption: "The same days again, with one thing changed",
      columns: [
        .words("run"), .numbers("return a year"), .numbers("Sharpe"), .numbers("max drawdown"),
        .numbers("end value"),
      ],
      rows: [row("as above", report.values)]
        + (report.changes.isEmpty
          ? [row("costs doubled", report.doubledCosts)] : report.changes.map(row))
        + [row(report.benchmarkName, report.benchmark)])
  }

  /// What was proved, for the end of the page.
  var proof: String {
    guard let proof = report.proof else {
      return "Whether anything it saw lay in the future was not examined."
    }
    let seal = proof.seal.map { " Certificate \($0.prefix(16))…" } ?? ""
    return "Look-ahead proof: \(proof.sentence).\(seal)"
  }
}
