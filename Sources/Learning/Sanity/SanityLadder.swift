import Foundation
import Numerics
import Runtime

/// What any trainer must show before a figure of it is worth looking at: each rung is a lesson whose
/// outcome is known beforehand.
///
/// - `oracle`: one feature is the label itself; it must be found, and the right way round.
/// - `shuffled`: labels are dealt out anew among the rows; nothing may be found.
/// - `zeroed`: every feature is zero; forecasts must be one and the same, and the classes' own shares.
/// - `order`: the same rows in another order and other company; forecasts must be the same.
/// - `seed`: the same lesson and seed twice; the files must be the same, byte for byte.
package struct SanityLadder: Sendable {
  private let model: ConfiguredModel
  private let lesson: Lesson
  private let seed: UInt64
  /// Rows that a rung learns from, and steers and is judged by.
  private let rowsMax: (train: Int, validation: Int)
  private let stepsMax: Int

  package init(
    _ model: ConfiguredModel, lesson: Lesson, seed: UInt64,
    rowsMax: (train: Int, validation: Int) = (1_500, 500), stepsMax: Int = 200
  ) {
    self.model = model
    self.seed = seed
    self.rowsMax = rowsMax
    self.stepsMax = stepsMax
    self.lesson = Lesson(
      train: Self.thinned(lesson.train, to: rowsMax.train),
      validation: Self.thinned(lesson.validation, to: rowsMax.validation))
  }

  /// Rows from all of the time, evenly.
  private static func thinned(_ samples: Windows, to most: Int) -> Windows {
    guard samples.count > most else { return samples }
    return samples.subset((0..<most).map { $0 * samples.count / most })
  }

  /// Climbs all rungs. A baseline looks at nothing, so that of its rungs the oracle is left out.
  package func climbed() throws -> SanityReport {
    var rungs: [SanityReport.Rung] = []
    if model.card.family != .baseline { rungs.append(try oracle()) }
    rungs.append(try shuffled())
    rungs.append(try zeroed())
    rungs += try orderAndSeed()
    return SanityReport(rungs: rungs)
  }

  private func fit(_ lesson: Lesson) throws -> any Model {
    try model.fit(
      lesson, in: FitSession(seed: seed, budget: FitBudget(steps: stepsMax), isRehearsal: true))
  }

  /// How much of what there is to find was found: of classes the part of rows that were told right beyond
  /// what the commonest class gives, of changes the rank correlation. 1 is all.
  private func skill(_ output: PredictionOutput, _ samples: Windows) -> Double {
    if samples.target == .returns {
      return RankScores.spearman((0..<output.count).map(output.score), samples.labels)
    }
    let classes = samples.classes
    let right = classes.indices.count { output.choice($0) + 1 == classes[$0] }
    let commonest = (0..<3).map { c in classes.count { $0 == c } }.max() ?? 0
    guard classes.count > commonest else { return right == classes.count ? 1 : 0 }
    return Double(right - commonest) / Double(classes.count - commonest)
  }

  private func oracle() throws -> SanityReport.Rung {
    let labels = lesson.train.labels
    let squares = labels.reduce(0) { $0 + $1 * $1 } / Double(max(1, labels.count))
    // One scale for both parts: trees cut at the very values that training had.
    let scale = squares > 0 ? 2 / squares.squareRoot() : 1
    let told = Lesson(
      train: Self.telling(lesson.train, scale), validation: Self.telling(lesson.validation, scale))
    let output = try fit(told).predict(told.validation)
    let skill = skill(output, told.validation)
    return SanityReport.Rung(
      name: "oracle", isPassed: skill >= 0.8, value: skill, needed: "at least 0.8 of what there is",
      meaning: "A feature that is the label itself is found.")
  }

  /// The first feature replaced by the label, on the scale of features.
  private static func telling(_ samples: Windows, _ scale: Double) -> Windows {
    let labels = samples.labelOfRow
    let old = samples.matrix
    let matrix = FeatureMatrix(names: old.names, rows: old.rows) { values in
      for place in 0..<(old.rows * old.columns) { values[place] = old.start[place] }
      for row in 0..<old.rows {
        values[row * old.columns] = labels[row].isFinite ? Float(labels[row] * scale) : 0
      }
    }
    return samples.showing(matrix)
  }

  private func shuffled() throws -> SanityReport.Rung {
    var chance = RandomStream(seed: seed, purpose: "sanity shuffle")
    func dealt(_ samples: Windows) -> Windows {
      var labels = samples.labels
      chance.shuffle(&labels)
      return samples.relabelled(labels)
    }
    let dealtLesson = Lesson(train: dealt(lesson.train), validation: dealt(lesson.validation))
    let output = try fit(dealtLesson).predict(dealtLesson.validation)
    let samples = dealtLesson.validation
    let value = skill(output, samples)
    // Chance gives a part of rows right whose deviation is below ½ ÷ √n, and as large a correlation as
    // 1 ÷ √n; four of them are past belief.
    let count = Double(samples.count)
    let classes = samples.target == .classes ? samples.classes : []
    let rest = classes.count - ((0..<3).map { c in classes.count { $0 == c } }.max() ?? 0)
    let limit =
      samples.target == .returns
      ? 4 / count.squareRoot() : 2 * count.squareRoot() / Double(max(1, rest))
    return SanityReport.Rung(
      name: "shuffled", isPassed: value <= limit, value: value,
      needed: "at most \(NumberText.ratio(limit))",
      meaning: "In labels dealt out anew nothing is found.")
  }

  private func zeroed() throws -> SanityReport.Rung {
    func blind(_ samples: Windows) -> Windows {
      let old = samples.matrix
      return samples.showing(FeatureMatrix(names: old.names, rows: old.rows) { _ in })
    }
    let blinded = Lesson(train: blind(lesson.train), validation: blind(lesson.validation))
    let output = try fit(blinded).predict(blinded.validation)
    let naive = blinded.naive(model.weighting)
    let numbers = output.probabilities.isEmpty ? output.points : output.probabilities
    let width = output.probabilities.isEmpty ? 1 : 3
    var worst = 0.0
    for place in numbers.indices {
      worst = max(worst, abs(numbers[place] - numbers[place % width]))
    }
    var off = 0.0
    for c in 0..<min(width, numbers.count) { off = max(off, abs(numbers[c] - naive[c])) }
    let scale = width == 3 ? 1 : Self.deviation(lesson.train.labels)
    let isSame = worst <= 1e-5 * max(scale, 1e-12)
    return SanityReport.Rung(
      name: "zeroed", isPassed: isSame && off <= 0.1 * scale, value: isSame ? off : worst,
      needed: "one forecast for all rows, within \(NumberText.ratio(0.1 * scale)) of the shares",
      meaning: "Shown nothing, it says what is common.")
  }

  private static func deviation(_ values: [Double]) -> Double {
    values.count > 1 ? StreamingMoments(values.span).deviation() : 0
  }

  private func orderAndSeed() throws -> [SanityReport.Rung] {
    let first = try fit(lesson)
    let samples = lesson.validation
    let output = try first.predict(samples)
    let reversed = try first.predict(samples.subset((0..<samples.count).reversed()))
    let alone = try first.predict(samples.prefix(1))
    let width = output.probabilities.isEmpty ? 1 : 3
    func numbers(_ output: PredictionOutput) -> [Double] {
      output.probabilities.isEmpty ? output.points : output.probabilities
    }
    let (straight, turned) = (numbers(output), numbers(reversed))
    var worst = 0.0
    for row in 0..<samples.count {
      for c in 0..<width {
        let other = turned[(samples.count - 1 - row) * width + c]
        worst = max(worst, abs(straight[row * width + c] - other))
      }
    }
    for (one, other) in zip(numbers(alone), straight) { worst = max(worst, abs(one - other)) }
    let scale = max(1e-12, straight.map { abs($0) }.max() ?? 0)
    let second = try fit(lesson)
    let isSame = try Self.bytes(first) == Self.bytes(second)
    return [
      SanityReport.Rung(
        name: "order", isPassed: worst <= 1e-5 * scale, value: worst, needed: "no difference",
        meaning: "A forecast does not depend on the rows before it."),
      SanityReport.Rung(
        name: "seed", isPassed: isSame, value: isSame ? 0 : 1, needed: "the same bytes",
        meaning: "The same lesson and seed give the same model."),
    ]
  }

  /// The hashes of a model's files, by name.
  private static func bytes(_ model: any Model) throws -> [String: SHA256Digest] {
    let folder = NSTemporaryDirectory() + "martinet-sanity-\(UUID().uuidString)"
    try Folder.make(folder)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try model.save(to: folder)
    return Dictionary(
      uniqueKeysWithValues: try Folder.names(in: folder).map {
        ($0, try SHA256.hash(file: "\(folder)/\($0)"))
      })
  }
}

/// Which rungs were climbed.
package struct SanityReport: Sendable, Equatable {
  package struct Rung: Sendable, Equatable {
    package let name: String
    package let isPassed: Bool
    package let value: Double
    package let needed: String
    package let meaning: String
  }

  package let rungs: [Rung]

  package var isSane: Bool { rungs.allSatisfy(\.isPassed) }
  package var failed: [String] { rungs.filter { !$0.isPassed }.map(\.name) }

  package var json: JSON {
    .object(
      rungs.map {
        JSON.Member(
          $0.name,
          [
            "passed": JSON($0.isPassed), "value": JSON($0.value), "needed": JSON($0.needed),
            "meaning": JSON($0.meaning),
          ])
      })
  }
}
