import Foundation
import TestKit
import Testing

@Suite("martinet prove") struct ProveVerbTests {
  private static let bars = "--data Samples/daily --symbols SPY --timerange 20190101-20200630"

  @Test("a clean set prints its certificate, which holds for these bars and for no others")
  func certificate() throws {
    let run = try Binary.run("prove features regime \(Self.bars) --cuts 2 --json")
    #expect(run.status == 0, "\(run.errors)")
    let object = try run.object
    #expect(object["verdict"] as? String == "clean")
    #expect(object["sets"] as? [String] == ["regime"])
    #expect((object["findings"] as? [Any])?.isEmpty == true)
    #expect((object["cuts"] as? Int ?? 0) >= 64)
    for key in ["code_sha256", "data_sha256", "config_sha256", "definitions_sha256", "seal"] {
      #expect((object[key] as? String)?.count == 64, "\(key)")
    }
    let folder = try TemporaryFolder()
    try folder.write("proof.json", run.output)
    let file = folder.path("proof.json")
    #expect(try Binary.run("prove certificate \(file) \(Self.bars)").status == 0)
    let other = try Binary.run(
      "prove certificate \(file) --data Samples/daily --symbols SPY --timerange 20190101-20200629")
    #expect(other.status == 3 && other.errors.contains("config"))
    #expect(other.errors.contains("data"))
    try folder.write(
      "forged.json", run.output.replacingOccurrences(of: "regime", with: "dual12"))
    let forged = folder.path("forged.json")
    let refused = try Binary.run("prove certificate \(forged) \(Self.bars)")
    #expect(refused.status == 3 && refused.isExplained)
  }

  @Test("labels, scalers, splits, joins and flags are proved on real days")
  func pipeline() throws {
    let run = try Binary.run("prove pipeline \(Self.bars) --cuts 2 --json")
    #expect(run.status == 0, "\(run.output) \(run.errors)")
    let parts = try run.object["parts"] as? [[String: Any]] ?? []
    let names = parts.compactMap { $0["name"] as? String }
    for word in ["label", "training", "scaler", "weights", "join of 1w", "panel", "tradability"] {
      #expect(names.contains { $0.hasPrefix(word) }, "\(word)")
    }
  }

  @Test("a table whose column is tomorrow's price ends with exit code 3 and says why")
  func table() throws {
    var price = 100.0
    var random = SeededGenerator(seed: 5)
    let prices = (0..<300).map { _ -> Double in
      price *= .random(in: 0.98...1.021, using: &random)
      return price
    }
    let lines = (0..<299).map { "\($0),\(prices[$0]),\(prices[$0 + 1]),\(prices[max(0, $0 - 1)])" }
    let folder = try TemporaryFolder()
    try folder.write(
      "table.csv", "row,close,target,before\n" + lines.joined(separator: "\n") + "\n")
    let file = folder.path("table.csv")
    let run = try Binary.run("prove table \(file) --price close --json")
    #expect(run.status == 3)
    let findings = try run.object["findings"] as? [[String: Any]] ?? []
    #expect(findings.count == 1)
    #expect(findings.first?["column"] as? String == "target")
    #expect(findings.first?["cause"] as? String == "future_prices")
    #expect(findings.first?["row"] as? Int == 0)
    let text = try Binary.run("prove table \(file) --price close")
    #expect(text.status == 3 && text.output.contains("target (future_prices)"))
    let wrong = try Binary.run("prove table \(file) --price clsoe")
    #expect(wrong.status == 2 && wrong.isExplained && wrong.errors.contains("--price close"))
    #expect(try Binary.run("prove table nowhere.csv --price close").isExplained)
  }

  @Test("features of a person's own are proved from their file, and one that looks ahead is named")
  func own() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      "honest.yaml", "features: [{name: trend, expr: \"ema(close, 12) / ema(close, 26) - 1\"}]\n")
    let honest = try Binary.run(
      "prove features --config \(folder.path("honest.yaml")) \(Self.bars) --cuts 2 --json")
    #expect(honest.status == 0, "\(honest.errors)")
    #expect(try honest.object["columns"] as? [String] == ["trend"])
    try folder.write(
      "leaking.yaml",
      "features: [{name: good, expr: \"close / ref(close, 5)\"}, "
        + "{name: bad, expr: \"ref(close, -1) / close\"}]\n")
    let leaking = try Binary.run(
      "prove features --config \(folder.path("leaking.yaml")) \(Self.bars) --cuts 2 --json")
    #expect(leaking.status == 3, "\(leaking.errors)")
    let findings = try leaking.object["findings"] as? [[String: Any]] ?? []
    #expect(findings.map { $0["column"] as? String } == ["bad"])
    #expect(findings.first?["cause"] as? String == "future")
    #expect(findings.first?["expected"] as? Double != findings.first?["was"] as? Double)
  }

  @Test("an unknown set names the nearest one")
  func unknownSet() throws {
    let run = try Binary.run("prove features technical39 \(Self.bars)")
    #expect(run.status != 0 && run.isExplained && run.errors.contains("technical93"))
  }
}
