import Runtime
import Synchronization

/// A program with every kind of flag and argument, which tells what it was given.
struct SampleProgram {
  static let strategy: Flag<String?> = .optional(
    "strategy", short: "s", .text, metavariable: "NAME", help: "The strategy.")
  static let fee: Flag<Double> = .value(
    "fee", .number, metavariable: "RATIO", default: 0.001, help: "The fee.")
  static let bars: Flag<Int?> = .optional(
    "bars", .integer(in: 1...100), metavariable: "COUNT", help: "How many bars.")
  static let symbols: Flag<[String]> = .list(
    "symbols", aliases: ["pairs"], .text, separator: ",", metavariable: "NAME,NAME",
    help: "The symbols.")
  static let shape: Flag<String> = .value(
    "shape", .oneOf(["round", "square"]), metavariable: "SHAPE", default: "round",
    help: "The shape.")
  static let force: Flag<Bool> = .toggle("force", short: "f", help: "Do it anyway.")
  static let place: Flag<String> = .required(
    "place", .text, metavariable: "PLACE", help: "The place.")
  static let folder: Argument<String?> = .optional("FOLDER", .text, help: "The folder.")
  static let rest: Argument<[Int]> = .rest("NUMBER", .integer, help: "Numbers.")

  struct Unforeseen: Error {}

  static let program = Program(
    name: "sample", summary: "a sample", version: "1.2.3", build: [.init("level", "v3")],
    verbs: [
      Verb(
        "fly", aliases: ["soar"], summary: "Fly somewhere", discussion: "Up.\n\nAnd down.",
        flags: [strategy, fee, bars, symbols, shape, force], arguments: [folder, rest],
        examples: [.init("sample fly --fee 0", "For nothing.")]
      ) { call in
        let words: [String] = [
          try call[strategy] ?? "-", "\(try call[fee])", try call[bars].map { "\($0)" } ?? "-",
          try call[symbols].joined(separator: "+"), try call[shape], "\(try call[force])",
          try call[folder] ?? "-", try call[rest].map { "\($0)" }.joined(separator: "+"),
          call.configFiles.joined(separator: "+"), call.assignments.joined(separator: "+"),
        ]
        call.console.print(words.joined(separator: " "))
        return .done
      },
      Verb("land", summary: "Land", flags: [place]) { call in
        call.console.print(try call[place])
        return .refused
      },
      Verb("crash", summary: "Crash") { _ in throw Unforeseen() },
      Verb(
        "nest", summary: "Nests",
        verbs: [Verb("build", aliases: ["make"], summary: "Build a nest") { _ in .done }]),
    ])

  struct Outcome {
    let code: ExitCode
    let output: String
    let error: String
  }

  static func run(
    _ words: String..., traits: TerminalTraits = .piped, program: Program = program
  ) -> Outcome {
    let console = Console(output: Outlet(), error: Outlet(), traits: traits)
    let code = program.run(words, console: console)
    return Outcome(code: code, output: console.output.text, error: console.error.text)
  }
}
