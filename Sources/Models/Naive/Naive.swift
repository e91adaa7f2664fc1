import Foundation
import Learning
import Runtime

/// What a model must beat: the shares of the classes in training, or the mean of the changes, whatever
/// a row shows.
struct Naive: Model {
  struct Settings: Configured {
    static let schema = Schema<Self>("The forecast that looks at nothing") {}
  }

  static let card = ModelCard(
    "naive", family: .baseline, "The shares of the classes in training, whatever a row shows",
    abilities: [.classes, .returns])

  /// Of the classes −1, 0 and 1, or the one mean.
  let numbers: [Double]

  static func fit(_ settings: Settings, to lesson: Lesson, in session: FitSession) throws -> Naive {
    let labels = lesson.train.labels
    guard lesson.target == .classes else {
      return Naive(numbers: [labels.reduce(0, +) / Double(labels.count)])
    }
    let counts = PredictionOutput.classes.map { value in labels.count { $0 == Double(value) } }
    return Naive(numbers: counts.map { Double($0) / Double(labels.count) })
  }

  func predict(_ samples: Windows) throws -> PredictionOutput {
    guard numbers.count == 3 else {
      return PredictionOutput(samples, points: Array(repeating: numbers[0], count: samples.count))
    }
    return PredictionOutput(
      samples, probabilities: (0..<samples.count).flatMap { _ in numbers })
  }

  func save(to folder: String) throws {
    let json: JSON = ["numbers": JSON(numbers.map { JSON($0) })]
    try AtomicFile.write(json.text(pretty: true) + "\n", to: "\(folder)/naive.json")
  }

  static func load(from folder: String) throws -> Naive {
    let path = "\(folder)/naive.json"
    let json = try JSON(parsing: SmallFile.read(path, bytesMax: 1 << 16), source: path)
    guard let numbers = json["numbers"]?.elements?.compactMap(\.double),
      [1, 3].contains(numbers.count)
    else { throw ModelFileError(path: path, finding: "holds no shares of classes") }
    return Naive(numbers: numbers)
  }
}

@section("martinet_models") @used private let entry: ModelEntry = { announce(Naive.self, $0) }
