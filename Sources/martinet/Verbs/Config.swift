import Runtime

/// Shows what a run would be given, and what may be given.
let configVerb = Verb(
  "config", summary: "Show settings and where each comes from",
  discussion: """
    Settings are read from the files named by --config in their order, or from \
    \(SettingsFiles.standard) where it is; then from the file named by --env; then from --set. Later \
    ones win.
    """,
  verbs: [showVerb, schemaVerb])

private let isResolved: Flag<Bool> = .toggle(
  "resolved", help: "Print a whole settings file that would give the same run.")

private let showVerb = Verb(
  "show", summary: "Print every setting with its value and origin",
  discussion: "Secrets show where they are kept, never what they are.",
  flags: [isResolved, SettingsFiles.environment],
  examples: [
    .init("martinet config show --config config/base.yaml", "A table."),
    .init("martinet config show --set costs.commission_bps=5 --json", "One JSON object."),
    .init("martinet config show --resolved > run.yaml", "To be used again."),
  ]
) { invocation in
  let loaded = try SettingsFiles.load(for: invocation)
  let console = invocation.console
  if invocation.wantsJSON {
    let rows = loaded.effective.map { row -> JSON in
      ["key": .string(row.key), "value": row.value, "origin": .string(row.origin.description)]
    }
    console.print([
      "files": .array(try SettingsFiles.names(for: invocation).map(JSON.string)),
      "settings": .array(rows), "resolved": loaded.json,
    ])
  } else if try invocation[isResolved] {
    console.output.write(SettingsText.resolved(loaded))
  } else {
    var table = Table([.words("setting"), .words("value", importance: 2), .words("from")])
    for row in loaded.effective {
      let isDefault = row.origin == .builtIn
      table.add([
        .init(row.key), .init(row.value.readable),
        .init(row.origin.description, isDefault ? .quiet : nil),
      ])
    }
    console.print(table.text(for: console.traits))
  }
  return .done
}

private let schemaVerb = Verb(
  "schema", summary: "Print the JSON schema of settings files",
  discussion: "Editors that know it complete and check settings while they are written.",
  examples: [.init("martinet config schema > config/settings.schema.json", "For an editor.")]
) { invocation in
  invocation.console.output.write(RunSettings.jsonSchema.text(pretty: true) + "\n")
  return .done
}

extension RunSettings {
  static let jsonSchema = Configuration<RunSettings>.jsonSchema(title: "Settings of martinet")
}

extension JSON {
  /// As a person writes it in a settings file.
  fileprivate var readable: String {
    switch self {
    case .string(let text): text
    case .null: "-"
    default: text()
    }
  }
}
