extension Bool: ConfigurationValue {
  public static var expected: String { "true or false" }
  public static var jsonSchema: JSON { ["type": "boolean"] }
  public var json: JSON { .bool(self) }

  public static func read(_ node: YAMLNode) throws(ConfigurationRefusal) -> Bool {
    guard case .bool(let value) = node.scalar else {
      throw .unexpected(
        node, expected: expected, remedy: "write true or false, without quotation marks")
    }
    return value
  }
}

extension Int: ConfigurationValue {
  public static var expected: String { "a whole number" }
  public static var jsonSchema: JSON { ["type": "integer"] }
  public var json: JSON { JSON(self) }

  public static func read(_ node: YAMLNode) throws(ConfigurationRefusal) -> Int {
    guard case .integer(let value) = node.scalar, let number = Int(exactly: value) else {
      throw .unexpected(node, expected: expected, remedy: "write digits only, as in 1000")
    }
    return number
  }
}

extension UInt64: ConfigurationValue {
  public static var expected: String { "a whole number that is not negative" }
  public static var jsonSchema: JSON { ["type": "integer", "minimum": 0] }
  public var json: JSON { JSON(self) }

  public static func read(_ node: YAMLNode) throws(ConfigurationRefusal) -> UInt64 {
    if case .integer(let value) = node.scalar, let number = UInt64(exactly: value) { return number }
    // Seeds use all 64 bits, which the schema's integers do not reach.
    if case .scalar(let text, let style) = node.content, style != .quoted,
      text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = UInt64(text)
    {
      return number
    }
    throw .unexpected(node, expected: expected, remedy: "write digits only, as in 1000")
  }
}

extension Double: ConfigurationValue {
  public static var expected: String { "a number" }
  public static var jsonSchema: JSON { ["type": "number"] }
  public var json: JSON { .number(self) }

  public static func read(_ node: YAMLNode) throws(ConfigurationRefusal) -> Double {
    switch node.scalar {
    case .integer(let value): return Double(value)
    case .number(let value) where value.isFinite: return value
    default:
      throw .unexpected(node, expected: expected, remedy: "write digits, as in 0.25 or 1e-4")
    }
  }
}

extension String: ConfigurationValue {
  public static var expected: String { "text" }
  public static var jsonSchema: JSON { ["type": "string"] }
  public var json: JSON { .string(self) }

  public static func read(_ node: YAMLNode) throws(ConfigurationRefusal) -> String {
    guard let text = node.word else {
      throw .unexpected(
        node, expected: expected, remedy: "write one word, or text in quotation marks")
    }
    return text
  }
}

/// A type whose values are written as one word, and read back from it.
public protocol ConfigurationText: ConfigurationValue {
  /// Throws a refusal whose finding says why `text` is none.
  static func read(text: String) throws(ConfigurationRefusal) -> Self
  var configurationText: String { get }
}

extension ConfigurationText {
  public static var jsonSchema: JSON { ["type": "string"] }
  public var json: JSON { .string(configurationText) }

  public static func read(_ node: YAMLNode) throws(ConfigurationRefusal) -> Self {
    guard let text = node.word else { throw .unexpected(node, expected: expected) }
    do throws(ConfigurationRefusal) {
      return try read(text: text)
    } catch {
      throw ConfigurationRefusal(
        finding: error.finding, remedy: error.remedy, mark: error.mark ?? node.mark)
    }
  }

  /// The refusal for `text`, with the reason of the type's own parser.
  static func refusal(_ text: String, _ reason: Diagnosis) -> ConfigurationRefusal {
    ConfigurationRefusal(
      finding: "\(expected) was expected, not \(Excerpt.quoted(text)): \(reason.finding)",
      remedy: reason.remedy)
  }
}

extension CivilDate: ConfigurationText {
  public static var expected: String { "a day as 2024-01-31" }
  public static var jsonSchema: JSON { ["type": "string", "format": "date"] }
  public var configurationText: String { description }

  public static func read(text: String) throws(ConfigurationRefusal) -> CivilDate {
    do { return try CivilDate(parsing: text) } catch { throw refusal(text, error.diagnosis) }
  }
}

extension Timestamp: ConfigurationText {
  public static var expected: String { "an instant as 2024-01-31T14:30:00Z" }
  public static var jsonSchema: JSON { ["type": "string", "format": "date-time"] }
  public var configurationText: String { description }

  public static func read(text: String) throws(ConfigurationRefusal) -> Timestamp {
    do { return try Timestamp(parsing: text) } catch { throw refusal(text, error.diagnosis) }
  }
}

extension TimeRange: ConfigurationText {
  public static var expected: String { "days as 20240101-20240630" }
  public var configurationText: String { description }

  public static func read(text: String) throws(ConfigurationRefusal) -> TimeRange {
    do { return try TimeRange(parsing: text) } catch { throw refusal(text, error.diagnosis) }
  }
}

extension Duration: ConfigurationText {
  public static var expected: String { "a duration as 90s or 5min" }
  public static var jsonSchema: JSON {
    ["type": "string", "pattern": "^([0-9]+(w|d|h|min|s|ms|us|ns))+$"]
  }
  public var configurationText: String { DurationText.print(self) }

  public static func read(text: String) throws(ConfigurationRefusal) -> Duration {
    do { return try DurationText.parse(text) } catch { throw refusal(text, error.diagnosis) }
  }
}

extension SecretReference: ConfigurationValue {
  public static var expected: String { "where the secret is kept (env:NAME or file:PATH)" }
  public static var jsonSchema: JSON { ["type": "string", "pattern": "^(env|file):.+$"] }
  public var json: JSON { .string(description) }

  // Never shows what it found: it may be the secret itself.
  public static func read(_ node: YAMLNode) throws(ConfigurationRefusal) -> SecretReference {
    guard let reference = node.word.flatMap({ SecretReference($0) }) else {
      throw ConfigurationRefusal(
        finding: "\(expected) was expected; what stands there is not shown",
        remedy: "keep the secret in an environment variable or a 0600 file and name that here",
        mark: node.mark)
    }
    return reference
  }
}
