/// The manual page of a verb, made from its declaration.
public struct HelpPage {
  let verb: Verb
  let path: [String]

  public init(of verb: Verb, path: [String]) {
    self.verb = verb
    self.path = path
  }

  private static let indent = 4
  private var command: String { path.joined(separator: " ") }

  /// The page, wrapped to at most `width` columns.
  public func text(width: Int) -> String {
    let width = min(width, 80)
    var page: [String] = []
    func section(_ title: String, _ lines: [String]) {
      if lines.isEmpty { return }
      page += (page.isEmpty ? [] : [""]) + [title] + lines
    }
    let aliases =
      verb.aliases.isEmpty ? "" : " (also: \(verb.aliases.joined(separator: ", ")))"
    section("NAME", wrapped("\(path.joined(separator: "-")) - \(verb.summary)\(aliases)", width))
    section("SYNOPSIS", wrapped(synopsis, width, hanging: 4))
    section("DESCRIPTION", paragraphs(verb.discussion, width))
    section("VERBS", verb.verbs.flatMap { entry($0.name, $0.summary, width) })
    section("ARGUMENTS", verb.arguments.flatMap { entry($0.name, note(on: $0), width) })
    section("OPTIONS", verb.flags.flatMap { entry(head(of: $0), note(on: $0), width) })
    section("COMMON OPTIONS", CommonFlags.all.flatMap { entry(head(of: $0), note(on: $0), width) })
    section("EXIT CODES", Self.exitCodes.flatMap { wrapped("\($0) \($1)", width, hanging: 2) })
    section("EXAMPLES", verb.examples.flatMap { entry($0.command, $0.meaning, width) })
    return page.joined(separator: "\n")
  }

  private static let exitCodes = [
    (ExitCode.done.rawValue, "done"), (ExitCode.failed.rawValue, "failed"),
    (ExitCode.wrongUsage.rawValue, "wrong usage: the command line or a settings file"),
    (ExitCode.refused.rawValue, "refused by a check"),
  ]

  private var synopsis: String {
    var words = [command]
    if !verb.verbs.isEmpty { words.append(verb.action == nil ? "VERB" : "[VERB]") }
    for flag in verb.flags where flag.isRequired {
      words.append("\(flag.place) \(flag.metavariable ?? "")")
    }
    words.append("[OPTION ...]")
    for argument in verb.arguments {
      let name = argument.name + (argument.isRepeatable ? " ..." : "")
      words.append(argument.isRequired ? name : "[\(name)]")
    }
    return words.joined(separator: " ")
  }

  private func head(of flag: FlagDeclaration) -> String {
    let names = (flag.short.map { ["-\($0)"] } ?? []) + flag.longNames.map { "--" + $0 }
    return names.joined(separator: ", ") + (flag.metavariable.map { " " + $0 } ?? "")
  }

  private func note(on flag: FlagDeclaration) -> String {
    note(flag.help, choices: flag.choices)
      + (flag.defaultText.map { " Default: \($0)." } ?? "")
      + (flag.isRequired ? " Required." : "")
  }

  private func note(on argument: ArgumentDeclaration) -> String {
    note(argument.help, choices: argument.choices)
  }

  private func note(_ help: String, choices: [String]) -> String {
    choices.isEmpty ? help : "\(help) One of: \(choices.joined(separator: ", "))."
  }

  private func indented(_ line: String, by columns: Int = indent) -> String {
    String(repeating: " ", count: columns) + line
  }

  private func entry(_ head: String, _ body: String, _ width: Int) -> [String] {
    wrapped(head, width, hanging: 2) + wrapped(body, width, indent: 2 * Self.indent)
  }

  private func paragraphs(_ text: String, _ width: Int) -> [String] {
    var lines: [String] = []
    var paragraph: [Substring] = []
    let source: [Substring] = text.split(separator: "\n", omittingEmptySubsequences: false)
    for line in source + [""] {
      if !line.isEmpty {
        paragraph.append(line)
      } else if !paragraph.isEmpty {
        lines += (lines.isEmpty ? [] : [""]) + wrapped(paragraph.joined(separator: " "), width)
        paragraph = []
      }
    }
    return lines
  }

  private func wrapped(
    _ text: String, _ width: Int, indent: Int = indent, hanging: Int = 0
  ) -> [String] {
    Paragraph.lines(of: text, width: width, indent: indent, hanging: hanging)
  }
}
