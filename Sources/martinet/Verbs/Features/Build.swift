import Features
import Market
import MarketData
import Runtime

/// Makes a training set of features and labels.
let featuresBuildVerb = Verb(
  "build", summary: "Make a training set: features and labels, split, scaled, with a manifest",
  discussion: """
    Computes the features that the settings choose (sets, features), labels every bar (labels), splits \
    by time with purging (split), learns a scale from the training part alone (scaler), leaves out what \
    the settings say (selection), and writes train_scaled.parquet, val_scaled.parquet, \
    test_scaled.parquet, scaler.json and manifest.json: all of them or none. The same bars and settings \
    give the same bytes.

    Ends with exit code 3 where a feature looks ahead. See also: martinet prove features.
    """,
  flags: RunFlags.ofData + [FeatureFlags.out], arguments: [FeatureFlags.set],
  examples: [
    .init(
      "martinet features build --config features.yaml --data Samples/daily",
      "Features of a file, into data/splits/scaled."),
    .init(
      "martinet features build technical93 --data Samples/daily --out sets/technical",
      "A whole set."),
  ]
) { invocation in
  let loaded = try SettingsFiles.load(for: invocation, flags: RunFlags.assignments(invocation))
  let recipe = try loaded.recipe(set: try invocation[FeatureFlags.set])
  try recipe.choice.refuseLookAhead()
  let settings = loaded.value
  let frames = try settings.bars(days: settings.timerange ?? .all).frames
  // First what can be refused quickly, then the proof, and only then a file.
  var grounds = try ProofGrounds(
    world: World(frames), settings: loaded,
    definitions: ProofGrounds.definitions(of: recipe.choice.features))
  var built = try TrainingSet.build(recipe, frames: frames, code: grounds.code.description)
  let verdict = try LookAheadProof.run(
    FeatureComputation(recipe.choice), frames: frames, cuts: 4, seed: settings.judgement.seed)
  guard verdict.isClean else { throw LeakFound(sentence: verdict.sentence) }
  // What was left out is not in the set, and a model of the set is held against its own columns.
  grounds.definitions = ProofGrounds.definitions(of: built.features)
  built.certificate =
    Certificate(
      verdict, sets: recipe.choice.sets, grounds: grounds
    ).json
  let folder = try invocation[FeatureFlags.out]
  try built.write(to: folder)
  BuildReport(built: built, folder: folder).print(invocation)
  return .done
}

/// A feature looks ahead, so no training set is made of it.
struct LeakFound: DiagnosedError {
  let sentence: String

  var diagnosis: Diagnosis {
    Diagnosis(
      place: "proof", finding: sentence,
      remedy: "correct the feature; martinet prove features says more",
      exitCode: .refused)
  }
}

/// What the verb says about a training set that it made.
private struct BuildReport {
  let built: TrainingSet.Built
  let folder: String

  func print(_ invocation: Invocation) {
    let console = invocation.console
    if invocation.wantsJSON {
      console.print([
        "out": .string(folder), "features": JSON(built.features.count),
        "feature_version": .string(TrainingSet.featureVersion(built.features).description),
        "rows": .object(
          built.parts.map { JSON.Member($0.part.rawValue, JSON($0.table.rowCount)) }),
        "proof": built.certificate["verdict"] ?? .null,
        "left_out": JSON(
          built.leftOut.map {
            [
              "name": .string($0.name), "reason": .string($0.reason.rawValue),
              "detail": .string($0.detail),
            ] as JSON
          }),
        "fitted": built.scaler.json["fitted"] ?? .null,
      ])
      return
    }
    var table = Table([
      .words("part"), .numbers("rows", importance: 3), .words("from", importance: 2),
      .words("to", importance: 2), .words("file", importance: 1),
    ])
    for (part, rows) in built.parts {
      func day(_ nanoseconds: Int64?) -> String {
        nanoseconds.map { Timestamp(nanoseconds: $0).utcDate.description } ?? ""
      }
      table.add([
        .init(part.rawValue), .init(NumberText.count(rows.rowCount)),
        .init(day(rows.datetimes.first)), .init(day(rows.datetimes.last)), .init(part.file),
      ])
    }
    console.print(
      "\(NumberText.count(built.features.count)) features of \(built.parts[0].table.symbols.count) "
        + "symbols, scaled by \(built.scaler.scaling.rawValue)\n")
    console.print(table.text(for: console.traits))
    printLeftOut(console)
    console.print("")
    console.printResult("training set", at: folder, next: "martinet features plot --help")
  }

  private func printLeftOut(_ console: Console) {
    guard !built.leftOut.isEmpty else { return }
    console.print("\nleft out:")
    for feature in built.leftOut.prefix(12) {
      console.print("  \(feature.name): \(feature.reason.rawValue), \(feature.detail)")
    }
    if built.leftOut.count > 12 {
      console.print("  and \(built.leftOut.count - 12) more, in manifest.json")
    }
  }
}
