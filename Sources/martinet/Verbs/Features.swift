import Features
import Runtime

/// What is known about the features there are.
let featuresVerb = Verb(
  "features", summary: "Show the features that can be computed from bars", verbs: [listVerb])

private let listVerb = Verb(
  "list", summary: "List the features with what they need and mean",
  discussion: """
    The look-back is how many earlier bars a value needs: before that it is missing. \
    See also: martinet prove features.
    """,
  examples: [.init("martinet features list --json", "For a program.")]
) { invocation in
  let features = Catalogue.starter.map(\.about)
  let console = invocation.console
  if invocation.wantsJSON {
    console.print(["features": .array(features.map(\.json))])
    return .done
  }
  var table = Table([
    .words("feature"), .words("family", importance: 2), .words("unit", importance: 2),
    .numbers("look-back", unit: "bars", importance: 3),
    .words("meaning", importance: 1, mayBeCut: true),
  ])
  for feature in features {
    table.add([
      .init(feature.name), .init(feature.family.rawValue), .init(feature.unit.rawValue),
      .init(NumberText.count(feature.lookBack)), .init(feature.documentation),
    ])
  }
  console.print(table.text(for: console.traits))
  console.print("\n\(features.count) features   next: martinet prove features --data FOLDER")
  return .done
}

extension FeatureDescription {
  fileprivate var json: JSON {
    [
      "name": .string(name), "formula": .string(formula), "family": .string(family.rawValue),
      "unit": .string(unit.rawValue), "look_back": JSON(lookBack),
      "meaning": .string(documentation),
    ]
  }
}
