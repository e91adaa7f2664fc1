import Market

/// A feature of expressions that is computed in a plan, after the columns it is derived from.
protocol PlannedFeature: Feature {
  var expression: Expression { get }
  /// What must stand in the frame first, each after those it is derived from itself.
  var derived: [DerivedColumn] { get }
}

/// A feature that needs more than the bars of its own symbol so far.
package struct NeedsOthers: Error {
  package let name: String
}

extension FeatureChoice {
  /// The plan of the person's own features, for whoever is given one symbol's bars one by one.
  package func planOfOwnBars() throws(NeedsOthers) -> FeaturePlan {
    for own in own where !own.feature.derived.isEmpty {
      throw NeedsOthers(name: own.feature.about.name)
    }
    let plan = FeaturePlan(ofSets.map(\.expression) + own.map(\.feature.expression))
    if let name = plan.inputs.first(where: { CrossSection.columns.contains($0) }) {
      throw NeedsOthers(name: name)
    }
    return plan
  }
}

extension Formula: PlannedFeature {
  var derived: [DerivedColumn] { [] }
}

/// A feature that a person wrote and that needs more than the bars so far of one symbol.
///
/// In batch and in stream, what it is derived from is a column like any other; live, whoever has the
/// longer bars and the other symbols joins them, as with `CrossSection`.
public struct WrittenFeature: PlannedFeature, Hashable {
  public let about: FeatureDescription
  public let expression: Expression
  public let derived: [DerivedColumn]

  /// What in it looks ahead, if anything does.
  public var lookAhead: DerivedColumn? { derived.first(where: \.looksAhead) }

  /// Of the five numbers alone: what is derived is missing.
  public func stream() -> FormulaStream { FormulaStream(PlanStream(FeaturePlan([expression]))) }

  public func column(over bars: BarColumns) throws(FeatureError) -> Column<Double> {
    try FeaturePlan([expression]).columns(over: [bars.adding(derived)])[0][0]
  }
}

extension Feature {
  /// The columns of bars that it is computed from, where it is an expression.
  public var inputColumns: Set<String> { (self as? any PlannedFeature)?.inputs ?? [] }

  /// What it computes, where it is an expression.
  public var expressionText: String? { (self as? any PlannedFeature)?.expression.text }
}

extension PlannedFeature {
  /// The columns of bars that it is computed from.
  var inputs: Set<String> {
    derived.reduce(expression.columns) { $0.union($1.operand.columns) }
      .subtracting(derived.map(\.name))
  }
}

extension BarColumns {
  /// With these columns worked out, where they are not there already.
  func adding(_ derived: [DerivedColumn]) throws(FeatureError) -> BarColumns {
    var bars = self
    for column in derived where bars.frame[column.name] == nil {
      bars = try bars.adding(column.column(over: bars), as: column.name)
    }
    return bars
  }
}
