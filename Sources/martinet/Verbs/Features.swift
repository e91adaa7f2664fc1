import Features
import Runtime

/// What is known about the features there are.
let featuresVerb = Verb(
  "features", summary: "Show the features that can be computed from bars",
  verbs: [listVerb, describeVerb])

private let listVerb = Verb(
  "list", summary: "List the features with what they need and mean",
  discussion: """
    The look-back is how many earlier bars a value needs: before that it is missing. A feature stands \
    once in each set that has it. See also: martinet features describe, martinet prove features.
    """,
  examples: [.init("martinet features list --json", "For a program.")]
) { invocation in
  let console = invocation.console
  if invocation.wantsJSON {
    console.print(
      JSON(Catalogue.sets.flatMap { set in set.formulas.map { $0.about.line(in: set) } }))
    return .done
  }
  for set in Catalogue.sets {
    console.print("\(set.name): \(set.documentation)\n")
    var table = Table([
      .words("feature"), .words("family", importance: 2), .words("unit", importance: 2),
      .numbers("look-back", unit: "bars", importance: 3),
      .words("meaning", importance: 1, mayBeCut: true),
    ])
    for feature in set.formulas.map(\.about) {
      table.add([
        .init(feature.name), .init(feature.family.rawValue), .init(feature.unit.rawValue),
        .init(NumberText.count(feature.lookBack)), .init(feature.documentation),
      ])
    }
    console.print(table.text(for: console.traits) + "\n")
  }
  console.print(
    "\(Catalogue.all.count) features in \(Catalogue.sets.count) sets   "
      + "next: martinet prove features technical93 --data FOLDER")
  return .done
}

private let name: Argument<String?> = .optional(
  "NAME", .text, help: "The feature, as martinet features list names it.")

private let describeVerb = Verb(
  "describe", summary: "Say all that is known about one feature", arguments: [name],
  examples: [.init("martinet features describe rsi_14", "What it is and needs.")]
) { invocation in
  let wanted = try invocation[name] ?? ""
  guard let feature = Catalogue.all.first(where: { $0.about.name == wanted }) else {
    throw FeatureError.unknownFeature(
      wanted, nearest: Words.nearest(to: wanted, among: Catalogue.all.map(\.about.name)))
  }
  let about = feature.about
  let sets = Catalogue.sets.filter { $0.formulas.contains(feature) }.map(\.name)
  let columns = feature.expression.columns.sorted()
  let console = invocation.console
  if invocation.wantsJSON {
    console.print([
      "name": .string(about.name), "formula": .string(about.formula),
      "parameters": JSON(
        about.parameters.map { ["name": .string($0.name), "value": .number($0.value)] as JSON }),
      "family": .string(about.family.rawValue), "unit": .string(about.unit.rawValue),
      "lookback": JSON(about.lookBack), "columns": JSON(columns.map { .string($0) }),
      "sets": JSON(sets.map { .string($0) }), "documentation": .string(about.documentation),
    ])
    return .done
  }
  let parameters = about.parameters.map { "\($0.name) = \(NumberText.count(Int($0.value)))" }
  console.print(
    """
    \(about.name): \(about.documentation)

    formula     \(about.formula)  \(parameters.joined(separator: ", "))
    family      \(about.family.rawValue), in \(about.unit.rawValue)
    look-back   \(about.lookBack) bars
    reads       \(columns.joined(separator: ", "))
    sets        \(sets.joined(separator: ", "))
    """)
  return .done
}

extension FeatureDescription {
  fileprivate func line(in set: FeatureSet) -> JSON {
    [
      "name": .string(name), "set": .string(set.name), "family": .string(family.rawValue),
      "formula": .string(formula), "lookback": JSON(lookBack), "unit": .string(unit.rawValue),
    ]
  }
}
