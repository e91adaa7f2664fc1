import Runtime

/// A kind of model and, as a value of its type, one that has learned.
///
/// ```swift
/// struct Majority: Model {
///   struct Settings: Configured { … }        // hyper-parameters, declared once
///   static let card = ModelCard("majority", family: .baseline, "The commonest class of training")
///   let shares: [Double]
///   static func fit(_ settings: Settings, to lesson: Lesson, in session: FitSession) throws -> Self
///   func predict(_ samples: Windows) throws -> PredictionOutput
///   func save(to folder: String) throws
///   static func load(from folder: String) throws -> Self
/// }
/// @section("martinet_models") @used private let entry: ModelEntry = { announce(Majority.self, $0) }
/// ```
///
/// The last line is all it takes to be known: `martinet models list` has it, and its settings are read
/// from `config/models/majority.yaml`. The same lesson, settings and seed give the same bytes.
package protocol Model: Sendable {
  /// Its hyper-parameters; the defaults are those of `init()`.
  associatedtype Settings: Configured

  static var card: ModelCard { get }
  /// Where a search may look for better hyper-parameters.
  static var searchSpace: SearchSpace { get }
  /// How many rows of a symbol a sample shows, the last one included.
  static func steps(_ settings: Settings) -> Int
  /// Whether rare classes count more; shown nothing, a model then holds all classes for equally likely.
  static func weighting(_ settings: Settings) -> ClassWeighting
  /// The C libraries that a fit runs through, for manifests; they may be opened to be asked.
  static func libraries() throws -> [Manifest.Library]

  /// Learns from the lesson's training part and steers by its validation part.
  static func fit(_ settings: Settings, to lesson: Lesson, in session: FitSession) throws -> Self
  func predict(_ samples: Windows) throws -> PredictionOutput
  /// Predicts many times with memory that is kept; as `predict` where nothing is gained by it.
  func predictor() throws -> any Predictor

  /// Writes files into a folder that is there and empty.
  func save(to folder: String) throws
  static func load(from folder: String) throws -> Self
}

extension Model {
  package static var searchSpace: SearchSpace { SearchSpace([]) }
  package static func steps(_ settings: Settings) -> Int { 1 }
  package static func weighting(_ settings: Settings) -> ClassWeighting { .none }
  package static func libraries() throws -> [Manifest.Library] { [] }
  package func predictor() throws -> any Predictor { PlainPredictor(model: self) }
}

/// Foresees again and again, with memory of its own: for one thread.
package protocol Predictor {
  func predict(_ samples: Windows) throws -> PredictionOutput
}

private struct PlainPredictor<M: Model>: Predictor {
  let model: M

  func predict(_ samples: Windows) throws -> PredictionOutput { try model.predict(samples) }
}

/// A model that can say what it goes by.
package protocol ExplainedModel: Model {
  /// A number a feature, none below 0, in the order of the lesson's features; their sum is 1, or 0
  /// where it goes by none.
  func importance() throws -> [Double]
}

/// A model that can go on learning from further rows without beginning anew.
package protocol UpdatableModel: Model {
  func updated(
    _ settings: Settings, with lesson: Lesson, in session: FitSession
  ) throws -> Self
}

/// What a model is asked to learn.
package struct Lesson: Sendable {
  package let train: Windows
  /// To steer by: early stopping, the choice of a penalty. Not empty.
  package let validation: Windows

  package init(train: Windows, validation: Windows) {
    self.train = train
    self.validation = validation
  }

  package var target: Target { train.target }
}

/// What labels are.
package enum Target: String, Sendable {
  /// −1, 0 and 1.
  case classes = "class"
  /// The change of the close itself.
  case returns = "return"
}
