import Features
import Foundation
import Market
import Runtime
import TestKit
import Testing
import Trading

@Suite("Rule files") struct RuleFileTests {
  static let valid = """
    name: crossing
    symbols: [TEST]
    parameters:
      fast: {value: 5, from: 2, to: 50, step: 1}
      slow: 20
    entry: "mean(close, fast) > mean(close, slow)"
    exit: "mean(close, fast) < mean(close, slow)"
    stop: 0.1
    """

  static func rules(_ text: String, _ parameters: [String: Double] = [:]) throws -> Rules {
    try Rules(RuleSource(file: "r.yaml", text: text, parameters: parameters))
  }

  private func diagnosis(_ text: String, _ parameters: [String: Double] = [:]) -> Diagnosis? {
    do throws(RuleError) {
      _ = try Rules(RuleSource(file: "r.yaml", text: text, parameters: parameters))
      return nil
    } catch { return error.diagnosis }
  }

  @Test("name, symbols, entry and exit are enough, and nothing less is")
  func least() throws {
    let lines = [
      "name: a", "symbols: [TEST]", "entry: \"close > mean(close, 5)\"",
      "exit: \"close < mean(close, 5)\"",
    ]
    #expect(try Self.rules(lines.joined(separator: "\n")).lookBack == 4)
    for left in lines.indices {
      var some = lines
      some.remove(at: left)
      let refusal = diagnosis(some.joined(separator: "\n"))
      let key = String(lines[left].prefix { $0 != ":" })
      #expect(refusal?.exitCode == .wrongUsage)
      let words = [refusal?.finding, refusal?.remedy].compactMap(\.self).joined()
      #expect(words.contains(key), "\(key)")
    }
  }

  @Test("A parameter takes another number within its range, and no other")
  func parameters() throws {
    let rules = try Self.rules(Self.valid, ["fast": 7])
    #expect(rules.parameters.map(\.value) == [7, 20] && rules.parameters[0].range == 2...50)
    #expect(rules.parameters[0].step == 1 && rules.parameters[1].range == nil)
    #expect(diagnosis(Self.valid, ["fats": 7])?.remedy.hasPrefix("did you mean fast?") == true)
    #expect(diagnosis(Self.valid, ["fast": 51])?.finding.contains("out of the range") == true)
    // The average then needs another number of bars.
    #expect(try Self.rules(Self.valid, ["slow": 30]).lookBack == 29)
  }

  @Test(
    "What contradicts itself is refused in plain words, at its place",
    arguments: [
      (
        "exit: \"mean(close, fast) < mean(close, slow)\"",
        "exit: \"mean(close,fast) > mean(close, slow)\"", "same condition"
      ),
      ("stop: 0.1", "stop: 1", "out of range"), ("stop: 0.1", "stop: -0.1", "out of range"),
      ("stop: 0.1", "size: 0", "out of range"), ("stop: 0.1", "size: 1.5", "out of range"),
      ("stop: 0.1", "take_profit: 0", "out of range"),
      ("stop: 0.1", "stop: .nan", "not a number"),
      ("stop: 0.1", "short_exit: \"close > 1\"", "no short_entry"),
      ("stop: 0.1", "short_entry: \"close > 1\"", "no short_exit"),
      ("stop: 0.1", "top: 2", "nothing to rank"),
      ("stop: 0.1", "rank: \"rsi(14)\"", "so does entry"),
      ("stop: 0.1", "stp: 0.1", "not known"), ("stop: 0.1", "entry: \"close > 1\"", "twice"),
      ("stop: 0.1", "size: \"fsat / 10\"", "no column or feature"),
      ("symbols: [TEST]", "symbols: [TEST, TEST]", "twice"),
      ("symbols: [TEST]", "symbols: [\"A B\"]", "not a symbol"),
      ("symbols: [TEST]", "symbols: TEST", "a list"),
      ("name: crossing", "name: crossing\ninterval: 7x", "length of a bar"),
      ("{value: 5, from: 2, to: 50, step: 1}", "{value: 5, from: 2}", "without an end"),
      ("{value: 5, from: 2, to: 50, step: 1}", "{value: 5, to: 2}", "without a beginning"),
      ("{value: 5, from: 2, to: 50, step: 1}", "{value: 5, from: 9, to: 2}", "not above"),
      ("{value: 5, from: 2, to: 50, step: 1}", "{value: 99, from: 2, to: 50}", "its own range"),
      ("{value: 5, from: 2, to: 50, step: 1}", "{value: 5, from: 2, to: 9, step: 0}", "nowhere"),
      ("{value: 5, from: 2, to: 50, step: 1}", "{from: 2, to: 50}", "no value"),
      ("{value: 5, from: 2, to: 50, step: 1}", "{value: 5, form: 2}", "no key"),
      ("{value: 5, from: 2, to: 50, step: 1}", "5..50", "a number was expected"),
      ("{value: 5, from: 2, to: 50, step: 1}", "2.5", "whole number of bars"),
      ("slow: 20", "slow: 20\n  idle: 3", "no rule uses the parameter idle"),
      ("slow: 20", "slow: 20\n  close: 3", "means something else"),
      ("slow: 20", "slow: 20\n  \"a b\": 3", "no name of a parameter"),
      ("mean(close, slow)\"\nexit", "mean(vix, slow)\"\nexit", "cannot read vix"),
      ("> mean(close, slow)", "- mean(close, slow)", "not a condition"),
      ("> mean(close, slow)", "> mean(close, slow", "expected"),
      ("> mean(close, slow)", "> rank(timeframe(close, '1w'))", "made of many bars itself"),
      ("> mean(close, slow)", "> timeframe(vix, '1w')", "cannot read vix"),
      ("> mean(close, slow)", "> rank(return_rank)", "cannot read return_rank"),
      ("> mean(close, slow)", "> timeframe(close, '1x')", "not the length of a bar"),
      ("stop: 0.1", "define: {idle: \"close - open\"}", "no rule uses the definition idle"),
      ("stop: 0.1", "define: {slow: \"close - open\"}\nsize: \"slow\"", "a parameter too"),
      ("stop: 0.1", "define: {close: \"open\"}\nsize: \"close\"", "means something else"),
      ("stop: 0.1", "define: {a: \"b + open\", b: \"a - open\"}\nsize: a", "defined by itself"),
      ("stop: 0.1", "define: {\"a b\": \"open\"}\nsize: \"a\"", "no rule uses"),
      ("stop: 0.1", "define: {a: [1]}\nsize: a", "an expression was expected"),
      ("stop: 0.1", "define: \"close\"", "names with expressions"),
    ])
  func contradictions(old: String, new: String, words: String) throws {
    let text = Self.valid.replacing(old, with: new, maxReplacements: 1)
    #expect(text != Self.valid)
    let refusal = try #require(diagnosis(text), "\(text)")
    let said = refusal.place + " " + refusal.finding
    #expect(said.contains(words), "\(refusal)")
    #expect(refusal.exitCode == .wrongUsage && !refusal.remedy.isEmpty)
    #expect(refusal.place.contains("r.yaml"))
  }

  @Test(
    "Whatever looks ahead is refused with exit code 3, with line and column",
    arguments: [
      "ref(close, -1) > close", "close > mean(close)", "zscore(close) > 1",
      "close > timeframe(close, '1w', 'unfinished')", "rank(ref(close, -1)) > 0.5",
      "close > timeframe(mean(close), '1w')",
    ])
  func looksAhead(condition: String) throws {
    let text = Self.valid.replacing(
      "mean(close, fast) > mean(close, slow)", with: condition)
    let refusal = try #require(diagnosis(text))
    #expect(refusal.exitCode == .refused, "\(refusal)")
    #expect(refusal.place.hasPrefix("r.yaml:6:"), "\(refusal.place)")
  }

  @Test("A definition that looks ahead is refused where it stands")
  func definitionLooksAhead() throws {
    for ahead in ["ref(close, -2)", "close / mean(close)", "timeframe(close, '1w', 'unfinished')"] {
      let text = Self.valid.replacing(
        "stop: 0.1",
        with: "size: \"twice / 9\"\ndefine:\n  once: \"\(ahead)\"\n  twice: \"once * 2\"")
      let refusal = try #require(diagnosis(text))
      #expect(refusal.exitCode == .refused && refusal.place.hasPrefix("r.yaml:10:"), "\(refusal)")
    }
  }

  @Test("The worked files are read", arguments: ["trend", "reversal", "rotation", "hours"])
  func samples(name: String) throws {
    let path = Package.path("Samples/rules/\(name).yaml")
    let text = try String(contentsOfFile: path, encoding: .utf8)
    #expect(try Rules(RuleSource(file: path, text: text)).symbols.count > 1)
  }

  @Test("Rankings need a number of symbols to choose from, and nothing else to decide")
  func rankings() {
    let text = "name: a\nsymbols: [A, B, C]\nrank: \"returns(close, 5)\"\ntop: 2\n"
    #expect(diagnosis(text) == nil)
    for (change, words) in [
      ("top: 3", "nothing to choose"), ("top: 0", "out of range"), ("", "rank without top"),
      ("top: 1\ndrop: 2", "exchanged"), ("top: 1\nstop: 0.1", "so does stop"),
    ] {
      let refusal = diagnosis(text.replacing("top: 2", with: change))
      #expect(refusal?.finding.contains(words) == true, "\(change): \(String(describing: refusal))")
    }
  }

  @Test("No damage to a file stops the program, and each refusal says what to do")
  func mutations() {
    var random = SeededGenerator(seed: 4)
    let whole = Array(Self.valid.utf8)
    for _ in 0..<400 {
      var bytes = whole
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: bytes[place] = UInt8.random(in: 32..<127, using: &random)
        case 1: bytes.remove(at: place)
        default: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
        }
      }
      let refusal = diagnosis(String(decoding: bytes, as: UTF8.self))
      #expect(refusal.map { !$0.finding.isEmpty && !$0.remedy.isEmpty } ?? true)
    }
  }
}
