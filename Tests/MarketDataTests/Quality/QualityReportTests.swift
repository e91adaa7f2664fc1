import Foundation
import Market
import MarketData
import Runtime
import Testing

@Suite("The report on quality")
struct QualityReportTests {
  private func series(_ name: String, spoil: (inout DraftBars) -> Void = { _ in }) throws
    -> CheckedSeries
  {
    var draft = try DraftBars.clean(from: "2015-01-02", to: "2016-06-30", seed: 1)
    draft.symbol = try Symbol(parsing: name)
    spoil(&draft)
    let context = QualityContext(calendar: .nyse, adjustment: .splits)
    return CheckedSeries(
      draft.batch, source: "test", in: context, findings: Quality.check(draft.batch, in: context))
  }

  private func report(_ series: [CheckedSeries]) -> QualityReport {
    QualityReport(series: series, place: "sqlite:test.db", profile: .training)
  }

  @Test("says in one sentence whether the series can be used")
  func verdicts() throws {
    let good = try series("GOOD")
    let doubtful = try series("ODD") { $0.rows[30].volume = 0 }
    let bad = try series("BAD") { $0.rows[30].high = .nan }
    #expect(report([good]).verdict == "The series can be used as it is: no errors, no warnings.")
    #expect(report([good, good]).verdict.hasPrefix("All 2 series can be used as they are"))
    #expect(
      report([good, doubtful]).verdict
        == "All 2 series can be used with care: no errors, and warnings for ODD.")
    #expect(
      report([bad, doubtful]).verdict == "1 of 2 series must not be used as it is: errors in BAD.")
    #expect(
      report([bad, bad]).verdict
        == "2 of 2 series must not be used as they are: errors in BAD, BAD.")
    #expect(report([bad]).hasErrors && !report([doubtful]).hasErrors)
  }

  // PEERS 30: a page that printed an adjusted price as if it had been traded.
  @Test("thread 30: prices are the source's own, and the page says what they are adjusted for")
  func thread30() throws {
    let bad = try series("BAD") { $0.rows[30].high = .nan }
    let html = report([bad]).page.html()
    #expect(html.contains("BAD 1d, adjusted for splits, with"))
    #expect(html.contains("Prices are shown as the source has them"))
    let close = try #require(bad.batch["close"]?[0])
    // The first candle's close, to seven digits, is the source's first close.
    #expect(html.contains("\(close)".prefix(6)) || html.contains(Runtime.NumberText.ratio(close)))
  }

  @Test(
    "has coverage with holes and signs, groups by severity and every finding, escaped and small")
  func page() throws {
    var all = [
      try series("HOLES") { $0.rows.removeSubrange(100..<160) },
      try series("A&B") { $0.rows[30].high = .nan },
    ]
    all += try (0..<45).map { try series("S\($0)") }
    let html = report(all).page.html()
    #expect(html.contains("45 of 47 series have every bar") || html.contains("46 of 47 series"))
    #expect(html.contains("7 more series are in the tables only"))
    #expect(html.contains("class=\"part\"") && html.contains("class=\"cross\""))
    #expect(html.contains("A&amp;B") && !html.contains("A&B"))
    #expect(html.contains("missing_bars") && html.contains("missing_price"))
    #expect(html.contains("docs/DATA-CHECKS.md"))
    #expect(html.utf8.count < 1_500_000)
  }

  @Test("long lists are cut, and say so")
  func longLists() throws {
    let many = try (0..<60).map { index in
      try series("M\(index)") { draft in
        for row in stride(from: 10, to: 200, by: 25) { draft.rows[row].volume = 0 }
      }
    }
    let html = report(many).page.html()
    #expect(html.contains("The first 400 of"))
  }

  @Test("an empty set of sessions has no chart and no date")
  func empty() throws {
    let none = try series("NONE") { $0.rows = [] }
    let html = report([none]).page.html()
    #expect(html.contains("empty_series"))
    #expect(!html.contains("Coverage</h2>"))
  }

  @Test("a series without a calendar is covered by what it has")
  func withoutCalendar() throws {
    let draft = try DraftBars.clean(from: "2015-01-02", to: "2015-03-30", seed: 1)
    let coverage = Coverage(draft.batch, in: QualityContext(calendar: nil, zone: .utc))
    #expect(coverage.expected == draft.rows.count && coverage.present == draft.rows.count)
    let context = QualityContext(calendar: nil, zone: .utc)
    let series = CheckedSeries(draft.batch, source: "test", in: context, findings: [])
    let page = QualityReport(
      series: [series], place: "x", profile: .live, against: "another source"
    ).page.html()
    #expect(page.contains("<dd>none</dd>") && page.contains("with another source"))
  }

  @Test("the page says how prices are adjusted")
  func adjustments() throws {
    let draft = try DraftBars.clean(from: "2015-01-02", to: "2015-03-30", seed: 1)
    let cases: [(BarDeclaration.Adjustment?, String)] = [
      (nil, "adjustment not declared"), (BarDeclaration.Adjustment.none, "as traded"),
      (.splits, "adjusted for splits"), (.splitsAndDividends, "adjusted for splits and dividends"),
    ]
    for (adjustment, words) in cases {
      let context = QualityContext(calendar: .nyse, adjustment: adjustment)
      let series = CheckedSeries(draft.batch, source: "test", in: context, findings: [])
      #expect(report([series]).page.html().contains(words))
    }
  }

  @Test("groups put the worst first and count bars")
  func groups() throws {
    let mixed = try series("MIX") {
      for row in [20, 25, 60] { $0.rows[row].volume = 0 }
      $0.rows[40].high = .nan
    }
    let groups = FindingGroup.groups(of: mixed.findings)
    #expect(groups.map(\.code).prefix(2) == ["missing_price", "zero_volume"])
    #expect(groups.map(\.count).prefix(2) == [1, 3])
  }

  @Test("a finding's JSON begins with the six keys that are promised")
  func json() throws {
    let bad = try series("BAD") { $0.rows[30].high = .nan }
    let finding = try #require(bad.findings.first { $0.severity == .error })
    guard case .object(let members) = finding.json else { throw CancellationError() }
    #expect(
      members.map(\.key) == [
        "code", "severity", "symbol", "timestamp", "found", "action", "interval", "count",
      ])
    #expect(finding.json["timestamp"] == .string("2015-02-17T14:30:00Z"))
  }
}
