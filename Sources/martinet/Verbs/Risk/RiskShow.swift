import Runtime
import Trading

let riskShowVerb = Verb(
  "show", summary: "Print every limit, its origin, and whether trading is stopped",
  discussion: """
    Limits are read from the files named by --config, or from \(RiskFiles.standard) where it is, over \
    those of an engine; then from the file named by --env; then from --set. What does not fit together \
    is refused with its place.
    """,
  flags: [SettingsFiles.environment],
  examples: [
    .init("martinet risk show", "What holds, and who stopped trading."),
    .init(
      "martinet risk show -c production/config/risk_limits.yaml --env prod --json",
      "With the amounts of the first weeks, for a program."),
  ]
) { invocation in
  let files = try RiskFiles.names(for: invocation)
  let loaded = try Configuration<RiskLimits>.load(files: files, sets: invocation.assignments)
  let acts = try RiskActs.ofMachine(environment: processEnvironment())
  let console = invocation.console
  if invocation.wantsJSON {
    console.print([
      "stopped": .bool(acts.isKilled), "stopped_by": acts.isKilled ? acts.killing.json : .null,
      "acts": JSON(acts.acts.suffix(20).map(\.json)), "files": JSON(files.map(JSON.string)),
      "limits": loaded.json, "settings": loaded.effectiveJSON,
    ])
    return .done
  }
  var table = Table([.words("limit"), .words("value", importance: 2), .words("from")])
  for row in loaded.effective {
    table.add([
      .init(row.key), .init(row.value.short),
      .init(row.origin.description, row.origin == .builtIn ? .quiet : nil),
    ])
  }
  console.print(table.text(for: console.traits))
  if acts.isKilled {
    let act = acts.killing
    console.print(
      "\(Mark.bad.sign(for: console.traits)) stopped by \(act.by): \(act.reason)   "
        + "next: martinet risk resume --by NAME --reason TEXT")
  } else {
    console.print("\(Mark.good.sign(for: console.traits)) not stopped   next: martinet risk kill")
  }
  return .done
}

extension JSON {
  /// On one line of a table.
  fileprivate var short: String {
    switch self {
    case .null: "-"
    case .string(let text): text
    case .array(let items): "\(items.count) given"
    default: text()
    }
  }
}
