import Features
import Market
import Runtime

/// Proofs that something looks at no later bar.
let proveVerb = Verb(
  "prove", summary: "Prove on your own bars that nothing looks ahead", verbs: [proveFeaturesVerb])

private let set: Argument<String?> = .optional(
  "SET", .text, help: "A set of martinet features list; the first eleven without it.")

private let proveFeaturesVerb = Verb(
  "features", aliases: ["leaks"],
  summary: "Change the future, and look whether any feature moves before it",
  discussion: """
    Cuts the bars at many places, changes everything behind the cut in several ways, and computes \
    every feature again: nothing up to the cut may differ in a single bit. Also looks whether values \
    agree when bars come one by one, whether two runs agree, and whether the declared look-back holds.

    Ends with exit code 3 where a feature fails.
    """,
  flags: RunFlags.ofData, arguments: [set],
  examples: [
    .init("martinet prove features --data Samples/daily --symbols NVDA", "On ten years of days."),
    .init("martinet prove features technical93 --data Samples/daily", "One set, every symbol."),
  ]
) { invocation in
  let settings = try SettingsFiles.load(
    for: invocation, flags: RunFlags.assignments(invocation)
  ).value
  let formulas = try invocation[set].map(Catalogue.formulas) ?? Catalogue.starter
  var verdicts: [LookAheadVerdict] = []
  let frames = try settings.bars(days: settings.timerange ?? .all).frames
  for frame in try CrossSection.joined(frames) {
    verdicts.append(
      try LookAheadProof.run(
        features: formulas, frame: frame,
        cuts: LookAheadProof.cuts(bars: frame.count, seed: settings.judgement.seed),
        seed: settings.judgement.seed))
  }
  let isClean = verdicts.allSatisfy(\.isClean)
  let console = invocation.console
  if invocation.wantsJSON {
    console.print([
      "verdict": .string(isClean ? "clean" : "leak"), "certificates": .array(verdicts.map(\.json)),
    ])
  } else {
    for verdict in verdicts {
      let mark = verdict.isClean ? Mark.good : .bad
      let word = verdict.isClean ? "clean" : "leak "
      console.print("\(mark.sign(for: console.traits)) \(word)  \(verdict.sentence)")
    }
    console.print(
      isClean
        ? "\nno feature looks ahead   next: martinet features list"
        : "\na feature looks ahead   next: correct it before you believe any figure made with it")
  }
  return isClean ? .done : .refused
}
