/// A parsed command line: which verb, with which values, printing where.
public struct Invocation: Sendable {
  public let program: Program
  public let verb: Verb
  /// The words that led to the verb, the program's name first: `martinet`, `config`, `show`.
  public let path: [String]
  public let console: Console
  let flagTexts: [String: [String]]
  let argumentTexts: [String: [String]]

  /// The value of a flag; all were checked before the verb started, so this throws only for a flag
  /// the verb requires and did not declare.
  public subscript<Value>(flag: Flag<Value>) -> Value {
    get throws(UsageError) { try flag.read(flagTexts[flag.declaration.name] ?? []) }
  }

  public subscript<Value>(argument: Argument<Value>) -> Value {
    get throws(UsageError) { try argument.read(argumentTexts[argument.declaration.name] ?? []) }
  }

  public var wantsJSON: Bool { isOn(CommonFlags.json) }
  public var isVerbose: Bool { isOn(CommonFlags.verbose) }
  public var isQuiet: Bool { isOn(CommonFlags.quiet) }
  /// Files of settings in the order given; later ones win.
  public var configFiles: [String] { flagTexts[CommonFlags.config.declaration.name] ?? [] }
  /// `key=value` settings in the order given; later ones win.
  public var assignments: [String] { flagTexts[CommonFlags.set.declaration.name] ?? [] }

  /// Common toggles were checked by the parser: text it let through is true unless it says no.
  private func isOn(_ flag: Flag<Bool>) -> Bool {
    do { return try self[flag] } catch { return false }
  }
}
