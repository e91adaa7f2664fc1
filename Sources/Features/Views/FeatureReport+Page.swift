import Market
import Runtime

// The page.
extension FeatureReport {
  /// Drawings show so many; the tables have all.
  private static let histogramsMax = 24
  private static let decayMax = 30
  private static let correlationsMax = 40
  private static let coverageMax = 30

  public var page: Page {
    Page(
      title: "Features of \(data)",
      blocks: [
        .facts(facts), .verdict(verdict), .figures(figures), .heading("What they foresee"),
        .heat(decay),
      ] + coverageBlocks + [
        .heading("How they lie"), .histograms(distributions), .heading("What they repeat"),
        .heat(similarity), .table(clusterTable), .heading("Every feature"), .table(table),
        .heading("How this was made"), .text(method),
      ])
  }

  private var facts: [Page.Fact] {
    [
      .init("Data", data),
      .init(
        "Symbols",
        symbols.prefix(12).map(\.text).joined(separator: ", ")
          + (symbols.count > 12 ? " and \(symbols.count - 12) more" : "")),
      .init("Dates", "\(from.utcDate) to \(to.utcDate), the training part"),
      .init("Rows", NumberText.count(rows)),
      .init("Features", NumberText.count(lines.count)),
      .init(
        "Left out",
        leftOut.isEmpty ? "none" : leftOut.map(\.name).prefix(8).joined(separator: ", ")),
    ]
  }

  private var figures: [Page.Figure] {
    let horizon = Self.horizons[Self.mainHorizon]
    let coverages = lines.map(\.coverage).sorted()
    let strongest = lines.first
    let shared = lines.map(\.mutualInformation).filter { !$0.isNaN }.max() ?? .nan
    let leaders = lines.count - redundant.count
    return [
      .init("Beyond chance", NumberText.count(telling.count), note: "at \(horizon) bars"),
      .init(
        "Strongest rank IC",
        NumberText.ratio(strongest?.rankCorrelations[Self.mainHorizon] ?? .nan, decimals: 3),
        note: strongest.map { "\($0.name), t \(NumberText.ratio($0.tValues[Self.mainHorizon]))" },
        warning: telling.isEmpty ? "no more than chance shows" : nil),
      .init(
        "Most shared information", NumberText.ratio(shared, decimals: 4), note: "bits, of one bar"),
      .init(
        "Different ones", NumberText.count(leaders),
        note: "\(NumberText.count(redundant.count)) repeat one of them"),
      .init(
        "Shifted", NumberText.count(unstable.count),
        note: "stability index above \(NumberText.ratio(Self.shifted))",
        warning: unstable.isEmpty ? nil : "do not rely on their scale"),
      .init(
        "Complete", NumberText.count(lines.count { $0.coverage == 1 }),
        note: "without a missing value"),
      .init(
        "Least coverage", NumberText.percent(coverages.first ?? .nan),
        note: lines.min { $0.coverage < $1.coverage }?.name),
      .init("Longest look-back", NumberText.count(lines.map(\.lookBack).max() ?? 0), note: "bars"),
    ]
  }

  private var decay: HeatChart {
    let shown = lines.prefix(Self.decayMax)
    let largest = shown.flatMap(\.rankCorrelations).filter { !$0.isNaN }.map { abs($0) }.max() ?? 1
    return HeatChart(
      title: "Rank correlation with the change of the close over the next bars",
      caption: "Green rises with the feature, red falls; "
        + (isCrossSectional
          ? "taken among symbols at each instant and averaged." : "taken over time.")
        + " The \(shown.count) strongest of \(lines.count) at "
        + "\(Self.horizons[Self.mainHorizon]) bars.",
      columns: Self.horizons.map { $0 == 1 ? "1 bar" : "\($0)" },
      rows: shown.map { .init($0.name, $0.rankCorrelations) }, full: max(largest, 1e-9),
      showsNumbers: true)
  }

  private var coverageBlocks: [Page.Block] {
    let partial = lines.filter { $0.coverage < 1 }.sorted {
      ($0.coverage, $0.name) < ($1.coverage, $1.name)
    }
    guard !partial.isEmpty else {
      return [
        .heading("Coverage"), .text("No value is missing after look-backs are full."),
      ]
    }
    return [
      .heading("Coverage"),
      .coverage(
        CoverageChart(
          title: "\(partial.count) of \(lines.count) features have values missing",
          caption: "Each bar is as high as the part of the rows that has a value; "
            + "the \(min(partial.count, Self.coverageMax)) with the most gaps.",
          edges: edges,
          rows: partial.prefix(Self.coverageMax).map { line in
            CoverageChart.Row(
              label: String(line.name.prefix(12)),
              cells: line.coverageByPeriod.map { .init(share: $0, sign: nil, words: "") })
          })),
    ]
  }

  private var distributions: HistogramChart {
    let shown = lines.prefix(Self.histogramsMax).filter { !$0.bins.isEmpty }
    return HistogramChart(
      title: "Distribution of the \(shown.count) strongest",
      caption: "From the first to the last hundredth of the values; what lies beyond is in the "
        + "outer bins.",
      items: shown.map { .init($0.name, bins: $0.bins, low: $0.low, high: $0.high) })
  }

  private var similarity: HeatChart {
    let count = min(lines.count, Self.correlationsMax)
    return HeatChart(
      title: "Rank correlation of the \(count) strongest with each other",
      caption: "Green moves along, red against; columns are in the order of rows. "
        + "\(redundant.count) of all \(lines.count) reach "
        + "\(NumberText.ratio(Self.redundant)) with a stronger one.",
      columns: lines.prefix(count).map(\.name),
      rows: (0..<count).map { .init(lines[$0].name, Array(correlations[$0].prefix(count))) },
      isSquare: true)
  }

  private var clusterTable: Page.Table {
    let clusters = Dictionary(grouping: redundant, by: \.leader)
    return Page.Table(
      caption: clusters.isEmpty ? "Nothing is repeated" : "What repeats what",
      columns: [.words("strongest"), .numbers("others"), .words("which move with it")],
      rows: lines.compactMap { line in
        clusters[line.name].map { others in
          [
            line.name, NumberText.count(others.count),
            others.map(\.name).joined(separator: ", "),
          ]
        }
      })
  }

  private var table: Page.Table {
    let horizon = Self.horizons[Self.mainHorizon]
    return Page.Table(
      caption: "The strongest first",
      columns: [
        .words("feature"), .words("family"), .numbers("coverage %"), .numbers("mean"),
        .numbers("deviation"), .numbers("least"), .numbers("median"), .numbers("greatest"),
        .numbers("stability"), .numbers("rank IC \(horizon)"), .numbers("t"),
        .numbers("bits"), .words("repeats"),
      ],
      rows: lines.map { line in
        [
          line.name, line.family.rawValue, NumberText.percent(line.coverage, withSign: false),
          NumberText.compact(line.mean), NumberText.compact(line.deviation),
          NumberText.compact(line.least), NumberText.compact(line.median),
          NumberText.compact(line.greatest), NumberText.ratio(line.stability),
          NumberText.ratio(line.rankCorrelations[Self.mainHorizon], decimals: 3),
          NumberText.ratio(line.tValues[Self.mainHorizon]),
          NumberText.ratio(line.mutualInformation, decimals: 4),
          line.isRedundant ? line.leader : "",
        ]
      })
  }

  private var method: String {
    "Rows of the training part only, from where every look-back is full, with changes that end before "
      + "the validation part begins. Rank correlation is Spearman's"
      + (isCrossSectional
        ? ", at each instant among symbols (over time where all are equal); t is mean over error"
        : " over time; t is its size over its standard error")
      + ", where labels that overlap count as one. Bits are shared with the change over "
      + "\(Self.horizons[Self.mainHorizon]) bars in a table of tenths, less what chance shows. The "
      + "stability index compares tenths of values between thirds of the time: below 0.1 is calm, above "
      + "\(NumberText.ratio(Self.shifted)) has shifted. A feature repeats a stronger one where their "
      + "rank correlation reaches \(NumberText.ratio(Self.redundant)) either way."
  }
}
