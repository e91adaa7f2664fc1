import Runtime
import Trading

private let by: Flag<String?> = .optional(
  "by", .text, metavariable: "NAME", help: "Who stops it; you, if not given.")
private let reason: Flag<String> = .value(
  "reason", .text, metavariable: "TEXT", default: "not given", help: "Why.")
private let flatten: Flag<Bool> = .toggle(
  "flatten", help: "Also close every position at the market.")

let riskKillVerb = Verb(
  "kill", summary: "Stop every account of this machine now",
  discussion: """
    Makes the file kill in the folder risk of $MARTINET_STATE (~/.local/state/martinet). While it is \
    there, running accounts cancel what waits and send nothing but cancels. Where this program cannot \
    be run: touch that file, or send the running program the signal USR1.
    """,
  flags: [by, reason, flatten],
  examples: [
    .init("martinet risk kill --reason \"orders without end\"", "Nothing leaves any more."),
    .init("martinet risk kill --flatten", "And what is held is sold, what is owed bought back."),
  ]
) { invocation in
  let environment = processEnvironment()
  let acts = try RiskActs.ofMachine(environment: environment)
  let act = OperatorAct(
    try invocation[flatten] ? .flatten : .halt,
    by: try invocation[by] ?? RiskFlags.user(environment), reason: try invocation[reason])
  try acts.stop(act, at: SystemTime().now)
  if invocation.wantsJSON {
    invocation.console.print(["stopped": true, "by": JSON(act.by), "act": JSON(act.kind.rawValue)])
  } else {
    invocation.console.print(
      "\(Mark.good.sign(for: invocation.console.traits)) stopped, by \(act.by)   "
        + "next: martinet risk resume --by NAME --reason TEXT")
  }
  return .done
}
