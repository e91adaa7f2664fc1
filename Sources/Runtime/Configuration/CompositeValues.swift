/// An enum whose raw values are the words a configuration may use.
public protocol ConfigurationChoice: ConfigurationText, CaseIterable, RawRepresentable
where RawValue == String {}

extension ConfigurationChoice {
  private static var words: [String] { allCases.map(\.rawValue) }

  public static var expected: String { "one of " + words.joined(separator: ", ") }
  public static var jsonSchema: JSON { ["type": "string", "enum": JSON(words.map(JSON.string))] }
  public var configurationText: String { rawValue }

  public static func read(text: String) throws(ConfigurationRefusal) -> Self {
    if let value = Self(rawValue: text) { return value }
    throw ConfigurationRefusal(
      finding: "\(expected) was expected, not \(Excerpt.quoted(text))",
      remedy: Words.suggestion(for: text, among: words)
        ?? "write one of these words")
  }
}

extension Optional: ConfigurationValue where Wrapped: ConfigurationValue {
  public static var expected: String { "\(Wrapped.expected) or nothing" }
  public static var jsonSchema: JSON { ["anyOf": [Wrapped.jsonSchema, ["type": "null"]]] }
  public var json: JSON { self?.json ?? .null }

  public static func read(_ node: YAMLNode) throws(ConfigurationRefusal) -> Wrapped? {
    switch node.content {
    case .scalar("", .plain), .scalar("", .argument), .scalar("~", .plain), .scalar("null", .plain):
      return nil
    default: return try Wrapped.read(node)
    }
  }
}

extension Array: ConfigurationValue where Element: ConfigurationValue {
  public static var expected: String { "a list" }
  public static var jsonSchema: JSON { ["type": "array", "items": Element.jsonSchema] }
  public var json: JSON { JSON(map(\.json)) }

  /// On the command line a list is words with commas: `--set symbols=NVDA,AMD`.
  public static func read(_ node: YAMLNode) throws(ConfigurationRefusal) -> [Element] {
    let nodes: [YAMLNode]
    switch node.content {
    case .sequence(let items): nodes = items
    case .scalar("", .argument), .scalar("[]", .argument): nodes = []
    case .scalar(let text, .argument):
      let inner =
        text.hasPrefix("[") && text.hasSuffix("]") ? text.dropFirst().dropLast() : text[...]
      nodes = inner.split(separator: ",", omittingEmptySubsequences: false).map { part in
        YAMLNode(.scalar(String(part.trimmed), .argument), at: node.mark)
      }
    default:
      throw .unexpected(
        node, expected: expected, remedy: "write it as [first, second] or one item a line after -")
    }
    var elements: [Element] = []
    elements.reserveCapacity(nodes.count)
    for node in nodes { elements.append(try Element.read(node)) }
    return elements
  }
}

extension Substring {
  fileprivate var trimmed: Substring {
    var rest = drop(while: \.isWhitespace)
    while rest.last?.isWhitespace ?? false { rest.removeLast() }
    return rest
  }
}
