import Evidence
import Features
import Foundation
import Learning
import Market
import MarketData
import Runtime
import TestKit
import Testing

@Suite("Training runs")
struct RunTests {
  private func trained(
    _ folder: TemporaryFolder, model: String = "nearest_mean", settings: JSON = .null,
    seed: UInt64 = 1
  ) throws -> (TrainingRun.Outcome, RunStore) {
    if !FileManager.default.fileExists(atPath: folder.path("set")) {
      try MadeSets.write(to: folder.path("set"))
    }
    let store = RunStore(path: folder.path("runs"))
    var run = TrainingRun(
      TrainingRequest(
        model: model, horizon: 5, data: folder.path("set"), seed: seed, settings: settings),
      registry: try .standard())
    run.ledger = TrialLedger(path: folder.path("trials.ledger"))
    let outcome = try run.run(in: store.begin(model: model, at: Timestamp(nanoseconds: 0)))
    return (outcome, store)
  }

  @Test("a run leaves its folder whole, named, and as its manifest says")
  func whole() throws {
    let folder = try TemporaryFolder()
    let (outcome, store) = try trained(folder)
    #expect(outcome.folder == folder.path("runs/nearest_mean_19700101T000000Z"))
    let record = try store.run("nearest_mean_19700101T000000Z")
    try record.verify()
    let files = Set(try RunFolder.files(in: outcome.folder))
    for name in [
      "config.yaml", "manifest.json", "metrics/metrics.json", "predictions/val.parquet",
      "predictions/test.parquet", "checkpoints/model/model.json", "report.html",
      "plots/reliability.svg", "plots/equity.svg",
    ] { #expect(files.contains(name), "\(name)") }
    #expect(try store.runs().map(\.name) == [record.name])
    #expect(try store.unfinishedNames() == [])
    let metrics = try record.metrics
    #expect(metrics["accuracy"]?.double != nil && metrics["trading"]?["model"] != nil)
    #expect(metrics["trading"]?["trials"]?.double == 1)
    let page = try String(contentsOfFile: outcome.folder + "/report.html", encoding: .utf8)
    #expect(page.contains("The ladder of sanity") && !page.contains("nan"))
  }

  @Test("the manifest names the libraries that every run goes through")
  func libraries() throws {
    let folder = try TemporaryFolder()
    try MadeSets.write(to: folder.path("set"))
    let store = RunStore(path: folder.path("runs"))
    var run = TrainingRun(
      TrainingRequest(model: "nearest_mean", horizon: 5, data: folder.path("set")),
      registry: try .standard())
    run.libraries = [Manifest.Library("libyaml", "0.2")]
    _ = try run.run(in: store.begin(model: "nearest_mean", at: Timestamp(nanoseconds: 0)))
    let manifest = try #require(try store.runs().first).manifest
    #expect(manifest["libraries"]?["libyaml"]?.string == "0.2")
  }

  @Test("the same request gives the same model, byte for byte, whatever the time")
  func same() throws {
    let folder = try TemporaryFolder()
    let (first, _) = try trained(folder)
    let (second, _) = try trained(folder)
    #expect(first.folder != second.folder && first.modelID == second.modelID)
  }

  @Test("the predictions of the file are those of the model that is loaded, calibrated")
  func predictions() throws {
    let folder = try TemporaryFolder()
    let (outcome, store) = try trained(folder)
    let artefact = try Artefact.open(
      store.run(outcome.folder.split(separator: "/").last.map(String.init) ?? "").modelFolder)
    let table = try ParquetFile(path: folder.path("set/test_scaled.parquet")).samples()
    let samples = try Windows(table, for: artefact, isScaled: true, place: "test")
    let output = try artefact.forecasts(
      samples, by: artefact.model(try .standard()).predictor())
    let written = try ParquetFile(path: outcome.folder + "/predictions/test.parquet").samples()
    #expect(written.rowCount == output.count)
    for row in 0..<output.count {
      #expect(written.numbers["p_up"]?[row] == output.probabilities[3 * row + 2])
      #expect(written.datetimes[row] == output.datetimes[row])
    }
    // Row by row it foresees the same.
    let stream = try ForecastStream(artefact, try .standard())
    for row in 0..<min(40, table.rowCount) {
      let symbol = table.symbols[Int(table.codes[row])]
      let values = artefact.features.map { table.numbers[$0.name]?[row] ?? .nan }
      let one = try #require(
        try stream.take(symbol, at: table.datetimes[row], values, isScaled: true))
      let place = try #require(
        (0..<output.count).first {
          output.datetimes[$0] == table.datetimes[row] && output.codes[$0] == table.codes[row]
        })
      for c in 0..<3 { #expect(one.probabilities[c] == output.probabilities[3 * place + c]) }
    }
  }

  @Test("every byte of a saved model counts: a damaged file is refused")
  func damaged() throws {
    let folder = try TemporaryFolder()
    let (outcome, store) = try trained(folder)
    let record = try #require(try store.runs().first)
    let path = record.modelFolder + "/means.json"
    var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    bytes[bytes.count / 2] ^= 1
    try bytes.write(to: URL(fileURLWithPath: path))
    #expect(throws: ModelFileError.self) { try Artefact.open(record.modelFolder) }
    #expect(throws: RunError.self) { try record.verify() }
    #expect(throws: (any Error).self) {
      try ProductionRegistry(path: folder.path("production")).promote(
        record, criteria: PromotionCriteria(), registry: .standard(),
        at: Timestamp(nanoseconds: 0))
    }
    #expect(!FileManager.default.fileExists(atPath: folder.path("production")))
    _ = outcome
  }

  @Test("what is half-written is no run, is listed apart, and can be collected")
  func unfinished() throws {
    let folder = try TemporaryFolder()
    let store = RunStore(path: folder.path("runs"))
    let begun = try store.begin(model: "naive", at: Timestamp(nanoseconds: 0))
    try FileManager.default.createDirectory(
      atPath: folder.path("runs/stray"), withIntermediateDirectories: true)
    #expect(try store.runs().isEmpty)
    #expect(try store.unfinishedNames() == [begun.name])
    #expect(try store.collect() == [begun.name + ".unfinished"])
    #expect(try store.unfinishedNames() == [])
  }
}

@Suite("Models that may trade")
struct ProductionTests {
  private func run(_ folder: TemporaryFolder, seed: UInt64) throws -> TrainingRunRecord {
    if !FileManager.default.fileExists(atPath: folder.path("set")) {
      try MadeSets.write(to: folder.path("set"))
    }
    let store = RunStore(path: folder.path("runs"))
    let run = TrainingRun(
      TrainingRequest(
        model: "nearest_mean", horizon: 5, data: folder.path("set"), seed: seed),
      registry: try .standard())
    let outcome = try run.run(in: store.begin(model: "nearest_mean", at: Timestamp(nanoseconds: 0)))
    return try TrainingRunRecord(folder: outcome.folder)
  }

  private func promote(
    _ record: TrainingRunRecord, _ production: ProductionRegistry, at second: Int64,
    _ change: (inout PromotionCriteria) -> Void = { _ in }
  ) throws -> ProductionRegistry.Version {
    var criteria = PromotionCriteria()
    criteria.needsCertificate = false
    criteria.beatsBaselines = false
    change(&criteria)
    return try production.promote(
      record, criteria: criteria, registry: .standard(),
      at: Timestamp(nanoseconds: second * 1_000_000_000)
    ).version
  }

  @Test("criteria that are not met are named, and nothing is written")
  func refused() throws {
    let folder = try TemporaryFolder()
    let record = try run(folder, seed: 1)
    let production = ProductionRegistry(path: folder.path("production"))
    for (change, name) in [
      ({ $0.needsCertificate = true }, "certified"),
      ({ $0.beatsBaselines = true }, "beats_baselines"),
      ({ $0.leastAccuracy = 0.99 }, "accuracy_min"), ({ $0.leastSharpe = 90 }, "sharpe_min"),
      ({ $0.mostCalibrationError = 0 }, "calibration_error_max"),
    ] as [((inout PromotionCriteria) -> Void, String)] {
      do {
        _ = try promote(record, production, at: 1, change)
        Issue.record("\(name) was met")
      } catch {
        let diagnosis = (error as? any DiagnosedError)?.diagnosis
        #expect(diagnosis?.finding.contains(name) == true, "\(error)")
        #expect(diagnosis?.exitCode == .refused)
      }
    }
    #expect(try production.versions().isEmpty && production.acts().isEmpty)
  }

  @Test("a version is the run's model byte for byte; promotion and rollback are recorded")
  func rollback() throws {
    let folder = try TemporaryFolder()
    let record = try run(folder, seed: 1)
    let production = ProductionRegistry(path: folder.path("production"))
    let first = try promote(record, production, at: 1)
    let second = try promote(record, production, at: 2)
    #expect(first.name == "v1_19700101T000001Z" && second.name == "v2_19700101T000002Z")
    #expect(try production.current("nearest_mean") == second.name)
    for name in try FileManager.default.contentsOfDirectory(atPath: record.modelFolder) {
      #expect(
        FileManager.default.contentsEqual(
          atPath: record.modelFolder + "/" + name, andPath: first.modelFolder + "/" + name))
    }
    #expect(try Artefact.open(first.modelFolder).id == record.modelID)
    #expect(try production.rollback("nearest_mean", at: Timestamp(nanoseconds: 0)) == first.name)
    #expect(try production.current("nearest_mean") == first.name)
    #expect(try production.version("nearest_mean").name == first.name)
    #expect(throws: ProductionError.nothingBefore("nearest_mean")) {
      try production.rollback("nearest_mean", at: Timestamp(nanoseconds: 0))
    }
    #expect(try production.acts().map(\.kind) == [.promote, .promote, .rollback])
    #expect(try promote(record, production, at: 3).number == 3)
    #expect(try production.rollback("nearest_mean", at: Timestamp(nanoseconds: 0)) == first.name)
  }

  @Test("a line taken out of the record of promotions is noticed")
  func tampered() throws {
    let folder = try TemporaryFolder()
    let record = try run(folder, seed: 1)
    let production = ProductionRegistry(path: folder.path("production"))
    for second in 1...3 { _ = try promote(record, production, at: Int64(second)) }
    let path = folder.path("production/promotions.jsonl")
    var lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    lines.remove(at: 1)
    try (lines.joined(separator: "\n") + "\n").write(
      toFile: path, atomically: true, encoding: .utf8)
    #expect(throws: ProductionError.self) { try production.acts() }
  }
}
