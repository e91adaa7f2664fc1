import Foundation
import Learning
import Runtime

/// The class whose mean is nearest: a model as CONTRIBUTING.md asks for it, one file and nothing else.
struct NearestMean: Model {
  struct Settings: Configured {
    var sharpness = 1.0
    static let schema = Schema<Self>("The nearest of the classes' means") {
      Field("sharpness", \.sharpness, in: 0.01...100, "How sure it is of what is near")
    }
  }

  static let card = ModelCard(
    "nearest_mean", family: .linear, "The class whose mean is nearest", abilities: [.classes])
  static let searchSpace = SearchSpace([.logarithmic("sharpness", 0.1...10)])

  let sharpness: Double
  /// One row a class.
  let means: [[Double]]

  static func fit(_ settings: Settings, to lesson: Lesson, in session: FitSession) throws -> Self {
    let samples = lesson.train
    let classes = samples.classes
    var sums = [[Double]](repeating: [Double](repeating: 0, count: samples.width), count: 3)
    for sample in 0..<samples.count {
      samples.withSample(sample) { values in
        for (place, value) in values.enumerated() { sums[classes[sample]][place] += Double(value) }
      }
    }
    let counts = (0..<3).map { c in Double(max(1, classes.count { $0 == c })) }
    let means = (0..<3).map { c in sums[c].map { $0 / counts[c] } }
    return NearestMean(sharpness: settings.sharpness, means: means)
  }

  func predict(_ samples: Windows) throws -> PredictionOutput {
    let probabilities = (0..<samples.count).flatMap { sample -> [Double] in
      let nearness = samples.withSample(sample) { values in
        means.map { mean in
          exp(-sharpness * zip(values, mean).reduce(0) { $0 + pow(Double($1.0) - $1.1, 2) })
        }
      }
      let sum = nearness.reduce(0, +)
      return sum > 0 ? nearness.map { $0 / sum } : [1 / 3, 1 / 3, 1 / 3]
    }
    return PredictionOutput(samples, probabilities: probabilities)
  }

  func save(to folder: String) throws {
    let json: JSON = [
      "sharpness": JSON(sharpness), "means": JSON(means.map { JSON($0.map { JSON($0) }) }),
    ]
    try AtomicFile.write(json.text(), to: "\(folder)/means.json")
  }

  static func load(from folder: String) throws -> Self {
    let path = "\(folder)/means.json"
    let json = try JSON(parsing: SmallFile.read(path, bytesMax: 1 << 20), source: path)
    guard let sharpness = json["sharpness"]?.double,
      let means = json["means"]?.elements?.compactMap({ $0.elements?.compactMap(\.double) }),
      means.count == 3
    else { throw ModelFileError(path: path, finding: "holds no means") }
    return NearestMean(sharpness: sharpness, means: means)
  }
}

@section("martinet_models") @used private let entry: ModelEntry = {
  announce(NearestMean.self, $0)
}
