import Runtime

// In settings an amount is the decimal number as it is written, exactly.
extension FixedPoint: ConfigurationValue {
  public static var expected: String { "a decimal number" }
  public static var jsonSchema: JSON { ["type": "number"] }
  public var json: JSON { .number(Double(self)) }

  public static func read(_ node: YAMLNode) throws(ConfigurationRefusal) -> Self {
    let remedy = "write digits, as in 0.25 or 1000, at most \(Unit.fractionDigits) after the point"
    guard case .scalar(let text, let style) = node.content, style != .quoted else {
      throw .unexpected(node, expected: expected, remedy: remedy)
    }
    do throws(FixedPointError) {
      // Where other programs write a small number with an exponent, the nearest step.
      guard text.contains(where: { $0 == "e" || $0 == "E" }) else { return try Self(parsing: text) }
      return try Self(nearest: try number(node))
    } catch {
      throw .unexpected(node, expected: expected, remedy: remedy)
    }
  }

  private static func number(_ node: YAMLNode) throws(FixedPointError) -> Double {
    do throws(ConfigurationRefusal) { return try Double.read(node) } catch {
      throw .notFinite(value: "no number", unit: Unit.name)
    }
  }
}
