import Features
import Runtime

/// A rule as its file has it: the text, and where it stands.
public struct RuleText: ConfigurationValue, Hashable {
  public let text: String
  private let mark: YAMLMark

  public static let expected = "an expression"
  public static let jsonSchema: JSON = ["type": ["string", "number"]]
  public var json: JSON { .string(text) }

  public static func read(_ node: YAMLNode) throws(ConfigurationRefusal) -> RuleText {
    let text: String
    do throws(ConfigurationRefusal) { text = try String.read(node) } catch {
      throw .unexpected(
        node, expected: expected,
        remedy: "write it on one line in quotation marks: \"close > mean(close, 200)\"")
    }
    var mark = node.mark
    // In quotation marks the text begins a character later.
    if case .scalar(_, .quoted) = node.content { mark.column += 1 }
    return RuleText(text: text, mark: mark)
  }

  /// The text as a place in its file, whose lines are `lines`.
  func source(_ file: String, lines: [Substring]) -> ExpressionSource {
    let line = mark.line <= lines.count ? lines[mark.line - 1] : ""
    return ExpressionSource(
      text, file: file, line: mark.line, column: mark.column,
      isVerbatim: line.dropFirst(mark.column - 1).hasPrefix(text))
  }
}
