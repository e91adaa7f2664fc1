import Foundation
import Learning
import Runtime
import Tensors

/// A kind of network: what it is called and what its layers are; `NetworkModel` does all the rest.
protocol NetworkKind: Sendable {
  associatedtype Settings: NetworkSettings
  static var card: ModelCard { get }
  static var searchSpace: SearchSpace { get }
  /// Layers from [batch, steps, features] to [batch, outputs].
  static func network(_ settings: Settings, features: Int, outputs: Int) -> any Module
}

/// Layers that look at a sequence, then a linear head on what they say at its last step.
///
/// PyTorch's names: `trunk.…`, `head.weight`, `head.bias`.
struct LastStepNetwork<Trunk: Module>: Module {
  let trunk: Trunk
  let dropout: Double
  let head: Linear

  func callAsFunction<T>(_ x: Node<T>) throws(TensorError) -> Node<T> {
    try head("head", trunk("trunk", x).lastStep().dropout(dropout))
  }
}

/// A trained network.
struct NetworkModel<Kind: NetworkKind>: Model {
  typealias Settings = Kind.Settings

  static var card: ModelCard { Kind.card }
  static var searchSpace: SearchSpace { Kind.searchSpace }
  static func steps(_ settings: Settings) -> Int { settings.sequenceLength }
  static func weighting(_ settings: Settings) -> ClassWeighting { settings.training.classWeights }

  let settings: Settings
  let body: NetworkBody
  /// Of the target, where it is the change itself: what the network gives times `width` plus `centre`.
  let centre, width: Double

  static func fit(
    _ settings: Settings, to lesson: Lesson, in session: FitSession
  ) throws -> NetworkModel {
    let outputs = lesson.target == .classes ? 3 : 1
    let features = lesson.train.featureCount
    let scale = lesson.target == .classes ? (0.0, 1.0) : Self.scale(lesson.train.labels)
    let module = Kind.network(settings, features: features, outputs: outputs)
    let fit = try NetworkFit(
      module, training: settings.training, lesson: lesson, session: session, outputs: outputs,
      centre: scale.0, width: scale.1)
    let parameters = try fit.run()
    let body = NetworkBody(
      module: module, parameters: parameters, steps: settings.sequenceLength, features: features,
      outputs: outputs)
    return NetworkModel(settings: settings, body: body, centre: scale.0, width: scale.1)
  }

  private static func scale(_ labels: [Double]) -> (Double, Double) {
    let mean = labels.reduce(0, +) / Double(max(1, labels.count))
    let squares = labels.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let deviation = (squares / Double(max(1, labels.count - 1))).squareRoot()
    return (mean, deviation > 0 ? deviation : 1)
  }

  func predict(_ samples: Windows) throws -> PredictionOutput {
    try predictor().predict(samples)
  }

  func predictor() throws -> any Predictor {
    try NetworkPredictor(body, centre: centre, width: width)
  }

  private static var weightsName: String { "network.safetensors" }
  private static var settingsName: String { "network.json" }

  func save(to folder: String) throws {
    try body.parameters.save(to: "\(folder)/\(Self.weightsName)")
    let json: JSON = [
      "settings": Settings.schema.json(of: settings), "features": JSON(body.features),
      "outputs": JSON(body.outputs), "centre": JSON(centre), "width": JSON(width),
    ]
    try AtomicFile.write(json.text(pretty: true) + "\n", to: "\(folder)/\(Self.settingsName)")
  }

  static func load(from folder: String) throws -> NetworkModel {
    let path = "\(folder)/\(settingsName)"
    let json = try JSON(parsing: SmallFile.read(path, bytesMax: 1 << 20), source: path)
    guard let stored = json["settings"], let features = json["features"]?.whole, features > 0,
      let outputs = json["outputs"]?.whole, outputs > 0, let centre = json["centre"]?.double,
      let width = json["width"]?.double
    else { throw ModelFileError(path: path, finding: "does not say what the network is") }
    let settings = try Configuration<Settings>.load(
      sources: [ConfigurationSource(name: path, bytes: Array(stored.text().utf8))]
    ).value
    let module = Kind.network(settings, features: Int(features), outputs: Int(outputs))
    let body = try NetworkBody(
      module: module, seed: 0, steps: settings.sequenceLength, features: Int(features),
      outputs: Int(outputs))
    try body.parameters.load(Safetensors("\(folder)/\(weightsName)"))
    return NetworkModel(settings: settings, body: body, centre: centre, width: width)
  }
}

/// Layers with their weights and the shapes that they take and give.
struct NetworkBody: Sendable {
  let module: any Module
  let parameters: Parameters<Float>
  let steps, features, outputs: Int

  init(
    module: any Module, parameters: Parameters<Float>, steps: Int, features: Int, outputs: Int
  ) {
    self.module = module
    self.parameters = parameters
    self.steps = steps
    self.features = features
    self.outputs = outputs
  }

  /// With first weights that follow from the seed.
  init(
    module: any Module, seed: UInt64, steps: Int, features: Int, outputs: Int
  ) throws(TensorError) {
    self.init(
      module: module,
      parameters: try Parameters<Float>(seed: seed) { graph throws(TensorError) in
        _ = try module("network", graph.input([1, steps, features]))
      }, steps: steps, features: features, outputs: outputs)
  }

  /// A program for so many samples at once.
  func plan(rows: Int) throws(TensorError) -> (
    plan: Plan<Float>, input: Node<Float>, output: Node<Float>
  ) {
    let graph = Graph(parameters)
    let input = graph.input([rows, steps, features])
    let output = try module("network", input)
    return (try Plan(computing: [output]), input, output)
  }
}
