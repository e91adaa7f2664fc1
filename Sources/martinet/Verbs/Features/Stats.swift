import Features
import Market
import Runtime

private let discussion = """
  Coverage, distribution, stability between thirds of the time, rank correlation and shared information \
  with the change over the next 1 to 60 bars, and which features only repeat another. Of the training \
  part alone (split.train), so that choosing by it does not spoil the test.
  """

/// Says in figures what features are like.
let featuresStatsVerb = Verb(
  "stats", summary: "Say what features are like, and what they foresee",
  discussion: discussion + " See also: martinet features plot.", flags: RunFlags.ofData,
  arguments: [FeatureFlags.set],
  examples: [
    .init("martinet features stats technical93 --data Samples/daily", "One set, every symbol."),
    .init(
      "martinet features stats --config features.yaml --data Samples/daily --json",
      "Features of a file, for a program."),
  ]
) { invocation in
  let report = try FeatureReport.of(invocation)
  let console = invocation.console
  if invocation.wantsJSON {
    console.print(report.json)
    return .done
  }
  console.print(report.table.text(for: console.traits))
  console.print("\n" + console.traits.wrapped(report.verdict) + "\n")
  console.print("\(report.lines.count) features   next: martinet features plot --help")
  return .done
}

private let page: Flag<String> = .value(
  "report", .text, metavariable: "FILE", default: "features.html", help: "The page to write.")

/// Draws what features are like.
let featuresPlotVerb = Verb(
  "plot", summary: "Draw what features are like, on one page", discussion: discussion,
  flags: RunFlags.ofData + [page], arguments: [FeatureFlags.set],
  examples: [
    .init(
      "martinet features plot technical93 --data Samples/daily --report technical.html",
      "One set, every symbol.")
  ]
) { invocation in
  let report = try FeatureReport.of(invocation)
  let path = try invocation[page]
  try UserFolder.makeFolder(ofFile: path)
  try AtomicFile.write(report.page.html(), to: path)
  let console = invocation.console
  if invocation.wantsJSON {
    console.print(["report": .string(path), "verdict": .string(report.verdict)])
    return .done
  }
  console.print(console.traits.wrapped(report.verdict) + "\n")
  console.printResult("report", at: path, next: "open it in a browser")
  return .done
}

extension FeatureReport {
  fileprivate static func of(_ invocation: Invocation) throws -> FeatureReport {
    let flags = try RunFlags.assignments(invocation)
      .filter { !$0.hasPrefix("report=") }
    let loaded = try SettingsFiles.load(for: invocation, flags: flags)
    let recipe = try loaded.recipe(set: try invocation[FeatureFlags.set])
    let settings = loaded.value
    let (frames, description) = try settings.bars(days: settings.timerange ?? .all)
    return try FeatureReport(
      recipe.choice, frames: frames, split: recipe.split, data: description,
      code: try Manifest.executableHash().description)
  }

  fileprivate var table: Table {
    var table = Table([
      .words("feature"), .numbers("coverage", unit: "%", importance: 4),
      .numbers("median", importance: 1), .numbers("deviation", importance: 1),
      .numbers("stability", importance: 3), .numbers("IC 1", importance: 1),
      .numbers("IC 5", importance: 6), .numbers("IC 20", importance: 2),
      .numbers("t", importance: 5), .numbers("bits", importance: 2),
      .words("repeats", importance: 3),
    ])
    for line in lines {
      let correlations = line.rankCorrelations
      table.add([
        .init(line.name), .init(NumberText.percent(line.coverage, withSign: false)),
        .init(NumberText.compact(line.median)), .init(NumberText.compact(line.deviation)),
        .init(
          NumberText.ratio(line.stability),
          line.stability > Self.shifted ? .warning : nil),
        .init(NumberText.ratio(correlations[0], decimals: 3)),
        .init(NumberText.ratio(correlations[2], decimals: 3)),
        .init(NumberText.ratio(correlations[4], decimals: 3)),
        .init(NumberText.ratio(line.tValues[2])),
        .init(NumberText.ratio(line.mutualInformation, decimals: 4)),
        .init(line.isRedundant ? line.leader : ""),
      ])
    }
    return table
  }
}
