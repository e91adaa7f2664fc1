import Foundation
import Runtime
import Testing

@Suite("Wrong usage") struct UsageErrorTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let words: [String]
    let error: String
    let fix: String

    init(_ line: String, _ error: String, _ fix: String) {
      words = line.split(separator: " ").map(String.init)
      self.error = error
      self.fix = fix
    }
    var testDescription: String { words.joined(separator: " ") }
  }

  @Test(
    "is explained on two lines and ends with exit code 2",
    arguments: [
      Case("fyl", "sample: there is no verb \"fyl\"", "did you mean: sample fly"),
      Case("xyzzy", "sample: there is no verb \"xyzzy\"", "see: sample --help"),
      Case(
        "nest biuld", "sample nest: there is no verb \"biuld\"", "did you mean: sample nest build"),
      Case("nest", "sample nest: a verb is missing", "one of: build; see: sample nest --help"),
      Case(
        "fly --symbol A", "sample fly: there is no flag \"--symbol\"", "did you mean: --symbols"),
      Case("fly -x", "sample fly: there is no flag \"-x\"", "see: sample fly --help"),
      Case("fly -json", "sample fly: there is no flag \"-json\"", "did you mean: --json"),
      Case(
        "fly --fee", "--fee: its value RATIO is missing",
        "write --fee RATIO, or --fee=RATIO for one that begins with --"),
      Case(
        "fly -s --json=false", "-s: its value NAME is missing",
        "write -s NAME, or -s=NAME for one that begins with --"),
      Case("fly --fee abc", "--fee: \"abc\" is not a number", "for example: --fee 0.5"),
      Case("fly --fee nan", "--fee: \"nan\" is not a number", "for example: --fee 0.5"),
      Case("fly --fee 1e999", "--fee: \"1e999\" is not a number", "for example: --fee 0.5"),
      Case(
        "fly --bars 101", "--bars: \"101\" is not a whole number from 1 to 100",
        "for example: --bars 1"),
      Case(
        "fly --shape sqaure", "--shape: \"sqaure\" is not one of: round, square",
        "for example: --shape square"),
      Case(
        "fly --fee 1 --fee 2", "--fee: given twice, and only one value can hold",
        "keep one of the two"),
      Case(
        "fly --force=maybe", "--force: \"maybe\" is not true or false",
        "for example: --force=false"),
      Case(
        "fly --set x", "--set: \"x\" is not of the form key=value",
        "for example: --set costs.fee=0.001"),
      Case("fly --symbols ,", "--symbols: \"\" is not a word", "for example: --symbols NAME,NAME"),
      Case("fly here one", "NUMBER: \"one\" is not a whole number", "for example: 10"),
      Case("land", "--place: this flag is needed here", "add --place PLACE"),
      Case(
        "land --place a b", "sample land: \"b\" is one argument too many",
        "leave it out, or quote a text with spaces; see: sample land --help"),
    ])
  func explained(_ wrong: Case) {
    let console = Console(output: Outlet(), error: Outlet(), traits: .piped)
    let code = SampleProgram.program.run(wrong.words, console: console)
    #expect(code == .wrongUsage)
    #expect(console.output.text.isEmpty)
    #expect(console.error.text == "error: \(wrong.error)\nfix:   \(wrong.fix)\n")
  }

  @Test("with --json the error is one JSON object on standard error") func json() throws {
    let outcome = SampleProgram.run("fyl", "--json")
    #expect(outcome.code == .wrongUsage)
    let read = try JSONSerialization.jsonObject(with: Data(outcome.error.utf8)) as? [String: Any]
    let error = try #require(read?["error"] as? [String: Any])
    #expect(error["place"] as? String == "sample")
    #expect(error["remedy"] as? String == "did you mean: sample fly")
    #expect(error["exit_code"] as? Int == 2)
  }

  @Test("an error nobody foresaw is explained too, and ends with exit code 1") func unforeseen() {
    let outcome = SampleProgram.run("crash")
    #expect(outcome.code == .failed)
    #expect(outcome.error.hasPrefix("error: sample crash: Unforeseen()\nfix:   "))
  }

  @Test("what a verb answers is the exit code") func refused() {
    let outcome = SampleProgram.run("land", "--place", "Nürnberg")
    #expect(outcome.code == .refused)
    #expect(outcome.output == "Nürnberg\n")
  }

  @Test("text with control characters stays on one line") func controls() {
    let outcome = SampleProgram.run("fly", "--fee", "\u{1B}[31m\nx")
    #expect(outcome.error.split(separator: "\n").count == 2)
    #expect(!outcome.error.contains("\u{1B}"))
  }
}
