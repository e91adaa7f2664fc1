import Foundation
import Market
import Numerics
import Runtime
import Testing
import Trading

/// A model in order, and every way in which it is not: none of them lets an order out.
@Suite("What stands behind an order") struct ProvenanceTests {
  private static let now = RiskBench.now
  private static func days(_ count: Int64) -> Timestamp {
    Timestamp(nanoseconds: now.nanoseconds + count * Timestamp.nanosecondsPerDay)
  }
  private static func hash(_ text: String) -> SHA256Digest { SHA256.hash(text) }

  /// What runs, what is shown, and what is asked, all in order.
  private struct Case {
    var running = RunningSystem(
      strategy: "trend 1", features: hash("features"), scaler: hash("scaler"), code: hash("code"),
      interval: .day, artefacts: ["m1": hash("weights")])
    var provenance = Provenance(
      strategy: "trend 1",
      model: ModelCredentials(
        id: "m1", artefact: hash("weights"), trainedUntil: days(-10), features: hash("features"),
        scaler: hash("scaler"), interval: .day, symbols: [symbol("A")],
        certificate: certificate()))
    var place = 0
    var id: ProvenanceID? = ProvenanceID(0)
    var confidence: Double? = 0.9
  }

  private static func symbol(_ text: String) -> Symbol {
    Symbol(text) ?? { preconditionFailure("a symbol") }()
  }

  private static func certificate(
    model: String = "m1", artefact: String = "weights", features: String = "features",
    code: String = "code", trainedUntil: Timestamp = days(-10), isClean: Bool = true,
    issued: Timestamp = days(-5), expires: Timestamp = days(30)
  ) -> ModelCertificate {
    ModelCertificate(
      model: model, artefact: hash(artefact), features: hash(features), code: hash(code),
      trainedUntil: trainedUntil, isClean: isClean, issued: issued, expires: expires)
  }

  private func answer(_ asked: Case, _ change: (inout RiskLimits) -> Void = { _ in }) throws
    -> Answer
  {
    var bench = RiskBench {
      $0.provenance.isRequired = true
      $0.provenance.certificate = true
      $0.provenance.oldestModel = .seconds(45 * 86_400)
      $0.provenance.oldestCertificate = .seconds(20 * 86_400)
      change(&$0)
    }
    var table = ProvenanceTable(running: asked.running)
    _ = table.add(asked.provenance, for: try bench.table())
    bench.provenance = table
    var intent = RiskBench.buy(1, asked.place)
    (intent.provenance, intent.confidence) = (asked.id, asked.confidence)
    return try bench.says(intent)
  }

  @Test("a model in order lets its orders out") func inOrder() throws {
    #expect(try answer(Case()) == .leaves)
    var plain = Case()
    plain.provenance.model = nil
    plain.confidence = nil
    #expect(try answer(plain) == .leaves)
  }

  private static let wrong: [(DenialCode, @Sendable (inout Case) -> Void)] = [
    (.provenanceMissing, { $0.id = nil }),
    (.provenanceUnknown, { $0.id = ProvenanceID(1) }),
    (.strategyMissing, { $0.provenance.strategy = "" }),
    (.strategyMismatch, { $0.provenance.strategy = "trend 2" }),
    (.modelMissing, { $0.provenance.model = nil }),
    (.modelNameless, { $0.provenance.model?.id = "" }),
    (.modelRetired, { $0.running.retiredModels = ["m1"] }),
    (.artefactMissing, { $0.provenance.model?.artefact = nil }),
    (.artefactMissing, { $0.running.artefacts = [:] }),
    (.artefactChanged, { $0.running.artefacts["m1"] = hash("other weights") }),
    (.trainingEndMissing, { $0.provenance.model?.trainedUntil = nil }),
    (
      .trainedInFuture,
      {
        $0.provenance.model?.trainedUntil = days(1)
        $0.provenance.model?.certificate = certificate(trainedUntil: days(1))
      }
    ),
    (
      .modelExpired,
      {
        $0.provenance.model?.trainedUntil = days(-46)
        $0.provenance.model?.certificate = certificate(trainedUntil: days(-46))
      }
    ),
    (.featuresMissing, { $0.provenance.model?.features = nil }),
    (.featuresMismatch, { $0.running.features = hash("one more feature") }),
    (.scalerMismatch, { $0.running.scaler = hash("another scale") }),
    (.scalerMismatch, { $0.provenance.model?.scaler = nil }),
    (.intervalMismatch, { $0.running.interval = .hour }),
    (.symbolNotTrained, { $0.place = 1 }),
    (.certificateMissing, { $0.provenance.model?.certificate = nil }),
    (.certificateChanged, { $0.provenance.model?.certificate?.expires = days(1000) }),
    (.certificateChanged, { $0.provenance.model?.certificate?.seal = "forged" }),
    (.certificateRevoked, { $0.running.revokedCertificates = [certificate().seal] }),
    (.certificateOfOtherModel, { $0.provenance.model?.certificate = certificate(model: "m2") }),
    (
      .certificateOfOtherArtefact,
      { $0.provenance.model?.certificate = certificate(artefact: "older weights") }
    ),
    (
      .certificateOfOtherFeatures,
      { $0.provenance.model?.certificate = certificate(features: "fewer features") }
    ),
    (
      .certificateOfOtherTraining,
      { $0.provenance.model?.certificate = certificate(trainedUntil: days(-400)) }
    ),
    (.certificateOfOtherCode, { $0.provenance.model?.certificate = certificate(code: "v0") }),
    (.certificateOfLeak, { $0.provenance.model?.certificate = certificate(isClean: false) }),
    (
      .certificateNotYetValid,
      { $0.provenance.model?.certificate = certificate(issued: days(1)) }
    ),
    (.certificateExpired, { $0.provenance.model?.certificate = certificate(expires: now) }),
    (
      .certificateTooOld, { $0.provenance.model?.certificate = certificate(issued: days(-21)) }
    ),
  ]

  @Test("no order of a wrong artefact leaves, and each denial names its cause") func wrong() throws
  {
    for (code, change) in Self.wrong {
      var asked = Case()
      change(&asked)
      #expect(try answer(asked) == .stays(code), "\(code)")
    }
    // Every cause there is has been tried, and says so in words of its own.
    let tried = Set(Self.wrong.map(\.0))
    let all = DenialCode.allCases.filter { $0.rawValue > 100 }
    #expect(tried == Set(all) && all.count >= 20)
    #expect(Set(all.map(\.finding)).count == all.count)
  }

  @Test("a position can be closed whatever has become of its model") func exits() throws {
    var bench = RiskBench { $0.provenance.isRequired = true }
    bench.held = [10]
    #expect(try bench.says(RiskBench.sell(10)) == .leaves)
    #expect(try bench.says(RiskBench.buy(1)) == .stays(.provenanceMissing))
  }

  @Test("where no certificate is asked for, only that one thing is not asked") func uncertified()
    throws
  {
    var asked = Case()
    asked.provenance.model?.certificate = nil
    #expect(try answer(asked) { $0.provenance.certificate = false } == .leaves)
    asked.running.artefacts["m1"] = Self.hash("other weights")
    #expect(try answer(asked) { $0.provenance.certificate = false } == .stays(.artefactChanged))
  }

  @Test("what stood behind a run's orders is in its journal") func journal() throws {
    var bench = RiskBench { $0.provenance.isRequired = true }
    var table = ProvenanceTable()
    let id = table.add(Case().provenance, for: try bench.table())
    bench.provenance = table
    let engine = try EngineBench.engine(
      ActingStrategy(), [], bench.table(), venue: ScriptedVenue(), gate: bench.gate())
    #expect(engine.gate.provenance.rows[id.place].model?.id == "m1")
    let kept = try engine.journal.records().compactMap { record -> String? in
      if case .changed("provenance 0", let text, _) = record { text } else { nil }
    }
    #expect(kept.count == 1 && kept[0].contains("\"id\":\"m1\""))
  }

  @Test("a strategy without a model stands behind its orders by its name") func ownName() throws {
    let bench = RiskBench { $0.provenance.isRequired = true }
    var strategy = ActingStrategy()
    strategy.closed = { bar, count, desk in
      guard bar.instrument.place == 0 else { return }
      var intent = RiskBench.buy(1)
      if count == 2 { intent.confidence = 0.9 }
      desk.submit(intent)
    }
    var engine = try EngineBench.engine(
      strategy, (0..<2).flatMap { [EngineBench.bar($0, 100), EngineBench.bar($0, 50, of: 1)] },
      bench.table(), venue: ScriptedVenue(), gate: bench.gate())
    try engine.run()
    #expect(engine.venue.taken.count == 1)
    #expect(engine.record.denials.map(\.denial.code) == [.modelMissing])
  }
}
