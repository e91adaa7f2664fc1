import Features
import Runtime

/// A number that rules name, and between which numbers a search may look for a better one.
public struct RuleParameter: Hashable, Sendable {
  public let name: String
  public let value: Double
  public let range: ClosedRange<Double>?
  /// From one number to try to the next; `nil` where the file says nothing.
  public let step: Double?
}

/// The parameters of a rule file: `{fast: 20, slow: {value: 100, from: 50, to: 200, step: 10}}`.
public struct RuleParameters: ConfigurationValue, Hashable {
  public let all: [RuleParameter]

  init(_ all: [RuleParameter] = []) { self.all = all }

  public static let expected = "names with numbers"
  private static let remedy =
    "write fast: 20, or fast: {value: 20, from: 5, to: 50, step: 5} to give its range"
  private static let keys = ["value", "from", "to", "step"]

  public static var jsonSchema: JSON {
    let number: JSON = ["type": "number"]
    let range: JSON = [
      "type": "object", "additionalProperties": false, "required": ["value"],
      "properties": ["value": number, "from": number, "to": number, "step": number],
    ]
    return ["type": "object", "additionalProperties": ["anyOf": [number, range]]]
  }

  public var json: JSON {
    .object(
      all.map { parameter in
        let value = JSON(parameter.value)
        guard let bounds = parameter.range else { return .init(parameter.name, value) }
        var range: JSON = ["value": value]
        range.append("from", JSON(bounds.lowerBound))
        range.append("to", JSON(bounds.upperBound))
        if let step = parameter.step { range.append("step", JSON(step)) }
        return .init(parameter.name, range)
      })
  }

  public static func read(_ node: YAMLNode) throws(ConfigurationRefusal) -> RuleParameters {
    guard case .mapping(let entries) = node.content else {
      throw .unexpected(node, expected: expected, remedy: remedy)
    }
    var all: [RuleParameter] = []
    for entry in entries {
      try check(entry.key, entry.keyMark)
      all.append(try parameter(entry.key, entry.value))
    }
    return RuleParameters(all)
  }

  private static func check(_ name: String, _ mark: YAMLMark) throws(ConfigurationRefusal) {
    let isWord = name.utf8.allSatisfy { byte in
      let letter = byte | 0x20
      return (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(letter)
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "_")
    }
    guard isWord, name.first?.isNumber == false, name.utf8.count <= 64 else {
      throw ConfigurationRefusal(
        finding: "\(Excerpt.quoted(name)) is no name of a parameter",
        remedy: "use letters, digits and _, a letter first, at most 64 of them", mark: mark)
    }
    guard !ExpressionReader.isTaken(name) else {
      throw ConfigurationRefusal(
        finding: "\(name) means something else in expressions", remedy: "choose another name",
        mark: mark)
    }
  }

  private static func parameter(
    _ name: String, _ node: YAMLNode
  ) throws(ConfigurationRefusal) -> RuleParameter {
    guard case .mapping(let entries) = node.content else {
      do throws(ConfigurationRefusal) {
        return RuleParameter(name: name, value: try Double.read(node), range: nil, step: nil)
      } catch {
        throw ConfigurationRefusal(
          finding: "\(name): \(error.finding)", remedy: remedy, mark: node.mark)
      }
    }
    for entry in entries where !keys.contains(entry.key) {
      throw ConfigurationRefusal(
        finding: "a parameter has no key \(Excerpt.quoted(entry.key))",
        remedy: Words.suggestion(for: entry.key, among: keys) ?? remedy,
        mark: entry.keyMark)
    }
    func number(_ key: String) throws(ConfigurationRefusal) -> Double? {
      guard let part = node[key] else { return nil }
      return try Double.read(part)
    }
    guard let value = try number("value") else {
      throw ConfigurationRefusal(
        finding: "\(name) has a range and no value", remedy: remedy, mark: node.mark)
    }
    let (from, to, step) = (try number("from"), try number("to"), try number("step"))
    let range = try self.range(name, node, value: value, from: from, to: to)
    guard step.map({ $0 > 0 && range != nil }) ?? true else {
      throw ConfigurationRefusal(
        finding: "\(name) has a step that leads nowhere",
        remedy: "give a step above zero, and from and to with it", mark: node.mark)
    }
    return RuleParameter(name: name, value: value, range: range, step: step)
  }

  private static func range(
    _ name: String, _ node: YAMLNode, value: Double, from: Double?, to: Double?
  ) throws(ConfigurationRefusal) -> ClosedRange<Double>? {
    func refusal(_ finding: String) -> ConfigurationRefusal {
      ConfigurationRefusal(finding: "\(name) \(finding)", remedy: remedy, mark: node.mark)
    }
    switch (from, to) {
    case (nil, nil): return nil
    case (.some, nil): throw refusal("has a range without an end: it says from and not to")
    case (nil, .some): throw refusal("has a range without a beginning: it says to and not from")
    case (let from?, let to?):
      guard from < to else { throw refusal("ends at \(to), which is not above \(from)") }
      guard (from...to).contains(value) else {
        throw refusal("is \(value), which lies outside its own range")
      }
      return from...to
    }
  }
}
