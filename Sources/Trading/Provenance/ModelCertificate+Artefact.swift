import Features
import Learning
import Market
import Runtime

extension ModelCertificate {
  /// What the proof of a model's features says of the model; nil where its card has no proof.
  ///
  /// The proof itself knows no model and no clock: it is bound to this one by the hash of the card it
  /// stands in, and holds from the end of the training on. How long is for the limits to say.
  package init?(of artefact: Artefact, as forecaster: BarForecaster) throws {
    guard let json = artefact.card["certificate"], json != .null else { return nil }
    let proof = try Certificate(json: json)
    guard let code = proof.code, let definitions = proof.definitions else {
      throw CertificateError.notOne(missing: "code_sha256 and definitions_sha256")
    }
    let isOfItsFeatures = definitions == forecaster.definitions
    self.init(
      model: artefact.id, artefact: artefact.digest,
      // Of other columns it is a proof of those, and the gate says so.
      features: isOfItsFeatures ? forecaster.featureVersion : definitions,
      code: code, trainedUntil: artefact.trainedTo, isClean: proof.isClean,
      issued: artefact.trainedTo, expires: Timestamp(nanoseconds: .max))
  }
}
