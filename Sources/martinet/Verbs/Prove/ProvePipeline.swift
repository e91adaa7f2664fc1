import Features
import Learning
import Runtime

let provePipelineVerb = Verb(
  "pipeline",
  summary: "Prove labels, weights, scalers, splits, samples, joins and flags of what can be traded",
  discussion: """
    What stands between bars and a model is tried as features are. Labels may look forward to the bar \
    that settles them and no further; scales must not move with anything after the training part; what \
    a model is trained on must be settled before the next sample that judges it, also where purged and \
    combinatorial folds train behind the test; what a model is shown must not move with bars after it, \
    of its own symbol or another; a longer bar may be joined when it is over; a universe is known as of \
    its day.

    Ends with exit code 3 where a part fails.
    """,
  flags: RunFlags.ofData + [ProveFlags.cuts],
  examples: [
    .init("martinet prove pipeline --data Samples/daily --symbols NVDA", "On twenty years of days.")
  ]
) { invocation in
  let settings = try SettingsFiles.load(
    for: invocation, flags: RunFlags.assignments(invocation)
  ).value
  let frames = try settings.bars(days: settings.timerange ?? .all).frames
  let (cuts, seed) = (try invocation[ProveFlags.cuts], settings.judgement.seed)
  let parts =
    try PipelineProof.run(frames: frames, cuts: cuts, seed: seed)
    + WindowProof.run(frames: frames, cuts: cuts, seed: seed)
  let isClean = parts.allSatisfy(\.verdict.isClean)
  let console = invocation.console
  if invocation.wantsJSON {
    console.print([
      "verdict": JSON(isClean ? "clean" : "leak"),
      "parts": JSON(
        parts.map { part in
          ["name": JSON(part.name), "proof": part.verdict.json] as JSON
        }),
    ])
  } else {
    for part in parts {
      let mark = part.verdict.isClean ? Mark.good : .bad
      console.print(
        "\(mark.sign(for: console.traits)) \(part.name): "
          + (part.verdict.isClean
            ? "nothing moved in \(part.verdict.trials) changed futures" : part.verdict.sentence))
    }
    console.print(
      isClean
        ? "\nnothing looks ahead   next: martinet prove table FILE --price close"
        : "\nsomething looks ahead   next: correct it before you believe any figure made with it")
  }
  return isClean ? .done : .refused
}
