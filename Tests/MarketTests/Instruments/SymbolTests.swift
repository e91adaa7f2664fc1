import Market
import Runtime
import TestKit
import Testing

@Suite("Symbol") struct SymbolTests {
  @Test(
    "whatever looks like a number, a truth or nothing is a symbol",
    arguments: [
      "NA", "NAN", "NaN", "TRUE", "true", "INF", "1E5", "BRK.B", "BRK-B", "^VIX", "NULL", "NONE",
      "N/A",
      "0", "000001.SS", "EURUSD=X", "M&M.NS", "BTC/USD", "X",
    ])
  func isSymbol(text: String) throws {
    #expect(Symbol(text)?.text == text)
    #expect(try Symbol(parsing: text).description == text)
    #expect(try Symbol(parsing: " \(text) ".dropFirst().dropLast()) == Symbol(text))
  }

  @Test(
    "refuses what no exchange uses and says which character",
    arguments: [
      ("NVDA ", 5), ("A B", 2), ("ÄB", 1), ("A😀B", 2), ("NV\u{0}A", 3), ("$SPX", 1), ("A,B", 2),
      ("../etc", 1), ("A/../B", 3), (".A", 1), ("-A", 1), ("/A", 1), ("A//B", 3), ("A..B", 3),
      ("A/.B", 3),
    ])
  func refuses(text: String, character: Int) {
    #expect(Symbol(text) == nil)
    #expect(throws: InstrumentError.badSymbol(text: text, character: character)) {
      try Symbol(parsing: text)
    }
  }

  @Test("empty and endless symbols are refused with the remedy")
  func lengths() {
    let empty = #expect(throws: InstrumentError.self) { try Symbol(parsing: "") }
    #expect(empty?.diagnosis.finding == "it is empty")
    #expect(empty?.diagnosis.remedy == "write the symbol as the exchange does, as NVDA")
    #expect(Symbol(String(repeating: "A", count: 32)) != nil)
    let long = #expect(throws: InstrumentError.self) {
      try Symbol(parsing: String(repeating: "A", count: 100_000))
    }
    #expect(long?.diagnosis.finding == "it is longer than 32 characters")
    #expect(long?.diagnosis.place.count ?? .max < 100)
  }

  @Test("noise is a symbol that stays as it is, or is refused")
  func fuzz() {
    let corpus = ["NVDA", "BRK.B", "^VIX", "M&M.NS", "BTC/USD", "1E5", "NA"]
    let words = ["..", "/", "\u{0}", "NaN", "\u{202E}", " ", "é"]
    var accepted = 0
    for bytes in mutations(
      of: corpus.map { Array($0.utf8) },
      count: FuzzBudget.inputs(usual: 20_000, nightly: 1_000_000), seed: 3,
      dictionary: words.map { Array($0.utf8) })
    {
      let text = String(decoding: bytes, as: UTF8.self)
      do throws(InstrumentError) {
        let symbol = try Symbol(parsing: text)
        #expect(symbol.text == text && !text.contains("..") && !text.hasPrefix("/"))
        accepted += 1
      } catch {
        #expect(Symbol(text) == nil && !error.diagnosis.remedy.isEmpty)
      }
    }
    #expect(accepted > 1000)
  }
}
