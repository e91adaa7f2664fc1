// What a value holds, or `nil` where it is of another kind.
extension JSON {
  public var string: String? {
    if case .string(let text) = self { text } else { nil }
  }

  public var whole: Int64? {
    if case .integer(let value) = self { value } else { nil }
  }

  /// A number, whole or not.
  public var double: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }

  public var elements: [JSON]? {
    if case .array(let values) = self { values } else { nil }
  }

  public var members: [Member]? {
    if case .object(let members) = self { members } else { nil }
  }
}
