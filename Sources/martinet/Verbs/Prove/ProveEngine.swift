import Runtime
import Trading

private let seeds: Flag<Int> = .value(
  "seeds", .integer(in: 1...100_000_000), metavariable: "N", default: 1000,
  help: "How many schedules of faults are run.")
private let seed: Flag<Int> = .value(
  "seed", .integer(in: 0...Int.max), metavariable: "S", default: 1,
  help: "The first of their numbers: the same number is the same schedule.")

let proveEngineVerb = Verb(
  "engine", summary: "Break everything around the engine, and look whether its books survive",
  discussion: """
    Runs schedules drawn by chance, each a few sessions of erratic orders in which the venue's line \
    breaks, repeats, reorders and refuses, prices are old, missing, negative or split, clocks jump, \
    and the machine dies, loses power in the middle of a write or has a full disk. After each: books \
    balance and agree with the venue's, no order left without a record that was safe before, none was \
    sent twice, none while halted, and every restart found the state that there was.

    Ends with exit code 3 where something is violated, and names the seed, which does it again.
    """,
  flags: [seeds, seed],
  examples: [
    .init("martinet prove engine --seeds 10000", "Ten thousand schedules."),
    .init("martinet prove engine --seeds 1 --seed 4711", "One of them again."),
  ]
) { invocation in
  let proof = try EngineProof.run(
    seeds: try invocation[seeds], from: UInt64(try invocation[seed]))
  let console = invocation.console
  if invocation.wantsJSON {
    console.print(proof.json)
  } else {
    let mark = proof.isClean ? Mark.good : .bad
    console.print(
      "\(mark.sign(for: console.traits)) \(NumberText.count(proof.seeds)) schedules, "
        + "\(NumberText.count(proof.orders)) orders, \(NumberText.count(proof.fills)) fills: "
        + (proof.isClean ? "nothing is violated" : "something is violated"))
    for fault in Fault.allCases {
      console.print("  \(fault.rawValue)  \(NumberText.count(proof.faults[fault] ?? 0))")
    }
    for violation in proof.violations.prefix(20) {
      console.print("seed \(violation.seed): \(violation.finding)")
    }
    if let first = proof.violations.first {
      console.print("\nagain: martinet prove engine --seeds 1 --seed \(first.seed)")
    }
  }
  return proof.isClean ? .done : .refused
}
