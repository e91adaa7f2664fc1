import Features
import Foundation
import Market
import MarketData
import Runtime
import TestKit
import Testing

@Suite("Features of a file") struct FeatureChoiceTests {
  private func choice(_ expressions: (String, String)..., sets: [String] = []) throws
    -> FeatureChoice
  {
    try FeatureChoice(
      sets: sets, expressions: expressions.map { NamedExpression($0.0, $0.1) }, file: "f.yaml")
  }

  private func error(_ expressions: [(String, String)], sets: [String] = []) -> ExpressionError? {
    do {
      _ = try FeatureChoice(
        sets: sets, expressions: expressions.map { NamedExpression($0.0, $0.1) }, file: "f.yaml")
      return nil
    } catch { return error as? ExpressionError }
  }

  @Test("features may name each other in any order, and are computed once")
  func naming() throws {
    let chosen = try choice(("b", "a * 2"), ("a", "close / open"), ("c", "b - a"), sets: ["dual12"])
    #expect(chosen.names.suffix(3) == ["b", "a", "c"] && chosen.names.count == 15)
    let bars = try BarColumns(Synthetic.frame(bars: 30))
    let columns = try chosen.features.suffix(3).map { try $0.column(over: bars) }
    for row in 0..<30 { #expect(columns[0][row] - columns[1][row] == columns[2][row]) }
  }

  @Test("a feature that needs itself is refused with the ring")
  func recursion() {
    #expect(error([("x", "x + 1")])?.cause == .recursion)
    let ring = error([("a", "b"), ("b", "mean(c, 3)"), ("c", "a - 1"), ("d", "close")])
    #expect(ring?.cause == .recursion)
    #expect(
      ring?.diagnosis.finding.contains("a → b → c → a") == true, "\(String(describing: ring))")
  }

  @Test("names that are taken, twice or none are refused")
  func names() {
    for name in ["close", "datetime", "symbol", "label_h5", "1x", "a b", "", "and", "é", "vix"] {
      #expect(error([(name, "close")])?.cause == .naming, "\(name)")
    }
    #expect(error([("x", "close"), ("x", "open")])?.cause == .naming)
    #expect(error([("rsi_14", "close")], sets: ["technical93"])?.cause == .naming)
    #expect(error([])?.cause == .naming)
    #expect(error([("rsi_14", "rsi(14)")]) == nil)
  }

  @Test("long chains and features that double each other are refused, not computed for ever")
  func blowUp() {
    let chain = (0..<10_000).map { ("x\($0)", $0 == 9_999 ? "close" : "x\($0 + 1) + 1") }
    #expect(error(chain)?.cause == .tooDeep)
    let upwards = (0..<2_000).map { ("x\($0)", $0 == 0 ? "close" : "x\($0 - 1) + 1") }
    #expect(error(upwards)?.cause == .tooDeep)
    let doubling = (0..<60).map { ("x\($0)", $0 == 0 ? "close" : "x\($0 - 1) + x\($0 - 1)") }
    #expect(error(doubling)?.cause == .tooDeep)
  }

  static let leaks = [
    "ref(close, -1) / close", "ref(volume, -20)", "Ref($close, -5) / $close - 1", "mean(close)",
    "close / max(close)", "zscore(volume)", "(close - min(low)) / (max(high) - min(low))",
    "std(close)", "close > med(close)", "quantile(close, 0.9) + 0 * close",
    "ema(ref(close, -3), 5)", "sum(volume) - total(volume)",
    "ref(close, 2) - ref(ref(close, 2), -3)",
    "if(ref(close, -1) > close, 1, 0)",
  ]

  @Test("what looks ahead is caught by the proof and refused by everybody else", arguments: leaks)
  func leaksAreCaught(text: String) throws {
    let chosen = try choice(("leak", text), ("honest", "ema(close, 5)"))
    let verdict = try LookAheadProof.run(
      FeatureComputation(chosen), frames: [Synthetic.frame(bars: 120)], cuts: 8)
    #expect(verdict.findings.map(\.column) == ["leak"], "\(text): \(verdict.sentence)")
    #expect(verdict.findings.first?.cause == .future)
    #expect(throws: ExpressionError.self) { try chosen.refuseLookAhead() }
  }

  @Test("a look ahead behind another name is refused too")
  func hidden() throws {
    let chosen = try choice(("a", "ref(close, -1)"), ("b", "a / close"), ("c", "mean(b, 3)"))
    #expect(throws: ExpressionError.self) { try choice(("c", "rank(a)"), ("a", "ref(close, -1)")) }
    let verdict = try LookAheadProof.run(
      FeatureComputation(chosen), frames: [Synthetic.frame(bars: 60)], cuts: 2)
    #expect(Set(verdict.findings.map(\.column)) == ["a", "b", "c"])
  }

  @Test("the last longer bar that is over is honest, the one being made is caught")
  func timeframes() throws {
    let frame = try DataFolder(path: Package.path("Samples/hourly")).load(
      symbols: [#require(Symbol("SPY"))])[0].slice(0..<300)
    let finished = try choice(
      ("day", "timeframe(close, '1d')"), ("slow", "close / timeframe(ema(close, 3), '1d') - 1"))
    let clean = try LookAheadProof.run(FeatureComputation(finished), frames: [frame], cuts: 12)
    #expect(clean.isClean, "\(clean.sentence)")
    try finished.refuseLookAhead()
    let days = try finished.features[0].column(over: BarColumns(frame))
    #expect(days.contains { !$0.isNaN } && Set(days.filter { !$0.isNaN }).count > 30)
    let unfinished = try choice(("day", "timeframe(close, '1d', 'unfinished')"))
    let leak = try LookAheadProof.run(FeatureComputation(unfinished), frames: [frame], cuts: 12)
    #expect(leak.findings.first?.cause == .future)
    // Bars of a day are not shorter than bars of an hour.
    let wrong = try choice(("x", "timeframe(close, '1min')"))
    #expect(throws: FeatureError.self) { try wrong.features[0].column(over: BarColumns(frame)) }
  }

  @Test("ranks among symbols are those of the same instant")
  func ranks() throws {
    let names = ["A", "B", "C"]
    let frames = try names.enumerated().map { index, name in
      try Synthetic.frame(bars: 50, seed: UInt64(index + 1), symbol: name)
    }
    let chosen = try choice(("place", "rank(returns(close, 5))"))
    let joined = try chosen.joined(frames)
    let columns = try joined.map { try chosen.features[0].column(over: BarColumns($0)) }
    for row in 5..<50 { #expect(Set(columns.map { $0[row] }) == [0, 0.5, 1]) }
    #expect(columns[0][4].isNaN)
    let verdict = try LookAheadProof.run(
      FeatureComputation(chosen), frames: frames, cuts: 6)
    #expect(verdict.isClean, "\(verdict.sentence)")
  }

  @Test("a column that the bars lack is told with its place")
  func fields() throws {
    let chosen = try choice(("x", "close + $sentiment"))
    let bare = try [Synthetic.frame(bars: 5)]
    do throws(ExpressionError) {
      try chosen.check(bare)
      Issue.record("was not refused")
    } catch {
      #expect(error.cause == .data && error.diagnosis.place == "f.yaml:1:9", "\(error.diagnosis)")
      #expect(error.diagnosis.finding.contains("sentiment"))
    }
    try chosen.check([
      Synthetic.frame(bars: 5).adding(Column(repeating: 1, count: 5), as: "sentiment")
    ])
  }

  @Test(
    "every function and column stands on the page about expressions, and its example can be read")
  func page() throws {
    let page = try String(contentsOfFile: Package.path("docs/EXPRESSIONS.md"), encoding: .utf8)
    let words = Set(page.split { !$0.isLetter && $0 != "_" && !$0.isNumber }.map(String.init))
    let names = ExpressionReader.functionNames
    #expect(names.count > 60 && names.filter { !words.contains($0) } == [])
    #expect(Set(names).count == names.count, "a name means one function")
    let settings = page.components(separatedBy: "```")[1].dropFirst("yaml".count)
    #expect(settings.contains("features:"))
  }
}
