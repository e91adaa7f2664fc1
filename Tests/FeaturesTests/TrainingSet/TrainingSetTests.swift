import Features
import Foundation
import Market
import MarketData
import Numerics
import Runtime
import TestKit
import Testing

/// Bars of a few symbols and what can be made of them.
enum Sets {
  static func frames(_ count: Int = 3, bars: Int = 300) throws -> [Frame] {
    try (0..<count).map { index in
      try frame("S\(index)", Synthetic.rows(bars, seed: UInt64(index + 1)))
    }
  }

  static func frame(_ name: String, _ rows: [BarValues]) throws -> Frame {
    try Synthetic.frame(rows, symbol: name)
  }

  static func recipe(
    sets: [String] = [], _ expressions: [(String, String)], scaling: Scaling = .standard,
    missing: TrainingRecipe.MissingRows = .drop, selection: FeatureSelection = FeatureSelection(),
    embargo: Duration = .zero
  ) throws -> TrainingRecipe {
    TrainingRecipe(
      choice: try FeatureChoice(
        sets: sets, expressions: expressions.map { NamedExpression($0.0, $0.1) }),
      labels: [
        try ForwardReturn(horizon: 5, band: .volatility(multiple: 0.5, lookBack: 20)),
        try ForwardReturn(horizon: 20, band: .volatility(multiple: 0.5, lookBack: 20)),
      ], split: try ChronologicalSplit(train: 0.7, validation: 0.15, embargo: embargo),
      scaling: scaling, missingRows: missing, selection: selection)
  }

  static func build(_ recipe: TrainingRecipe, _ frames: [Frame]) throws -> TrainingSet.Built {
    try TrainingSet.build(
      recipe, frames: frames, code: "test", cache: FeatureCache(disk: nil))
  }
}

@Suite("Training sets") struct TrainingSetTests {
  private static let expressions = [
    ("trend", "ema(close, 12) / ema(close, 26) - 1"), ("weekday", "day_of_week"),
    ("money", "log(close * volume)"), ("place", "rank(returns(close, 5))"),
  ]

  @Test("what is written is read back: values, columns, scale and version")
  func roundTrip() throws {
    let folder = try TemporaryFolder()
    let built = try Sets.build(Sets.recipe(Self.expressions), Sets.frames())
    try built.write(to: folder.path("set"))
    let set = try TrainingSet.open(folder.path("set"))
    #expect(set.featureNames == ["trend", "weekday", "money", "place"])
    #expect(set.labelNames == ["label_h5", "label_h20"])
    #expect(set.scaler == built.scaler)
    #expect(set.knowledge["weekday"] == .knownAhead && set.knowledge["trend"] == .pastOnly)
    #expect(set.featureVersion == TrainingSet.featureVersion(built.features).description)
    for (part, table) in built.parts {
      let read = set[part]
      #expect(read.rowCount == table.rowCount && read.rowCount > 0)
      let outcomes = ["outcome_h1", "outcome_h5", "outcome_h20"]
      #expect(read.numbers.names == set.featureNames + set.labelNames + outcomes)
      #expect(read.datetimes == table.datetimes)
      for (a, b) in zip(read.numbers.columns, table.numbers.columns) {
        #expect(a.map(\.bitPattern) == b.map(\.bitPattern))
      }
      #expect(
        zip(read.codes, table.codes).allSatisfy { read.symbols[Int($0)] == table.symbols[Int($1)] })
    }
    #expect(set[.train].numbers["label_h5"]?.allSatisfy { [-1, 0, 1].contains($0) } == true)
  }

  @Test("values are those of the features, on the scale of the training part; labels their returns")
  func values() throws {
    let frames = try Sets.frames()
    let built = try Sets.build(Sets.recipe(Self.expressions), frames)
    let trend = try FeaturePlan([
      ExpressionReader.number(ExpressionSource("ema(close, 12) / ema(close, 26) - 1")).expression
    ]).columns(over: frames.map { try BarColumns($0) }).map { $0[0] }
    let label = try frames.map {
      try ForwardReturn(horizon: 20, band: .volatility(multiple: 0.5, lookBack: 20)).column(
        over: $0)
    }
    guard case .linear(let centre, let width) = built.scaler.scales[0] else {
      Issue.record("not linear")
      return
    }
    var seen: [Double] = []
    for (part, table) in built.parts {
      for row in 0..<table.rowCount {
        let symbol = Int(table.codes[row])
        let bar = try #require(frames[symbol].knownAt.firstIndex(of: table.datetimes[row]))
        let expected = (trend[symbol][bar] - centre) / width
        #expect(table.numbers.columns[0][row] == expected)
        #expect(table.numbers["label_h20"]?[row] == label[symbol].values[bar])
        if part == .train { seen.append(trend[symbol][bar]) }
      }
    }
    let moments = StreamingMoments(seen.span)
    #expect(abs(moments.mean - centre) < 1e-12 && abs(moments.deviation() - width) < 1e-12)
  }

  @Test("no label of a part is settled after the next part has begun")
  func purging() throws {
    let frames = try Sets.frames()
    let built = try Sets.build(Sets.recipe(Self.expressions, embargo: .seconds(3 * 86_400)), frames)
    for (index, later) in [(0, 1), (1, 2)] {
      let (early, late) = (built.parts[index].table, built.parts[later].table)
      let begin = try #require(late.datetimes.first)
      for row in 0..<early.rowCount {
        let frame = frames[Int(early.codes[row])]
        let bar = try #require(frame.knownAt.firstIndex(of: early.datetimes[row]))
        #expect(frame.knownAt[bar + 20] + 3 * 86_400_000_000_000 <= begin)
      }
    }
    #expect(built.scaler.fitted.upperBound.nanoseconds < built.parts[1].table.datetimes[0])
  }

  @Test("the same inputs give the same bytes; another bar, expression or setting gives others")
  func sameBytes() throws {
    let folder = try TemporaryFolder()
    let frames = try Sets.frames()
    func hashes(_ name: String, _ recipe: TrainingRecipe, _ frames: [Frame]) throws -> [String] {
      try Sets.build(recipe, frames).write(to: folder.path(name))
      return try TrainingSet.fileNames.sorted().map {
        try SHA256.hash(file: folder.path("\(name)/\($0)")).description
      }
    }
    let first = try hashes("a", Sets.recipe(Self.expressions), frames)
    #expect(try hashes("b", Sets.recipe(Self.expressions), frames) == first)
    #expect(try hashes("b", Sets.recipe(Self.expressions, scaling: .robust), frames) != first)
    var rows = Synthetic.rows(300, seed: 1)
    rows[100].close = rows[100].close.nextUp
    let changed = [try Sets.frame("S0", rows)] + frames[1...]
    #expect(try hashes("c", Sets.recipe(Self.expressions), changed) != first)
    let version = try ["ema(close, 12)", "ema(close,12)", "ema(close, 13)"].map { text in
      try TrainingSet.featureVersion(Sets.recipe([("x", text)]).choice.features).description
    }
    #expect(version[0] == version[1] && version[0] != version[2])
  }

  @Test("a folder is replaced whole, and one with somebody's work in it is left alone")
  func replacing() throws {
    let folder = try TemporaryFolder()
    let built = try Sets.build(Sets.recipe(Self.expressions), Sets.frames())
    try built.write(to: folder.path("deep/er/set"))
    let other = try Sets.build(Sets.recipe([("x", "close / open")]), Sets.frames())
    try other.write(to: folder.path("deep/er/set"))
    #expect(try TrainingSet.open(folder.path("deep/er/set")).featureNames == ["x"])
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path("deep/er"))
    #expect(names == ["set"], "nothing unfinished is left")
    let own = folder.path("deep/er/set/notes.txt")
    try "mine".write(toFile: own, atomically: true, encoding: .utf8)
    #expect(throws: FolderError.self) { try built.write(to: folder.path("deep/er/set")) }
    #expect(try TrainingSet.open(folder.path("deep/er/set")).featureNames == ["x"])
    #expect(throws: FolderError.self) { try built.write(to: own) }
    #expect(throws: (any Error).self) { try built.write(to: "/proc/nowhere/set") }
  }

  @Test("a damaged file, another's file and a scaler that saw the future are refused")
  func damage() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("set")
    try Sets.build(Sets.recipe(Self.expressions), Sets.frames()).write(to: path)
    func opens(_ change: (String) throws -> Void) throws -> Bool {
      let copy = folder.path("copy")
      try? FileManager.default.removeItem(atPath: copy)
      try FileManager.default.copyItem(atPath: path, toPath: copy)
      try change(copy)
      do { _ = try TrainingSet.open(copy) } catch {
        let diagnosis = (error as? any DiagnosedError)?.diagnosis
        #expect(diagnosis?.finding.isEmpty == false, "\(error)")
        return false
      }
      return true
    }
    #expect(try opens { _ in })
    #expect(
      try !opens { copy in
        let file = "\(copy)/val_scaled.parquet"
        var bytes = try Data(contentsOf: URL(fileURLWithPath: file))
        bytes[bytes.count / 2] ^= 1
        try bytes.write(to: URL(fileURLWithPath: file))
      })
    #expect(
      try !opens { copy in
        try FileManager.default.removeItem(atPath: "\(copy)/test_scaled.parquet")
        try FileManager.default.copyItem(
          atPath: "\(copy)/train_scaled.parquet", toPath: "\(copy)/test_scaled.parquet")
      })
    func edit(_ file: String, _ from: String, _ to: String) throws -> Bool {
      try opens { copy in
        let text = try String(contentsOfFile: "\(copy)/\(file)", encoding: .utf8)
        let edited = text.replacing(from, with: to)
        #expect(edited != text)
        try edited.write(toFile: "\(copy)/\(file)", atomically: true, encoding: .utf8)
      }
    }
    let last = try TrainingSet.open(path).scaler.fitted.upperBound.description
    #expect(try !edit("scaler.json", last, "2100-01-01T00:00:00Z"))
    #expect(try !edit("scaler.json", "\"trend\"", "\"other\""))
    #expect(try !edit("scaler.json", "\"width\"", "\"widt\""))
    #expect(try !edit("manifest.json", "\"feature_version\"", "\"version\""))
    #expect(try !edit("manifest.json", "{", "["))
  }

  @Test("scalers of every kind are saved to the last bit", arguments: Scaling.allCases)
  func scalers(scaling: Scaling) throws {
    let built = try Sets.build(
      Sets.recipe(Self.expressions + [("still", "0 * close + 3")], scaling: scaling), Sets.frames())
    let read = try FittedScaler(
      JSON(parsing: built.scaler.json.text(), source: "x"), source: "x")
    #expect(read == built.scaler)
  }
}
