import Market
import MarketData
import Runtime

/// Looks bars over before anything is computed from them.
let dataCheckVerb = Verb(
  "check", summary: "Find what is wrong with bars: holes, splits, bad prices, disagreement",
  discussion: """
    Holds bars against the exchange's calendar, against themselves and each other, against known splits \
    and, with --against, against a second source. Nothing is changed and nothing is filled in. What each \
    code means stands in docs/DATA-CHECKS.md; from where on something is worth a finding, the sections \
    quality.training and quality.live of the settings say, one for each profile.

    With --json each finding is one line with code, severity, symbol, timestamp, found and action. Ends \
    with exit code 3 where one of them is an error.
    """,
  flags: CheckFlags.all,
  examples: [
    .init("martinet data check --from sqlite:market.db", "Everything in the store."),
    .init(
      "martinet data check --data Samples/daily --report report.html",
      "A folder, and a page about it."),
    .init(
      "martinet data check --from sqlite:market.db --source yahoo --against alpaca --json",
      "Two sources against each other, for a program."),
  ]
) { invocation in
  let profile = QualityProfile(rawValue: try invocation[CheckFlags.profile]) ?? .training
  let thresholds = try SettingsFiles.load(for: invocation).value.quality[profile]
  let (chosen, place) = try CheckedSet.load(invocation)
  let report = QualityReport(
    series: try chosen.checked(by: thresholds, now: SystemTime().now), place: place,
    profile: profile, against: try invocation[CheckFlags.against],
    library: try Installation.chartLibrary())
  let page = try invocation[CheckFlags.report]
  if let page { try CheckOutput.write(report.page, to: page) }
  CheckOutput.print(report, page: page, invocation)
  return report.hasErrors ? .refused : .done
}

enum CheckFlags {
  static let from: Flag<StoreAddress?> = .optional(
    "from", .storeAddress, metavariable: "STORE",
    help: "The store to read; \(StoreAddress.standard) where neither it nor --data is given.")
  static let data: Flag<String?> = .optional(
    "data", .text, metavariable: "FOLDER", help: "A folder with one file of bars a symbol, instead."
  )
  static let source: Flag<String?> = .optional(
    "source", .text, metavariable: "NAME", help: "Bars of this source only.")
  static let against: Flag<String?> = .optional(
    "against", .text, metavariable: "SOURCE",
    help: "Hold prices against this source of the same store, or this folder.")
  static let profile: Flag<String> = .value(
    "profile", .oneOf(QualityProfile.allCases.map(\.rawValue)), metavariable: "PROFILE",
    default: QualityProfile.training.rawValue,
    help: "How strict to be, and whether to ask for fresh bars.")
  static let factors: Flag<String?> = .optional(
    "factors", .text, metavariable: "FOLDER",
    help: "LEAN's factor files, from which splits and dividends are known.")
  static let report: Flag<String?> = .optional(
    "report", .text, metavariable: "FILE", help: "Write a page about it.")

  static let ofSeries: [any AnyFlag] = [
    from, data, DataFlags.symbols, DataFlags.interval, source, factors,
  ]
  static let all: [any AnyFlag] = ofSeries + [against, profile, report, SettingsFiles.environment]
}

/// What the verb prints.
enum CheckOutput {
  static func write(_ page: Page, to path: String) throws {
    if let slash = path.lastIndex(of: "/") { try UserFolder.makeFolder(String(path[..<slash])) }
    try AtomicFile.write(page.html(), to: path)
  }

  static func print(_ report: QualityReport, page: String?, _ invocation: Invocation) {
    let console = invocation.console
    if invocation.wantsJSON {
      for finding in report.findings { console.output.write(finding.json.text() + "\n") }
      return
    }
    if !report.findings.isEmpty {
      console.print(
        (invocation.isVerbose ? every(report) : grouped(report)).text(for: console.traits) + "\n")
    }
    console.print(console.traits.wrapped(report.verdict) + "\n")
    if let page {
      console.printResult("report", at: page, next: "open it in a browser")
    } else {
      let next = report.hasErrors ? "martinet data clean --help" : "martinet backtest --help"
      console.print("\(report.findings.count) findings   next: \(next)")
    }
  }

  /// A line for each kind, however many bars it concerns.
  private static func grouped(_ report: QualityReport) -> Table {
    var table = Table([
      .words("severity"), .words("symbol", importance: 4), .words("code", importance: 5),
      .numbers("bars", importance: 3), .words("found", importance: 2, mayBeCut: true),
    ])
    for group in FindingGroup.groups(of: report.findings) {
      let more = group.findings.count - 1
      table.add([
        cell(group.severity), .init(group.symbol.text), .init(group.code),
        .init(NumberText.count(group.count)),
        .init(group.first.found + (more > 0 ? "; \(more) more" : "")),
      ])
    }
    return table
  }

  private static func every(_ report: QualityReport) -> Table {
    var table = Table([
      .words("severity"), .words("symbol", importance: 4), .words("code", importance: 5),
      .words("time UTC", importance: 1), .numbers("bars", importance: 3),
      .words("found", importance: 2, mayBeCut: true),
    ])
    for finding in report.findings {
      table.add([
        cell(finding.severity), .init(finding.symbol.text), .init(finding.code),
        .init(finding.timestamp?.description ?? ""), .init(NumberText.count(finding.count)),
        .init(finding.found),
      ])
    }
    return table
  }

  private static func cell(_ severity: MarketData.Finding.Severity) -> Table.Cell {
    switch severity {
    case .error: .init("error", .loss)
    case .warning: .init("warning", .warning)
    case .note: .init("note", .quiet)
    }
  }
}
