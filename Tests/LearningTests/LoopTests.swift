import Features
import Foundation
import Learning
import Market
import MarketData
import Numerics
import Runtime
import TestKit
import Testing
import Trading

@Suite("A model in the loop")
struct LoopTests {
  private func artefact(_ folder: TemporaryFolder) throws -> Artefact {
    try MadeSets.write(to: folder.path("set"))
    let store = RunStore(path: folder.path("runs"))
    var request = TrainingRequest(model: "nearest_mean", horizon: 5, data: folder.path("set"))
    request.climbsLadder = false
    let outcome = try TrainingRun(request, registry: .standard()).run(
      in: store.begin(model: "nearest_mean", at: Timestamp(nanoseconds: 0)))
    return try Artefact.open(outcome.folder + "/checkpoints/model")
  }

  private func bar(_ frame: Frame, _ row: Int) -> Frame {
    func one(_ name: String) -> Column<Double> { Column([frame[name]?[row] ?? .nan]) }
    return Frame(
      symbol: frame.symbol, interval: frame.interval, start: Column([frame.start[row]]),
      end: Column([frame.end[row]]), knownAt: Column([frame.knownAt[row]]),
      columns: [
        "open": one("open"), "high": one("high"), "low": one("low"), "close": one("close"),
        "volume": one("volume"),
      ])
  }

  @Test("bar by bar it foresees to the bit what it foresees from the set that was built")
  func batch() throws {
    let folder = try TemporaryFolder()
    let artefact = try artefact(folder)
    let table = try ParquetFile(path: folder.path("set/test_scaled.parquet")).samples()
    let samples = try Windows(table, for: artefact, isScaled: true, place: "test")
    let output = try artefact.forecasts(samples, by: artefact.model(.standard()).predictor())
    let forecaster = try BarForecaster(artefact, .standard())
    let frame = try MadeSets.frame("S1", bars: 500, seed: 2)
    var compared = 0
    for row in 0..<frame.count {
      let one = try forecaster.take(bar(frame, row))
      guard
        let place = (0..<output.count).first(where: {
          output.datetimes[$0] == frame.knownAt[row]
            && output.symbols[Int(output.codes[$0])] == frame.symbol
        })
      else { continue }
      let own = try #require(one)
      for c in 0..<3 { #expect(own.probabilities[c] == output.probabilities[3 * place + c]) }
      compared += 1
    }
    #expect(compared > 50)
  }

  @Test("a strategy holds by its forecasts, and only on days that the model has not seen")
  func strategy() throws {
    let folder = try TemporaryFolder()
    let artefact = try artefact(folder)
    let strategy = try ModelStrategy(artefact, .standard())
    let frames = try [MadeSets.frame("S0", bars: 500, seed: 1)]
    var settings = BacktestSettings()
    settings.initialCash = try Cash(nearest: 100_000)
    let first = try Backtest.run(frames: frames, strategy: strategy, settings: settings)
    #expect(!first.trades.isEmpty)
    #expect(first.trades.allSatisfy { $0.entry.nanoseconds > artefact.trainedTo.nanoseconds })
    let second = try Backtest.run(frames: frames, strategy: strategy, settings: settings)
    #expect(first.fills == second.fills)
  }

  @Test("a model whose file was changed trades nothing")
  func changed() throws {
    let folder = try TemporaryFolder()
    let artefact = try artefact(folder)
    let source = try ModelSource(folder: artefact.folder)
    #expect(try source.strategy().modelID == artefact.id)
    let path = artefact.folder + "/model.json"
    var text = try String(contentsOfFile: path, encoding: .utf8)
    text = text.replacingOccurrences(of: "\"seed\": 42", with: "\"seed\": 43")
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    #expect(throws: ModelFileError.self) { try source.strategy() }
  }
}
