import Foundation
import Learning
import TestKit
import Testing

@Suite("Models in the loop, as a person runs them") struct ModelLoopVerbTests {
  private static let bars = ["--symbols", "NVDA", "--data", Package.path("Samples/daily")]

  private static func run(_ line: String, _ more: [String] = [], in folder: ScratchFolder) throws
    -> Command
  {
    try Binary.run(
      line.split(separator: " ").map(String.init) + more, in: folder.path, limit: 300)
  }

  /// A folder with three features, and changes to learn from them.
  private static func folder() throws -> ScratchFolder {
    let folder = try ScratchFolder("loop")
    try """
    features:
      - {name: r1, expr: "close / lag(close, 1) - 1"}
      - {name: r5, expr: "close / lag(close, 5) - 1"}
      - {name: z20, expr: "zscore(close, 20)"}
    labels: {kind: return}
    """.write(toFile: folder.path("f.yaml"), atomically: true, encoding: .utf8)
    return folder
  }

  private static let walk =
    "walkforward --model ridge --config f.yaml --timerange 20200101-20221231 --train 400 --test 200"

  @Test(
    "a walk-forward retrains and writes page, tables and models; what it freezes trades later days")
  func walkForward() throws {
    let folder = try Self.folder()
    let told = try Self.run(
      Self.walk + " --freeze kept/choice.json --report walk.html", Self.bars, in: folder)
    #expect(told.status == 0, "\(told.errors)")
    #expect(told.output.contains("2 times ridge was trained"), "\(told.output)")
    #expect(told.output.contains("martinet walkforward --frozen kept/choice.json"))
    let page = try String(contentsOfFile: folder.path("walk.html"), encoding: .utf8)
    #expect(page.contains("Every training, and what its model did"))
    let found = try Self.run(Self.walk + " --json", Self.bars, in: folder)
    let walk = try #require(try found.object["walk_forward"] as? [String: Any])
    let folds = try #require(walk["folds"] as? [[String: Any]])
    #expect(folds.count == 2 && walk["trainings"] as? Int == 2)
    for fold in folds {
      let (id, place) = (fold["model_id"] as? String, fold["folder"] as? String)
      #expect(try Artefact.open(folder.path(#require(place))).id == id)
      // Both runs trained the same models.
      #expect(told.output.contains(try #require(id).prefix(12)))
    }
    try frozen(in: folder)
  }

  private func frozen(in folder: ScratchFolder) throws {
    let later = try Self.run("walkforward --frozen kept/choice.json --json", Self.bars, in: folder)
    #expect(later.status == 0, "\(later.errors)")
    #expect(try later.object["trained_until"] as? String == "2022-12-30")
    #expect(try later.object["start"] as? String == "2023-01-03")
    for (line, words, status) in [
      ("--frozen kept/choice.json --timerange 20221201-", "2022-12-30", Int32(3)),
      ("--frozen kept/choice.json --timerange -20221201", "2022-12-30", 3),
      ("--frozen kept/choice.json --model ridge", "--model would choose anew", 2),
      ("--frozen kept/choice.json --freeze other.json", "--freeze would choose anew", 2),
      ("--model ridge --grid fast=5..9", "--grid would do nothing", 2),
      ("--model ridge --strategy sma_cross", "--strategy would do nothing", 2),
      ("--model rigde", "did you mean ridge?", 2),
    ] {
      let refused = try Self.run("walkforward " + line, Self.bars, in: folder)
      #expect(refused.status == status && refused.isExplained, "\(line): \(refused.errors)")
      #expect(refused.errors.contains(words), "\(line): \(refused.errors)")
    }
    let choice = try JSONSerialization.jsonObject(
      with: Data(contentsOf: URL(fileURLWithPath: folder.path("kept/choice.json"))))
    let model = try #require((choice as? [String: Any])?["model_folder"] as? String)
    try "{}".write(
      toFile: folder.path(model + "/weights.json"), atomically: true, encoding: .utf8)
    let changed = try Self.run("walkforward --frozen kept/choice.json", Self.bars, in: folder)
    #expect(changed.status != 0 && changed.isExplained, "\(changed.errors)")
  }

  @Test("what was trained is byte for byte what trades on paper, and goes on without the registry")
  func paper() throws {
    let folder = try Self.folder()
    let built = try Self.run(
      "features build --config f.yaml --timerange 20150101- --out set", Self.bars, in: folder)
    #expect(built.status == 0, "\(built.errors)")
    let trained = try Self.run("train --model ridge --data set --json", in: folder)
    let run = try #require(try trained.object["run"] as? String)
    let promoted = try Self.run(
      "models promote \(run) --set beats_baselines=false --json", in: folder)
    let version = try #require(try promoted.object["folder"] as? String, "\(promoted.errors)")
    let account = "paper run --folder account --strategy model --set artefact=v1 --json"
    let first = try Self.run(account + " --timerange 20230601-20231231", Self.bars, in: folder)
    #expect(first.status == 0, "\(first.errors)")
    #expect(try first.object["fills"] as? Int ?? 0 > 0)
    let names = try FileManager.default.contentsOfDirectory(
      atPath: folder.path("\(run)/checkpoints/model"))
    #expect(names.contains(Artefact.cardName) && names.count > 1)
    for name in names {
      func bytes(_ place: String) throws -> Data {
        try Data(contentsOf: URL(fileURLWithPath: folder.path("\(place)/\(name)")))
      }
      let own = try bytes("\(run)/checkpoints/model")
      #expect(try bytes("\(version)/model") == own && bytes("account/model") == own)
    }
    let id = try #require(try promoted.object["model_id"] as? String)
    #expect(try (first.object["strategy"] as? String)?.hasSuffix(id.prefix(8)) == true)
    // Deciding anew as a back-test, the model leads to the same account.
    let same = try Self.run("report differences --folder account --json", Self.bars, in: folder)
    let causes = try #require(try same.object["causes"] as? [String: String], "\(same.errors)")
    #expect(causes.count == 6 && causes.values.allSatisfy { $0 == "0" }, "\(causes)")
    try FileManager.default.removeItem(atPath: folder.path("production"))
    let again = try Self.run("paper run --folder account", Self.bars, in: folder)
    #expect(again.status == 0, "\(again.errors)")
    try "{}".write(
      toFile: folder.path("account/model/weights.json"), atomically: true, encoding: .utf8)
    let changed = try Self.run("paper run --folder account", Self.bars, in: folder)
    #expect(changed.status != 0 && changed.isExplained, "\(changed.errors)")
  }

  @Test(
    "the page of an experiment complains of nothing in a browser and fits a phone",
    .needs(.chromium))
  func page() throws {
    let folder = try Self.folder()
    let built = try Self.run(
      "features build --config f.yaml --set labels.kind=class --out set --timerange 20190101-",
      Self.bars, in: folder)
    #expect(built.status == 0, "\(built.errors)")
    try "data: set\nmodels: [naive, ridge]\nhorizons: [5, 20]\nsanity: false\n".write(
      toFile: folder.path("e.yaml"), atomically: true, encoding: .utf8)
    let run = try Self.run("experiment run e.yaml --json", in: folder)
    let path = try #require(try run.object["report"] as? String, "\(run.errors)")
    let browser = try Browser()
    defer { browser.stop() }
    let page = try browser.open(file: folder.path(path), width: 360)
    #expect(try page.sidewaysOverflow() == 0)
    #expect(page.errors.isEmpty, "\(page.errors)")
    let shown = try page.evaluate(
      "[...document.querySelectorAll('svg')].filter(s => s.getBoundingClientRect().width > 0).length",
      as: Int.self)
    #expect(shown == 4)
  }
}
