import Market

/// A feature written as an expression.
public struct Formula: Feature, Hashable {
  public let about: FeatureDescription
  public let expression: Expression

  public init(about: FeatureDescription, expression: Expression) {
    self.about = about
    self.expression = expression
  }

  /// Named after the formula and its parameters: `sma_20`.
  init(
    _ formula: String, _ parameters: KeyValuePairs<String, Int> = [:],
    _ family: FeatureDescription.Family, _ unit: FeatureDescription.Unit, _ documentation: String,
    _ expression: Expression
  ) {
    about = FeatureDescription(
      name: formula + parameters.map { "_\($0.value)" }.joined(), formula: formula,
      parameters: parameters.map { .init($0.key, Double($0.value)) },
      lookBack: expression.lookBack, family: family, unit: unit, documentation: documentation)
    self.expression = expression
  }

  /// Alone; a `PlanStream` over many formulas shares what they have in common.
  public func stream() -> FormulaStream { FormulaStream(PlanStream(FeaturePlan([expression]))) }

  public func column(over bars: BarColumns) throws(FeatureError) -> Column<Double> {
    try FeaturePlan([expression]).columns(over: [bars])[0][0]
  }
}

/// The incremental form of one formula over the five numbers of a bar.
public struct FormulaStream: FeatureStream {
  private let stream: PlanStream
  private var bar: [Double]

  init(_ stream: PlanStream) {
    self.stream = stream
    bar = [Double](repeating: .nan, count: stream.plan.inputs.count)
  }

  public mutating func update(_ values: BarValues) -> Double {
    for (input, name) in stream.plan.inputs.enumerated() { bar[input] = values[name] }
    stream.update(bar.span)
    return stream.values[0]
  }
}
