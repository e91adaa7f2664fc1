import Features
import Foundation
import Learning
import Market
import Numerics
import Runtime
import TestKit
import Testing
import Trading

@Suite("A model in walk-forward")
struct ModelWalkForwardTests {
  private static let expressions = [
    NamedExpression("r1", "close / lag(close, 1) - 1"),
    NamedExpression("r5", "close / lag(close, 5) - 1"),
    NamedExpression("v", "volume / mean(volume, 10)"),
  ]

  private func recipe(_ band: ForwardReturn.Band?) throws -> TrainingRecipe {
    TrainingRecipe(
      choice: try FeatureChoice(expressions: Self.expressions),
      labels: [try ForwardReturn(horizon: 5, band: band)])
  }

  private func training(
    _ kind: String = "ridge", band: ForwardReturn.Band? = .volatility(multiple: 0.5, lookBack: 20),
    certificate: JSON = .null
  ) throws -> ModelTraining {
    let registry = try ModelRegistry.standard()
    return try ModelTraining(
      registry.kind(kind).configured(), horizon: 5, recipe: recipe(band), registry: registry,
      code: "test", certificate: certificate)
  }

  private var settings: BacktestSettings {
    var settings = BacktestSettings()
    settings.resamples = 100
    return settings
  }

  private func walk(
    _ frames: [Frame], _ training: ModelTraining, in folder: String,
    memory: WalkForwardSplit.Memory = .rolling, settings: BacktestSettings? = nil
  ) throws -> ModelWalkForward {
    var plan = WalkForward.Plan()
    (plan.train, plan.test, plan.memory) = (240, 60, memory)
    return try ModelWalkForward(
      plan, training, frames: frames, settings: settings ?? self.settings, in: folder)
  }

  private func frames(bars: Int = 480) throws -> [Frame] {
    try (0..<4).map { try MadeSets.frame("S\($0)", bars: bars, seed: UInt64($0 + 1)) }
  }

  /// The same bars, all that is known later than a row changed.
  private func altered(_ frame: Frame, after row: Int) -> Frame {
    ["open", "high", "low", "close"].reduce(frame) { changed, name in
      let old = frame[name] ?? Column([])
      let factors = old.indices.map { $0 <= row ? 1.0 : $0 % 3 == 0 ? 0.97 : 1.04 }
      return changed.adding(Column(zip(old, factors).map { $0 * $1 }), as: name)
    }
  }

  @Test(
    "what comes after a training changes neither its model, to the byte, nor what was traded before",
    arguments: WalkForwardSplit.Memory.allCases)
  func blind(memory: WalkForwardSplit.Memory) throws {
    let folder = try TemporaryFolder()
    let frames = try frames()
    let training = try training()
    let truth = try walk(frames, training, in: folder.path("a"), memory: memory)
    #expect(truth.folds.count == 4)
    for (fold, next) in zip(truth.folds, truth.folds.dropFirst()) {
      #expect(fold.testLast.advanced(by: 1) == next.testFirst && fold.trainLast < fold.testFirst)
      #expect((fold.trainFirst == next.trainFirst) == (memory == .expanding))
    }
    // The last bar that the third model may know is the 360th; its tests begin with the next.
    let cut = 359
    let other = try walk(
      frames.map { altered($0, after: cut) }, training, in: folder.path("b"), memory: memory)
    let ids = (truth.folds.map(\.modelID), other.folds.map(\.modelID))
    #expect(ids.0.prefix(3) == ids.1.prefix(3))
    #expect(ids.0[3] != ids.1[3], "what the last model learned from was changed")
    let traded = cut - 240
    #expect(
      truth.appraisal.result.equity.prefix(traded) == other.appraisal.result.equity.prefix(traded))
    #expect(!truth.appraisal.result.trades.isEmpty)
    #expect(truth.forecasts?.count == other.forecasts?.count)
  }

  @Test("each model is kept, trades again by its id, and is refused where a byte of it was changed")
  func kept() throws {
    let folder = try TemporaryFolder()
    let frames = try frames()
    let truth = try walk(frames, training(), in: folder.path("models"))
    // The first to trade has nothing to take over, and so trades alone as it did in the line.
    let last = truth.folds[0]
    let source = try ModelSource(folder: last.folder)
    #expect(source.id == last.modelID)
    var alone = settings
    alone.range = try TimeRange(first: last.testFirst, last: last.testLast)
    let again = try Backtest.run(frames: frames, strategy: source.strategy(), settings: alone)
    let before = truth.appraisal.result.fills.filter { again.day($0.time) <= last.testLast }
    #expect(!before.isEmpty && again.fills == before)
    let names = try FileManager.default.contentsOfDirectory(atPath: last.folder)
    #expect(names.count > 1)
    for name in names {
      let path = last.folder + "/" + name
      let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
      var changed = bytes
      changed[changed.count / 2] ^= 1
      try changed.write(to: URL(fileURLWithPath: path))
      #expect(throws: (any Error).self, "\(name)") { try source.strategy() }
      try bytes.write(to: URL(fileURLWithPath: path))
    }
    #expect(try source.strategy().modelID == last.modelID)
  }

  @Test("each order names the model of its own stretch: none is older than its stretch is long")
  func provenance() throws {
    let folder = try TemporaryFolder()
    var limited = settings
    limited.limits.provenance.isRequired = true
    limited.limits.provenance.oldestModel = .seconds(61 * 86_400)
    let found = try walk(frames(), training(), in: folder.path("models"), settings: limited)
    #expect(found.appraisal.result.heldBack.isEmpty)
    let stretches = found.folds.count { fold in
      found.appraisal.result.fills.contains {
        let day = found.appraisal.result.day($0.time)
        return fold.testFirst <= day && day <= fold.testLast
      }
    }
    #expect(stretches > 2, "later stretches trade too")
    // One day less, and the last orders of each stretch stay here.
    limited.limits.provenance.oldestModel = .seconds(20 * 86_400)
    let denied = try walk(frames(), training(), in: folder.path("short"), settings: limited)
    #expect(denied.appraisal.result.heldBack.contains { $0.denial.code == .modelExpired })
  }

  @Test("how sure a model is decides whether its orders leave: the class's probability, calibrated")
  func confidence() throws {
    let folder = try TemporaryFolder()
    var limited = settings
    limited.limits.signal.leastConfidence = 0.45
    let found = try walk(frames(), training(), in: folder.path("models"), settings: limited)
    let denials = found.appraisal.result.heldBack.map(\.denial)
    #expect(denials.contains { $0.code == .lowConfidence })
    #expect(denials.allSatisfy { $0.found < 0.45 && $0.found > 1.0 / 3 - 1e-9 })
  }

  @Test("how wide split conformal makes an interval decides it for a model of changes")
  func width() throws {
    let folder = try TemporaryFolder()
    let training = try training(band: nil)
    var limited = settings
    limited.limits.signal.mostWidth = 0.5
    let wide = try walk(frames(), training, in: folder.path("wide"), settings: limited)
    #expect(wide.appraisal.result.heldBack.isEmpty && !wide.appraisal.result.fills.isEmpty)
    // Five days of up to 2% each: no honest interval is as narrow as 3%.
    limited.limits.signal.mostWidth = 0.03
    #expect(throws: BacktestError.self) {
      try walk(frames(), training, in: folder.path("narrow"), settings: limited)
    }
  }

  @Test("a model carries the proof of its own features; of other features, and of a leak, none leaves")
  func certificate() throws {
    let folder = try TemporaryFolder()
    let frames = try frames()
    let choice = try FeatureChoice(expressions: Self.expressions)
    func proof(_ features: [any Feature], seal: Bool = true) throws -> JSON {
      let verdict = try LookAheadProof.run(features: choice.features, frames: frames, cuts: 2)
      let hash = SHA256.hash("here")
      let grounds = ProofGrounds(
        code: hash, data: hash, configuration: hash,
        definitions: ProofGrounds.definitions(of: features))
      return Certificate(verdict, sets: [], grounds: grounds).json
    }
    var limited = settings
    limited.limits.provenance.isRequired = true
    limited.limits.provenance.certificate = true
    func codes(_ name: String, _ certificate: JSON) throws -> Set<DenialCode> {
      do {
        let found = try walk(
          frames, training(certificate: certificate), in: folder.path(name), settings: limited)
        return Set(found.appraisal.result.heldBack.map(\.denial.code))
      } catch BacktestError.allDenied(_, _, let first) {
        return [first.code]
      }
    }
    #expect(try codes("own", proof(choice.features)) == [])
    #expect(try codes("none", .null) == [.certificateMissing])
    let others = try FeatureChoice(expressions: Array(Self.expressions.prefix(2))).features
    #expect(try codes("others", proof(others)) == [.certificateOfOtherFeatures])
    let changed = JSON.object(
      (try proof(choice.features).members ?? []).map {
        $0.key == "version" ? JSON.Member("version", "0") : $0
      })
    #expect(throws: CertificateError.changed) { try codes("changed", changed) }
  }
}
