import Foundation
import Learning
import Market
import Runtime
import TestKit
import Testing

@Suite("Networks")
struct NetworkTests {
  private static let golden = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Golden").path

  @Test(
    "with PyTorch's weights they give what PyTorch gives, many rows at once and one by one",
    arguments: ["lstm", "gru", "transformer"])
  func pyTorch(name: String) throws {
    let folder = "\(Self.golden)/\(name)"
    let model = try ModelRegistry.standard().kind(name).load(from: folder)
    let path = "\(folder)/cases.json"
    let cases = try JSON(parsing: SmallFile.read(path, bytesMax: 1 << 24), source: path)
    func numbers(_ key: String) throws -> [Double] {
      let found = cases[key]?.elements?.compactMap { $0.double }
      return try #require(found)
    }
    let (inputs, outputs) = (try numbers("inputs"), try numbers("outputs"))
    let rows = Int(try #require(cases["rows"]?.whole))
    let steps = Int(try #require(cases["steps"]?.whole))
    let features = Int(try #require(cases["features"]?.whole))
    let samples = Self.samples(inputs, rows: rows, steps: steps, features: features)
    let width = outputs.count / rows
    let output = try model.predict(samples)
    for row in 0..<rows {
      let own = outputs[row * width..<(row + 1) * width]
      let alone = try model.predict(samples.subset([row]))
      if width == 1 {
        #expect(abs(output.points[row] - own[own.startIndex]) < 1e-4)
        #expect(alone.points[0] == output.points[row])
        continue
      }
      let most = own.max() ?? 0
      let sum = own.reduce(0) { $0 + exp($1 - most) }
      for (c, score) in own.enumerated() {
        #expect(abs(output.probabilities[3 * row + c] - exp(score - most) / sum) < 1e-4)
        #expect(abs(alone.probabilities[c] - output.probabilities[3 * row + c]) < 1e-6)
      }
    }
  }

  /// Sequences one after the other in one block, a sample each.
  private static func samples(
    _ inputs: [Double], rows: Int, steps: Int, features: Int
  ) -> Windows {
    let matrix = FeatureMatrix(
      names: (0..<features).map { "x\($0)" }, rows: rows * steps
    ) { block in
      for (place, value) in inputs.enumerated() { block[place] = Float(value) }
    }
    return Windows(
      matrix: matrix, steps: steps, horizon: 1, target: .classes, symbols: [],
      codes: Array(repeating: 0, count: rows * steps),
      datetimes: (0..<rows * steps).map(Int64.init),
      labels: Array(repeating: 0, count: rows * steps),
      ends: (0..<rows).map { Int32(($0 + 1) * steps - 1) })
  }

  private static func settings(_ name: String) -> [String] {
    let own =
      name == "transformer"
      ? ["width=8", "heads=2", "layers=1", "feed_forward=16"] : ["hidden=8", "layers=1"]
    return own + [
      "sequence_length=4", "dropout=0.1", "training.batch=32", "training.epochs=3",
      "training.checkpoint_steps=2", "training.learning_rate=0.01",
    ]
  }

  private func bytes(_ model: any Model) throws -> [Data] {
    let folder = try TemporaryFolder()
    try model.save(to: folder.root)
    return try FileManager.default.contentsOfDirectory(atPath: folder.root).sorted().map {
      try Data(contentsOf: URL(fileURLWithPath: folder.path($0)))
    }
  }

  @Test(
    "a fit goes on from what any moment left behind, to the same bytes",
    arguments: ["lstm", "gru", "transformer"])
  func resume(name: String) throws {
    let kind = try ModelRegistry.standard().kind(name).configured([], sets: Self.settings(name))
    let lesson = Lesson(
      train: MadeLessons.windows(rows: 140, steps: 4, seed: 1),
      validation: MadeLessons.windows(rows: 60, steps: 4, seed: 2))
    let whole = try TemporaryFolder()
    let straight = try bytes(
      kind.fit(lesson, in: FitSession(seed: 5, checkpoints: whole.root)))
    var chance = SeededGenerator(seed: 3)
    for _ in 0..<FuzzBudget.inputs(usual: 4, nightly: 100) {
      let live = try TemporaryFolder()
      let copy = try TemporaryFolder()
      // The files of some moment are laid aside, as a process that dies leaves them.
      let moment = Int.random(in: 1...12, using: &chance)
      let thief = Thief(step: moment, from: live.root, to: copy.root)
      _ = try kind.fit(
        lesson, in: FitSession(seed: 5, checkpoints: live.root, callbacks: [thief]))
      let resumed = try kind.fit(lesson, in: FitSession(seed: 5, checkpoints: copy.root))
      #expect(try bytes(resumed) == straight, "after step \(moment)")
    }
  }

  /// Copies the checkpoints away when a step is reached.
  private struct Thief: FitCallback {
    let step: Int
    let from, to: String
    func reached(_ moment: FitMoment) -> String? {
      guard moment.step == step, moment.validationLoss == nil else { return nil }
      do {
        for name in try FileManager.default.contentsOfDirectory(atPath: from) {
          try FileManager.default.copyItem(atPath: "\(from)/\(name)", toPath: "\(to)/\(name)")
        }
      } catch { Issue.record("\(error)") }
      return nil
    }
  }

  @Test("a checkpoint that is cut short or damaged is refused by name")
  func damaged() throws {
    let kind = try ModelRegistry.standard().kind("gru").configured([], sets: Self.settings("gru"))
    let lesson = Lesson(
      train: MadeLessons.windows(rows: 140, steps: 4, seed: 1),
      validation: MadeLessons.windows(rows: 60, steps: 4, seed: 2))
    let folder = try TemporaryFolder()
    _ = try kind.fit(lesson, in: FitSession(seed: 5, checkpoints: folder.root))
    let path = folder.path("state.safetensors")
    let whole = try Data(contentsOf: URL(fileURLWithPath: path))
    for count in [0, 7, 100, whole.count - 4] {
      try whole.prefix(count).write(to: URL(fileURLWithPath: path))
      do {
        _ = try kind.fit(lesson, in: FitSession(seed: 5, checkpoints: folder.root))
        Issue.record("\(count) bytes were taken")
      } catch {
        #expect((error as? any DiagnosedError)?.diagnosis.place.contains("state") == true)
      }
    }
  }

  @Test(
    "each learns a rule with memory to its Bayes rate",
    .enabled(if: FuzzBudget.isNightly, "forty epochs of three networks: set MARTINET_NIGHTLY"),
    arguments: ["lstm", "gru", "transformer"])
  func memory(name: String) throws {
    var sets = Self.settings(name).filter { !$0.hasPrefix("training.epochs") }
    sets += ["training.epochs=40", "training.patience=10"]
    let kind = try ModelRegistry.standard().kind(name).configured([], sets: sets)
    let lesson = Lesson(
      train: MadeLessons.windows(rows: 1_200, steps: 4, seed: 1),
      validation: MadeLessons.windows(rows: 400, steps: 4, seed: 2))
    let test = MadeLessons.windows(rows: 1_000, steps: 4, seed: 3)
    let output = try kind.fit(lesson, in: FitSession(seed: 5)).predict(test)
    let right = (0..<test.count).count { Double(output.choice($0)) == test.label($0) }
    // The rule is exact: its Bayes rate is 1.
    #expect(Double(right) / Double(test.count) >= 0.95, "\(Double(right) / Double(test.count))")
  }
}

/// The class is the sign of the first feature two rows back, where that is large, else 0.
enum MadeLessons {
  static func windows(rows: Int, steps: Int, seed: UInt64) -> Windows {
    var chance = SeededGenerator(seed: seed)
    let values = (0..<rows).map { _ in
      (0..<3).map { _ in Float.random(in: -2...2, using: &chance) }
    }
    let matrix = FeatureMatrix(names: ["a", "b", "c"], rows: rows) { block in
      for (row, numbers) in values.enumerated() {
        for (column, number) in numbers.enumerated() { block[row * 3 + column] = number }
      }
    }
    var labels = [Double](repeating: 0, count: rows)
    for row in 2..<rows {
      let x = values[row - 2][0]
      labels[row] = x > 0.7 ? 1 : x < -0.7 ? -1 : 0
    }
    return Windows(
      matrix: matrix, steps: steps, horizon: 1, target: .classes, symbols: [],
      codes: Array(repeating: 0, count: rows), datetimes: (0..<rows).map(Int64.init),
      labels: labels, ends: (steps - 1..<rows).map(Int32.init))
  }
}
