import Foundation
import Runtime
import TestKit
import Testing

@Suite("Parsing a command line") struct ParsingTests {
  private func words(_ words: String...) -> String {
    let console = Console(output: Outlet(), error: Outlet(), traits: .piped)
    let code = SampleProgram.program.run(words, console: console)
    #expect(code == .done, "\(console.error.text)")
    return String(console.output.text.dropLast())
  }

  @Test("what is not given has its default") func defaults() {
    #expect(words("fly") == "- 0.001 -  round false -   ")
  }

  @Test("long flags take their value after a space or an equals sign") func long() {
    #expect(words("fly", "--strategy", "a", "--fee=0.5") == "a 0.5 -  round false -   ")
  }

  @Test("short flags take theirs apart, joined or after an equals sign")
  func short() {
    for spelled in [["-s", "a"], ["-sa"], ["-s=a"]] {
      let console = Console(output: Outlet(), error: Outlet(), traits: .piped)
      _ = SampleProgram.program.run(["fly"] + spelled, console: console)
      #expect(console.output.text.hasPrefix("a 0.001"))
    }
  }

  @Test("letters of flags that are on or off stand together") func cluster() {
    #expect(words("fly", "-vfq") == "- 0.001 -  round true -   ")
  }

  @Test("a flag that is on or off can be turned off again") func toggles() {
    #expect(words("fly", "--force", "--force=false") == "- 0.001 -  round false -   ")
    #expect(words("fly", "--force=yes").contains("true"))
  }

  @Test("lists grow by repeating and by commas, under any of their names") func lists() {
    #expect(words("fly", "--symbols", "A,B", "--pairs=C").contains(" A+B+C "))
  }

  @Test("common flags may stand before the verb, and keep their order") func common() {
    let line = words("-c", "a.yaml", "--set", "x=1", "fly", "--config=b.yaml", "--set=y=2=3")
    #expect(line.hasSuffix(" a.yaml+b.yaml x=1+y=2=3"))
  }

  @Test("after two dashes everything is an argument") func dashes() {
    #expect(words("fly", "--", "--fee", "-7").contains(" --fee -7 "))
  }

  @Test("a negative number is a value and not a flag") func negative() {
    #expect(words("fly", "--fee", "-0.5", "x", "-3", "4") == "- -0.5 -  round false x -3+4  ")
    #expect(words("fly", "--strategy", "-20240630").hasPrefix("-20240630 "))
  }

  @Test("an alias leads to the verb") func aliases() {
    #expect(words("soar", "here").contains(" here "))
    #expect(SampleProgram.run("nest", "make").code == .done)
  }

  @Test("no words at all say what there is") func nothing() {
    let outcome = SampleProgram.run()
    #expect(outcome.code == .done)
    #expect(outcome.output.contains("fly    Fly somewhere"))
  }

  @Test("no damaged command line traps, and every refusal names place and remedy")
  func fuzz() {
    let lines = [
      "fly --fee 0.5 -s a --symbols A,B here 1 2", "-vfq --json fly --force=false -- -x",
      "land --place=x --help", "nest make --set a=b -c f", "--version --json",
    ]
    let damaged = mutations(
      of: lines.map { Array($0.utf8) },
      count: FuzzBudget.inputs(usual: 20_000, nightly: 500_000), seed: 11,
      dictionary: ["--", "-", "=", " --fee=", " -s", "fly ", " \u{301}", ","].map {
        Array($0.utf8)
      })
    for bytes in damaged {
      let words = String(decoding: bytes, as: UTF8.self).split(separator: " ").map(String.init)
      let console = Console(output: Outlet(), error: Outlet(), traits: .piped)
      let code = SampleProgram.program.run(words, console: console)
      if code == .wrongUsage {
        let text = console.error.text
        let isExplained =
          words.contains("--json")
            || words.contains { $0.hasPrefix("--print-json") || $0.hasPrefix("--json=") }
          ? text.hasPrefix("{") || text.hasPrefix("error: ")
          : text.hasPrefix("error: ") && text.contains("\nfix:   ")
        #expect(isExplained, "\(words): \(text)")
      }
    }
  }
}
