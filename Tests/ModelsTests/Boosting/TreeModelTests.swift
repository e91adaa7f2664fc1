import Models
import Numerics
import Runtime
import TestKit
import Testing

@Suite("Saved models of XGBoost and LightGBM predict what the libraries predict")
struct TreeModelTests {
  @Test("every model that the real packages saved, within 1e-6: sums of leaves and predictions")
  func golden() throws {
    let cases = try GoldenTrees.recorded()
    #expect(cases.count == 17)
    for recorded in cases {
      let model = try GoldenTrees.read(recorded.bytes, recorded.file)
      #expect(model.featureCount == 6)
      let raw = try model.predict(recorded.rows, isRaw: true)
      #expect(greatestError(raw, recorded.raw) < 1e-6, "\(recorded.file)")
      let predictions = try model.predict(recorded.rows)
      #expect(greatestError(predictions, recorded.predictions) < 1e-6, "\(recorded.file)")
    }
  }

  @Test("one row, any number of rows and any number of threads give the same bits")
  func sameBits() throws {
    for recorded in try GoldenTrees.recorded() {
      let model = try GoldenTrees.read(recorded.bytes, recorded.file)
      // Blocks without missing values go another way than those with some.
      let rows = recorded.rows + recorded.rows.map { $0.isFinite ? $0 : 0 }
      let all = try model.predict(rows)
      for threads in [1, 2, 3] {
        let again = try model.predict(rows, pool: Pool(threads: threads))
        #expect(again.map(\.bitPattern) == all.map(\.bitPattern), "\(recorded.file) \(threads)")
      }
      var single = [Double](repeating: 0, count: model.outputs)
      for row in 0..<rows.count / 6 {
        try rows.withUnsafeBufferPointer { rows in
          try single.withUnsafeMutableBufferPointer {
            try model.predict(
              row: UnsafeBufferPointer(rebasing: rows[row * 6..<row * 6 + 6]), into: $0)
          }
        }
        let expected = all[row * model.outputs..<(row + 1) * model.outputs]
        #expect(single.map(\.bitPattern) == expected.map(\.bitPattern), "\(recorded.file) \(row)")
      }
    }
  }

  @Test("the libraries in this program read those files too and predict the same")
  func libraries() throws {
    for recorded in try GoldenTrees.recorded() where !recorded.file.contains("classes.") {
      let outputs = recorded.predictions.count / (recorded.rows.count / 6)
      let theirs =
        recorded.file.hasSuffix(".txt")
        ? try LightGBMTraining.predict(
          String(decoding: recorded.bytes, as: UTF8.self), recorded.rows, width: 6,
          outputs: outputs)
        : try XGBoostTraining.predict(recorded.bytes, recorded.rows, width: 6)
      #expect(greatestError(theirs, recorded.predictions) < 1e-6, "\(recorded.file)")
    }
  }

  @Test("a row of another width is refused", arguments: [0, 5, 7])
  func width(count: Int) throws {
    let recorded = try #require(try GoldenTrees.recorded().first)
    let model = try GoldenTrees.read(recorded.bytes, recorded.file)
    let row = [Float](repeating: 0, count: count)
    var result = [Double](repeating: 0, count: model.outputs)
    #expect(throws: TreeModelError.width(given: count, needed: 6)) {
      try row.withUnsafeBufferPointer { row in
        try result.withUnsafeMutableBufferPointer { try model.predict(row: row, into: $0) }
      }
    }
  }

  @Test("no rows give no predictions")
  func nothing() throws {
    let recorded = try #require(try GoldenTrees.recorded().first)
    #expect(try GoldenTrees.read(recorded.bytes, recorded.file).predict([]) == [])
  }
}

@Suite("Models just grown predict what their library predicts, whatever the rows hold")
struct GrownTreesTests {
  private static func rows(_ seed: Int, count: Int, width: Int) -> [Float] {
    var stream = RandomStream(seed: UInt64(seed), purpose: "grown trees")
    return (0..<count * width).map { _ in
      switch stream.index(below: 12) {
      case 0: .nan
      case 1: 0
      case 2: Float(stream.index(below: 4))
      default: Float(stream.normal())
      }
    }
  }

  /// Settings by chance, among them what changes the shape of trees and what is missing.
  private static func settings(_ seed: Int, _ library: String) -> [(String, String)] {
    var stream = RandomStream(seed: UInt64(seed), purpose: "settings")
    let shared = [("seed", "\(seed)"), ("lambda", "\(stream.index(below: 3))")]
    if library == "xgboost" {
      return shared + [
        ("objective", "multi:softprob"), ("num_class", "3"), ("tree_method", "hist"),
        ("max_depth", "\(1 + stream.index(below: 9))"), ("eta", "0.\(1 + stream.index(below: 9))"),
        ("grow_policy", stream.index(below: 2) == 0 ? "depthwise" : "lossguide"),
        ("subsample", "0.8"), ("min_child_weight", "0.1"),
      ]
    }
    return shared + [
      ("objective", "multiclass"), ("num_class", "3"), ("min_data_in_leaf", "2"),
      ("num_leaves", "\(2 + stream.index(below: 60))"),
      ("zero_as_missing", stream.index(below: 2) == 0 ? "true" : "false"),
      ("use_missing", stream.index(below: 4) == 0 ? "false" : "true"),
    ]
  }

  @Test(
    "XGBoost", arguments: 0..<FuzzBudget.inputs(usual: 6, nightly: 200))
  func xgboost(seed: Int) throws {
    let width = 1 + seed % 7
    let numbers = Self.rows(seed, count: 150, width: width)
    let train = BoostingRows(
      numbers, width: width, labels: (0..<150).map { Float(($0 * 7 + seed) % 3) })
    let bytes = try XGBoostTraining.model(
      Self.settings(seed, "xgboost"), bins: 16, plan: BoostingPlan(rounds: 9, threads: 1),
      train: train)
    let model = try TreeModel(xgboost: bytes, source: "grown")
    let probes = numbers + Self.rows(seed + 1000, count: 83, width: width)
    for isRaw in [true, false] {
      let theirs = try XGBoostTraining.predict(bytes, probes, width: width, isRaw: isRaw)
      #expect(greatestError(try model.predict(probes, isRaw: isRaw), theirs) < 1e-6)
    }
  }

  @Test(
    "LightGBM", arguments: 0..<FuzzBudget.inputs(usual: 6, nightly: 200))
  func lightgbm(seed: Int) throws {
    let width = 1 + seed % 7
    let numbers = Self.rows(seed, count: 150, width: width)
    let train = BoostingRows(
      numbers, width: width, labels: (0..<150).map { Float(($0 * 7 + seed) % 3) })
    let text = try LightGBMTraining.model(
      Self.settings(seed, "lightgbm"), plan: BoostingPlan(rounds: 9, threads: 1), train: train)
    let model = try TreeModel(lightgbm: Array(text.utf8), source: "grown")
    let probes = numbers + Self.rows(seed + 1000, count: 83, width: width)
    for isRaw in [true, false] {
      let theirs = try LightGBMTraining.predict(
        text, probes, width: width, outputs: 3, isRaw: isRaw)
      #expect(greatestError(try model.predict(probes, isRaw: isRaw), theirs) < 1e-6)
    }
  }

  @Test("the same rows, seed and threads give the same bytes, and growing stops where told")
  func repeatable() throws {
    let numbers = Self.rows(1, count: 300, width: 4)
    let train = BoostingRows(
      numbers, width: 4, labels: (0..<300).map { numbers[4 * $0] > 0 ? 1 : 0 })
    let plan = BoostingPlan(rounds: 30, threads: 2)
    var rounds: [Int] = []
    let watch: BoostingWatch = { round, loss, validation in
      rounds.append(round)
      #expect(loss.isFinite && validation.isFinite)
      return round == 7 ? "told" : nil
    }
    for library in ["xgboost", "lightgbm"] {
      let settings = Self.settings(3, library)
      let bytes = try (0..<2).map { _ -> [UInt8] in
        library == "xgboost"
          ? try XGBoostTraining.model(
            settings, bins: 64, plan: plan, train: train, validation: train, watch: watch)
          : Array(
            try LightGBMTraining.model(
              settings, plan: plan, train: train, validation: train, watch: watch
            ).utf8)
      }
      #expect(bytes[0] == bytes[1], "\(library)")
      #expect(rounds == Array(1...7) + Array(1...7), "\(library)")
      rounds = []
    }
  }

  @Test("what a library refuses is told in its words, and the next model is none the worse")
  func refusals() throws {
    let train = BoostingRows([1, 2, 3, 4], width: 1, labels: [0, 1, 0, 7])
    let plan = BoostingPlan(rounds: 2, threads: 1)
    #expect(throws: BoostingError.self) {
      _ = try XGBoostTraining.model(
        Self.settings(1, "xgboost"), bins: 16, plan: plan, train: train)
    }
    #expect(throws: BoostingError.self) {
      _ = try LightGBMTraining.model(Self.settings(1, "lightgbm"), plan: plan, train: train)
    }
    let endless = BoostingRows([1, .infinity, 3, 4], width: 1, labels: [0, 1, 0, 1])
    do {
      _ = try XGBoostTraining.model(
        Self.settings(1, "xgboost"), bins: 16, plan: plan, train: endless)
      Issue.record("an infinite number was taken")
    } catch {
      #expect(error.diagnosis.finding.contains("inf"))
    }
    try xgboost(seed: 2)
    try lightgbm(seed: 2)
  }

  @Test("the libraries are found, and tell who they are")
  func versions() throws {
    #expect(try BoostingLibraries.xgboost().version == "3.2.0")
    #expect(try BoostingLibraries.lightgbm().path.hasSuffix("lib_lightgbm.so"))
  }
}
