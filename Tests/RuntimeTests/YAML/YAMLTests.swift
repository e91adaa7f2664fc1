import Runtime
import TestKit
import Testing

@Suite("YAML") struct YAMLTests {
  private func error(_ text: String) -> YAMLError? {
    #expect(throws: YAMLError.self) { try YAMLDocument.parse(text, file: "f.yaml") }
  }

  @Test("keeps the place of every part") func marks() throws {
    let root = try YAMLDocument.parse("a: 1\nb:\n  - x\n  - é: [y, z]\n", file: "f.yaml")
    #expect(root["a"]?.mark == YAMLMark(line: 1, column: 4))
    guard case .sequence(let items) = root["b"]?.content, items.count == 2 else {
      Issue.record("a list was expected")
      return
    }
    #expect(items[1]["é"]?.mark == YAMLMark(line: 4, column: 8))
  }

  @Test(
    "plain scalars mean what YAML 1.2's core schema says",
    arguments: [
      ("NO", YAMLScalar.text("NO")), ("on", .text("on")), ("yes", .text("yes")),
      ("true", .bool(true)), ("False", .bool(false)), ("1_000", .text("1_000")),
      ("0o17", .integer(15)), ("017", .integer(17)), ("0xff", .integer(255)), ("-5", .integer(-5)),
      ("+5", .integer(5)), ("5.", .number(5)), (".5", .number(0.5)), ("1e3", .number(1000)),
      ("1.5E-3", .number(0.0015)), (".", .text(".")), ("e3", .text("e3")), ("1e", .text("1e")),
      ("0x1p3", .text("0x1p3")), ("inf", .text("inf")), ("nan", .text("nan")), ("~", .null),
      ("", .null), ("null", .null), ("12:30", .text("12:30")), ("0o-7", .text("0o-7")),
      ("-", .text("-")), ("-.inf", .number(-.infinity)), ("2024-01-31", .text("2024-01-31")),
      ("9223372036854775808", .number(9_223_372_036_854_775_808)),
    ])
  func scalars(text: String, meaning: YAMLScalar) {
    #expect(YAMLScalar(plain: text) == meaning)
  }

  @Test("aliases repeat what their anchor named") func aliases() throws {
    let root = try YAMLDocument.parse("a: &x [1, 2]\nb: *x\n", file: "f.yaml")
    guard case .sequence(let items) = root["b"]?.content else {
      Issue.record("a list was expected")
      return
    }
    #expect(items.count == 2)
  }

  @Test("a key that stands twice is refused with both places") func duplicates() {
    #expect(
      error("a: 1\nb: 2\na: 3")
        == .duplicateKey(
          file: "f.yaml", mark: YAMLMark(line: 3, column: 1), key: "a",
          first: YAMLMark(line: 1, column: 1)))
    #expect(error("x: {a: 1, a: 2}") != nil)
  }

  @Test(
    "a tab in the indent is named as such", arguments: ["a:\n\tb: 1", "a:\n  \tb: 1\n", "\ta: 1"])
  func tabs(text: String) {
    guard case .tab(_, let mark) = error(text) else {
      Issue.record("a tab was expected to be refused")
      return
    }
    #expect(mark.line == (text.hasPrefix("\t") ? 1 : 2))
  }

  @Test(
    "refuses tags, second documents, keys that are not words and bytes that are not text",
    arguments: [
      "a: !!python/object:os.system x", "!name {a: 1}", "a: 1\n---\nb: 2", "? [a]\n: 1",
      "{}: 1", "*a : 1", "a: *a", "a: &a [*a]", "a: [1", "a: 'x", "a: b: c", "}", "a: \u{1}",
      "%YAML 9.9\n---\na: 1",
      "~: 1\n: 2", "a: @b", "a: `b`",
    ])
  func refuses(text: String) {
    if let diagnosis = error(text)?.diagnosis { expectOneLine(diagnosis) }
  }

  @Test("bytes that are not UTF-8 are refused with their place") func notUTF8() {
    let error = #expect(throws: YAMLError.self) {
      try YAMLDocument.parse(Array("a: 1\nb: ".utf8) + [0xFF, 0xFE], file: "f.yaml")
    }
    #expect(error == .notUTF8(file: "f.yaml", mark: YAMLMark(line: 2, column: 4)))
    // A UTF-16 byte order mark is not followed.
    #expect(throws: YAMLError.self) {
      try YAMLDocument.parse([0xFF, 0xFE, 0x61, 0x00, 0x3A, 0x00], file: "f.yaml")
    }
  }

  private static func nested(_ levels: Int, _ open: String, _ close: String) -> String {
    String(repeating: open, count: levels) + String(repeating: close, count: levels)
  }

  /// Named, so that the texts themselves are not printed.
  enum Hostile: String, CaseIterable {
    case lists, sections, dashes, indents, bomb, chain, values, brackets, questions, colons, quotes
    case anchors

    var text: String {
      switch self {
      case .lists: nested(10_000, "[", "]")
      case .sections: nested(10_000, "{a: ", "}")
      case .dashes: String(repeating: "- ", count: 10_000) + "x"
      case .indents: (0..<65).map { String(repeating: " ", count: $0) + "a:\n" }.joined()
      case .bomb: Self.bomb(width: 10, depth: 9)
      case .chain: Self.chain(depth: 100)
      case .values: "a: [" + String(repeating: "1,", count: 100_001) + "]"
      case .brackets: String(repeating: "[", count: 1_000_000)
      case .questions: String(repeating: "? ", count: 500_000)
      case .colons: String(repeating: "a: ", count: 300_000)
      case .quotes: String(repeating: "\"", count: 999_999)
      case .anchors: String(repeating: "&a ", count: 300_000)
      }
    }

    private func nested(_ levels: Int, _ open: String, _ close: String) -> String {
      String(repeating: open, count: levels) + String(repeating: close, count: levels)
    }

    private static func bomb(width: Int, depth: Int) -> String {
      var text = "a0: &a0 [" + Array(repeating: "x", count: width).joined(separator: ",") + "]\n"
      for level in 1...depth {
        let inner = Array(repeating: "*a\(level - 1)", count: width).joined(separator: ",")
        text += "a\(level): &a\(level) [\(inner)]\n"
      }
      return text
    }

    private static func chain(depth: Int) -> String {
      var text = "a0: &a0 [x]\n"
      for level in 1...depth { text += "a\(level): &a\(level) [*a\(level - 1)]\n" }
      return text
    }
  }

  @Test("hostile texts are refused soon", arguments: Hostile.allCases)
  func hostile(kind: Hostile) throws {
    let text = kind.text
    let start = ContinuousClock.now
    let found = error(text)
    #expect(ContinuousClock.now - start < .seconds(10))
    if let diagnosis = found?.diagnosis { expectOneLine(diagnosis) }
  }

  @Test("10 MB of noise are refused within a second, from memory and from a file") func noise()
    throws
  {
    var generator = SeededGenerator(seed: 5)
    let bytes = (0..<10_000_000 / 8).flatMap { _ in
      withUnsafeBytes(of: generator.next()) { Array($0) }
    }
    let folder = try TemporaryFolder()
    try AtomicFile.write(bytes, to: folder.path("noise.yaml"))
    let start = ContinuousClock.now
    #expect(throws: YAMLError.tooLarge(file: "n", bytesMax: 1 << 20)) {
      try YAMLDocument.parse(bytes, file: "n")
    }
    #expect(throws: YAMLError.self) {
      try YAMLDocument.parse(Array(bytes.prefix(1 << 20)), file: "n")
    }
    let error = #expect(throws: ConfigurationError.self) {
      try Configuration<SampleSettings>.load(files: [folder.path("noise.yaml")])
    }
    #expect(error == .malformed(.tooLarge(file: folder.path("noise.yaml"), bytesMax: 1 << 20)))
    #expect(ContinuousClock.now - start < .seconds(10))
  }
}
