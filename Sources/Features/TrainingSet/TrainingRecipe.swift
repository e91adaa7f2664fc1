import Runtime

/// Everything a training set is made by, but for the bars.
public struct TrainingRecipe: Sendable {
  /// What becomes of rows in which a feature is missing after the warm-up.
  public enum MissingRows: String, CaseIterable, Sendable {
    /// They are left out, and counted.
    case drop
    /// They stay, with the missing values in them.
    case keep
  }

  public let choice: FeatureChoice
  /// What stands in the columns `label_hN`.
  public let labels: [ForwardReturn]
  public let split: ChronologicalSplit
  public let scaling: Scaling
  public let missingRows: MissingRows
  public let selection: FeatureSelection

  public init(
    choice: FeatureChoice, labels: [ForwardReturn], split: ChronologicalSplit = .standard,
    scaling: Scaling = .standard, missingRows: MissingRows = .drop,
    selection: FeatureSelection = FeatureSelection()
  ) {
    precondition(!labels.isEmpty, "there is something to learn")
    self.choice = choice
    self.labels = labels
    self.split = split
    self.scaling = scaling
    self.missingRows = missingRows
    self.selection = selection
  }

  var json: JSON {
    [
      "sets": JSON(choice.sets.map(JSON.string)),
      "features": JSON(
        choice.own.map { own in
          let about = own.feature.about
          return ["name": .string(about.name), "expr": .string(about.documentation)] as JSON
        }), "coded": JSON(choice.coded.map { .string($0.definition) }),
      "labels": JSON(labels.map(\.json)),
      "split": [
        "train": .number(split.train), "validation": .number(split.validation),
        "embargo_s": .number(split.embargo / .seconds(1)),
      ],
      "scaler": .string(scaling.rawValue), "missing_rows": .string(missingRows.rawValue),
      "selection": selection.json,
    ]
  }
}

extension TrainingRecipe {
  /// What the close did, beside each label: no feature and no label, but what forecasts are judged by.
  /// The next bar is always among them, because that is what a position earns first.
  func outcomes() throws(LabelError) -> [ForwardReturn] {
    try Set(labels.map(\.horizon) + [1]).sorted().map { horizon throws(LabelError) in
      try ForwardReturn(horizon: horizon, gapLimit: labels.first?.gapLimit)
    }
  }
}

extension ForwardReturn {
  /// Of a training set, where the change itself stands for judging forecasts.
  var outcomeColumn: String { TrainingSet.outcomePrefix + "h\(horizon)" }

  /// Of a training set: whatever it holds, the column is named by its horizon.
  var column: String { "label_h\(horizon)" }

  var json: JSON {
    let band: JSON =
      switch band {
      case nil: ["kind": "return"]
      case .fixed(let limit)?: ["kind": "class", "threshold": .number(limit)]
      case .volatility(let multiple, let lookBack)?:
        ["kind": "class", "volatilities": .number(multiple), "lookback": JSON(lookBack)]
      }
    var json: JSON = ["name": .string(column), "horizon": JSON(horizon)]
    for member in band.members ?? [] { json.append(member.key, member.value) }
    return json
  }
}

extension Feature {
  /// Everything its values follow from, as text.
  var definition: String {
    if let planned = self as? any PlannedFeature {
      return "\(about.name) = \(planned.expression.text)"
    }
    let parameters = about.parameters.map { "\($0.name)=\($0.value)" }.joined(separator: ",")
    return "\(about.name) = \(about.formula)[\(parameters)]"
  }

  /// When its values can be known: whatever comes from the calendar alone is known ahead.
  var knowledge: ColumnKnowledge {
    guard let planned = self as? any PlannedFeature, planned.derived.isEmpty else {
      return .pastOnly
    }
    let columns = planned.expression.columns
    let isAhead = columns.allSatisfy { CalendarPart(rawValue: $0) != nil }
    return isAhead && !columns.isEmpty ? .knownAhead : .pastOnly
  }
}
