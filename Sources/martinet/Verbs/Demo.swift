import Evidence
import Features
import Market
import MarketData
import Numerics
import Runtime
import Trading

/// The path from bars to a page, on the sample data.
let demoVerb = Verb(
  "demo", summary: "Walk the whole path on sample data: check, prove, trade, judge, report",
  discussion: """
    Takes bars that came with the program and checks them; proves that no feature looks ahead, and seals that \
    in a certificate; lets three strategies trade, one of them a file of rules; chooses settings by \
    walk-forward with costs and limits; trains three kinds of model again and again and lets each trade what \
    followed; says what luck and small changes leave of the results; replays \
    some days on paper and accounts for the difference; and writes demo/report.html and \
    demo/comparison.html. Needs no account and no network.
    """,
  examples: [.init("martinet demo", "Takes some seconds.")]
) { invocation in
  let walk = try DemoWalk(invocation)
  let (frames, quality) = try walk.bars()
  let certificate = try walk.prove(frames)
  var sheets = try walk.trade(frames)
  let forward = try walk.forward(frames[0])
  sheets.append(forward.sheet)
  let models = try walk.models(frames)
  sheets += models.map(\.sheet)
  let paper = try walk.paper()
  let reports = sheets.map(\.report)
  try Report.write(sheets[2], to: DemoWalk.report)
  try AtomicFile.write(Comparison(reports).page.html(), to: DemoWalk.comparison)
  let console = invocation.console
  if invocation.wantsJSON {
    console.print([
      "quality": JSON(quality), "certificate": certificate.json,
      "runs": JSON(
        reports.map { report in
          [
            "strategy": JSON(report.strategy), "verdict": JSON(report.verdict.text),
            "sharpe": JSON(report.performance.sharpe),
            "deflated_sharpe": JSON(report.deflation?.chance),
          ] as JSON
        }), "walk_forward": forward.walk.json,
      "models": JSON(models.map(\.walk.json)),
      "paper": JSON(
        paper.causes.map { ["cause": JSON($0.name), "amount": JSON(Double($0.amount))] as JSON }),
      "go": paper.report.isGo.map { .bool($0) } ?? .null,
      "report": JSON(DemoWalk.report), "comparison": JSON(DemoWalk.comparison),
    ])
    return .done
  }
  console.print("\n" + walk.table(reports).text(for: console.traits))
  console.print("\n" + console.traits.wrapped(Comparison(reports).verdict) + "\n")
  console.print("compared  \(DemoWalk.comparison)")
  console.print(
    "next      martinet sweep --strategy sma_cross --symbols NVDA --data \(walk.samples)")
  console.printResult("report", at: DemoWalk.report)
  return .done
}

/// The demo's steps, each of which says what it does and what came of it.
struct DemoWalk {
  static let report = "demo/report.html"
  static let comparison = "demo/comparison.html"

  let samples: String
  let minutes: String
  private let rules: String
  let console: Console
  private let isTalking: Bool
  private let library: String?

  init(_ invocation: Invocation) throws {
    guard let samples = Installation.path(of: "Samples/daily"),
      let minutes = Installation.path(of: "Samples/minute"),
      let rules = Installation.path(of: "Samples/rules/trend.yaml")
    else { throw DemoError.noSamples }
    (self.samples, self.minutes, self.rules) = (samples, minutes, rules)
    console = invocation.console
    isTalking = !invocation.wantsJSON && !invocation.isQuiet
    library = try Installation.chartLibrary()
  }

  func say(_ what: String, _ sentence: String) {
    guard isTalking else { return }
    let name = what + String(repeating: " ", count: 10 - what.count)
    console.print(name + console.traits.wrapped(sentence, indent: 10).dropFirst(10))
  }

  func bars() throws -> ([Frame], String) {
    let symbols = try Rules(ruleSource()).symbols
    let names = symbols.map(\.text).joined(separator: ", ")
    say("reading", "daily bars of \(names) from Samples/daily, 2000 to 2024")
    let frames = try DataFolder(path: samples).load(symbols: symbols)
    let quality = QualityReport(
      series: try CheckedSet.ofFolder(samples, symbols: Set(symbols))
        .checked(by: .training, now: SystemTime().now),
      place: "Samples/daily", profile: .training, library: nil)
    guard !quality.hasErrors else { throw DemoError.badBars(quality.verdict) }
    say("checked", quality.verdict)
    return (frames, quality.verdict)
  }

  /// The features that the program starts with, tried on futures that were changed.
  func prove(_ frames: [Frame]) throws -> Certificate {
    let features = Catalogue.starter
    let verdict = try LookAheadProof.run(features: features, frames: frames, cuts: 4)
    guard verdict.isClean else { throw DemoError.leak(verdict.sentence) }
    let settings = try Configuration<RunSettings>.load()
    let certificate = Certificate(
      verdict, sets: ["starter"],
      grounds: try ProofGrounds(
        world: World(frames), settings: settings,
        definitions: ProofGrounds.definitions(of: features)))
    say("proved", verdict.sentence)
    say(
      "sealed",
      "certificate \(certificate.json["seal"]?.string?.prefix(16) ?? ""), of this data and this program"
    )
    return certificate
  }

  private func ruleSource() throws -> RuleSource {
    RuleSource(
      file: "Samples/rules/trend.yaml",
      text: String(decoding: try SmallFile.read(rules, bytesMax: 1 << 20), as: UTF8.self))
  }

  /// Three strategies on the same bars, each in the ledger of trials; the last is a file of rules.
  func trade(_ frames: [Frame]) throws -> [TearSheet] {
    let source = try ruleSource()
    let proof = RunReport.Proof(try Rules(source).checked(over: frames))
    say("rules", "\(source.file): \(proof.sentence)")
    let own = StrategyRecipe.rules(source)
    var sheets: [TearSheet] = []
    for recipe in try Demo.strategies() + [own] {
      var evidence = try Appraisal(
        frames: frames, strategy: recipe.strategy(), settings: BacktestSettings())
      sheets.append(
        try sheet(&evidence, recipe.json, .backtest, frames, recipe == own ? proof : nil))
      say("traded", sheets[sheets.count - 1].report.verdict.text)
    }
    return sheets
  }

  /// Settings chosen on the past and traded on what followed, with limits.
  func forward(_ frame: Frame) throws -> (walk: WalkForward, sheet: TearSheet) {
    var walk = try Demo.walk(frame)
    let recipe = walk.recipe
    let sheet = try self.sheet(&walk.appraisal, recipe, .walkforward, [frame], nil)
    say("chosen", "walk-forward on \(frame.symbol): \(walk.sentence)")
    let refused = sheet.report.refusals.reduce(0) { $0 + $1.count }
    say(
      "limited",
      "limits spoke \(NumberText.count(refused)) times"
        + (sheet.report.refusals.first.map { ", most often: \($0.reason)" } ?? ""))
    return (walk, sheet)
  }

  func sheet(
    _ evidence: inout Appraisal, _ strategy: JSON, _ kind: Trial.Kind, _ frames: [Frame],
    _ proof: RunReport.Proof?
  ) throws -> TearSheet {
    var settings = RunSettings()
    settings.data = samples
    _ = try evidence.recorded(
      strategy, kind: kind, of: frames, from: settings, environment: processEnvironment())
    var sheet = TearSheet(
      evidence: evidence, frames: frames, proof: nil, data: "Samples/daily, adjusted for splits",
      library: library)
    sheet.report.proof = proof
    return sheet
  }

  /// The runs side by side: what is left of each.
  func table(_ reports: [RunReport]) -> Table {
    var table = Table([
      .words("run", mayBeCut: true), .numbers("a year %", importance: 3),
      .numbers("Sharpe", importance: 3), .numbers("drawdown %", importance: 2),
      .numbers("true Sharpe > luck %", importance: 3),
      .numbers("worst case a year %", importance: 1),
    ])
    for report in reports {
      let performance = report.performance
      let worst = report.changes.map(\.annualReturn).min()
      table.add([
        .init(report.strategy),
        .init(NumberText.percent(performance.annualReturn, withSign: false)),
        .init(NumberText.ratio(performance.sharpe ?? .nan)),
        .init(NumberText.percent(performance.maxDrawdown, withSign: false)),
        .init(NumberText.percent(report.deflation?.chance ?? .nan, withSign: false)),
        .init(NumberText.percent(worst ?? .nan, withSign: false)),
      ])
    }
    return table
  }
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
        place: "Samples", finding: "the sample data is neither here nor where martinet lies",
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
