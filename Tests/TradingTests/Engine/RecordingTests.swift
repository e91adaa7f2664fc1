import Foundation
import Market
import Numerics
import Runtime
import TestKit
import Testing
import Trading

@Suite("Recorded runs") struct RecordingTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func record(_ recipe: StrategyRecipe) throws -> String {
    let path = folder.root + "/run"
    var settings = BacktestSettings()
    settings.range = try TimeRange(parsing: "20000301-")
    settings.seed = 9
    let frames = [
      try HandFrames.walk("A", bars: 300, seed: 4), try HandFrames.walk("B", bars: 280, seed: 5),
    ]
    try RecordedRun.record(frames: frames, recipe: recipe, settings: settings, in: path)
    return path
  }

  @Test(
    "every strategy, the stand-in for a model included, replays to the same journal",
    arguments: StrategyCatalogue.all.map { StrategyRecipe.small($0.id) } + [
      .linear(LinearModel(weights: [0.5, -0.25, 1]))
    ])
  func same(recipe: StrategyRecipe) throws {
    let run = try RecordedRun(in: try record(recipe))
    #expect(run.recipe == recipe && run.settings.seed == 9)
    let verdict = try run.replay(threads: 3)
    #expect(verdict.isSame && verdict.difference == nil)
    #expect(verdict.replayed.map(\.threads) == [1, 3, 3, 3])
    #expect(verdict.records >= 10)
  }

  @Test(
    "another strategy, a byte of the market data or of the model: refused, or shown as different")
  func different() throws {
    let path = try record(.small("sma_cross"))
    let file = path + "/run.json"
    let text = try String(contentsOfFile: file, encoding: .utf8)
    try text.replacingOccurrences(of: "\"fast\": 3", with: "\"fast\": 4").write(
      toFile: file, atomically: true, encoding: .utf8)
    let verdict = try RecordedRun(in: path).replay(threads: 1)
    #expect(!verdict.isSame && verdict.difference != nil)
    try text.write(toFile: file, atomically: true, encoding: .utf8)
    var market = try Data(contentsOf: URL(fileURLWithPath: path + "/market.bin"))
    market[100] ^= 1
    try market.write(to: URL(fileURLWithPath: path + "/market.bin"))
    let error = #expect(throws: RecordingError.self) { try RecordedRun(in: path) }
    #expect(error?.diagnosis.place == "market.bin")
  }

  @Test("a model whose file was changed is refused by name") func artefact() throws {
    let path = try record(.linear(LinearModel(weights: [1])))
    try "{\"weights\": [2]}".write(
      toFile: path + "/artefact.json", atomically: true, encoding: .utf8)
    let error = #expect(throws: RecordingError.self) { try RecordedRun(in: path) }
    #expect(error?.diagnosis.place == "artefact")
  }
}
