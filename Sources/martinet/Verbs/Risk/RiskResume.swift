import Runtime
import Trading

private let by: Flag<String> = .required(
  "by", .text, metavariable: "NAME", help: "Who answers for it.")
private let reason: Flag<String> = .required(
  "reason", .text, metavariable: "TEXT", help: "What was found, and why it is safe now.")

let riskResumeVerb = Verb(
  "resume", summary: "Let the accounts of this machine trade again, by name and reason",
  discussion: """
    Sets back the kill switch and every breaker that has tripped; losses are counted from now on. Who \
    did it and why goes into the list of acts first, and into the journal of every running account.
    """,
  flags: [by, reason],
  examples: [
    .init(
      "martinet risk resume --by \"A. Name\" --reason \"a late split; books agree again\"",
      "After the books were looked at.")
  ]
) { invocation in
  let acts = try RiskActs.ofMachine(environment: processEnvironment())
  let wasKilled = acts.isKilled
  let act = OperatorAct(.resume, by: try invocation[by], reason: try invocation[reason])
  try acts.resume(act, at: SystemTime().now)
  if invocation.wantsJSON {
    invocation.console.print([
      "stopped": false, "was_stopped": .bool(wasKilled), "by": JSON(act.by),
    ])
  } else {
    invocation.console.print(
      "\(Mark.good.sign(for: invocation.console.traits)) accounts may trade again, says \(act.by)"
        + "   next: martinet risk show")
  }
  return .done
}
