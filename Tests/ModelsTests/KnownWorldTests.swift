import Foundation
import Learning
import Runtime
import TestKit
import Testing

@Suite("Models learn what their family can express, and nothing where there is nothing")
struct KnownWorldTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let model: String
    let sets: [String]
    let world: KnownWorld
    let steps: Int

    var testDescription: String { "\(model) in the \(world.name) world" }
  }

  private static let quick = ["rounds=150", "patience=20", "learning_rate=0.1"]
  static let cases = [
    Case(model: "ridge", sets: [], world: .linear, steps: 1),
    Case(model: "logistic", sets: [], world: .linear, steps: 1),
    Case(model: "xgboost", sets: quick + ["max_depth=4"], world: .linear, steps: 1),
    Case(model: "lightgbm", sets: quick + ["num_leaves=15"], world: .linear, steps: 1),
    Case(model: "xgboost", sets: quick, world: .interactions, steps: 1),
    Case(model: "lightgbm", sets: quick, world: .interactions, steps: 1),
    Case(model: "ridge", sets: ["steps=8"], world: .memory, steps: 8),
    Case(model: "logistic", sets: ["steps=8"], world: .memory, steps: 8),
  ]

  private func learned(
    _ model: String, _ sets: [String], _ parts: KnownWorld.Sets, seed: UInt64 = 1
  ) throws -> any Model {
    try ModelRegistry.standard().kind(model).configured(sets: sets).fit(
      Lesson(train: parts.train, validation: parts.validation),
      in: FitSession(seed: seed, cores: 2))
  }

  @Test("at least 95% of the best accuracy there is", arguments: cases)
  func learns(_ one: Case) throws {
    let parts = try one.world.sets(rows: 12_000, steps: one.steps, seed: 3)
    #expect(parts.best > parts.chance + 0.15)
    let output = try learned(one.model, one.sets, parts).predict(parts.test)
    try output.check(of: one.model)
    let accuracy = KnownWorld.accuracy(output, parts.test)
    #expect(accuracy >= 0.95 * parts.best, "\(accuracy) of \(parts.best)")
    #expect(accuracy <= parts.best + 0.03, "better than whoever knows the rule")
  }

  @Test("with shuffled labels no better than chance", arguments: cases)
  func learnsNothing(_ one: Case) throws {
    let parts = try one.world.sets(rows: 6000, steps: one.steps, seed: 4, isShuffled: true)
    let output = try learned(one.model, one.sets, parts).predict(parts.test)
    // Three standard errors of 1,200 rows.
    #expect(KnownWorld.accuracy(output, parts.test) < parts.chance + 0.045)
  }

  @Test("what one row cannot show is not learned from one row")
  func needsMemory() throws {
    let parts = try KnownWorld.memory.sets(rows: 12_000, steps: 1, seed: 3)
    let output = try learned("logistic", [], parts).predict(parts.test)
    #expect(KnownWorld.accuracy(output, parts.test) < 0.85 * parts.best)
  }

  /// Nine rows in ten are 0, so that whoever counts rows says 0 wherever it is in doubt.
  private static func rare(_ samples: Windows) -> Windows {
    var place = 0
    return samples.relabelled(
      samples.labels.map { label in
        place += 1
        return label != 0 && place.isMultiple(of: 4) ? label : 0
      })
  }

  @Test(
    "with balanced classes the rare ones are seen more often, and the ladder holds",
    arguments: ["xgboost", "lightgbm", "logistic"])
  func balanced(model: String) throws {
    let parts = try KnownWorld.linear.sets(rows: 4000, steps: 1, seed: 8)
    let lesson = Lesson(train: Self.rare(parts.train), validation: Self.rare(parts.validation))
    let sets = model == "logistic" ? [] : ["rounds=40"]
    func seen(_ weighting: String) throws -> Int {
      let output = try ModelRegistry.standard().kind(model)
        .configured(sets: sets + ["class_weights=\(weighting)"])
        .fit(lesson, in: FitSession(seed: 1)).predict(parts.test)
      return (0..<parts.test.count).count { output.choice($0) != 0 }
    }
    let (plain, balanced) = (try seen("none"), try seen("balanced"))
    #expect(balanced > 2 * plain, "\(plain) → \(balanced)")
    let kind = try ModelRegistry.standard().kind(model).configured(sets: ["class_weights=balanced"])
    let report = try SanityLadder(kind, lesson: lesson, seed: 1).climbed()
    #expect(report.rungs.first { $0.name == "zeroed" }?.isPassed == true, "\(report.json.text())")
  }

  @Test(
    "a model of the registry climbs the ladder on parts whose classes are not spread alike",
    arguments: ["xgboost", "lightgbm", "ridge", "logistic"])
  func ladder(model: String) throws {
    let lesson = Lesson(
      train: MadeLessons.windows(rows: 1400, steps: 1, seed: 1),
      validation: Self.rare(MadeLessons.windows(rows: 500, steps: 1, seed: 2)))
    let kind = try ModelRegistry.standard().kind(model).configured()
    let report = try SanityLadder(kind, lesson: lesson, seed: 1).climbed()
    #expect(report.rungs.first { $0.name == "oracle" }?.isPassed == true, "\(report.json.text())")
  }

  @Test("the C libraries of a fit are named with their versions for manifests")
  func libraries() throws {
    let registry = try ModelRegistry.standard()
    for (model, library, words) in [
      ("xgboost", "XGBoost", "sha256"), ("lightgbm", "LightGBM", "sha256"),
      ("ridge", "OpenBLAS", "kernels"), ("logistic", "OpenBLAS", "kernels"),
    ] {
      let found = try registry.kind(model).libraries()
      #expect(found.map(\.name) == [library] && found[0].version.contains(words))
    }
    #expect(try registry.kind("gru").libraries() == [])
  }

  /// How the networks are trained on worlds of 6 features.
  private static func network(_ name: String) -> [String] {
    let own =
      name == "transformer"
      ? ["width=32", "heads=2", "layers=1", "feed_forward=64"] : ["hidden=32"]
    return own + [
      "sequence_length=8", "dropout=0", "training.batch=128", "training.epochs=30",
      "training.patience=6", "training.learning_rate=0.003",
    ]
  }

  static let networks = ["lstm", "gru", "transformer"].flatMap { name in
    [KnownWorld.linear, .interactions, .memory].map {
      Case(model: name, sets: network(name), world: $0, steps: 8)
    }
  }

  @Test(
    "networks: at least 95% of the best there is, and chance where labels are shuffled",
    .enabled(if: FuzzBudget.isNightly, "eighteen fits of networks: set MARTINET_NIGHTLY"),
    arguments: networks)
  func networksLearn(_ one: Case) throws {
    let parts = try one.world.sets(rows: 12_000, steps: one.steps, seed: 3)
    let output = try learned(one.model, one.sets, parts).predict(parts.test)
    let accuracy = KnownWorld.accuracy(output, parts.test)
    print("\(one.model) \(one.world.name) \(accuracy) of \(parts.best)")
    #expect(accuracy >= 0.95 * parts.best, "\(accuracy) of \(parts.best)")
    let nothing = try one.world.sets(rows: 6000, steps: one.steps, seed: 4, isShuffled: true)
    let guessed = try learned(one.model, one.sets, nothing).predict(nothing.test)
    let found = KnownWorld.accuracy(guessed, nothing.test)
    print("\(one.model) \(one.world.name) shuffled \(found), chance \(nothing.chance)")
    #expect(found < nothing.chance + 0.045)
  }

  @Test(
    "the same seed gives the same files, byte for byte",
    arguments: [
      "xgboost", "lightgbm", "ridge", "logistic", "naive",
    ])
  func sameBytes(model: String) throws {
    let parts = try KnownWorld.linear.sets(rows: 1500, steps: 1, seed: 5)
    let sets = ["xgboost", "lightgbm"].contains(model) ? ["rounds=20"] : []
    let folder = try TemporaryFolder()
    var files: [[String: Data]] = []
    for run in ["a", "b"] {
      let path = folder.path(run)
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      let fitted = try learned(model, sets, parts, seed: 9)
      try fitted.save(to: path)
      let names = try FileManager.default.contentsOfDirectory(atPath: path)
      files.append(
        try Dictionary(
          uniqueKeysWithValues: names.map {
            ($0, try Data(contentsOf: URL(fileURLWithPath: "\(path)/\($0)")))
          }))
      // What is read back foresees the same, to the last bit.
      let loaded = try ModelRegistry.standard().kind(model).load(from: path)
      #expect(try loaded.predict(parts.test) == fitted.predict(parts.test))
    }
    #expect(!files[0].isEmpty)
    #expect(files[0] == files[1])
  }

  @Test(
    "models that explain themselves name the features that count",
    arguments: [
      "xgboost", "lightgbm", "ridge", "logistic",
    ])
  func importance(model: String) throws {
    let parts = try KnownWorld.linear.sets(rows: 4000, steps: 1, seed: 6)
    let sets = ["xgboost", "lightgbm"].contains(model) ? ["rounds=30"] : []
    let explained = try #require(try learned(model, sets, parts) as? any ExplainedModel)
    let shares = try explained.importance()
    #expect(shares.count == 6)
    #expect(abs(shares.reduce(0, +) - 1) < 1e-9)
    #expect(shares[0] > shares[1] && shares[1] > shares[2])
    #expect(shares[3...].allSatisfy { $0 < shares[2] })
  }
}
