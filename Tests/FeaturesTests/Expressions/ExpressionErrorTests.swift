import Features
import Runtime
import TestKit
import Testing

@Suite("What is wrong with an expression is said where it stands") struct ExpressionErrorTests {
  private func error(_ text: String) -> ExpressionError? {
    do throws(ExpressionError) {
      _ = try ExpressionReader.number(ExpressionSource(text, file: "f.yaml", line: 3, column: 11))
      return nil
    } catch { return error }
  }

  @Test(
    "place, cause and words",
    arguments: [
      ("", 0, ExpressionError.Cause.syntax, "empty"), ("close +", 7, .syntax, "the end"),
      ("close close", 6, .syntax, "\"close\""), ("(close", 6, .syntax, "closing bracket"),
      ("mean(close, 20", 14, .syntax, "comma or a closing bracket"),
      ("close = 3", 6, .syntax, "=="),
      ("close § 3", 6, .syntax, "§"), ("close < open < high", 13, .syntax, "two comparisons"),
      ("'close", 0, .syntax, "quotation mark"), ("$ close", 0, .syntax, "after $"),
      ("12abc", 0, .syntax, "12abc"), ("1e400 * close", 0, .syntax, "1e400"),
      ("close / , 2", 8, .syntax, ","),
      ("clsoe / 2", 0, .unknownName, "clsoe"),
      ("mean(close, 5) + emaa(close, 3)", 17, .unknownName, "emaa"),
      ("mean / 2", 0, .unknownName, "without its arguments"),
      ("ema(close)", 0, .arguments, "not 1 argument"),
      ("ema(close, 3, 4)", 0, .arguments, "not 3 arguments"),
      ("mean(close, 2.5)", 12, .arguments, "2.5"),
      ("mean(close, 0)", 12, .arguments, "the number 0"),
      ("mean(close, -3)", 12, .arguments, "the number -3"),
      ("mean(close, open)", 12, .arguments, "a series"),
      ("mean(5, 20, 3)", 0, .arguments, "not 3"),
      ("mean(close > 1, 'x')", 16, .arguments, "the text"),
      ("std(close, 1)", 11, .arguments, "2 to"),
      ("mean(close, 99999999)", 12, .arguments, "99999999"),
      ("mean(close, 1e300)", 12, .arguments, "1e+300"),
      ("corr(close, 5, 20)", 12, .arguments, "the number 5"),
      ("if(close, 1, 2)", 3, .arguments, "a condition"),
      ("not close", 4, .arguments, "a condition"),
      ("close and open > 1", 0, .arguments, "a condition"),
      ("5", 0, .arguments, "the same for every bar"),
      ("2 * 3 + 1", 0, .arguments, "the number 7"),
      ("close / 0", 8, .arguments, "division by zero"),
      ("close / (3 - 3)", 11, .arguments, "division by zero"),
      ("1 / 0", 4, .arguments, "no number"),
      ("'1h' + 2", 0, .arguments, "the text"),
      ("quantile(close, 20, 2)", 20, .arguments, "0.0 to 1.0"),
      ("rsi(0)", 0, .arguments, "whole number of bars"), ("macd(3)", 0, .arguments, "macd()"),
      ("timeframe(close, '1x')", 17, .arguments, "1x"),
      ("timeframe(close, 60)", 17, .arguments, "quotation"),
      ("timeframe(close, '1d', 'over')", 23, .arguments, "unfinished"),
      ("ref(close, -1)", 0, .looksAhead, "the next bar"),
      ("mean(close)", 0, .looksAhead, "whole column"),
      ("zscore(close) + 1", 0, .looksAhead, "whole column"),
      ("max(high)", 0, .looksAhead, "whole column"),
      ("timeframe(close, '1d', 'unfinished')", 0, .looksAhead, "not over yet"),
      ("rank(ref(close, -2))", 5, .looksAhead, "2 bars ahead"),
      ("timeframe(zscore(close), '1d')", 10, .looksAhead, "whole column"),
    ])
  func places(text: String, offset: Int, cause: ExpressionError.Cause, words: String) throws {
    let found = try #require(error(text), "\(text) was read")
    #expect(found.cause == cause, "\(text): \(found.diagnosis.finding)")
    #expect(found.diagnosis.place == "f.yaml:3:\(11 + offset)", "\(text): \(found.diagnosis)")
    let said = found.diagnosis.finding + "; " + found.diagnosis.remedy
    #expect(said.contains(words), "\(text): \(said)")
    #expect(found.diagnosis.exitCode == (cause == .looksAhead ? .refused : .wrongUsage))
  }

  @Test("the nearest name is suggested")
  func nearest() {
    for (text, nearest) in [
      ("clsoe / 2", "close"), ("meen(close, 5)", "mean"), ("rsi_15 + 1", "rsi_14"),
      ("Quantle(close, 5, 0.5)", "quantile"), ("volumme", "volume"), ("idxmx(close, 5)", "idxmax"),
    ] {
      #expect(error(text)?.diagnosis.remedy.contains(nearest) == true, "\(text)")
    }
  }

  @Test("ten thousand levels of anything are refused at once")
  func depth() {
    let many = 10_000
    func nested(_ open: String, _ close: String) -> String {
      String(repeating: open, count: many) + "close" + String(repeating: close, count: many)
    }
    for text in [
      nested("(", ")"), nested("-", ""), nested("not ", ""), nested("abs(", ")"), nested("+", ""),
      nested("mean(", ", 2)"), nested("1 - (", ")"), nested("close + ", ""), nested("2 ^ ", ""),
      nested("close ^ ", ""), nested("close > 1 and ", " > 1"), nested("if(close > 1, ", ", 0)"),
      nested("(", ""), nested("mean(", ""),
    ] {
      let found = error(text)
      #expect(found?.cause == .tooDeep || found?.cause == .syntax, "\(text.prefix(20))")
    }
  }

  @Test("no text stops the program: each is read, or refused with words")
  func anyText() {
    let corpus = [
      "ema(close, 12) / ema(close, 26) - 1", "if($close > Ref($open, 1), rank(volume), -1e3)",
      "cross_above(rsi(14), 30) and not (vix >= 20 or 'x' != \"y\")",
      "timeframe(mean(close, 3), '1h')",
    ].map { Array($0.utf8) }
    let words = [
      "mean(", ",", "(", ")", "-", "ref(close,-1)", "1e", "..", "$", "^", "zscore(close)", "é",
    ]
    .map { Array($0.utf8) }
    var read = 0
    let count = FuzzBudget.inputs(usual: 4_000, nightly: 200_000)
    for bytes in mutations(of: corpus, count: count, seed: 3, dictionary: words) {
      let text = String(decoding: bytes, as: UTF8.self)
      if let found = error(text) {
        #expect(!found.diagnosis.finding.isEmpty && !found.diagnosis.finding.contains("\n"))
      } else {
        read += 1
      }
    }
    #expect(read > 10 && read < count / 2)
  }
}
