/// One word of the command line and what it does: `martinet backtest`, `martinet config show`.
///
/// Parsing, help and completions all read this one declaration.
public struct Verb: Sendable {
  public typealias Action = @Sendable (Invocation) throws -> ExitCode

  /// A command as it would be typed, and what it is for.
  public struct Example: Sendable {
    public let command: String
    public let meaning: String

    public init(_ command: String, _ meaning: String) {
      self.command = command
      self.meaning = meaning
    }
  }

  public let name: String
  /// Words from other programs that mean the same.
  public let aliases: [String]
  /// One line without a full stop, in the imperative.
  public let summary: String
  /// Paragraphs, parted by empty lines; help wraps them.
  public let discussion: String
  public let flags: [FlagDeclaration]
  public let arguments: [ArgumentDeclaration]
  public let examples: [Example]
  /// Verbs under this one; a verb with an action of its own may have some too.
  public let verbs: [Verb]
  public let action: Action?

  /// A verb that does something.
  public init(
    _ name: String, aliases: [String] = [], summary: String, discussion: String = "",
    flags: [any AnyFlag] = [], arguments: [any AnyArgument] = [], examples: [Example] = [],
    verbs: [Verb] = [], action: @escaping Action
  ) {
    self.init(
      name, aliases: aliases, summary: summary, discussion: discussion, flags: flags,
      arguments: arguments, examples: examples, verbs: verbs, optionalAction: action)
  }

  /// A verb that only holds others.
  public init(
    _ name: String, aliases: [String] = [], summary: String, discussion: String = "",
    verbs: [Verb]
  ) {
    self.init(
      name, aliases: aliases, summary: summary, discussion: discussion, flags: [], arguments: [],
      examples: [], verbs: verbs, optionalAction: nil)
  }

  private init(
    _ name: String, aliases: [String], summary: String, discussion: String,
    flags: [any AnyFlag], arguments: [any AnyArgument], examples: [Example], verbs: [Verb],
    optionalAction: Action?
  ) {
    self.name = name
    self.aliases = aliases
    self.summary = summary
    self.discussion = discussion
    self.flags = flags.map(\.declaration)
    self.arguments = arguments.map(\.declaration)
    self.examples = examples
    self.verbs = verbs
    self.action = optionalAction
    let names = (self.flags + CommonFlags.all).flatMap(\.longNames)
    precondition(Set(names).count == names.count, "\(name): two flags of one name")
    let shorts = (self.flags + CommonFlags.all).compactMap(\.short)
    precondition(Set(shorts).count == shorts.count, "\(name): two flags of one letter")
  }

  /// The verb under this one that answers to `word`.
  public func verb(named word: String) -> Verb? {
    verbs.first { $0.name == word || $0.aliases.contains(word) }
  }

  /// The verb under this one whose name or alias is nearest to `word`; `nil` where none is near.
  public func nearestVerb(to word: String) -> String? {
    let names = verbs.flatMap { [$0.name] + $0.aliases }
    return Words.nearest(to: word, among: names).flatMap { verb(named: $0)?.name }
  }
}

/// Flags that every verb takes.
public enum CommonFlags {
  public static let config: Flag<[String]> = .list(
    "config", short: "c", .text, metavariable: "FILE",
    help: "Read settings from FILE. May be given again; later files win.")
  public static let set: Flag<[String]> = .list(
    "set", .assignment, metavariable: "KEY=VALUE",
    help: "Set one setting, over what files say. May be given again.")
  public static let json: Flag<Bool> = .toggle(
    "json", aliases: ["print-json"], help: "Print one JSON value instead of text.")
  public static let verbose: Flag<Bool> = .toggle(
    "verbose", short: "v", help: "Say more about what is being done and what went wrong.")
  public static let quiet: Flag<Bool> = .toggle(
    "quiet", short: "q", help: "Print results and errors only.")
  public static let help: Flag<Bool> = .toggle(
    "help", short: "h", help: "Show this page.")

  public static let all: [FlagDeclaration] = [
    config.declaration, set.declaration, json.declaration, verbose.declaration,
    quiet.declaration, help.declaration,
  ]
}
