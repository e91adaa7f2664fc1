import Glibc
import Runtime

private let strategyName: Argument<String> = .required(
  "NAME", .strategyName, help: "Of the strategy, and of the folder that is made.")
private let language: Flag<String?> = .optional(
  "language", .oneOf(["swift", "python"]), metavariable: "LANGUAGE",
  help: "Of the template; swift if not given.")
private let builds: Flag<Bool> = .toggle(
  "no-build", help: "Write the package and do not build it.")

let newStrategyVerb = Verb(
  "strategy", summary: "Make a strategy of your own in Swift or Python, and build it",
  discussion: """
    In Swift it is a package that becomes a library, which --plugin loads: docs/PLUGINS.md. In Python it is a \
    program that answers line by line, which --process starts: docs/PROCESSES.md. Strategies without \
    code are files of rules: docs/RULES.md.
    """,
  flags: [language, builds], arguments: [strategyName],
  examples: [
    .init("martinet new strategy Trend", "Makes and builds Trend/."),
    .init("martinet new strategy Trend --language python", "Makes Trend/Trend.py."),
  ]
) { invocation in
  let name = try invocation[strategyName]
  let isPython = try invocation[language] == "python"
  try UserFolder.refuseExisting([name])
  let template = try isPython ? StrategyTemplate.python(name) : StrategyTemplate.swift(name)
  for file in template.files {
    try UserFolder.makeFolder(ofFile: file.path)
    try AtomicFile.write(file.text, to: file.path)
  }
  let console = invocation.console
  if !isPython, try !invocation[builds] {
    if !invocation.wantsJSON { console.print("building  \(name), which takes some seconds") }
    try StrategyTemplate.build(name)
  }
  if invocation.wantsJSON {
    console.print([
      "folder": .string(name), "files": JSON(template.files.map { .string($0.path) }),
      "run": .string(template.run),
    ])
  } else {
    for file in template.files { console.print("made  \(file.path)") }
    console.printResult("strategy", at: template.result, next: template.run)
  }
  return .done
}

extension Reading<String> {
  /// What can be the name of a module as well.
  fileprivate static var strategyName: Self {
    Reading(expecting: "a name of letters and digits, a letter first", example: "Trend") { text in
      let isName = text.unicodeScalars.allSatisfy {
        $0.isASCII && $0.properties.isAlphabetic || ("0"..."9").contains($0)
      }
      return isName && (1...40).contains(text.count) && text.first?.isNumber == false ? text : nil
    }
  }
}

/// The files of a new strategy, made from those that came with the program.
struct StrategyTemplate {
  let files: [(path: String, text: String)]
  /// What was made, and the command that runs it.
  let result, run: String

  static func swift(_ name: String) throws -> StrategyTemplate {
    let library = "\(name)/.build/release/lib\(name).so"
    return StrategyTemplate(
      files: [
        (
          "\(name)/Package.swift", try text("Samples/plugin/Package.swift.txt", name)
        ),
        (
          "\(name)/Sources/CMartinet/include/martinet_plugin.h",
          try text("Sources/C/Plugin/martinet_plugin.h", nil)
        ),
        (
          "\(name)/Sources/CMartinet/interface.c",
          try text("Samples/plugin/Sources/CMartinet/interface.c.txt", nil)
        ),
        (
          "\(name)/Sources/\(name)/Strategy.swift",
          try text("Samples/plugin/Sources/NAME/Strategy.swift.txt", name)
        ),
      ], result: library,
      run: "martinet backtest --plugin \(library) --symbols NVDA --data Samples/daily")
  }

  static func python(_ name: String) throws -> StrategyTemplate {
    let script = "\(name)/\(name).py"
    return StrategyTemplate(
      files: [
        ("\(name)/martinet.py", try text("Samples/process/martinet.py", nil)),
        (script, try text("Samples/process/NEW.py.txt", name)),
      ], result: script,
      run: "martinet backtest --process python3,\(script) --symbols NVDA --data Samples/daily")
  }

  private static func text(_ template: String, _ name: String?) throws -> String {
    guard let path = Installation.path(of: template) else {
      throw StrategyTemplateError.missing(template)
    }
    let text = String(decoding: try SmallFile.read(path, bytesMax: 1 << 20), as: UTF8.self)
    return name.map { text.replacing("NAME", with: $0) } ?? text
  }

  /// Builds the package with the Swift that is in the path; what that says goes to error output.
  static func build(_ folder: String) throws {
    guard
      let swift = ProgramProbe(environment: processEnvironment()).path(of: ["swift"])
    else { throw StrategyTemplateError.noSwift(folder) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, 2, 1)
    let words = [swift, "build", "-c", "release", "--quiet", "--package-path", folder]
    var arguments = words.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    var child: pid_t = 0
    guard posix_spawn(&child, swift, &actions, nil, &arguments, environ) == 0 else {
      throw StrategyTemplateError.noSwift(folder)
    }
    var status: Int32 = 0
    while waitpid(child, &status, 0) == -1, errno == EINTR {}
    guard status == 0 else { throw StrategyTemplateError.notBuilt(folder) }
  }
}

enum StrategyTemplateError: DiagnosedError {
  case missing(String)
  case noSwift(String)
  case notBuilt(String)

  var diagnosis: Diagnosis {
    switch self {
    case .missing(let path):
      Diagnosis(
        place: path, finding: "this template is neither here nor where martinet lies",
        remedy: "run martinet from the folder of its source")
    case .noSwift(let folder):
      Diagnosis(
        place: folder, finding: "it is written, but there is no swift in the path to build it with",
        remedy: "install Swift 6, then: swift build -c release --package-path \(folder)")
    case .notBuilt(let folder):
      Diagnosis(
        place: folder, finding: "it is written, but swift build failed; what it said stands above",
        remedy: "mend it, then: swift build -c release --package-path \(folder)")
    }
  }
}
