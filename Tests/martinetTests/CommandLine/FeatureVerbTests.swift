import Features
import Foundation
import Market
import MarketData
import TestKit
import Testing

@Suite("martinet features, as a person runs it") struct FeatureVerbTests {
  private static let data = Package.path("Samples/daily")

  private func folder(_ yaml: String) throws -> ScratchFolder {
    let folder = try ScratchFolder("features")
    try yaml.write(toFile: folder.path("f.yaml"), atomically: true, encoding: .utf8)
    return folder
  }

  private func run(_ line: String, in folder: ScratchFolder) throws -> Command {
    try Binary.run(
      line.split(separator: " ").map { $0 == "SAMPLES" ? Self.data : String($0) }, in: folder.path)
  }

  @Test("a file of features becomes a training set, twice the same, where the issue says")
  func build() throws {
    let folder = try folder(
      """
      features: [{name: x, expr: "ema(close, 12) / close"}, {name: y, expr: "zscore($volume, 60)"}]
      symbols: [NVDA, SPY, AMD]
      """)
    let first = try run("features build --config f.yaml --data SAMPLES", in: folder)
    #expect(first.status == 0, "\(first.errors)")
    #expect(first.output.contains("data/splits/scaled"))
    let set = try TrainingSet.open(folder.path("data/splits/scaled"))
    #expect(set.featureNames == ["x", "y"] && set.labelNames == ["label_h5", "label_h20"])
    #expect(set[.train].symbols.map(\.text) == ["NVDA", "SPY", "AMD"])
    let second = try run(
      "features build --config f.yaml --data SAMPLES --out other/set --json", in: folder)
    let rows = try second.object["rows"] as? [String: Int]
    #expect(rows?["train"] == set[.train].rowCount && rows?["val"] == set[.validation].rowCount)
    for name in TrainingSet.fileNames {
      let files = try ["data/splits/scaled", "other/set"].map {
        try Data(contentsOf: URL(fileURLWithPath: folder.path("\($0)/\(name)")))
      }
      #expect(files[0] == files[1], "\(name)")
    }
  }

  @Test(
    "what is wrong with a file is said with line and column, and nothing is written",
    arguments: [
      ("features: [{name: x, expr: \"emaa(close, 12)\"}]", "f.yaml:1:29", "ema", 2),
      ("features:\n  - name: x\n    expr: close / clsoe\n", "f.yaml:3:19", "close", 2),
      ("features: [{name: x, expr: \"ref(close, -1)\"}]", "f.yaml:1:29", "looks ahead", 3),
      ("features: [{name: x, expr: mean(close)}]", "f.yaml:1:28", "whole column", 3),
      ("features: [{name: x, exp: close}]", "f.yaml:1:22", "expr", 2),
      ("features: [{name: x}]", "f.yaml:1:12", "without an expr", 2),
      ("features: [x]", "f.yaml:1:12", "a name and an expression", 2),
      ("feature: [{name: x, expr: close}]", "f.yaml:1:1", "features", 2),
      ("sets: [technical39]", "f.yaml:1:8", "technical93", 2),
      ("features: [{name: x, expr: y}, {name: y, expr: x}]", "f.yaml:1:28", "defined by itself", 2),
      ("features: [{name: x, expr: close + $mood}]", "f.yaml:1:36", "no column \"mood\"", 1),
      ("features: [{name: x, expr: log(open - open)}]", "f.yaml:1:28", "missing at every bar", 1),
      ("symbols: [SPY]\n", "features", "no feature is chosen", 2),
      ("features: [{name: x, expr: \"mean(close, 90000)\"}]", "NVDA", "bars, where at least", 1),
      ("sets: [dual12]\nsplit: {train: 0.9, validation: 0.2}", "f.yaml:2:33", "more than all", 2),
      ("sets: [dual12]\nlabels: {horizons: [5, 5]}", "f.yaml:2:20", "twice", 2),
    ])
  func wrong(yaml: String, place: String, words: String, status: Int32) throws {
    let folder = try folder(yaml)
    let run = try run("features build --config f.yaml --data SAMPLES --symbols NVDA", in: folder)
    #expect(run.status == status && run.isExplained, "\(run.errors)")
    #expect(run.errors.contains("error: \(place)"), "\(run.errors)")
    #expect(run.errors.contains(words), "\(run.errors)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["f.yaml"])
  }

  @Test("ten thousand levels in a file are refused at once")
  func deep() throws {
    let deep =
      String(repeating: "abs(", count: 10_000) + "close" + String(repeating: ")", count: 10_000)
    let folder = try folder("features: [{name: x, expr: \"\(deep)\"}]")
    let run = try run("features build --config f.yaml --data SAMPLES", in: folder)
    #expect(run.status == 2 && run.errors.contains("levels deep"), "\(run.errors)")
  }

  @Test("bars with a stamp twice are refused, and nothing is written")
  func duplicateStamps() throws {
    let folder = try folder("features: [{name: x, expr: close}]")
    try FileManager.default.createDirectory(
      atPath: folder.path("bars"), withIntermediateDirectories: true)
    let lines =
      ["date,open,high,low,close,volume"]
      + [2, 3, 3, 4, 5].map { "2024-01-0\($0),1,2,1,2,5" }
    try lines.joined(separator: "\n").write(
      toFile: folder.path("bars/X.csv"), atomically: true, encoding: .utf8)
    let run = try run("features build --config f.yaml --data bars", in: folder)
    #expect(run.status == 1 && run.isExplained, "\(run.errors)")
    #expect(run.errors.contains("2024-01-03"), "\(run.errors)")
    #expect(!FileManager.default.fileExists(atPath: folder.path("data")))
  }

  @Test("stats and plot say the same of the same features")
  func views() throws {
    let folder = try folder(
      "features: [{name: x, expr: \"rsi(14)\"}, {name: twin, expr: x * 2}]\nsymbols: [NVDA, SPY]")
    let stats = try run("features stats --config f.yaml --data SAMPLES --json", in: folder)
    let features = try stats.object["features"] as? [[String: Any]]
    #expect(features?.count == 2, "\(stats.errors)")
    #expect(features?.allSatisfy { ($0["rank_ic"] as? [Double])?.count == 6 } == true)
    #expect(Set(features?.compactMap { $0["cluster"] as? String } ?? []).count == 1)
    let text = try run("features stats --config f.yaml --data SAMPLES", in: folder)
    #expect(text.output.split(separator: "\n").allSatisfy { $0.count <= 100 }, "\(text.output)")
    let plot = try run(
      "features plot --config f.yaml --data SAMPLES --report out/page.html", in: folder)
    #expect(plot.status == 0 && plot.output.contains("out/page.html"), "\(plot.errors)")
    let page = try String(contentsOfFile: folder.path("out/page.html"), encoding: .utf8)
    #expect(page.contains("<!doctype html>") && page.contains("twin"))
  }

  @Test("the list is an array of what each feature is, and yours are in it")
  func list() throws {
    let folder = try folder("features: [{name: mine, expr: \"ema(close, 12) / close\"}]")
    let run = try run("features list --config f.yaml --json", in: folder)
    let lines =
      try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [[String: Any]] ?? []
    #expect(lines.count > 475)
    for line in lines {
      #expect(
        Set(line.keys) == ["name", "set", "family", "formula", "lookback", "unit"], "\(line)")
    }
    let mine = lines.first { $0["name"] as? String == "mine" }
    #expect(mine?["lookback"] as? Int == 11 && mine?["set"] as? String == "your own")
    let told = try self.run("features describe mine --config f.yaml", in: folder)
    #expect(told.output.contains("ema(close, 12) / close"), "\(told.output)\(told.errors)")
  }
}
