import Market
import Runtime

/// What stands behind an order: a strategy, and where there is one the model that it asked.
public struct Provenance: Hashable, Sendable {
  public var strategy: String
  public var model: ModelCredentials?

  public init(strategy: String, model: ModelCredentials? = nil) {
    self.strategy = strategy
    self.model = model
  }

  public var json: JSON {
    ["strategy": JSON(strategy), "model": model.map(\.json) ?? .null]
  }
}

/// What a model says of itself. What it does not say is missing, and is refused by the gate.
public struct ModelCredentials: Hashable, Sendable {
  public var id: String
  /// Of its file, when it was trained.
  public var artefact: SHA256Digest?
  /// The last instant it has learned from.
  public var trainedUntil: Timestamp?
  /// Of its features' names and formulas, in their order.
  public var features: SHA256Digest?
  /// Of the scale its features were brought to.
  public var scaler: SHA256Digest?
  public var interval: BarInterval?
  /// What it was trained for.
  public var symbols: [Symbol]
  public var certificate: ModelCertificate?

  public init(
    id: String, artefact: SHA256Digest? = nil, trainedUntil: Timestamp? = nil,
    features: SHA256Digest? = nil, scaler: SHA256Digest? = nil, interval: BarInterval? = nil,
    symbols: [Symbol] = [], certificate: ModelCertificate? = nil
  ) {
    self.id = id
    self.artefact = artefact
    self.trainedUntil = trainedUntil
    self.features = features
    self.scaler = scaler
    self.interval = interval
    self.symbols = symbols
    self.certificate = certificate
  }

  public var json: JSON {
    func text(_ value: (some CustomStringConvertible)?) -> JSON {
      value.map { JSON($0.description) } ?? .null
    }
    return [
      "id": JSON(id), "artefact_sha256": text(artefact), "trained_until": text(trainedUntil),
      "features_sha256": text(features), "scaler_sha256": text(scaler),
      "interval": text(interval), "symbols": JSON(symbols.map { JSON($0.text) }),
      "certificate": certificate.map(\.json) ?? .null,
    ]
  }
}

/// Says that a model's features were proved not to look ahead, sealed by a hash of itself.
///
/// The seal shows that no byte was changed since; it is no signature of a person.
public struct ModelCertificate: Hashable, Sendable {
  public var model: String
  public var artefact: SHA256Digest
  public var features: SHA256Digest
  /// Of the program that made the proof.
  public var code: SHA256Digest
  public var trainedUntil: Timestamp
  public var isClean: Bool
  public var issued: Timestamp
  public var expires: Timestamp
  /// As it was read; see `isSealed`.
  public var seal: String

  public init(
    model: String, artefact: SHA256Digest, features: SHA256Digest, code: SHA256Digest,
    trainedUntil: Timestamp, isClean: Bool, issued: Timestamp, expires: Timestamp
  ) {
    self.model = model
    self.artefact = artefact
    self.features = features
    self.code = code
    self.trainedUntil = trainedUntil
    self.isClean = isClean
    self.issued = issued
    self.expires = expires
    seal = ""
    seal = ownSeal
  }

  /// No byte of it was changed since it was made.
  public var isSealed: Bool { seal == ownSeal }

  private var ownSeal: String { SHA256.hash(contents.text()).description }

  private var contents: JSON {
    [
      "model": JSON(model), "artefact_sha256": JSON(artefact.description),
      "features_sha256": JSON(features.description), "code_sha256": JSON(code.description),
      "trained_until": JSON(trainedUntil.description),
      "verdict": JSON(isClean ? "clean" : "leak"), "issued": JSON(issued.description),
      "expires": JSON(expires.description),
    ]
  }

  public var json: JSON {
    var json = contents
    json.append("seal", JSON(seal))
    return json
  }
}

/// What runs now, against which models are held.
public struct RunningSystem: Hashable, Sendable {
  public var strategy: String
  /// Of the features that are computed, and of the scale they are brought to.
  public var features: SHA256Digest?
  public var scaler: SHA256Digest?
  /// Of the program.
  public var code: SHA256Digest?
  public var interval: BarInterval?
  /// The hash of each model's file as it lies on the disk now.
  public var artefacts: [String: SHA256Digest]
  public var retiredModels: Set<String>
  /// By their seals.
  public var revokedCertificates: Set<String>

  public init(
    strategy: String, features: SHA256Digest? = nil, scaler: SHA256Digest? = nil,
    code: SHA256Digest? = nil, interval: BarInterval? = nil,
    artefacts: [String: SHA256Digest] = [:], retiredModels: Set<String> = [],
    revokedCertificates: Set<String> = []
  ) {
    self.strategy = strategy
    self.features = features
    self.scaler = scaler
    self.code = code
    self.interval = interval
    self.artefacts = artefacts
    self.retiredModels = retiredModels
    self.revokedCertificates = revokedCertificates
  }
}
