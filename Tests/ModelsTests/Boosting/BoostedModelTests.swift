import Foundation
import Learning
import Models
import Runtime
import TestKit
import Testing

@Suite("Boosted trees as models of the registry")
struct BoostedModelTests {
  private static let names = ["xgboost", "lightgbm"]

  private func fitted(
    _ name: String, _ parts: KnownWorld.Sets, _ sets: [String], callbacks: [any FitCallback] = []
  ) throws -> (model: any Model, session: FitSession) {
    let session = FitSession(seed: 2, callbacks: callbacks)
    let model = try ModelRegistry.standard().kind(name).configured(sets: sets)
      .fit(Lesson(train: parts.train, validation: parts.validation), in: session)
    return (model, session)
  }

  private func file(_ name: String) -> String { name == "xgboost" ? "model.ubj" : "model.txt" }

  @Test("growing stops when validation gets no better, and keeps the best round", arguments: names)
  func patience(name: String) throws {
    let parts = try KnownWorld.linear.sets(rows: 1500, steps: 1, seed: 7)
    let (_, session) = try fitted(
      name, parts, ["rounds=400", "patience=5", "learning_rate=0.5"])
    let losses = session.curve.compactMap(\.validationLoss)
    #expect(losses.count < 400)
    let best = try #require(losses.indices.min { losses[$0] < losses[$1] })
    #expect(losses.count == best + 6)
    #expect(session.stopReason?.contains("no better") ?? false)
  }

  private struct Enough: FitCallback {
    func reached(_ moment: FitMoment) -> String? { moment.step == 4 ? "enough" : nil }
  }

  @Test("a watcher ends the growing, and what was grown is kept", arguments: names)
  func watched(name: String) throws {
    let parts = try KnownWorld.linear.sets(rows: 800, steps: 1, seed: 8)
    let (model, session) = try fitted(name, parts, ["rounds=50"], callbacks: [Enough()])
    #expect(session.curve.count == 4)
    #expect(session.stopReason == "enough")
    #expect(try model.predict(parts.test).count == parts.test.count)
  }

  @Test("numbers are learned as well as classes", arguments: names)
  func returns(name: String) throws {
    let parts = try KnownWorld.linear.sets(rows: 1500, steps: 1, seed: 9)
    func numbers(_ samples: Windows) -> Windows {
      let all = samples.labelOfRow.map { $0 * 0.01 }
      return Windows(
        matrix: samples.matrix, steps: 1, horizon: 5, target: .returns, symbols: samples.symbols,
        codes: [Int32](repeating: 0, count: samples.matrix.rows),
        datetimes: (0..<samples.matrix.rows).map { Int64($0) }, labels: all, ends: samples.ends)
    }
    let lesson = Lesson(train: numbers(parts.train), validation: numbers(parts.validation))
    let model = try ModelRegistry.standard().kind(name).configured(sets: ["rounds=60"])
      .fit(lesson, in: FitSession(seed: 1))
    let output = try model.predict(numbers(parts.test))
    try output.check(of: name)
    #expect(output.probabilities.isEmpty && output.points.count == parts.test.count)
    let right = (0..<parts.test.count).count {
      parts.test.label($0) * output.points[$0] > 0 || parts.test.label($0) == 0
    }
    #expect(Double(right) / Double(parts.test.count) > 0.8)
  }

  @Test("constant features and missing values are no obstacle", arguments: names)
  func gaps(name: String) throws {
    let parts = try KnownWorld.linear.sets(rows: 900, steps: 1, seed: 10)
    let rows = parts.train.matrix.rows
    let matrix = FeatureMatrix(names: ["x", "same", "gaps"], rows: rows) { target in
      for row in 0..<rows {
        target[3 * row] = parts.train.matrix[row, 0]
        target[3 * row + 1] = 3
        target[3 * row + 2] = row % 3 == 0 ? .nan : parts.train.matrix[row, 1]
      }
    }
    let lesson = Lesson(
      train: parts.train.showing(matrix), validation: parts.validation.showing(matrix))
    let model = try ModelRegistry.standard().kind(name).configured(sets: ["rounds=30"])
      .fit(lesson, in: FitSession(seed: 1))
    try model.predict(parts.test.showing(matrix)).check(of: name)
    let shares = try #require(model as? any ExplainedModel).importance()
    #expect(shares[1] == 0)
  }

  @Test("rows of another width are refused", arguments: names)
  func width(name: String) throws {
    let parts = try KnownWorld.linear.sets(rows: 600, steps: 1, seed: 11)
    let (model, _) = try fitted(name, parts, ["rounds=3"])
    let wide = try KnownWorld.linear.sets(rows: 600, steps: 2, seed: 11)
    #expect(throws: TreeModelError.width(given: 12, needed: 6)) { _ = try model.predict(wide.test) }
  }

  @Test("a file that is cut off, of other outputs or not there is refused", arguments: names)
  func foreign(name: String) throws {
    let folder = try TemporaryFolder()
    let path = folder.path(file(name))
    let kind = try ModelRegistry.standard().kind(name)
    #expect(throws: FileError.self) { _ = try kind.load(from: folder.path("")) }
    let other = try #require(
      try GoldenTrees.recorded().first {
        $0.file == (name == "xgboost" ? "xgboost_onehot.ubj" : "lightgbm_one_against_all.txt")
      })
    try Data(try other.bytes.prefix(200)).write(to: URL(fileURLWithPath: path))
    #expect(throws: TreeModelError.self) { _ = try kind.load(from: folder.path("")) }
    try Data(try other.bytes).write(to: URL(fileURLWithPath: path))
    if name == "xgboost" {
      #expect(try kind.load(from: folder.path("")) is any ExplainedModel)
    } else {
      // Three numbers that are no probabilities together.
      #expect(throws: ModelFileError.self) { _ = try kind.load(from: folder.path("")) }
    }
  }

  @Test("an unknown hyper-parameter is refused with the nearest one", arguments: names)
  func unknown(name: String) throws {
    do {
      _ = try ModelRegistry.standard().kind(name).configured(sets: ["learning_rte=0.1"])
      Issue.record("it was taken")
    } catch let error as ConfigurationError {
      #expect(error.diagnosis.remedy.contains("learning_rate"))
    }
  }
}
