import Numerics
import Runtime

/// A strategy whose settings can be searched: one that comes with the program, or a person's rules.
public struct Searchable: Hashable, Sendable {
  /// As reports and the ledger call it.
  public let id: String
  public let parameters: [StrategyParameter]
  /// `nil` where it comes with the program.
  let rules: RuleSource?

  public init(_ type: any ShippedStrategy.Type) {
    (id, parameters, rules) = (type.id, type.parameters, nil)
  }

  /// With the numbers that the rules have as they are.
  public init(_ rules: Rules) {
    (id, self.rules) = (rules.name, rules.source)
    parameters = rules.parameters.map { .of($0) }
  }

  /// The values that nothing changed.
  public var standard: StrategyValues { StrategyValues(parameters) }

  var type: (any ShippedStrategy.Type)? { rules == nil ? StrategyCatalogue.type(id) : nil }

  /// Throws where the values contradict each other.
  func strategy(_ values: StrategyValues) throws(BacktestError) -> AnyStrategy {
    try recipe(values).strategy()
  }

  public func recipe(_ values: StrategyValues) -> StrategyRecipe {
    guard let rules else { return .shipped(id, values) }
    return .rules(
      RuleSource(file: rules.file, text: rules.text, parameters: numbers(values)))
  }

  /// By name, as `--parameters` takes them.
  public func numbers(_ values: StrategyValues) -> [String: Double] {
    Dictionary(uniqueKeysWithValues: parameters.map { ($0.key, values[$0.key]) })
  }

  func json(_ values: StrategyValues) -> JSON {
    .object(
      [JSON.Member("name", JSON(id))]
        + parameters.map { JSON.Member($0.key, $0.json(values[$0.key])) })
  }

  /// A setting in words: `fast 12, slow 60`.
  func words(_ values: StrategyValues, of axes: [SweepGrid.Axis]) -> String {
    axes.map { axis in
      let value = values[axis.key]
      let parameter = parameters.first { $0.key == axis.key }
      return "\(axis.key) \((parameter?.json(value) ?? JSON(value)).text())"
    }.joined(separator: ", ")
  }

  /// What tells these rules from others of the same name; `nil` where it comes with the program.
  public var digest: String? { rules.map { SHA256.hash($0.text).description } }
}
