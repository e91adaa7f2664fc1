import Learning
import Runtime

let modelsVerb = Verb(
  "models", summary: "List kinds of models, and keep those that may trade",
  verbs: [
    modelsListVerb, modelsDescribeVerb, modelsVersionsVerb, modelsCompareVerb, modelsPromoteVerb,
    modelsRollbackVerb,
  ])

private let modelsListVerb = Verb(
  "list", aliases: ["ls"], summary: "List every kind of model, and which version of it may trade",
  flags: [LearningFlags.production],
  examples: [.init("martinet models list --json", "For a program.")]
) { invocation in
  let registry = try ModelRegistry.standard()
  let production = ProductionRegistry(path: try invocation[LearningFlags.production])
  let console = invocation.console
  let rows = try registry.kinds.map { ($0, try production.current($0.name)) }
  if invocation.wantsJSON {
    console.print(
      JSON(
        rows.map { kind, version in
          var json = kind.card.json
          json.append("version", JSON(version))
          return json
        }))
    return .done
  }
  var table = Table([
    .words("model"), .words("family", importance: 2), .words("in production", importance: 3),
    .words("what it is", importance: 1, mayBeCut: true),
  ])
  for (kind, version) in rows {
    table.add([
      .init(kind.name), .init(kind.card.family.rawValue), .init(version ?? "none"),
      .init(kind.card.summary),
    ])
  }
  console.print(table.text(for: console.traits))
  console.print(
    "\n\(rows.count) kinds   next: martinet train --model \(rows.first?.0.name ?? "naive")")
  return .done
}

private let name: Argument<String> = .required(
  "MODEL", .text, help: "A kind of model, a version in production, a run, or a folder.")

private let modelsDescribeVerb = Verb(
  "describe", aliases: ["show"],
  summary: "Say what a kind can be set to, or what a trained model is",
  flags: [LearningFlags.production, LearningFlags.runs], arguments: [name],
  examples: [
    .init("martinet models describe lightgbm", "Hyper-parameters, ranges and search space."),
    .init("martinet models describe v1 --json", "A model that trades, with all of its card."),
  ]
) { invocation in
  let name = try invocation[name]
  let console = invocation.console
  if let kind = try ModelRegistry.standard().kinds.first(where: { $0.name == name }) {
    var json = kind.card.json
    json.append("settings", kind.schema)
    json.append("defaults", kind.defaults)
    json.append("search_space", kind.searchSpace.json)
    if invocation.wantsJSON {
      console.print(json)
    } else {
      print(kind, to: console)
    }
    return .done
  }
  let artefact = try LearningFlags.artefact(name, invocation)
  if invocation.wantsJSON {
    var json = artefact.card
    json.append("model_id", JSON(artefact.id))
    console.print(json)
    return .done
  }
  var table = Table([.words("what"), .words("value", mayBeCut: true)])
  for (what, value) in [
    ("model", artefact.kind), ("family", artefact.family), ("id", artefact.id),
    ("horizon", "\(artefact.horizon) bars"), ("rows a sample", "\(artefact.steps)"),
    ("features", "\(artefact.features.count)"), ("trained to", artefact.trainedTo.description),
    ("settings", artefact.card["settings"]?.text() ?? ""),
    ("calibration", artefact.calibration.json.text()),
  ] { table.add([.init(what), .init(value)]) }
  console.print(table.text(for: console.traits))
  console.printResult("model", at: artefact.folder)
  return .done
}

private func print(_ kind: ModelKind, to console: Console) {
  console.print("\(kind.name), \(kind.card.family.rawValue): \(kind.card.summary)\n")
  var table = Table([
    .words("setting"), .words("default", importance: 3), .words("search", importance: 1),
    .words("what it is", importance: 2, mayBeCut: true),
  ])
  for member in kind.schema["properties"]?.members ?? [] {
    let range = kind.searchSpace.dimensions.first { $0.key == member.key }
    table.add([
      .init(member.key), .init(defaultText(member.value["default"])),
      .init(range?.values.text ?? ""),
      .init(member.value["description"]?.string ?? ""),
    ])
  }
  console.print(table.text(for: console.traits))
  console.print("\nnext: martinet train --model \(kind.name) --set KEY=VALUE")
}

private func defaultText(_ value: JSON?) -> String {
  value == .null ? "none" : value?.string ?? value?.text() ?? ""
}

private let kindName: Argument<String?> = .optional(
  "MODEL", .text, help: "Only this kind of model.")

private let modelsVersionsVerb = Verb(
  "versions", summary: "List the models that may trade, and those that did",
  flags: [LearningFlags.production], arguments: [kindName],
  examples: [.init("martinet models versions", "All versions and what was done with them.")]
) { invocation in
  let production = ProductionRegistry(path: try invocation[LearningFlags.production])
  let kind = try invocation[kindName]
  let versions = try production.versions().filter { kind == nil || $0.kind == kind }
  let acts = try production.acts().filter { kind == nil || $0.model == kind }
  let current = try Dictionary(
    Set(versions.map(\.kind)).map { ($0, try production.current($0)) }, uniquingKeysWith: { $1 })
  let console = invocation.console
  if invocation.wantsJSON {
    console.print([
      "versions": JSON(
        versions.map { version in
          [
            "version": JSON(version.name), "model": JSON(version.kind),
            "current": JSON(current[version.kind] == version.name),
            "model_id": JSON(version.modelID), "folder": JSON(version.folder),
            "horizon": version.metadata["horizon"] ?? .null,
            "run": version.metadata["run"] ?? .null,
            "trained_to": version.metadata["trained_to"] ?? .null,
          ] as JSON
        }),
      "acts": JSON(
        acts.map {
          [
            "act": JSON($0.kind.rawValue), "model": JSON($0.model), "version": JSON($0.version),
            "time": JSON($0.time), "reason": JSON($0.reason),
          ] as JSON
        }),
    ])
    return .done
  }
  guard !versions.isEmpty else {
    console.print("no model may trade yet   next: martinet models promote RUN")
    return .done
  }
  var table = Table([
    .words("version"), .words("model", importance: 3), .numbers("horizon", importance: 2),
    .words("in force", importance: 3), .words("trained to", importance: 1),
    .words("run", importance: 2, mayBeCut: true),
  ])
  for version in versions {
    table.add([
      .init(version.name), .init(version.kind),
      .init(version.metadata["horizon"]?.text() ?? ""),
      .init(current[version.kind] == version.name ? "yes" : ""),
      .init(String(version.metadata["trained_to"]?.string?.prefix(10) ?? "")),
      .init(version.metadata["run"]?.string ?? ""),
    ])
  }
  console.print(table.text(for: console.traits))
  console.printResult("production", at: production.path)
  return .done
}

private let names: Argument<[String]> = .rest(
  "MODEL", .text, help: "Versions in production, in the order of columns.")

private let modelsCompareVerb = Verb(
  "compare", summary: "Lay the figures of models that may trade side by side",
  flags: [LearningFlags.production], arguments: [names],
  examples: [.init("martinet models compare v1 v2", "The old one and the new one.")]
) { invocation in
  let production = ProductionRegistry(path: try invocation[LearningFlags.production])
  let named = try invocation[names]
  let versions =
    try named.isEmpty ? production.versions() : named.map { try production.version($0) }
  let columns = try versions.map { version -> (String, JSON) in
    let path = "\(version.folder)/validation_report.json"
    let report = try JSON(parsing: SmallFile.read(path, bytesMax: 64 << 20), source: path)
    return (version.name, report["metrics"] ?? .null)
  }
  FigureComparison(columns).print(invocation)
  return .done
}

private let run: Argument<String> = .required(
  "RUN", .text, help: "A run: its name in the folder of runs, or its path.")

private let modelsPromoteVerb = Verb(
  "promote", summary: "Let the model of a run trade, if it meets the criteria",
  discussion: """
    Checks every file of the run, then the criteria: sane, certified and beats_baselines hold unless a \
    setting says otherwise, as in --set beats_baselines=false; further limits are accuracy_min, \
    rank_ic_min, sharpe_min, calibration_error_max and deflated_sharpe_min. Which criteria held is \
    written into the version's validation_report.json.

    Ends with exit code 3 where a criterion is not met; then nothing is written.
    """,
  flags: [LearningFlags.runs, LearningFlags.production], arguments: [run],
  examples: [
    .init("martinet models promote ridge_20261126T150000Z", "By the criteria as they are."),
    .init(
      "martinet models promote ridge_20261126T150000Z --set sharpe_min=0.5", "With one more."),
  ]
) { invocation in
  let criteria = try Configuration<PromotionCriteria>.load(
    files: invocation.configFiles, sets: invocation.assignments
  ).value
  let record = try RunStore(path: try invocation[LearningFlags.runs]).run(try invocation[run])
  let (version, verdicts) = try ProductionRegistry(
    path: try invocation[LearningFlags.production]
  ).promote(
    record, criteria: criteria, registry: try .standard(), at: SystemTime().now)
  let console = invocation.console
  if invocation.wantsJSON {
    console.print([
      "version": JSON(version.name), "model": JSON(version.kind),
      "model_id": JSON(version.modelID), "folder": JSON(version.folder),
      "criteria": JSON(
        verdicts.map { ["criterion": JSON($0.name), "met": JSON($0.isMet)] as JSON }),
    ])
  } else {
    for verdict in verdicts {
      console.print(
        "\(Mark.good.sign(for: console.traits)) \(verdict.name): \(verdict.found), needed "
          + verdict.needed)
    }
    console.printResult(
      version.name, at: version.folder,
      next: "martinet backtest --strategy model --set artefact=\(version.modelFolder)")
  }
  return .done
}

private let rolledBack: Argument<String> = .required("MODEL", .text, help: "A kind of model.")

private let modelsRollbackVerb = Verb(
  "rollback", summary: "Put the version of a kind in force that was before",
  flags: [LearningFlags.production], arguments: [rolledBack],
  examples: [.init("martinet models rollback lightgbm", "Back to the version before.")]
) { invocation in
  let kind = try ModelRegistry.standard().kind(try invocation[rolledBack]).name
  let production = ProductionRegistry(path: try invocation[LearningFlags.production])
  let version = try production.rollback(kind, at: SystemTime().now)
  if invocation.wantsJSON {
    invocation.console.print(["model": JSON(kind), "version": JSON(version)])
  } else {
    invocation.console.printResult(
      version, at: "\(production.path)/\(version)", next: "martinet models versions \(kind)")
  }
  return .done
}
