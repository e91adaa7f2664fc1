import Runtime
import Trading

let proveStrategyVerb = Verb(
  "strategy", summary: "Prove that a strategy's orders do not depend on what comes after them",
  discussion: """
    Makes and runs the strategy anew in worlds that are the same until an instant and others after it, and \
    compares the orders that were made until then. Whatever is worked out from the bars before the run is \
    worked out again in every world: a scale over the whole column, a signal one bar too early, an hour \
    that has not ended.

    Ends with exit code 3 where an order changes, and says which.
    """,
  flags: RunFlags.ofDecider + RunFlags.ofData + [ProveFlags.cuts],
  examples: [
    .init(
      "martinet prove strategy --strategy breakout --symbols NVDA --data Samples/daily",
      "128 worlds with another future."),
    .init(
      "martinet prove strategy --rules Samples/rules/rotation.yaml --data Samples/daily",
      "Rules of your own, or with --process a program."),
  ]
) { invocation in
  var settings = try SettingsFiles.load(
    for: invocation, flags: RunFlags.assignments(invocation)
  ).value
  _ = try settings.takeRules()
  let (frames, _) = try settings.bars()
  let recipe = try settings.recipe()
  let proof = try StrategyProof(
    frames: frames, settings: settings.backtest(), cuts: invocation[ProveFlags.cuts],
    seed: settings.judgement.seed
  ) { _ throws(BacktestError) in try recipe.strategy() }
  let console = invocation.console
  if invocation.wantsJSON {
    console.print([
      "strategy": recipe.json, "clean": JSON(proof.isClean), "cuts": JSON(proof.cuts),
      "worlds": JSON(proof.worlds), "orders": JSON(proof.compared),
      "known_until": JSON(proof.leak?.knownUntil.description),
      "ordered_at": JSON(proof.leak?.orderedAt.description), "finding": JSON(proof.sentence),
    ])
  } else {
    let mark = proof.isClean ? Mark.good : Mark.bad
    console.print(
      mark.sign(for: console.traits) + " " + console.traits.wrapped(proof.sentence))
  }
  return proof.isClean ? .done : .refused
}
