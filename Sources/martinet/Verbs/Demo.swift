import Features
import Market
import MarketData
import Runtime
import Trading

/// The path from bars to a page, on the sample data.
let demoVerb = Verb(
  "demo", summary: "Walk the whole path on sample data: prove, trade, judge, report",
  discussion: """
    Takes daily bars that came with the program, checks them, proves that no feature looks ahead, lets two moving \
    averages trade with costs, judges the result, and writes demo/report.html. Needs no account and no \
    network.
    """,
  examples: [.init("martinet demo", "Takes some seconds.")]
) { invocation in
  guard let samples = Installation.path(of: "Samples/daily"), let symbol = Symbol("NVDA") else {
    throw DemoError.noSamples
  }
  let console = invocation.console
  let isTalking = !invocation.wantsJSON && !invocation.isQuiet
  if isTalking { console.print("reading   Samples/daily/NVDA.csv") }
  let folder = try DataFolder(path: samples)
  let frames = try folder.load(symbols: [symbol])
  let quality = QualityReport(
    series: try CheckedSet.ofFolder(samples, symbols: [symbol])
      .checked(by: .training, now: SystemTime().now),
    place: "Samples/daily", profile: .training, library: nil)
  guard !quality.hasErrors else { throw DemoError.badBars(quality.verdict) }
  if isTalking {
    console.print("checked   " + quality.verdict)
    console.print("proving   that no feature looks ahead, then trading")
  }
  var demo = try Demo(
    frame: frames[0], data: "Samples/daily, adjusted for splits",
    library: try Installation.chartLibrary())
  var settings = RunSettings()
  (settings.data, settings.symbols) = (samples, [symbol])
  (settings.average.values[whole: "fast"], settings.average.values[whole: "slow"]) = (20, 50)
  demo.sheet.report.deflation = try demo.evidence.recorded(
    settings.recipe(), of: frames, from: settings, environment: processEnvironment())
  demo.sheet.report.verdict = demo.evidence.verdict
  let report = "demo/report.html"
  try Report.write(demo.sheet, to: report)
  guard demo.proof.isClean else { throw DemoError.leak(demo.proof.sentence) }
  if invocation.wantsJSON {
    var figures = demo.evidence.json(report: report)
    figures.append("proof", demo.proof.json)
    console.print(figures)
    return .done
  }
  console.print("proved    " + demo.proof.sentence + "\n")
  console.print(Report.title(demo.evidence) + "\n")
  console.print(Report.figures(demo.evidence).text(for: console.traits))
  console.print("\n" + console.traits.wrapped(demo.evidence.verdict) + "\n")
  console.print("next: martinet backtest --strategy sma_cross --symbols SPY --data \(samples)")
  console.printResult("report", at: report)
  return .done
}

/// Why there is no demo.
enum DemoError: DiagnosedError {
  case noSamples
  case badBars(String)
  case leak(String)

  var diagnosis: Diagnosis {
    switch self {
    case .noSamples:
      Diagnosis(
        place: "Samples/daily", finding: "the sample data is neither here nor where martinet lies",
        remedy: "run it from the folder of the source: make demo")
    case .badBars(let sentence):
      Diagnosis(
        place: "Samples/daily", finding: sentence,
        remedy: "take the sample data anew: it came with the source", exitCode: .refused)
    case .leak(let sentence):
      Diagnosis(
        place: "proof", finding: sentence,
        remedy: "correct the feature; no figure holds before that",
        exitCode: .refused)
    }
  }
}
