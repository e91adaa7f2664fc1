import Features
import Runtime

/// Expressions that a person gave a name: `{trend: "ema(close, 12) / ema(close, 26) - 1"}`.
public struct RuleDefinitions: ConfigurationValue, Equatable {
  public let all: [NamedExpression]

  init(_ all: [NamedExpression] = []) { self.all = all }

  public static let expected = "names with expressions"
  public static let jsonSchema: JSON = [
    "type": "object", "additionalProperties": ["type": "string"],
  ]

  public var json: JSON { .object(all.map { .init($0.name, JSON($0.text)) }) }

  public static func read(_ node: YAMLNode) throws(ConfigurationRefusal) -> RuleDefinitions {
    let remedy = "write trend: \"close / mean(close, 50) - 1\" below it"
    guard case .mapping(let entries) = node.content else {
      throw .unexpected(node, expected: expected, remedy: remedy)
    }
    var all: [NamedExpression] = []
    for entry in entries {
      guard !ExpressionReader.isTaken(entry.key) else {
        throw ConfigurationRefusal(
          finding: "\(entry.key) means something else in expressions",
          remedy: "choose another name", mark: entry.keyMark)
      }
      do throws(ConfigurationRefusal) {
        all.append(try NamedExpression(entry.key, entry.keyMark, entry.value))
      } catch {
        throw .unexpected(entry.value, expected: "an expression", remedy: remedy)
      }
    }
    return RuleDefinitions(all)
  }
}
