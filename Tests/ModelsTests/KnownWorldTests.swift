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
