/// What help and the parser need to know about an argument that is no flag.
public struct ArgumentDeclaration: Sendable {
  /// In capitals, as help shows it: `FOLDER`.
  public let name: String
  public let help: String
  public let choices: [String]
  public let isRequired: Bool
  /// Takes all that follows; only the last argument of a verb may.
  public let isRepeatable: Bool
  let check: @Sendable ([String]) throws(UsageError) -> Void
}

/// An argument of any type, so that a verb can list its arguments.
public protocol AnyArgument: Sendable {
  var declaration: ArgumentDeclaration { get }
}

/// An argument and the type of its value; `invocation[argument]` gives the value.
public struct Argument<Value: Sendable>: AnyArgument {
  public let declaration: ArgumentDeclaration
  let read: @Sendable ([String]) throws(UsageError) -> Value

  private init(
    _ name: String, help: String, choices: [String], isRequired: Bool, isRepeatable: Bool,
    read: @escaping @Sendable ([String]) throws(UsageError) -> Value
  ) {
    self.read = read
    declaration = ArgumentDeclaration(
      name: name, help: help, choices: choices, isRequired: isRequired,
      isRepeatable: isRepeatable, check: { texts throws(UsageError) in _ = try read(texts) })
  }

  public static func required(_ name: String, _ reading: Reading<Value>, help: String) -> Self {
    Argument(
      name, help: help, choices: reading.choices, isRequired: true, isRepeatable: false
    ) { texts throws(UsageError) in
      guard let text = texts.first else {
        throw .missingArgument(name: name, expected: reading.expectation)
      }
      return try reading.value(of: text, at: name, beginning: "", standIn: name)
    }
  }

  public static func optional<Wrapped>(
    _ name: String, _ reading: Reading<Wrapped>, help: String
  ) -> Self where Value == Wrapped? {
    Argument(
      name, help: help, choices: reading.choices, isRequired: false, isRepeatable: false
    ) { texts throws(UsageError) in
      guard let text = texts.first else { return nil }
      return try reading.value(of: text, at: name, beginning: "", standIn: name)
    }
  }

  /// All arguments that follow, perhaps none.
  public static func rest<Element>(
    _ name: String, _ reading: Reading<Element>, help: String
  ) -> Self where Value == [Element] {
    Argument(
      name, help: help, choices: reading.choices, isRequired: false, isRepeatable: true
    ) { texts throws(UsageError) in
      var values: [Element] = []
      for text in texts {
        values.append(try reading.value(of: text, at: name, beginning: "", standIn: name))
      }
      return values
    }
  }
}
