import Runtime
import Testing

@Suite("Help") struct HelpPageTests {
  @Test("has the sections of a manual page, in their order") func sections() {
    let page = SampleProgram.run("fly", "--help").output
    let titles = page.split(separator: "\n").filter { $0.first?.isUppercase == true }
    #expect(
      titles == [
        "NAME", "SYNOPSIS", "DESCRIPTION", "ARGUMENTS", "OPTIONS", "COMMON OPTIONS", "EXIT CODES",
        "EXAMPLES",
      ])
  }

  @Test("names every flag with aliases, default and choices") func flags() {
    let page = SampleProgram.run("fly", "-h").output
    #expect(page.contains("    -s, --strategy NAME\n        The strategy.\n"))
    #expect(page.contains("    --symbols, --pairs NAME,NAME\n"))
    #expect(page.contains("The fee. Default: 0.001.\n"))
    #expect(page.contains("The shape. One of: round, square. Default: round.\n"))
    #expect(page.contains("    sample-fly - Fly somewhere (also: soar)\n"))
    #expect(page.contains("    Up.\n\n    And down.\n"))
  }

  @Test("shows what is required in the synopsis") func synopsis() {
    #expect(
      SampleProgram.run("land", "--help").output.contains("sample land --place PLACE [OPTION"))
    #expect(SampleProgram.run("nest", "--help").output.contains("sample nest VERB [OPTION ...]"))
  }

  @Test("never runs wider than the terminal", arguments: [40, 60, 80, 100]) func width(columns: Int)
  {
    let traits = TerminalTraits(isTerminal: true, width: columns, hasColour: false, isUTF8: true)
    let page = SampleProgram.run("fly", "--help", traits: traits).output
    #expect(page.split(separator: "\n").allSatisfy { $0.count <= columns })
  }

  @Test("works on a line that is not finished") func unfinished() {
    #expect(SampleProgram.run("land", "--help").code == .done)
    #expect(SampleProgram.run("--help", "nest").output.contains("sample-nest"))
  }

  @Test("the version is one line, or one JSON object with the build") func version() {
    #expect(SampleProgram.run("--version").output == "sample 1.2.3\n")
    #expect(
      SampleProgram.run("--version", "--json").output
        == #"{"name":"sample","version":"1.2.3","level":"v3"}"# + "\n")
  }
}
