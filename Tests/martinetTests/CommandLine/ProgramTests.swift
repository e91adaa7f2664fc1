import Foundation
import TestKit
import Testing

@Suite("The program") struct ProgramTests {
  /// All verbs, from what the program itself lists.
  private static func verbs() throws -> [String] {
    let listed = try Binary.run("--json").object["verbs"] as? [[String: Any]] ?? []
    return listed.compactMap { $0["name"] as? String }
  }

  @Test("alone it lists its verbs on one screen and says what to do next") func alone() throws {
    let run = try Binary.run("")
    #expect(run.status == 0)
    #expect(run.output.hasSuffix("next: martinet help VERB\n"))
    let verbs = try Self.verbs()
    #expect(verbs.count >= 6)
    for verb in verbs { #expect(run.output.contains("\n  \(verb) ")) }
    #expect(run.output.split(separator: "\n").allSatisfy { $0.count <= 100 })
  }

  @Test("every verb has a manual page, the same by both ways") func manual() throws {
    for verb in try Self.verbs() {
      let help = try Binary.run("help \(verb)")
      let flag = try Binary.run("\(verb) --help")
      #expect(help.status == 0 && flag.status == 0)
      #expect(help.output == flag.output)
      #expect(help.output.hasPrefix("NAME\n    martinet-\(verb) - "))
      for section in ["SYNOPSIS", "COMMON OPTIONS", "EXIT CODES"] {
        #expect(help.output.contains("\n\(section)\n"), "\(verb)")
      }
    }
  }

  @Test("every verb named in a manual page's examples is there") func examples() throws {
    for verb in try Self.verbs() {
      let page = try Binary.run("help \(verb)").output
      for line in page.split(separator: "\n") where line.hasPrefix("    martinet ") {
        let words = line.split(separator: " ").map(String.init)
        let named = words.dropFirst().first { !$0.hasPrefix("-") } ?? "help"
        if named == "VERB" || named == "[VERB]" || named == "[OPTION" { continue }
        #expect(try Binary.run("help \(named)").status == 0, "\(line)")
      }
    }
  }

  @Test("tells its version, for people and for programs") func version() throws {
    #expect(try Binary.run("--version").output.hasPrefix("martinet "))
    let object = try Binary.run("--version --json").object
    #expect(object["name"] as? String == "martinet")
    #expect((object["processor_level"] as? String ?? "").isEmpty == false)
  }

  @Test(
    "wrong usage ends with exit code 2 and is explained on two lines",
    arguments: [
      "bactkest", "doctor --jsno", "config", "config shwo", "help xyzzy", "completions",
      "completions tcsh", "doctor surplus", "config show --config", "config show --set x",
      "config show --set =1", "new config UPPER", "new config ../x", "--config=", "doctor --json=7",
      "config show --env ../prod", "config show --config no/such/file.yaml",
    ])
  func wrongUsage(line: String) throws {
    let run = try Binary.run(line)
    #expect(run.status == 2, "\(run.errors)")
    #expect(run.isExplained, "\(run.errors)")
    #expect(run.output.isEmpty)
  }

  @Test("a typo is answered with the nearest known word")
  func typos() throws {
    #expect(try Binary.run("docter").errors.contains("did you mean: martinet doctor"))
    #expect(try Binary.run("config show --resovled").errors.contains("did you mean: --resolved"))
    #expect(try Binary.run("completions zhs").errors.contains("for example: zsh"))
  }

  @Test("with --json an error is one JSON object, on standard error") func errorAsJSON() throws {
    for line in ["bactkest --json", "config show --set zebra=1 --json"] {
      let run = try Binary.run(line)
      #expect(run.status == 2)
      #expect(run.output.isEmpty)
      let read = try JSONSerialization.jsonObject(with: Data(run.errors.utf8)) as? [String: Any]
      let error = try #require(read?["error"] as? [String: Any])
      #expect(error["exit_code"] as? Int == 2)
      #expect((error["remedy"] as? String ?? "").isEmpty == false)
    }
  }

  @Test("a reader that goes away is no error, a full disk is")
  func outputs() throws {
    let gone = try Command.run(
      "bash", ["-c", "set -o pipefail; '\(Binary.path)' completions bash | head -n 1 >/dev/null"])
    #expect(gone.status == 0)
    #expect(gone.errors.isEmpty)
    let full = try Command.run("bash", ["-c", "'\(Binary.path)' help >/dev/full"])
    #expect(full.status == 1)
    #expect(full.isExplained, "\(full.errors)")
    let closed = try Command.run("bash", ["-c", "'\(Binary.path)' help >&-"])
    #expect(closed.status == 1)
  }

  @Test("in a locale without UTF-8 text is ASCII and JSON is not harmed") func locale() throws {
    let text = try Binary.run(["doctor"], environment: ["LC_ALL": "C"])
    #expect(text.output.utf8.allSatisfy { $0 < 0x80 })
    let json = try Binary.run(
      ["config", "show", "--json", "--set", "report=Übersicht.html"],
      environment: ["LC_ALL": "C"])
    #expect(json.output.contains("Übersicht.html"))
  }

  @Test("colour is for terminals, and NO_COLOR is obeyed there") func colour() throws {
    func onTerminal(_ settings: String) throws -> String {
      try Command.run(
        "script",
        ["-qec", "env TERM=xterm \(settings) '\(Binary.path)' doctor", "/dev/null"]
      ).output
    }
    #expect(try !Binary.run("doctor").output.contains("\u{1B}"))
    #expect(try onTerminal("NO_COLOR=").contains("\u{1B}[32m"))
    #expect(try !onTerminal("NO_COLOR=1").contains("\u{1B}"))
  }

  @Test("starts fast enough to be asked at every prompt") func startUp() throws {
    var times: [Duration] = []
    for _ in 0..<10 {
      let begin = ContinuousClock.now
      _ = try Binary.run("--version")
      times.append(.now - begin)
    }
    // The aim is 20 ms; the rest is the harness and a machine busy with other tests.
    #expect(try #require(times.min()) < .milliseconds(250))
  }
}
