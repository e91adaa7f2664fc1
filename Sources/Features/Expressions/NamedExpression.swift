import Runtime

/// A feature as a settings file has it: `{name: trend, expr: "ema(close, 12) / close"}`.
public struct NamedExpression: ConfigurationValue, Equatable {
  public let name: String
  public let text: String
  /// Where name and expression stand, as far as a reader of one value can tell.
  let nameMark, textMark: YAMLMark

  public init(_ name: String, _ text: String) {
    self.init(name, text, YAMLMark(line: 1, column: 1), YAMLMark(line: 1, column: 1))
  }

  private init(_ name: String, _ text: String, _ nameMark: YAMLMark, _ textMark: YAMLMark) {
    self.name = name
    self.text = text
    self.nameMark = nameMark
    self.textMark = textMark
  }

  public static let expected = "a name and an expression"
  private static let remedy = "write it as {name: trend, expr: \"ema(close, 12) / close\"}"
  private static let keys = ["name", "expr"]

  public static var jsonSchema: JSON {
    [
      "type": "object", "additionalProperties": false, "required": ["name", "expr"],
      "properties": ["name": ["type": "string"], "expr": ["type": "string"]],
    ]
  }

  public var json: JSON { ["name": .string(name), "expr": .string(text)] }

  public static func read(_ node: YAMLNode) throws(ConfigurationRefusal) -> NamedExpression {
    guard case .mapping(let entries) = node.content else {
      throw .unexpected(node, expected: expected, remedy: remedy)
    }
    for entry in entries where !keys.contains(entry.key) {
      throw ConfigurationRefusal(
        finding: "a feature has no key \(Excerpt.quoted(entry.key))",
        remedy: Words.suggestion(for: entry.key, among: keys) ?? remedy,
        mark: entry.keyMark)
    }
    guard let name = node["name"], let text = node["expr"] else {
      throw ConfigurationRefusal(
        finding: node["name"] == nil ? "a feature without a name" : "a feature without an expr",
        remedy: remedy, mark: node.mark)
    }
    return try NamedExpression(try String.read(name), name.mark, text)
  }

  /// - Parameter text: the node of the expression
  package init(
    _ name: String, _ nameMark: YAMLMark, _ text: YAMLNode
  ) throws(ConfigurationRefusal) {
    var mark = text.mark
    // In quotation marks the text begins a character later.
    if case .scalar(_, .quoted) = text.content { mark.column += 1 }
    self.init(name, try String.read(text), nameMark, mark)
  }

  /// The expression's text in its file; `lines` are the file's, where it can be read.
  func source(_ file: String, lines: [Substring]) -> ExpressionSource {
    let line = textMark.line <= lines.count ? lines[textMark.line - 1] : ""
    return ExpressionSource(
      text, file: file, line: textMark.line, column: textMark.column,
      isVerbatim: lines.isEmpty || line.dropFirst(textMark.column - 1).hasPrefix(text))
  }
}
