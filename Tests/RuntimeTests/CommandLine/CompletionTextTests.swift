import Runtime
import Testing

/// What the scripts offer, read from their text: it holds where the shells themselves are not here.
@Suite("Completion scripts of zsh and fish") struct CompletionTextTests {
  private static let tricky = Program(
    name: "tool", summary: "a tool", version: "1",
    verbs: [
      Verb(
        "read", summary: "Don't panic: it's a \\ file",
        flags: [Flag<String?>.optional("in:to", .text, metavariable: "X", help: "Where: here")]
      ) { _ in .done }
    ])

  private func text(
    _ shell: CompletionScript.Shell, _ program: Program = SampleProgram.program
  ) -> String { CompletionScript.text(for: shell, of: program) }

  @Test("zsh knows every verb at its place, by its aliases too") func zshVerbs() throws {
    let script = text(.zsh)
    #expect(script.hasPrefix("#compdef sample\n"))
    #expect(script.contains(#""sample fly"|"sample soar") here="sample fly" ;;"#))
    #expect(
      script.contains(#""sample nest build"|"sample nest make") here="sample nest build" ;;"#))
    let top = try #require(
      script.split(separator: "\n").first { $0.contains("verbs=('fly:Fly somewhere'") })
    for verb in ["land:Land", "crash:Crash", "nest:Nests"] { #expect(top.contains("'\(verb)'")) }
    #expect(!top.contains("soar"), "an alias works but is not offered")
  }

  @Test("zsh offers the choices of a flag, and files where a value is free") func zshValues() {
    let script = text(.zsh)
    #expect(script.contains(#""sample fly --shape") compadd -- 'round' 'square'; return ;;"#))
    #expect(script.contains(#""sample fly -s"|"sample fly --strategy") _files; return ;;"#))
    #expect(
      script.contains(#""sample fly --symbols"|"sample fly --pairs") _files; return ;;"#))
    #expect(!script.contains(#""sample fly --force")"#), "a toggle takes no value")
  }

  @Test("fish knows every verb at its place, and what a flag takes") func fish() {
    let script = text(.fish)
    let lines = Set(script.split(separator: "\n").map(String.init))
    #expect(lines.contains("      case 'sample nest build' 'sample nest make'"))
    let start = #"complete -c sample -n '__sample_at "sample fly"'"#
    #expect(
      lines.contains(
        #"complete -c sample -n '__sample_at "sample"' -f -a 'fly' -d 'Fly somewhere'"#))
    #expect(lines.contains("\(start) -l shape -x -a 'round square' -d 'The shape.'"))
    #expect(lines.contains("\(start) -l strategy -s s -r -F -d 'The strategy.'"))
    #expect(lines.contains("\(start) -l symbols -l pairs -r -F -d 'The symbols.'"))
    #expect(lines.contains("\(start) -l force -s f -d 'Do it anyway.'"))
  }

  @Test("apostrophes, backslashes and colons of help texts cannot break the scripts")
  func quoting() {
    let zsh = text(.zsh, Self.tricky)
    #expect(zsh.contains(#"'read:Don'\''t panic: it'\''s a \ file'"#))
    #expect(zsh.contains(#"'--in\:to:Where: here'"#))
    let fish = text(.fish, Self.tricky)
    #expect(fish.contains(#"-d 'Don\'t panic: it\'s a \\ file'"#))
  }
}
