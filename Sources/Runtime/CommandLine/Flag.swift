/// What help, completions and the parser need to know about a flag, whatever its value's type.
public struct FlagDeclaration: Sendable {
  /// Without dashes, in kebab-case: `max-trades`.
  public let name: String
  public let short: Character?
  /// Other long names that fingers know from elsewhere.
  public let aliases: [String]
  /// What stands for the value in help; `nil` for a flag that is on or off.
  public let metavariable: String?
  public let help: String
  public let choices: [String]
  public let defaultText: String?
  public let isRepeatable: Bool
  public let isRequired: Bool
  /// Reads the texts given and lets go of the value: wrong ones are found before a verb starts.
  let check: @Sendable ([String]) throws(UsageError) -> Void

  /// `--name`, as a person types it.
  public var place: String { "--" + name }
  var takesValue: Bool { metavariable != nil }
  var longNames: [String] { [name] + aliases }
}

/// A flag of any type, so that a verb can list its flags.
public protocol AnyFlag: Sendable {
  var declaration: FlagDeclaration { get }
}

/// A flag and the type of its value; `invocation[flag]` gives the value.
public struct Flag<Value: Sendable>: AnyFlag {
  public let declaration: FlagDeclaration
  let read: @Sendable ([String]) throws(UsageError) -> Value

  private init(
    _ name: String, short: Character?, aliases: [String], metavariable: String?, help: String,
    choices: [String], defaultText: String? = nil, isRepeatable: Bool = false,
    isRequired: Bool = false, read: @escaping @Sendable ([String]) throws(UsageError) -> Value
  ) {
    precondition(!name.hasPrefix("-"), "flag names are written without dashes")
    self.read = read
    declaration = FlagDeclaration(
      name: name, short: short, aliases: aliases, metavariable: metavariable, help: help,
      choices: choices, defaultText: defaultText, isRepeatable: isRepeatable,
      isRequired: isRequired,
      check: { texts throws(UsageError) in _ = try read(texts) })
  }

  /// A flag that may be left out, which gives `nil`.
  public static func optional<Wrapped>(
    _ name: String, short: Character? = nil, aliases: [String] = [], _ reading: Reading<Wrapped>,
    metavariable: String, help: String
  ) -> Self where Value == Wrapped? {
    Flag(
      name, short: short, aliases: aliases, metavariable: metavariable, help: help,
      choices: reading.choices
    ) { texts throws(UsageError) in
      guard let text = texts.last else { return nil }
      return try reading.value(of: text, ofFlag: name, standIn: metavariable)
    }
  }

  /// A flag with a default.
  public static func value(
    _ name: String, short: Character? = nil, aliases: [String] = [], _ reading: Reading<Value>,
    metavariable: String, default standard: Value, defaultText: String? = nil, help: String
  ) -> Self {
    Flag(
      name, short: short, aliases: aliases, metavariable: metavariable, help: help,
      choices: reading.choices, defaultText: defaultText ?? "\(standard)"
    ) { texts throws(UsageError) in
      guard let text = texts.last else { return standard }
      return try reading.value(of: text, ofFlag: name, standIn: metavariable)
    }
  }

  /// A flag without which the verb cannot start.
  public static func required(
    _ name: String, short: Character? = nil, aliases: [String] = [], _ reading: Reading<Value>,
    metavariable: String, help: String
  ) -> Self {
    Flag(
      name, short: short, aliases: aliases, metavariable: metavariable, help: help,
      choices: reading.choices, isRequired: true
    ) { texts throws(UsageError) in
      guard let text = texts.last else {
        throw .missingFlag(name: name, metavariable: metavariable)
      }
      return try reading.value(of: text, ofFlag: name, standIn: metavariable)
    }
  }

  /// A flag that may be given again, in order; with a separator, also several values at once.
  public static func list<Element>(
    _ name: String, short: Character? = nil, aliases: [String] = [],
    _ reading: Reading<Element>, separator: Character? = nil, metavariable: String, help: String
  ) -> Self where Value == [Element] {
    Flag(
      name, short: short, aliases: aliases, metavariable: metavariable, help: help,
      choices: reading.choices, isRepeatable: true
    ) { texts throws(UsageError) in
      var values: [Element] = []
      for text in texts {
        let parts = separator.map { text.split(separator: $0).map(String.init) } ?? [text]
        // Separators alone are no value; reading none says so.
        for part in parts.isEmpty ? [""] : parts {
          values.append(try reading.value(of: part, ofFlag: name, standIn: metavariable))
        }
      }
      return values
    }
  }
}

extension Flag<Bool> {
  /// A flag that is off unless given: `--force`; `--force=false` turns it off again.
  public static func toggle(
    _ name: String, short: Character? = nil, aliases: [String] = [], help: String
  ) -> Self {
    Flag(name, short: short, aliases: aliases, metavariable: nil, help: help, choices: []) {
      texts throws(UsageError) in
      guard let text = texts.last else { return false }
      return try Reading.truth.value(
        of: text, at: "--" + name, beginning: "--\(name)=", standIn: "")
    }
  }
}

extension Reading {
  fileprivate func value(
    of text: String, ofFlag name: String, standIn: String
  ) throws(UsageError) -> Value {
    try value(of: text, at: "--" + name, beginning: "--\(name) ", standIn: standIn)
  }
}
