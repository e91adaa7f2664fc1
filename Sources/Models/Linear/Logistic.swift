import Foundation
import Learning
import Numerics
import Runtime

/// Multinomial logistic regression, by L-BFGS.
struct Logistic: ExplainedModel {
  struct Settings: Configured {
    var steps = 1
    var penalty: Double?
    var iterations = 300
    var classWeights = ClassWeighting.none

    static let schema = Schema<Self>("Probabilities from weighted sums") {
      Field("steps", \.steps, in: 1...1024, "Rows of a symbol that a sample shows")
      Field(
        "penalty", \.penalty, in: 0...1e6,
        "On the squares of weights; the best on validation where nothing is said")
      Field("iterations", \.iterations, in: 1...100_000, "Steps of the search at most")
      Field("class_weights", \.classWeights, "Whether rare classes count more")
    }
  }

  static let card = ModelCard(
    "logistic", family: .linear, "Probabilities from weighted sums of what a sample shows",
    abilities: [.classes, .sequences, .importance])
  static let searchSpace = SearchSpace([
    .logarithmic("penalty", 1e-6...10), .whole("steps", 1...60),
  ])
  static func steps(_ settings: Settings) -> Int { settings.steps }
  static func weighting(_ settings: Settings) -> ClassWeighting { settings.classWeights }
  static func libraries() throws -> [Manifest.Library] { try LinearFile.libraries() }

  let standard: Standard
  let softmax: Softmax
  let features: Int

  static func fit(
    _ settings: Settings, to lesson: Lesson, in session: FitSession
  ) throws -> Logistic {
    let standard = Standard(of: lesson.train)
    let (x, y) = (try standard.matrix(lesson.train), lesson.train.classes)
    let (heldX, heldY) = (try standard.matrix(lesson.validation), lesson.validation.classes)
    let weights = lesson.classWeights(settings.classWeights)
    // From the heaviest on: each search begins where the one before ended.
    let penalties: [Double] =
      settings.penalty.map { [$0] } ?? [1, 0.1, 0.01, 1e-3, 1e-4, 1e-5]
    var last: Softmax?
    var best: (softmax: Softmax, loss: Double)?
    for (index, penalty) in penalties.enumerated() {
      let found = try Softmax.fit(
        x, y, weights: weights, penalty: penalty, from: last, steps: settings.iterations)
      last = found
      let loss = try found.loss(heldX, heldY)
      if loss < best?.loss ?? .infinity { best = (found, loss) }
      let moment = FitMoment(
        step: index + 1, of: penalties.count, loss: try found.loss(x, y), validationLoss: loss)
      if session.report(moment) != nil { break }
    }
    guard let chosen = best?.softmax ?? last else {
      preconditionFailure("there is a penalty to try")
    }
    return Logistic(
      standard: standard, softmax: chosen, features: lesson.train.featureCount)
  }

  func predict(_ samples: Windows) throws -> PredictionOutput {
    PredictionOutput(
      samples, probabilities: try softmax.probabilities(try standard.matrix(samples)))
  }

  func importance() throws -> [Double] {
    LinearFile.importance(features: features, width: standard.means.count) { row in
      (0..<Softmax.classes).reduce(0) { $0 + softmax.weights[row, $1].magnitude }
    }
  }

  func save(to folder: String) throws {
    try LinearFile.write(
      [
        "features": JSON(features), "standard": standard.json,
        "weights": JSON(softmax.weights.elements.map { JSON($0) }),
      ], to: folder)
  }

  static func load(from folder: String) throws -> Logistic {
    let file = try LinearFile(in: folder)
    let standard = try file.standard()
    let rows = standard.means.count + 1
    return Logistic(
      standard: standard,
      softmax: Softmax(
        weights: Matrix(
          rows: rows, columns: Softmax.classes,
          try file.numbers("weights", count: rows * Softmax.classes))),
      features: try file.features(width: standard.means.count))
  }
}

@section("martinet_models") @used private let entry: ModelEntry = { announce(Logistic.self, $0) }
