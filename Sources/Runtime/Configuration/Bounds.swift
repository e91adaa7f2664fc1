/// The ends of a range, either of which may be open; the given ones belong to it.
public protocol ConfigurationBounds<Bound> {
  associatedtype Bound: Comparable
  var lowest: Bound? { get }
  var highest: Bound? { get }
}

extension ClosedRange: ConfigurationBounds {
  public var lowest: Bound? { lowerBound }
  public var highest: Bound? { upperBound }
}

extension PartialRangeFrom: ConfigurationBounds {
  public var lowest: Bound? { lowerBound }
  public var highest: Bound? { nil }
}

extension PartialRangeThrough: ConfigurationBounds {
  public var lowest: Bound? { nil }
  public var highest: Bound? { upperBound }
}

/// What a value must satisfy beyond its type.
struct ValueRule<Value: Sendable>: Sendable {
  /// Says what is wrong with a value that stands at a node, naming its unit.
  let refusal: @Sendable (Value, YAMLNode, String?) -> ConfigurationRefusal?
  let addingBounds: @Sendable (JSON) -> JSON

  static var none: ValueRule { ValueRule(refusal: { _, _, _ in nil }, addingBounds: { $0 }) }
}

extension ValueRule {
  /// `parts` are what the bounds hold for, with their places in a list.
  init<Bound: ConfigurationValue & Comparable>(
    _ bounds: some ConfigurationBounds<Bound>,
    parts: @escaping @Sendable (Value) -> [(Bound, Int?)]
  ) {
    let (lowest, highest) = (bounds.lowest, bounds.highest)
    refusal = { value, node, unit in
      for (part, index) in parts(value) {
        guard lowest.map({ $0 <= part }) ?? true, highest.map({ part <= $0 }) ?? true else {
          let unit = unit.map { " \($0)" } ?? ""
          var mark = node.mark
          if let index, case .sequence(let nodes) = node.content { mark = nodes[index].mark }
          return ConfigurationRefusal(
            finding: "\(part.shown)\(unit) is out of range",
            remedy: "choose a value \(Self.words(lowest, highest))\(unit)", mark: mark)
        }
      }
      return nil
    }
    addingBounds = { schema in Self.adding(lowest, highest, to: schema) }
  }

  private static func words<Bound: ConfigurationValue>(_ lowest: Bound?, _ highest: Bound?)
    -> String
  {
    switch (lowest?.shown, highest?.shown) {
    case (let lowest?, let highest?): "from \(lowest) to \(highest)"
    case (let lowest?, nil): "of \(lowest) or more"
    case (nil, let highest?): "of \(highest) or less"
    case (nil, nil): "of its type"
    }
  }

  /// Bounds belong to the number itself, so inside a list or beside nothing they go to the inner schema.
  private static func adding<Bound: ConfigurationValue>(
    _ lowest: Bound?, _ highest: Bound?, to schema: JSON
  ) -> JSON {
    guard case .object(let members) = schema else { return schema }
    if let inner = schema["items"] {
      return .object(
        members.map { $0.key == "items" ? .init("items", adding(lowest, highest, to: inner)) : $0 })
    }
    if case .array(let choices) = schema["anyOf"], let first = choices.first {
      return ["anyOf": .array([adding(lowest, highest, to: first)] + choices.dropFirst())]
    }
    guard ["integer", "number"].contains(schema["type"]) else { return schema }
    var bounded = JSON.object(members.filter { $0.key != "minimum" })
    if let lowest { bounded.append("minimum", lowest.json) }
    if let highest { bounded.append("maximum", highest.json) }
    return bounded
  }
}

extension ConfigurationValue {
  /// The value as a person writes it.
  var shown: String {
    if case .string(let text) = json { return text }
    return json.text()
  }
}
