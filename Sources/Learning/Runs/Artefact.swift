import Features
import Market
import Runtime

/// A trained model as it lies on the disk: the files of its kind and `model.json`, which says what it is,
/// what it must be shown, how sure it may be, and the hash of every file. Nothing in it depends on when
/// or where it was trained.
package struct Artefact: Sendable {
  package let folder: String
  package let card: JSON
  /// The SHA-256 of `model.json`, and so of everything.
  package let id: String
  package let kind: String
  package let family: String
  package let horizon: Int
  package let target: Target
  package let steps: Int
  package let features: [Feature]
  package let featureVersion: String
  package let scaler: FittedScaler
  package let calibration: Calibration
  /// The last instant of the bars that settled a training label, as far as the training set says.
  package let trainedTo: Timestamp
  /// The shares of the classes in training, or their mean change.
  package let naive: [Double]

  /// A column that the model is shown, and how it is computed.
  package struct Feature: Sendable, Equatable {
    package let name: String
    /// Nil for one that no expression says.
    package let expression: String?
    package let lookBack: Int
  }

  package static let cardName = "model.json"
  static let kindMark = "martinet model"

  /// Reads the card and checks every file against it.
  package static func open(_ folder: String) throws -> Artefact {
    let path = "\(folder)/\(cardName)"
    let bytes = try SmallFile.read(path, bytesMax: 64 << 20)
    let card = try JSON(parsing: bytes, source: path)
    guard card["kind"]?.string == kindMark, let files = card["files"]?.members else {
      throw ModelFileError(path: path, finding: "is no card of a model")
    }
    for file in files {
      let name = "\(folder)/\(file.key)"
      guard file.value.string == (try SHA256.hash(file: name).description) else {
        throw ModelFileError(path: name, finding: "is not the file that \(cardName) names")
      }
    }
    return try Artefact(folder: folder, card: card, id: SHA256.hash(bytes).description)
  }

  private init(folder: String, card: JSON, id: String) throws {
    let path = "\(folder)/\(Self.cardName)"
    func missing(_ what: String) -> ModelFileError {
      ModelFileError(path: path, finding: "says nothing of \(what)")
    }
    guard let kind = card["model"]?.string, let family = card["family"]?.string else {
      throw missing("its kind")
    }
    guard let horizon = card["horizon"]?.whole, horizon > 0,
      let target = card["target"]?.string.flatMap(Target.init(rawValue:)),
      let steps = card["steps"]?.whole, steps > 0
    else { throw missing("what it foresees") }
    guard let columns = card["features"]?.elements, let version = card["feature_version"]?.string,
      let scaler = card["scaler"]
    else { throw missing("its features") }
    guard let calibration = card["calibration"].flatMap({ Calibration($0) }),
      let naive = card["naive"]?.elements?.compactMap(\.double), !naive.isEmpty
    else { throw missing("its calibration") }
    guard let end = card["trained_to"]?.string else { throw missing("the end of its training") }
    self.folder = folder
    self.card = card
    self.id = id
    self.kind = kind
    self.family = family
    self.horizon = Int(horizon)
    self.target = target
    self.steps = Int(steps)
    self.calibration = calibration
    self.naive = naive
    features = columns.map { column in
      Feature(
        name: column["name"]?.string ?? "", expression: column["expression"]?.string,
        lookBack: Int(column["lookback"]?.whole ?? 0))
    }
    featureVersion = version
    self.scaler = try FittedScaler(scaler, source: path)
    trainedTo = try Timestamp(parsing: end)
    guard self.scaler.names == features.map(\.name) else {
      throw ModelFileError(path: path, finding: "its scaler is of other features")
    }
  }

  /// The model itself.
  package func model(_ registry: ModelRegistry) throws -> any Model {
    try registry.kind(kind).load(from: folder)
  }

  /// Writes a model into a folder that is there and empty; the card is last.
  package static func write(_ model: any Model, facts: JSON, to folder: String) throws {
    try model.save(to: folder)
    let names = try Folder.names(in: folder)
    var card: JSON = ["kind": JSON(kindMark), "format": 1]
    for member in facts.members ?? [] { card.append(member.key, member.value) }
    card.append(
      "files",
      .object(
        try names.map { name in
          JSON.Member(name, JSON(try SHA256.hash(file: "\(folder)/\(name)").description))
        }))
    try AtomicFile.write(card.text(pretty: true) + "\n", to: "\(folder)/\(cardName)")
  }
}

extension Artefact {
  /// Forecasts, calibrated, checked.
  package func forecasts(_ samples: Windows, by predictor: any Predictor) throws -> PredictionOutput
  {
    let output = calibration.applied(to: try predictor.predict(samples))
    try output.check(of: kind)
    return output
  }
}
