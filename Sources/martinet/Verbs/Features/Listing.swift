import Features
import Runtime

/// Lists the features of every set.
let featuresListVerb = Verb(
  "list", summary: "List the features with what they need and mean",
  discussion: """
    The look-back is how many earlier bars a value needs: before that it is missing. A feature stands \
    once in each set that has it; those of your settings come last. See also: martinet features \
    describe, martinet prove features.
    """,
  examples: [
    .init("martinet features list --json", "For a program."),
    .init("martinet features list --config features.yaml", "With your own."),
  ]
) { invocation in
  let groups = try FeatureGroup.all(invocation)
  let console = invocation.console
  if invocation.wantsJSON {
    console.print(JSON(groups.flatMap(\.lines)))
    return .done
  }
  for group in groups {
    console.print("\(group.name): \(group.documentation)\n")
    console.print(group.table.text(for: console.traits) + "\n")
  }
  let count = Set(groups.flatMap { $0.features.map(\.about.name) }).count
  console.print(
    "\(count) features in \(groups.count) sets   "
      + "next: martinet prove features technical93 --data FOLDER")
  return .done
}

/// A set of the catalogue, or the features that the settings hold.
private struct FeatureGroup {
  static let ownName = FeatureDescription.Family.own.rawValue

  let name, documentation: String
  let features: [any Feature]

  static func all(_ invocation: Invocation) throws -> [FeatureGroup] {
    let sets = Catalogue.sets.map {
      FeatureGroup(name: $0.name, documentation: $0.documentation, features: $0.formulas)
    }
    let own = try SettingsFiles.load(for: invocation).ownFeatures()
    guard !own.isEmpty else { return sets }
    return sets + [
      FeatureGroup(name: ownName, documentation: "The features of your settings.", features: own)
    ]
  }

  var lines: [JSON] {
    features.map(\.about).map { about in
      [
        "name": .string(about.name), "set": .string(name), "family": .string(about.family.rawValue),
        "formula": .string(about.formula), "lookback": JSON(about.lookBack),
        "unit": .string(about.unit.rawValue),
      ]
    }
  }

  var table: Table {
    var table = Table([
      .words("feature"), .words("family", importance: 2), .words("unit", importance: 2),
      .numbers("look-back", unit: "bars", importance: 3),
      .words("meaning", importance: 1, mayBeCut: true),
    ])
    for about in features.map(\.about) {
      table.add([
        .init(about.name), .init(about.family.rawValue), .init(about.unit.rawValue),
        .init(NumberText.count(about.lookBack)), .init(about.documentation),
      ])
    }
    return table
  }
}

private let name: Argument<String?> = .optional(
  "NAME", .text, help: "The feature, as martinet features list names it.")

/// Says what one feature is.
let featuresDescribeVerb = Verb(
  "describe", summary: "Say all that is known about one feature", arguments: [name],
  examples: [.init("martinet features describe rsi_14", "What it is and needs.")]
) { invocation in
  let wanted = try invocation[name] ?? ""
  let groups = try FeatureGroup.all(invocation)
  let features = groups.flatMap(\.features)
  guard let feature = features.last(where: { $0.about.name == wanted }) else {
    throw FeatureError.unknownFeature(
      wanted, nearest: Words.nearest(to: wanted, among: features.map(\.about.name)))
  }
  let sets = groups.filter { $0.features.contains { $0.about.name == wanted } }.map(\.name)
  Described(feature: feature, sets: sets).print(invocation)
  return .done
}

private struct Described {
  let feature: any Feature
  let sets: [String]

  func print(_ invocation: Invocation) {
    let about = feature.about
    let columns = feature.inputColumns.sorted()
    let console = invocation.console
    if invocation.wantsJSON {
      console.print([
        "name": .string(about.name), "formula": .string(about.formula),
        "parameters": JSON(
          about.parameters.map { ["name": .string($0.name), "value": .number($0.value)] as JSON }),
        "family": .string(about.family.rawValue), "unit": .string(about.unit.rawValue),
        "lookback": JSON(about.lookBack), "columns": JSON(columns.map { .string($0) }),
        "sets": JSON(sets.map { .string($0) }), "documentation": .string(about.documentation),
        "expression": JSON(feature.expressionText),
      ])
      return
    }
    let parameters = about.parameters.map { "\($0.name) = \(NumberText.count(Int($0.value)))" }
    console.print(
      """
      \(about.name): \(about.documentation)

      formula     \(about.formula)  \(parameters.joined(separator: ", "))
      computes    \(feature.expressionText ?? "")
      family      \(about.family.rawValue), in \(about.unit.rawValue)
      look-back   \(about.lookBack) bars
      reads       \(columns.joined(separator: ", "))
      sets        \(sets.joined(separator: ", "))
      """)
  }
}
