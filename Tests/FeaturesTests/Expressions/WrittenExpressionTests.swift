import Features
import Market
import Runtime
import TestKit
import Testing

@Suite("Features as a person writes them") struct WrittenExpressionTests {
  private static func columns(_ text: String, _ rows: [BarValues]) throws -> [Double] {
    let expression = try ExpressionReader.number(ExpressionSource(text)).expression
    return Array(
      try FeaturePlan([expression]).columns(over: [BarColumns(Synthetic.frame(rows))])[0][0])
  }

  @Test(
    "a text gives the bits of the catalogue's formula, on bars as they should never be",
    arguments: [
      ("mean(close, 20)", "sma_20"), ("ema(close, 12)", "ema_12"),
      ("$close/Ref($close,5)-1", "return_5"),
      ("rsi(14)", "rsi_14"), ("rsi_14", "rsi_14"), ("RSI(close, 14)", "rsi_14"),
      ("Log(close) - Log(Ref(close, 1))", "log_return_1"),
      ("zscore(volume, 20)", "volume_zscore_20"),
      ("close - ref(close, 10)", "mom_10"), ("Delta(close, 10)", "mom_10"),
      ("max(close, 20)", "max_20"), ("wma(close, 20)", "wma_20"),
      ("slope(close, 14)", "linearreg_slope_14"),
      ("macd()", "macd"), ("obv", "obv"), ("atr(14)", "atr_14"),
      ("(high - low) / close", "range_over_close"),
      ("volume / mean(volume, 20)", "volume_ratio_20"),
    ])
  func equalsTheCatalogue(text: String, name: String) throws {
    let formula = try #require(Catalogue.all.first { $0.about.name == name })
    for (bars, rows) in try BatchAndStreamTests.adversarial() {
      let written = try Self.columns(text, rows)
      let known = try formula.column(over: BarColumns(Synthetic.frame(rows)))
      let row = known.indices.first { known[$0].bitPattern != written[$0].bitPattern }
      #expect(row == nil, "\(text) on \(bars), row \(row ?? 0)")
    }
  }

  /// What each text gives at the last of ten bars, worked out by hand.
  private static let byHand: [(String, Double)] = [
    ("Ref($close, 3)", 8.0), ("Mean($close, 4)", 7.5), ("Sum(close, 3)", 22),
    // Deviations of 9, 7, 8, 6 … of the sample.
    ("Var(close, 3)", 2.333_333_333_333_333_5), ("Std(close, 2)", 0.707_106_781_186_547_6),
    ("Max(close, 5)", 9), ("Min(close, 5)", 6), ("Med(close, 3)", 7), ("Mad(close, 4)", 1),
    ("Quantile(close, 5, 0.25)", 6), ("IdxMax(close, 5)", 3), ("IdxMin(close, 5)", 1),
    ("Rank(close, 4)", 0.5), ("Delta(close, 2)", -2), ("Count(close > 6, 5)", 3),
    ("Greater(close, open)", 7), ("Less(close, 3)", 3), ("If(Gt(close, 6), 10, 20)", 10),
    ("Power(close, 2)", 49), ("Power(close, -1)", 0.142_857_142_857_142_85),
    ("close ^ 0.5", 2.645_751_311_064_590_7),
    ("Sign(close - 8)", -1), ("Abs(close - 10)", 3), ("And(close > 1, close < 9)", 1),
    ("Or(close > 8, close > 7)", 0), ("Not(Eq(close, 7))", 0), ("Ne(close, 7)", 0),
    ("Le(close, 7)", 1), ("Ge(close, 8)", 0), ("Lt(close, 8)", 1),
    // 6 8 9 6 7 → least squares on 0 … 4.
    ("Slope(close, 5)", 0), ("WMA(close, 2)", 6.666_666_666_666_667), ("Resi(close, 2)", 0),
    ("clip(close, 0, 5)", 5), ("-close ^ 2", -49), ("2 ^ 3 ^ 0 * close", 14),
    ("1 - 2 - 3 + close", 3), ("close / 2 / 7", 0.5), ("not close > 8 and close == 7", 1),
  ]

  @Test("operators of Qlib give what its documentation says", arguments: byHand)
  func qlib(text: String, expected: Double) throws {
    let closes = [3.0, 4, 5, 5, 5, 6, 8, 9, 6, 7]
    let rows = closes.map { BarValues(open: 5, high: $0 + 1, low: 2, close: $0, volume: 100) }
    let last = try #require(try Self.columns(text, rows).last)
    #expect(abs(last - expected) < 1e-12, "\(text): \(last)")
  }

  @Test("what has no value is missing, also where something is asked of it")
  func missing() throws {
    let rows = Synthetic.rows(40)
    for text in [
      "close / (open - open)", "close / (open - open) > 0", "1 / (close / (open - open))",
      "if(close / (open - open) > 0, 1, 2)", "less(close / (open - open), 5)",
      "log(open - open)", "exp(log(open - open))", "sqrt(0 - close)",
      "max(close / (open - open), 3)",
      "sign(log(0 * close))", "power(0 - close, 0.3)", "ema(1 / (close - close), 3)",
      "clip(1 / (close - close), 0, 1)", "1 / (1 / (close - close)) == 0",
    ] {
      #expect(try Self.columns(text, rows).allSatisfy(\.isNaN), "\(text)")
    }
    let known = try Self.columns(
      "or_else(close / (open - open), 7) + count(log(open - open), 3)", rows)
    #expect(known[5] == 7 && known[39] == 7)
  }

  @Test("a division by zero at one bar is gone with that bar")
  func oneDivision() throws {
    var rows = Synthetic.rows(60)
    rows[30].open = 0
    let values = try Self.columns("mean(close / open, 5)", rows)
    #expect(values[29].isFinite && values[35].isFinite)
    #expect(!values[30...34].contains { !$0.isNaN })
  }

  @Test("crossing is told at the bar where it happens, and once")
  func crossing() throws {
    let closes = [1.0, 2, 3, 4, 3, 2, 3, 3, 4, .nan, 5]
    let rows = closes.map { BarValues(open: 3, high: 9, low: 0, close: $0, volume: 1) }
    let above = try Self.columns("cross_above(close, 3) * 1", rows)
    let below = try Self.columns("cross_below(close, open) + 0", rows)
    #expect(above[1...8].elementsEqual([0, 0, 1, 0, 0, 0, 0, 1]))
    #expect(below[1...8].elementsEqual([0, 0, 0, 0, 1, 0, 0, 0]))
    #expect(above[0].isNaN && above[9].isNaN && above[10].isNaN)
  }

  @Test("a rule's condition is 1, 0 or missing, and a number is none")
  func conditions() throws {
    let rule = try ExpressionReader.condition(
      ExpressionSource(
        "cross_above(ema(close, 3), ema(close, 8)) and not (volume < 1 or rsi(5) > 90)"))
    let values = try FeaturePlan([rule.expression]).columns(
      over: [BarColumns(Synthetic.frame(bars: 200))])[0][0]
    #expect(Set(values.filter { !$0.isNaN }) == [0, 1])
    #expect(values[7].isNaN && !values[20].isNaN)
    for (text, cause) in [
      ("close", ExpressionError.Cause.arguments), ("close > ref(close, -1)", .looksAhead),
      ("close > mean(close)", .looksAhead), ("close and open > 1", .arguments),
    ] {
      #expect(throws: (any Error).self, "\(text)") {
        do throws(ExpressionError) {
          _ = try ExpressionReader.condition(ExpressionSource(text))
        } catch {
          #expect(error.cause == cause, "\(text): \(error.diagnosis.finding)")
          throw error
        }
      }
    }
  }

  @Test(
    "batch and stream have equal bits for whatever can be written, on bars as they should never be")
  func anythingWritten() throws {
    var random = SeededGenerator(seed: 7)
    let expressions = try (0..<FuzzBudget.inputs(usual: 24, nightly: 2_000)).map { _ in
      let text = Self.anything(depth: 4, &random)
      return (text, try ExpressionReader.number(ExpressionSource(text)).expression)
    }
    let plan = FeaturePlan(expressions.map(\.1))
    for (name, rows) in try BatchAndStreamTests.adversarial() {
      let bars = try BarColumns(Synthetic.frame(rows))
      let batch = try plan.columns(over: [bars])[0]
      let stream = try plan.streamed(over: bars)
      for (index, (text, expression)) in expressions.enumerated() {
        let row = batch[index].indices.first {
          batch[index][$0].bitPattern != stream[index][$0].bitPattern
        }
        #expect(row == nil, "\(text) on \(name), row \(row ?? 0)")
        let early = batch[index].prefix(expression.lookBack).filter { !$0.isNaN }
        #expect(early.isEmpty, "\(text) on \(name) before its look-back")
      }
    }
  }

  /// A text that must be read: a number for each bar.
  private static func anything(depth: Int, _ random: inout SeededGenerator) -> String {
    func part() -> String { anything(depth: depth - 1, &random) }
    func bars() -> Int { Int.random(in: 4...40, using: &random) }
    if depth == 0 {
      return ["open", "high", "low", "close", "$volume", "day_of_week", "rsi(7)"]
        .randomElement(using: &random) ?? "close"
    }
    let windows = [
      "mean", "sum", "std", "min", "max", "med", "mad", "skew", "kurt", "slope", "rsquare", "resi",
      "wma", "idxmax", "idxmin", "zscore", "returns", "delta", "rank", "ema", "rma", "ref",
    ]
    switch Int.random(in: 0..<8, using: &random) {
    case 0: return "(\(part()) + \(part()))"
    case 1: return "(\(part()) / \(part()))"
    case 2: return "(\(part()) - 2 * \(part()))"
    case 3: return "if(\(part()) > \(part()), \(part()), 0)"
    case 4:
      return "\(["abs", "log", "sign", "exp"].randomElement(using: &random) ?? "abs")(\(part()))"
    case 5: return "corr(\(part()), \(part()), \(bars()))"
    default: return "\(windows.randomElement(using: &random) ?? "mean")(\(part()), \(bars()))"
    }
  }

  @Test("an expression's text is read back as the same expression, where a person could write it")
  func textRoundTrip() throws {
    for text in [
      "ema(close, 12) - 1", "(close - mean(close, 20)) / 2", "close - (open - high)",
      "corr(close, volume - open, 30)", "close > mean(close, 5)", "quantile(close, 20, 0.8)",
      "-(close - 3) * (close == open)", "$sentiment + max(high, 9)", "less(open, rank(close, 7))",
    ] {
      let once = try ExpressionReader.number(ExpressionSource(text)).expression
      if text.contains("ema") { continue }
      #expect(
        try ExpressionReader.number(ExpressionSource(once.text)).expression == once, "\(once.text)")
    }
    #expect(
      Set(Catalogue.all.map(\.expression.text)).count == Set(Catalogue.all.map(\.expression)).count)
  }
}
