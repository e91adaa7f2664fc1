import Features
import Market
import MarketData
import Runtime
import Testing

@Suite("Training sets that cannot be") struct TrainingSetRefusalTests {
  private func refusal(_ recipe: TrainingRecipe, _ frames: [Frame]) -> Diagnosis? {
    do { _ = try Sets.build(recipe, frames) } catch {
      return (error as? any DiagnosedError)?.diagnosis
        ?? Diagnosis(place: "", finding: "\(error)", remedy: "")
    }
    return nil
  }

  @Test("features that look ahead are refused with exit code 3")
  func leaks() throws {
    for text in FeatureChoiceTests.leaks {
      let found = refusal(try Sets.recipe([("x", text)]), try Sets.frames())
      #expect(found?.exitCode == .refused, "\(text)")
      #expect(found?.finding.contains("looks ahead") == true)
    }
  }

  @Test("a symbol with fewer bars than the look-back and the horizon is named")
  func tooFewBars() throws {
    let frames = try Sets.frames(2) + [Sets.frame("SHORT", Synthetic.rows(119))]
    let found = refusal(try Sets.recipe([("x", "mean(close, 100)")]), frames)
    #expect(
      found?.place == "SHORT" && found?.finding.contains("119 bars") == true,
      "\(String(describing: found))")
    let enough = try Sets.frames(2) + [Sets.frame("SHORT", Synthetic.rows(130))]
    #expect(refusal(try Sets.recipe([("x", "mean(close, 100)")]), enough) == nil)
  }

  @Test("a column that is there and empty is named, and a feature that is always missing")
  func empty() throws {
    var rows = Synthetic.rows(300)
    for row in rows.indices { rows[row].volume = .nan }
    let frames = try [Sets.frame("A", Synthetic.rows(300)), Sets.frame("B", rows)]
    let found = refusal(try Sets.recipe([("x", "volume / mean(volume, 5)")]), frames)
    #expect(found?.place == "B" && found?.finding.contains("volume") == true)
    #expect(refusal(try Sets.recipe([("x", "close / open")]), frames) == nil)
    let never = refusal(
      try Sets.recipe([("ok", "close"), ("x", "log(open - open)")]), try Sets.frames())
    #expect(
      never?.finding.contains("x is missing at every bar") == true, "\(String(describing: never))")
    let absent = refusal(try Sets.recipe([("x", "vix / mean(vix, 5)")]), try Sets.frames())
    #expect(absent?.finding.contains("x is missing at every bar") == true)
  }

  @Test("the VIX of a set is left out where the bars have none, and said to be")
  func absent() throws {
    let built = try Sets.build(Sets.recipe(sets: ["regime"], []), Sets.frames(2, bars: 600))
    let names = built.leftOut.filter { $0.reason == .absent }.map(\.name)
    #expect(!names.isEmpty && names.allSatisfy { $0.contains("vix") })
    let all = try Catalogue.formulas(ofSet: "regime").count
    #expect(built.features.count + names.count == all)
  }

  @Test("where no row is whole, it is said why; kept, they stay with their holes")
  func noRows() throws {
    let recipe = try Sets.recipe([
      ("a", "close"), ("b", "sqrt(sign(close - ref(close, 1)) - 0.5) + vwap"),
    ])
    let frames = try Sets.frames().map {
      $0.adding(Column(repeating: .nan, count: 300), as: "vwap")
    }
    #expect(refusal(recipe, frames)?.finding.contains("vwap") == true)
    let holes = [("a", "close"), ("b", "if(close > open, 1, log(open - open))")]
    let dropped = try Sets.build(Sets.recipe(holes), Sets.frames())
    let kept = try Sets.build(Sets.recipe(holes, missing: .keep), Sets.frames())
    #expect(kept.parts[0].table.rowCount > dropped.parts[0].table.rowCount * 3 / 2)
    #expect(kept.parts[0].table.numbers["b"]?.contains { $0.isNaN } == true)
    #expect(dropped.parts[0].table.numbers["b"]?.contains { $0.isNaN } == false)
  }
}

/// A feature as a person writes it in Swift: the close's share of the bar's range.
private struct PlaceInBar: Feature {
  let about = FeatureDescription(
    name: "place_in_bar", formula: "place_in_bar", lookBack: 0, family: .own, unit: .ratio,
    documentation: "Where the close stands in the bar's range.")

  struct Stream: FeatureStream {
    func update(_ bar: BarValues) -> Double {
      bar.high > bar.low ? (bar.close - bar.low) / (bar.high - bar.low) : .nan
    }
  }
  func stream() -> Stream { Stream() }
  func column(over bars: BarColumns) -> Column<Double> {
    Column((0..<bars.count).map { Stream().update(bars[$0]) })
  }
}

@Suite("Features written in Swift") struct CodedFeatureTests {
  @Test("they stand in a training set beside expressions, and are proved like them")
  func coded() throws {
    let choice = try FeatureChoice(
      expressions: [NamedExpression("x", "close / open")], coded: [PlaceInBar()])
    let recipe = TrainingRecipe(choice: choice, labels: [try ForwardReturn(horizon: 5)])
    let built = try Sets.build(recipe, Sets.frames())
    #expect(
      built.parts[0].table.numbers.names
        == ["x", "place_in_bar", "label_h5", "outcome_h1", "outcome_h5"])
    let verdict = try LookAheadProof.run(
      FeatureComputation(choice), frames: Sets.frames(), cuts: 4)
    #expect(verdict.isClean, "\(verdict.sentence)")
    #expect(throws: ExpressionError.self) {
      try FeatureChoice(
        expressions: [NamedExpression("place_in_bar", "close")], coded: [PlaceInBar()])
    }
  }
}

@Suite("Features are left out by what the training part says") struct FeatureSelectionTests {
  private func names(_ change: (inout FeatureSelection) -> Void, _ expressions: [(String, String)])
    throws
    -> (kept: [String], leftOut: [String: FeatureSelection.Reason])
  {
    var selection = FeatureSelection()
    change(&selection)
    let built = try Sets.build(Sets.recipe(expressions, selection: selection), Sets.frames(6))
    return (
      built.features.map(\.about.name),
      Dictionary(uniqueKeysWithValues: built.leftOut.map { ($0.name, $0.reason) })
    )
  }

  @Test("constant, duplicate, shifted and weak ones go when asked, and only then")
  func reasons() throws {
    let all = [
      ("still", "0 * close + 3"), ("range", "(high - low) / close"),
      ("twin", "3 * (high - low) / close + 1"), ("mirror", "(low - high) / close"),
      ("age", "total(close / close)"), ("noise", "returns(volume, 1)"), ("day", "day_of_week"),
    ]
    let none = try names({ _ in }, all)
    #expect(none.kept.count == all.count && none.leftOut.isEmpty)
    let constant = try names({ $0.constant = true }, all)
    #expect(constant.leftOut == ["still": .constant])
    let duplicate = try names({ $0.duplicate = 0.999 }, all)
    #expect(
      duplicate.leftOut.values.allSatisfy { $0 == .duplicate } && duplicate.leftOut.count == 2)
    #expect(Set(duplicate.kept).intersection(["range", "twin", "mirror"]).count == 1)
    let unstable = try names({ $0.unstable = 0.25 }, all)
    #expect(unstable.leftOut == ["age": .unstable])
    let best = try names({ $0.best = 2 }, all)
    #expect(best.kept.count == 2)
  }

  @Test("what the test part holds changes nothing that is left out")
  func trainingOnly() throws {
    var selection = FeatureSelection()
    selection.best = 3
    selection.duplicate = 0.9
    let expressions = (2...12).map { ("r\($0)", "returns(close, \($0))") }
    let recipe = try Sets.recipe(expressions, selection: selection)
    let calm = try Sets.build(recipe, Sets.frames(6))
    let wild = try (0..<6).map { index in
      var rows = Synthetic.rows(300, seed: UInt64(index + 1))
      for row in 240..<300 {
        rows[row].close *= Double(row % 7 + 1)
        rows[row].high *= 8
      }
      return try Sets.frame("S\(index)", rows)
    }
    let other = try Sets.build(recipe, wild)
    #expect(other.leftOut == calm.leftOut && other.scaler == calm.scaler)
  }

  @Test("a feature that knows the future's sign is found the strongest by the report")
  func report() throws {
    // Twelve symbols whose next changes follow a known pattern of their volumes.
    var generator = SystemRandomNumberGenerator()
    _ = generator.next()
    let frames = try (0..<12).map { symbol in
      var rows = Synthetic.rows(400, seed: UInt64(symbol + 40))
      for row in 1..<400 {
        let push = rows[row - 1].volume > 550_000 ? 1.02 : 0.98
        rows[row].close = rows[row - 1].close * push
        rows[row].open = rows[row - 1].close
        rows[row].high = max(rows[row].open, rows[row].close)
        rows[row].low = min(rows[row].open, rows[row].close)
      }
      return try Sets.frame("S\(symbol)", rows)
    }
    let choice = try FeatureChoice(expressions: [
      NamedExpression("noise", "day_of_month / high"), NamedExpression("seer", "volume"),
      NamedExpression("clock", "day_of_year"),
      NamedExpression("copy", "log(volume)"),
      NamedExpression("holes", "if(close > open, volume, log(open - open))"),
    ])
    let report = try FeatureReport(
      choice, frames: frames, split: .standard, data: "here", code: "test")
    #expect(report.isCrossSectional)
    let seer = try #require(report.lines.first { $0.name == "seer" })
    #expect(seer.rankCorrelations[0] > 0.7 && seer.tValues[0] > 10)
    #expect(
      abs(seer.rankCorrelations[5]) < seer.rankCorrelations[0] / 3,
      "what is known of one bar decays")
    #expect(seer.mutualInformation > 0.02)
    #expect(
      report.redundant.map(\.name) == ["copy"] || report.redundant.map(\.name).contains("seer"))
    // The same for all symbols, so that it has a rank over time only.
    let clock = try #require(report.lines.first { $0.name == "clock" })
    #expect(!clock.rankCorrelations[0].isNaN && abs(clock.tValues[0]) < 4)
    let holes = try #require(report.lines.first { $0.name == "holes" })
    #expect(holes.coverage > 0.3 && holes.coverage < 0.7)
    let page = report.page.html()
    #expect(page.contains("seer") && !page.contains("nan") && page.utf8.count < 1_500_000)
    #expect(!page.contains("http://") && !page.contains("https://"))
  }
}
