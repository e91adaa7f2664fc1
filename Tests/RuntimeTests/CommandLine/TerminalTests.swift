import Foundation
import Glibc
import Runtime
import Testing

@Suite("Terminal") struct TerminalTests {
  private func traits(_ width: Int, colour: Bool = false, utf8: Bool = true) -> TerminalTraits {
    TerminalTraits(isTerminal: true, width: width, hasColour: colour, isUTF8: utf8)
  }

  private var table: Table {
    var table = Table([
      .words("symbol"), .numbers("return", unit: "%", importance: 3),
      .numbers("trades", importance: 2), .words("note", importance: 1),
    ])
    table.add(["NVDA", Cell.gain("12.3"), "7", "a first note"])
    table.add(["GOOGL", Cell.gain("−4.5"), "120", "second"])
    return table
  }
  private typealias Cell = Table.Cell

  @Test("words stand left, numbers right, units in the header") func alignment() {
    #expect(
      table.text(for: .piped) == """
        symbol  return %  trades  note
        NVDA        12.3       7  a first note
        GOOGL       −4.5     120  second
        """)
  }

  @Test("a narrow terminal loses the least important columns, and says which") func narrow() {
    #expect(
      table.text(for: traits(30)) == """
        symbol  return %  trades
        NVDA        12.3       7
        GOOGL       −4.5     120
        not shown: note
        """)
  }

  @Test("a column that may be cut gives up width before any column goes") func cutting() {
    var table = Table([.words("name"), .words("meaning", mayBeCut: true), .numbers("bars")])
    table.add(["a", Cell(String(repeating: "long ", count: 30)), "12"])
    #expect(
      table.text(for: traits(44)) == """
        name  meaning                           bars
        a     long long long long long long l…    12
        """)
    #expect(table.text(for: traits(30)).hasSuffix("\nnot shown: bars"))
  }

  @Test("no line is ever wider than the terminal", arguments: 1...110) func widths(width: Int) {
    let text = table.text(for: traits(width))
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= min(width, 100) })
  }

  @Test("colour stands around cells and changes no width") func colour() {
    let plain = table.text(for: traits(80))
    let painted = table.text(for: traits(80, colour: true))
    #expect(painted != plain)
    #expect(painted.replacing(/\u{1B}\[[0-9]+m/, with: "") == plain)
  }

  @Test("without UTF-8 only ASCII is printed, in columns that still agree") func ascii() {
    let text = table.text(for: traits(80, utf8: false))
    #expect(text.utf8.allSatisfy { $0 < 0x80 })
    #expect(text.contains("GOOGL       -4.5"))
    #expect(Mark.good.sign(for: traits(80, utf8: false)) == "+")
    #expect(Mark.bad.sign(for: traits(80)) == "✗")
  }

  @Test("an escape sequence in a cell does not reach the terminal") func escapes() {
    var table = Table([.words("name")])
    table.add([Cell("a\u{1B}[2Jb\nc")])
    #expect(table.text(for: .piped) == "name\na [2Jb c")
  }

  @Test("JSON keeps its characters in every locale") func json() {
    let console = Console(output: Outlet(), error: Outlet(), traits: traits(80, utf8: false))
    console.print(JSON.string("−…"))
    console.print("−…")
    #expect(console.output.text == "\"−…\"\n-...\n")
  }

  @Test(
    "NO_COLOR, TERM, COLUMNS and the locale are obeyed",
    arguments: [
      (["LANG": "C.UTF-8"], true, 100), (["LANG": "de_DE.utf8", "LC_ALL": "C"], false, 100),
      (["LC_CTYPE": "en_US.UTF-8", "COLUMNS": "72"], true, 72), ([:], false, 100),
      (["COLUMNS": "3"], false, 20), (["COLUMNS": "x"], false, 100),
    ])
  func environment(variables: [String: String], isUTF8: Bool, width: Int) {
    let descriptor = open("/dev/null", O_WRONLY)
    defer { close(descriptor) }
    let traits = TerminalTraits.of(descriptor: descriptor, environment: variables)
    #expect(traits.isUTF8 == isUTF8)
    #expect(traits.width == width)
    #expect(!traits.isTerminal && !traits.hasColour)
  }

  @Test("a terminal has colours unless told otherwise") func pseudoTerminal() throws {
    let descriptor = open("/dev/ptmx", O_RDWR | O_NOCTTY)
    try #require(descriptor >= 0)
    defer { close(descriptor) }
    func colour(_ environment: [String: String]) -> Bool {
      TerminalTraits.of(descriptor: descriptor, environment: environment).hasColour
    }
    #expect(colour([:]))
    #expect(colour(["NO_COLOR": ""]))
    #expect(!colour(["NO_COLOR": "1"]))
    #expect(!colour(["TERM": "dumb"]))
  }
}

extension Table.Cell {
  fileprivate static func gain(_ text: String) -> Self { Self(text, .gain) }
}

@Suite("Numbers for people") struct NumberTextTests {
  @Test("percent with one decimal, ratios with two") func decimals() {
    #expect(NumberText.percent(0.1234) == "12.3%")
    #expect(NumberText.percent(-0.5, withSign: false) == "−50.0")
    #expect(NumberText.ratio(1.005) == "1.00")
    #expect(NumberText.ratio(-1.237) == "−1.24")
    #expect(NumberText.interval(1.12, 0.4...1.8) == "1.12 (0.4 … 1.8)")
  }

  @Test("thousands stand apart, and money has its currency") func thousands() {
    #expect(NumberText.count(-1_234_567) == "−1\u{202F}234\u{202F}567")
    #expect(NumberText.count(Int64.min).hasPrefix("−9\u{202F}223"))
    #expect(NumberText.count(999) == "999")
    #expect(NumberText.money(12345.6, currency: "USD") == "12\u{202F}345.60 USD")
    #expect(NumberText.bytes(1536) == "1.5 KiB")
    #expect(NumberText.bytes(512) == "512 B")
    #expect(NumberText.bytes(.max).hasSuffix(" PiB"))
  }

  @Test("what has no value says so, zero has no minus, and nothing traps") func edges() {
    #expect(NumberText.percent(.nan) == "n/a")
    #expect(NumberText.money(.nan, currency: "USD") == "n/a")
    #expect(NumberText.ratio(-0.0001) == "0.00")
    #expect(NumberText.ratio(-.infinity) == "−∞")
    #expect(NumberText.ratio(1e300) == "1e+300")
    #expect(NumberText.fixed(0.5, decimals: 0) == "1")
    #expect(NumberText.fixed(9e15, decimals: 2).hasSuffix("000.00"))
  }

  @Test("agrees with the C library wherever no half is rounded") func agreement() {
    for step in -5000...5000 {
      let value = Double(step) * .pi / 200
      let expected = String(format: "%.3f", value).replacing("-", with: "−")
      #expect(NumberText.fixed(value, decimals: 3) == expected)
    }
  }
}
