import Market
import Runtime

/// A series with what was found in it.
public struct CheckedSeries: Sendable {
  public let batch: BarBatch
  public let context: QualityContext
  /// Where the bars come from, in words: the source's name, or the folder.
  public let source: String
  public let findings: [Finding]
  public let coverage: Coverage

  public init(
    _ batch: BarBatch, source: String, in context: QualityContext, findings: [Finding]
  ) {
    self.batch = batch
    self.source = source
    self.context = context
    self.findings = findings
    coverage = Coverage(batch, in: context)
  }

  func count(_ severity: Finding.Severity) -> Int {
    findings.count { $0.severity == severity }
  }

  var name: String { "\(batch.symbol) \(batch.interval)" }
}

/// What was found in a set of series, in one sentence and as a page.
public struct QualityReport: Sendable {
  public let series: [CheckedSeries]
  /// Where the series come from: a store's address or a folder.
  public let place: String
  public let profile: QualityProfile
  /// What the prices were held against, if anything.
  public let against: String?
  /// The text of the charting library, where it is installed.
  public let library: String?

  public init(
    series: [CheckedSeries], place: String, profile: QualityProfile, against: String? = nil,
    library: String? = nil
  ) {
    self.series = series
    self.place = place
    self.profile = profile
    self.against = against
    self.library = library
  }

  public var findings: [Finding] { series.flatMap(\.findings) }
  public var hasErrors: Bool { Quality.hasErrors(findings) }

  /// The one sentence to take away.
  public var verdict: String {
    let bad = series.filter { $0.count(.error) > 0 }
    let doubtful = series.filter { $0.count(.error) == 0 && $0.count(.warning) > 0 }
    let all = series.count == 1 ? "The series" : "All \(FigureText.count(series.count)) series"
    if bad.isEmpty, doubtful.isEmpty {
      return
        "\(all) can be used as \(series.count == 1 ? "it is" : "they are"): no errors, no warnings."
    }
    let worst = (bad.isEmpty ? doubtful : bad).map { $0.batch.symbol.text }
    let names = worst.prefix(5).joined(separator: ", ") + (worst.count > 5 ? " and more" : "")
    if bad.isEmpty {
      return "\(all) can be used with care: no errors, and warnings for \(names)."
    }
    return
      "\(FigureText.count(bad.count)) of \(FigureText.count(series.count)) series must not be used as "
      + "\(bad.count == 1 ? "it is" : "they are"): errors in \(names)."
  }

  public var page: Page {
    Page(
      title: "Quality of \(place)",
      blocks: [.facts(facts), .verdict(verdict), .figures(figures)] + coverageBlocks + [
        .heading("Findings by severity"), .table(groupTable),
      ] + priceBlocks + [
        .heading("Every finding"), .table(findingTable), .heading("How this was made"),
        .text(method),
      ])
  }

  private var facts: [Page.Fact] {
    let symbols = Set(series.map { $0.batch.symbol.text }).sorted()
    let dates = series.flatMap {
      [$0.coverage.sessions.first?.date, $0.coverage.sessions.last?.date]
    }
    .compactMap(\.self)
    let adjustments = Set(series.map(\.context.adjustment.words)).sorted()
    let calendars = Set(series.map { $0.context.calendar?.name ?? "none" }).sorted()
    return [
      .init("Data", Set(series.map(\.source)).sorted().joined(separator: ", ")),
      .init(
        "Symbols",
        symbols.prefix(12).joined(separator: ", ")
          + (symbols.count > 12 ? " and \(symbols.count - 12) more" : "")),
      .init(
        "Dates", dates.min().flatMap { first in dates.max().map { "\(first) to \($0)" } } ?? "none"),
      .init("Prices", adjustments.joined(separator: "; ")),
      .init("Calendar", calendars.joined(separator: ", ")),
      .init("Thresholds", "for \(profile.rawValue)"),
      .init("Compared", against.map { "with \($0)" } ?? "with no second source"),
    ]
  }

  private var figures: [Page.Figure] {
    let expected = series.reduce(0) { $0 + $1.coverage.expected }
    let present = series.reduce(0) { $0 + $1.coverage.present }
    func figure(_ name: String, _ severity: Finding.Severity, _ warning: String?) -> Page.Figure {
      let found = findings.filter { $0.severity == severity }
      let bars = found.reduce(0) { $0 + $1.count }
      return .init(
        name, FigureText.count(found.count), note: "about \(FigureText.count(bars)) bars",
        warning: found.isEmpty ? nil : warning)
    }
    return [
      figure("Errors", .error, "not to be used as they are"),
      figure("Warnings", .warning, "look before you use them"), figure("Notes", .note, nil),
      .init(
        "Complete", FigureText.percent(Double(present) / Double(max(1, expected)), decimals: 2),
        note:
          "\(FigureText.count(expected - present)) of \(FigureText.count(expected)) bars missing"),
    ]
  }

  private var groupTable: Page.Table {
    let groups = FindingGroup.groups(of: findings)
    return Page.Table(
      caption: groups.isEmpty
        ? "Nothing was found"
        : "\(FigureText.count(findings.count)) findings of \(groups.count) kinds",
      columns: [
        .words("severity"), .words("symbol"), .words("code"), .numbers("bars"),
        .words("the first of them"), .words("what to do"),
      ],
      rows: groups.map { group in
        [
          group.severity.rawValue, group.symbol.text, group.code, FigureText.count(group.count),
          group.first.found, group.first.action,
        ]
      })
  }

  /// A page has room for so many lines; all of them are in what `--json` prints.
  private static let linesMax = 400

  private var findingTable: Page.Table {
    let sorted = findings.enumerated().sorted { a, b in
      (b.element.severity, a.offset) < (a.element.severity, b.offset)
    }.map(\.element)
    let shown = sorted.prefix(Self.linesMax)
    return Page.Table(
      caption: shown.count < sorted.count
        ? "The first \(shown.count) of \(FigureText.count(sorted.count)), worst first; "
          + "martinet data check --json prints all"
        : "Worst first",
      columns: [
        .words("severity"), .words("symbol"), .words("code"), .words("time UTC"), .numbers("bars"),
        .words("found"),
      ],
      rows: shown.map {
        [
          $0.severity.rawValue, $0.symbol.text, $0.code, $0.timestamp?.description ?? "",
          FigureText.count($0.count), $0.found,
        ]
      })
  }

  private var method: String {
    "Bars were held against the exchange's calendar, against themselves, each symbol against the "
      + "others, and against known splits and dividends. What is usual is the median of the last "
      + "\(windows) values, with the median distance from it. Nothing was changed "
      + "and no hole was filled. Prices are shown as the source has them. What each code means: "
      + "docs/DATA-CHECKS.md."
  }

  private var windows: String {
    Set(series.map(\.context.thresholds.window)).sorted().map(String.init)
      .joined(separator: " or ")
  }
}

extension BarDeclaration.Adjustment? {
  var words: String {
    switch self {
    case nil: "adjustment not declared"
    case BarDeclaration.Adjustment.none?: "as traded"
    case .splits?: "adjusted for splits"
    case .splitsAndDividends?: "adjusted for splits and dividends"
    }
  }
}
