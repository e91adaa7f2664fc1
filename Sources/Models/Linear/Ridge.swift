import Foundation
import Learning
import Numerics
import Runtime

/// Least squares with a penalty on the squares of weights, in closed form.
///
/// Of classes it foresees the number −1, 0 or 1 and turns what it foresees into probabilities by a
/// softmax of that one number, fitted on validation.
struct Ridge: ExplainedModel {
  struct Settings: Configured {
    var steps = 1
    var penalty: Double?

    static let schema = Schema<Self>("Least squares with a penalty") {
      Field("steps", \.steps, in: 1...1024, "Rows of a symbol that a sample shows")
      Field(
        "penalty", \.penalty, in: 0...1e9,
        "On the squares of weights; the best on validation where nothing is said")
    }
  }

  static let card = ModelCard(
    "ridge", family: .linear, "A weighted sum of what a sample shows, in closed form",
    abilities: [.classes, .returns, .sequences, .importance])
  static let searchSpace = SearchSpace([
    .logarithmic("penalty", 1e-6...1e3), .whole("steps", 1...60),
  ])
  static func steps(_ settings: Settings) -> Int { settings.steps }
  static func libraries() throws -> [Manifest.Library] { try LinearFile.libraries() }

  let standard: Standard
  let weights: [Double]
  let constant: Double
  /// Nil where the number itself is what is foreseen.
  let softmax: Softmax?
  let features: Int

  static func fit(
    _ settings: Settings, to lesson: Lesson, in session: FitSession
  ) throws -> Ridge {
    let standard = Standard(of: lesson.train)
    let (train, held) = (
      try standard.matrix(lesson.train), try standard.matrix(lesson.validation)
    )
    let labels = lesson.train.labels
    let constant = labels.reduce(0, +) / Double(labels.count)
    let path = try RidgePath(train, labels.map { $0 - constant })
    // Relative to the features' own variance, which is 1.
    let penalties: [Double] =
      settings.penalty.map { [$0] } ?? (-6...3).reversed().map { pow(10, Double($0)) }
    let heldLabels = lesson.validation.labels
    var best: (weights: [Double], loss: Double)?
    for (index, penalty) in penalties.enumerated() {
      let weights = try path.weights(penalty)
      let loss = try loss(held, weights, constant, heldLabels)
      if best.map({ loss < $0.loss }) ?? true { best = (weights, loss) }
      let moment = FitMoment(
        step: index + 1, of: penalties.count,
        loss: try self.loss(train, weights, constant, labels), validationLoss: loss)
      if session.report(moment) != nil { break }
    }
    let weights = best?.weights ?? [Double](repeating: 0, count: train.columns)
    var softmax: Softmax?
    if lesson.target == .classes {
      let scores = try points(held, weights, constant)
      softmax = try Softmax.fit(
        Matrix(rows: scores.count, columns: 1, scores), lesson.validation.classes, penalty: 1e-6)
    }
    return Ridge(
      standard: standard, weights: weights, constant: constant, softmax: softmax,
      features: lesson.train.featureCount)
  }

  private static func points(
    _ x: Matrix<Double>, _ weights: [Double], _ constant: Double
  ) throws(LinearAlgebraError) -> [Double] {
    try LinearAlgebra.product(x, Matrix(rows: weights.count, columns: 1, weights)).elements
      .map { $0 + constant }
  }

  /// The mean squared error.
  private static func loss(
    _ x: Matrix<Double>, _ weights: [Double], _ constant: Double, _ labels: [Double]
  ) throws(LinearAlgebraError) -> Double {
    let found = try points(x, weights, constant)
    return zip(found, labels).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      / Double(max(1, labels.count))
  }

  func predict(_ samples: Windows) throws -> PredictionOutput {
    let scores = try Self.points(try standard.matrix(samples), weights, constant)
    guard let softmax else { return PredictionOutput(samples, points: scores) }
    return PredictionOutput(
      samples,
      probabilities: try softmax.probabilities(Matrix(rows: scores.count, columns: 1, scores)))
  }

  func importance() throws -> [Double] {
    LinearFile.importance(features: features, width: weights.count) { weights[$0].magnitude }
  }

  func save(to folder: String) throws {
    var json: JSON = [
      "features": JSON(features), "standard": standard.json,
      "weights": JSON((weights + [constant]).map { JSON($0) }),
    ]
    if let softmax {
      json.append("classes", JSON(softmax.weights.elements.map { JSON($0) }))
    }
    try LinearFile.write(json, to: folder)
  }

  static func load(from folder: String) throws -> Ridge {
    let file = try LinearFile(in: folder)
    let standard = try file.standard()
    let weights = try file.numbers("weights", count: standard.means.count + 1)
    let softmax =
      file.has("classes")
      ? Softmax(
        weights: Matrix(
          rows: 2, columns: Softmax.classes,
          try file.numbers("classes", count: 2 * Softmax.classes)))
      : nil
    return Ridge(
      standard: standard, weights: Array(weights.dropLast()), constant: weights[weights.count - 1],
      softmax: softmax, features: try file.features(width: standard.means.count))
  }
}

@section("martinet_models") @used private let entry: ModelEntry = { announce(Ridge.self, $0) }
