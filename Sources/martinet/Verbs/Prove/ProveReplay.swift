import Numerics
import Runtime
import Trading

private let run: Flag<String?> = .optional(
  "run", .text, metavariable: "FOLDER", help: "What martinet backtest --record FOLDER kept.")
private let threads: Flag<Int> = .value(
  "threads", .integer(in: 1...64), metavariable: "N", default: 2,
  help: "How many replays run side by side after the one that runs alone.")

let proveReplayVerb = Verb(
  "replay", summary: "Run a recorded run again, and look whether its journal is the same",
  discussion: """
    Takes settings, strategy (its model's file included) and market data from the folder, runs the \
    strategy again alone and several times side by side, and compares the journals of orders byte for \
    byte.

    Ends with exit code 3 where one differs, and names the first record that does.
    """,
  flags: [run, threads],
  examples: [
    .init("martinet prove replay --run runs/1", "After martinet backtest --record runs/1.")
  ]
) { invocation in
  guard let folder = try invocation[run] else { throw NoRun() }
  let recording = try RecordedRun(in: folder)
  let verdict = try recording.replay(threads: invocation[threads])
  let console = invocation.console
  if invocation.wantsJSON {
    console.print([
      "run": JSON(folder), "same": JSON(verdict.isSame), "records": JSON(verdict.records),
      "recorded_sha256": JSON(verdict.recorded.description),
      "replays": JSON(
        verdict.replayed.map {
          ["threads": JSON($0.threads), "sha256": JSON($0.digest.description)]
        }),
      "first_difference": JSON(verdict.difference?.place),
    ])
  } else if verdict.isSame {
    console.print(
      "\(Mark.good.sign(for: console.traits)) same  \(verdict.replayed.count) replays wrote the "
        + "\(NumberText.count(verdict.records)) records of \(folder), SHA-256 \(verdict.recorded)")
  } else {
    console.print("\(Mark.bad.sign(for: console.traits)) another journal  \(folder)")
    if let difference = verdict.difference {
      console.print("record \(difference.place)")
      for (name, record) in [
        ("recorded", difference.recorded), ("replayed", difference.replayed),
      ] {
        console.print("  \(name)  \(record.map { "\($0)" } ?? "nothing")")
      }
    }
  }
  return verdict.isSame ? .done : .refused
}

private struct NoRun: DiagnosedError {
  var diagnosis: Diagnosis {
    Diagnosis(
      place: "--run", finding: "no folder is given",
      remedy: "record a run first: martinet backtest --record runs/1", exitCode: .wrongUsage)
  }
}
