import Market
import Runtime

/// What stands behind the orders of a run, by the numbers they carry.
///
/// All that does not change with the clock is found out once, when a row is added; what is left for each
/// order is a look at its row.
public struct ProvenanceTable: Sendable {
  public private(set) var rows: [Provenance] = []
  private let running: RunningSystem?
  private var standings: [Standing] = []

  private struct Standing: Sendable {
    var fault: DenialCode?
    var model: Model?
  }

  /// What of a model depends on clock and instrument.
  private struct Model: Sendable {
    var trainedUntil: Timestamp
    var validity: (issued: Timestamp, expires: Timestamp)?
    var symbols: Set<Symbol>
    /// By instrument, once the table of instruments is known.
    var knows: [Bool] = []
  }

  /// A table that takes whatever it is given for what runs: for strategies without models.
  public init() { running = nil }

  public init(running: RunningSystem) { self.running = running }

  /// - Parameter instruments: those that orders will name
  public mutating func add(
    _ provenance: Provenance, for instruments: InstrumentTable
  ) -> ProvenanceID {
    var standing = Standing(fault: fault(provenance))
    if let model = provenance.model, let trainedUntil = model.trainedUntil {
      let known = Set(model.symbols)
      standing.model = Model(
        trainedUntil: trainedUntil,
        validity: model.certificate.map { ($0.issued, $0.expires) }, symbols: known,
        knows: instruments.instruments.map { known.contains($0.symbol) })
    }
    rows.append(provenance)
    standings.append(standing)
    return ProvenanceID(rows.count - 1)
  }

  /// Why an order may not leave for what stands behind it.
  func fault(of intent: OrderIntent, _ limit: ProvenanceLimit, at now: Timestamp) -> Denial? {
    code(of: intent, limit, at: now).map { Denial($0) }
  }

  private func code(
    of intent: OrderIntent, _ limit: ProvenanceLimit, at now: Timestamp
  ) -> DenialCode? {
    guard let id = intent.provenance else {
      return limit.isRequired ? .provenanceMissing : nil
    }
    guard standings.indices.contains(id.place) else { return .provenanceUnknown }
    if let fault = standings[id.place].fault {
      let isOfCertificate = fault.isOfCertificate
      if !isOfCertificate || limit.certificate { return fault }
    }
    guard let model = standings[id.place].model else {
      return intent.confidence != nil || intent.intervalWidth != nil ? .modelMissing : nil
    }
    guard model.knows.indices.contains(intent.instrument.place),
      model.knows[intent.instrument.place]
    else { return .symbolNotTrained }
    return age(of: model, limit, at: now)
  }

  private func age(
    of model: Model, _ limit: ProvenanceLimit, at now: Timestamp
  ) -> DenialCode? {
    let trained = now.nanoseconds &- model.trainedUntil.nanoseconds
    guard trained >= 0 else { return .trainedInFuture }
    if let oldest = limit.oldestModel?.nanoseconds, trained > oldest { return .modelExpired }
    guard limit.certificate, let validity = model.validity else { return nil }
    guard validity.issued <= now else { return .certificateNotYetValid }
    guard now < validity.expires else { return .certificateExpired }
    if let oldest = limit.oldestCertificate?.nanoseconds,
      now.nanoseconds &- validity.issued.nanoseconds > oldest
    {
      return .certificateTooOld
    }
    return nil
  }
}

// What does not change with the clock.
extension ProvenanceTable {
  private func fault(_ provenance: Provenance) -> DenialCode? {
    guard !provenance.strategy.isEmpty else { return .strategyMissing }
    if let running, running.strategy != provenance.strategy { return .strategyMismatch }
    guard let model = provenance.model else { return nil }
    return fault(model) ?? fault(of: model.certificate, model)
  }

  private func fault(_ model: ModelCredentials) -> DenialCode? {
    guard !model.id.isEmpty else { return .modelNameless }
    guard let artefact = model.artefact else { return .artefactMissing }
    guard model.trainedUntil != nil else { return .trainingEndMissing }
    guard let features = model.features else { return .featuresMissing }
    guard let running else { return nil }
    if running.retiredModels.contains(model.id) { return .modelRetired }
    guard let onDisk = running.artefacts[model.id] else { return .artefactMissing }
    if onDisk != artefact { return .artefactChanged }
    if running.features != features { return .featuresMismatch }
    if running.scaler != model.scaler { return .scalerMismatch }
    if running.interval != model.interval { return .intervalMismatch }
    return nil
  }

  private func fault(
    of certificate: ModelCertificate?, _ model: ModelCredentials
  ) -> DenialCode? {
    guard let certificate else { return .certificateMissing }
    guard certificate.isSealed else { return .certificateChanged }
    if running?.revokedCertificates.contains(certificate.seal) == true {
      return .certificateRevoked
    }
    guard certificate.model == model.id else { return .certificateOfOtherModel }
    guard certificate.artefact == model.artefact else { return .certificateOfOtherArtefact }
    guard certificate.features == model.features else { return .certificateOfOtherFeatures }
    guard certificate.trainedUntil == model.trainedUntil else {
      return .certificateOfOtherTraining
    }
    if let code = running?.code, code != certificate.code { return .certificateOfOtherCode }
    return certificate.isClean ? nil : .certificateOfLeak
  }
}

extension DenialCode {
  fileprivate var isOfCertificate: Bool {
    (Self.certificateMissing.rawValue...Self.certificateTooOld.rawValue).contains(rawValue)
  }
}
