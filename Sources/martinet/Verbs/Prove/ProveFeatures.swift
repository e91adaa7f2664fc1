import Features
import Market
import Runtime

private let sets: Argument<[String]> = .rest(
  "SET", .text,
  help: "Sets of martinet features list; without one, those of the settings, or every set there is."
)

let proveFeaturesVerb = Verb(
  "features", aliases: ["leaks"],
  summary: "Change the future, and look whether any feature moves before it",
  discussion: """
    Cuts the bars at many instants, changes everything known later in several ways, and computes \
    every feature again: nothing used by then may differ in a single bit. Each of a symbol's first 64 \
    bars is a cut, and as many instants as --cuts says. Also looks whether values agree when bars come \
    one by one, whether two runs agree, and whether the declared look-back holds.

    With --json it prints a certificate with the hashes of code, data, settings and definitions. Ends \
    with exit code 3 where a feature fails.
    """,
  flags: RunFlags.ofData + [ProveFlags.cuts], arguments: [sets],
  examples: [
    .init("martinet prove features --data Samples/daily --symbols NVDA", "Every set, one symbol."),
    .init("martinet prove features technical93 --data Samples/daily", "One set, every symbol."),
    .init(
      "martinet prove features --config features.yaml --data Samples/daily --json",
      "Your own features; the certificate, for a file."),
  ]
) { invocation in
  let settings = try SettingsFiles.load(for: invocation, flags: RunFlags.assignments(invocation))
  let subject = try FeatureSubject(named: try invocation[sets], or: settings)
  let frames = try settings.value.bars(days: settings.value.timerange ?? .all).frames
  try subject.choice?.check(frames)
  let verdict = try LookAheadProof.run(
    subject.computation, frames: frames, cuts: try invocation[ProveFlags.cuts],
    seed: settings.value.judgement.seed)
  let console = invocation.console
  if invocation.wantsJSON {
    let grounds = try ProofGrounds(
      world: World(frames), settings: settings,
      definitions: ProofGrounds.definitions(of: subject.features))
    console.print(Certificate(verdict, sets: subject.sets, grounds: grounds).json)
  } else {
    verdict.print(to: console)
    console.print(
      verdict.isClean
        ? "\nno feature looks ahead   next: martinet prove pipeline --data \(settings.value.data)"
        : "\na feature looks ahead   next: correct it before you believe any figure made with it")
  }
  return verdict.isClean ? .done : .refused
}

/// The features that a person names, or the settings do, or all there are.
struct FeatureSubject {
  /// Names of sets, and the file of a person's own features.
  let sets: [String]
  let features: [any Feature]
  let choice: FeatureChoice?
  let computation: FeatureComputation

  init(named names: [String], or settings: Loaded<RunSettings>) throws {
    let chosen = settings.value
    guard names.isEmpty, !chosen.sets.isEmpty || !chosen.features.isEmpty else {
      sets = names.isEmpty ? Catalogue.sets.map(\.name) : names
      var seen: Set<String> = []
      features = try sets.flatMap { try Catalogue.formulas(ofSet: $0) }.filter {
        seen.insert($0.about.name).inserted
      }
      choice = nil
      computation = FeatureComputation(features)
      return
    }
    let choice = try settings.featureChoice()
    sets = choice.sets + (chosen.features.isEmpty ? [] : [Self.own])
    features = choice.features
    self.choice = choice
    computation = FeatureComputation(choice)
  }

  /// What stands in a certificate for the features of a person's settings.
  static let own = "features"
}

extension LookAheadVerdict {
  /// A line of the whole, and one for each finding.
  func print(to console: Console) {
    let mark = isClean ? Mark.good : .bad
    console.print("\(mark.sign(for: console.traits)) \(isClean ? "clean" : "leak ")  \(sentence)")
    for finding in findings.prefix(20) { console.print("  \(finding.sentence)") }
    if findings.count > 20 { console.print("  and \(findings.count - 20) more: --json has them") }
  }
}
