/// An expression that was read, with the columns that must be worked out before it.
public struct ReadExpression: Hashable, Sendable {
  public let expression: Expression
  /// Each after those it is derived from itself.
  let derived: [DerivedColumn]

  /// How many bars before a bar its value needs at least; what longer bars need is not counted.
  public var lookBack: Int {
    let ranks = derived.filter { $0.making == .amongSymbols }
    return expression.lookBack(
      given: Dictionary(
        ranks.map { ($0.name, $0.operand.lookBack) }, uniquingKeysWith: { first, _ in first }))
  }

  /// The columns of bars that it is computed from.
  public var inputs: Set<String> {
    derived.reduce(expression.columns) { $0.union($1.operand.columns) }
      .subtracting(derived.map(\.name))
  }

  /// As a feature, for proofs and tables.
  ///
  /// - Parameter text: as a person wrote it
  public func feature(named name: String, text: String) -> any Feature {
    planned(named: name, text: text)
  }

  func planned(named name: String, text: String) -> any PlannedFeature {
    let about = FeatureDescription(
      name: name, formula: name, lookBack: lookBack, family: .own, unit: .asWritten,
      documentation: text)
    return derived.isEmpty
      ? Formula(about: about, expression: expression)
      : WrittenFeature(about: about, expression: expression, derived: derived)
  }
}

/// What expressions may name beside columns, formulas and functions: numbers, and expressions of one's own.
public struct ExpressionNames {
  let words: [String]
  let find: (String) throws(ExpressionError) -> ExpressionReader.Named?

  /// - Parameters:
  ///   - definitions: may name numbers and each other, in any order; whatever looks ahead is refused
  ///   - lines: of the file that they stand in
  public init(
    numbers: [String: Double] = [:], definitions: [NamedExpression] = [], file: String = "",
    lines: [Substring] = []
  ) throws(ExpressionError) {
    let resolver = FeatureResolver(
      definitions, numbers: numbers, file: file, lines: lines, taken: [])
    try resolver.resolveAll()
    for definition in definitions {
      if let error = resolver.own(definition.name)?.lookAhead { throw error }
    }
    words = numbers.keys.sorted() + definitions.map(\.name)
    find = { (name) throws(ExpressionError) in try resolver.resolve(name) }
  }

  private init() {
    words = []
    find = { _ in nil }
  }

  /// Nothing of one's own.
  public static var none: ExpressionNames { ExpressionNames() }
}
