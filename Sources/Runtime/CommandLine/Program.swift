#if canImport(Glibc)
  import Glibc
#endif

/// A program of verbs: finds the one that was asked for, runs it, and explains what goes wrong.
public struct Program: Sendable {
  public let name: String
  public let summary: String
  public let version: String
  /// What `--version --json` says beside the version: compiler, processor level, libraries.
  public let build: [JSON.Member]
  public let verbs: [Verb]
  private let action: Verb?

  public init(
    name: String, summary: String, version: String, build: [JSON.Member] = [], verbs: [Verb]
  ) {
    self.name = name
    self.summary = summary
    self.version = version
    self.build = build
    self.verbs = verbs
    action = nil
  }

  /// A program that does something without a verb, too.
  public init(version: String, build: [JSON.Member] = [], action: Verb) {
    name = action.name
    summary = action.summary
    self.version = version
    self.build = build
    verbs = action.verbs
    self.action = action
  }

  static let versionFlag: Flag<Bool> = .toggle("version", help: "Show the version.")

  /// The program itself as a verb: what help and completions start from.
  public var root: Verb {
    if let action { return action }
    return Verb(name, summary: summary, flags: [Self.versionFlag], verbs: verbs) { invocation in
      if try invocation[Self.versionFlag] {
        invocation.showVersion()
      } else {
        invocation.showVerbs()
      }
      return .done
    }
  }

  /// Runs the verb that `words` (without the program's own name) ask for.
  public func run(_ words: [String], console: Console) -> ExitCode {
    var parser = CommandLineParser(words, root: root)
    do {
      try parser.parse()
      if parser.asksForHelp {
        console.print(
          HelpPage(of: parser.verb, path: parser.path).text(width: console.traits.width))
        return finish(.done, console)
      }
      let arguments = try parser.checkedArguments()
      let invocation = Invocation(
        program: self, verb: parser.verb, path: parser.path, console: console,
        flagTexts: parser.flagTexts, argumentTexts: arguments)
      guard let action = parser.verb.action else { return .wrongUsage }
      return finish(try action(invocation), console)
    } catch {
      let diagnosis = Diagnosis(describing: error, place: parser.path.joined(separator: " "))
      console.show(diagnosis, asJSON: Self.asksForJSON(words))
      return diagnosis.exitCode == .done ? .failed : diagnosis.exitCode
    }
  }

  /// Results that could not be written were not delivered, whatever the verb says.
  private func finish(_ code: ExitCode, _ console: Console) -> ExitCode {
    guard let failure = console.output.failure else { return code }
    console.show(
      Diagnosis(
        place: "standard output", finding: String(cString: strerror(failure)),
        remedy: "make room or write elsewhere, then run it again"), asJSON: false)
    return .failed
  }

  /// Asked of the raw words, so that errors of the command line itself obey `--json` too.
  private static func asksForJSON(_ words: [String]) -> Bool {
    let names = CommonFlags.json.declaration.longNames.map { "--" + $0 }
    return words.prefix { $0 != "--" }.contains { word in
      names.contains { word == $0 || word == $0 + "=true" }
    }
  }
}

extension Console {
  /// Prints an error as a person reads it, or as one JSON object on one line.
  public func show(_ diagnosis: Diagnosis, asJSON: Bool) {
    if asJSON {
      let value: JSON = [
        "error": [
          "place": .string(diagnosis.place), "finding": .string(diagnosis.finding),
          "remedy": .string(diagnosis.remedy),
          "exit_code": .integer(Int64(diagnosis.exitCode.rawValue)),
        ]
      ]
      error.write(value.text() + "\n")
      return
    }
    let colour = errorTraits.hasColour
    note(Paint.loss.on("error:", colour) + " \(diagnosis.place): \(diagnosis.finding)")
    note(Paint.strong.on("fix:", colour) + "   \(diagnosis.remedy)")
  }
}

extension Invocation {
  func showVersion() {
    if wantsJSON {
      console.print(
        .object(
          [
            JSON.Member("name", .string(program.name)),
            JSON.Member("version", .string(program.version)),
          ] + program.build))
    } else {
      console.print("\(program.name) \(program.version)")
    }
  }

  /// What the program can do, on one screen.
  func showVerbs() {
    if wantsJSON {
      let verbs = program.verbs.map { verb -> JSON in
        ["name": .string(verb.name), "summary": .string(verb.summary)]
      }
      return console.print(["verbs": .array(verbs)])
    }
    console.print("\(program.name) \(program.version): \(program.summary)\n")
    let width = program.verbs.map(\.name.count).max() ?? 0
    for verb in program.verbs {
      let padding = String(repeating: " ", count: width - verb.name.count)
      console.print("  \(verb.name)\(padding)  \(verb.summary)")
    }
    console.print("\nnext: \(program.name) help VERB")
  }
}
