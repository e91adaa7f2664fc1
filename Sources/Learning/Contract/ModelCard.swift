import Runtime

/// What a kind of model is called, and what it can do.
package struct ModelCard: Sendable, Equatable {
  /// As in `--model lightgbm`: small letters, digits and `_`.
  package let name: String
  package let family: ModelFamily
  /// One sentence without a full stop.
  package let summary: String
  package let abilities: Set<Ability>

  /// What a kind can do beyond fitting and predicting; registration holds it to that.
  package enum Ability: String, Sendable, CaseIterable {
    /// Learns classes, and gives their probabilities.
    case classes
    /// Learns the change itself, and gives a number.
    case returns
    case quantiles
    /// Looks at several rows of a symbol.
    case sequences
    /// Makes do with features that are missing.
    case missing
    /// Conforms to `ExplainedModel`.
    case importance
    /// Conforms to `UpdatableModel`.
    case updates
  }

  package init(
    _ name: String, family: ModelFamily, _ summary: String,
    abilities: Set<Ability> = [.classes, .returns]
  ) {
    self.name = name
    self.family = family
    self.summary = summary
    self.abilities = abilities
  }

  package var json: JSON {
    [
      "name": JSON(name), "family": JSON(family.rawValue), "summary": JSON(summary),
      "abilities": JSON(
        Ability.allCases.filter(abilities.contains).map { JSON($0.rawValue) }),
    ]
  }
}

package enum ModelFamily: String, Sendable, CaseIterable {
  case baseline, linear, boosting, recurrent, transformer, forecasting
  case stateSpace = "state_space"
  case graph, foundation
}

/// Which hyper-parameters are worth searching, and where.
package struct SearchSpace: Sendable, Equatable {
  package struct Dimension: Sendable, Equatable {
    /// A key of the settings.
    package let key: String
    package let values: Values
  }

  package enum Values: Sendable, Equatable {
    case whole(ClosedRange<Int>)
    case real(ClosedRange<Double>, isLogarithmic: Bool)
    case words([String])
  }

  package let dimensions: [Dimension]

  package init(_ dimensions: [Dimension]) { self.dimensions = dimensions }

  package var json: JSON {
    .object(dimensions.map { JSON.Member($0.key, $0.values.json) })
  }
}

extension SearchSpace.Dimension {
  package static func whole(_ key: String, _ range: ClosedRange<Int>) -> Self {
    Self(key: key, values: .whole(range))
  }

  package static func real(_ key: String, _ range: ClosedRange<Double>) -> Self {
    Self(key: key, values: .real(range, isLogarithmic: false))
  }

  /// Even on the scale of orders of magnitude.
  package static func logarithmic(_ key: String, _ range: ClosedRange<Double>) -> Self {
    Self(key: key, values: .real(range, isLogarithmic: true))
  }

  package static func words(_ key: String, _ words: [String]) -> Self {
    Self(key: key, values: .words(words))
  }
}

extension SearchSpace.Values {
  private static func plain(_ value: Double) -> String {
    let text = "\(value)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  /// `0.001 … 100, by factors`.
  package var text: String {
    switch self {
    case .whole(let range): "\(range.lowerBound) … \(range.upperBound)"
    case .real(let range, let isLogarithmic):
      "\(Self.plain(range.lowerBound)) … \(Self.plain(range.upperBound))"
        + (isLogarithmic ? ", by factors" : "")
    case .words(let words): words.joined(separator: ", ")
    }
  }

  fileprivate var json: JSON {
    switch self {
    case .whole(let range):
      ["kind": "whole", "from": JSON(range.lowerBound), "to": JSON(range.upperBound)]
    case .real(let range, let isLogarithmic):
      [
        "kind": JSON(isLogarithmic ? "logarithmic" : "real"), "from": JSON(range.lowerBound),
        "to": JSON(range.upperBound),
      ]
    case .words(let words): ["kind": "words", "words": JSON(words.map { JSON($0) })]
    }
  }

  /// Values at the ends, as `--set` takes them: where these are right, so is what lies between.
  var ends: [String] {
    switch self {
    case .whole(let range): ["\(range.lowerBound)", "\(range.upperBound)"]
    case .real(let range, _): ["\(range.lowerBound)", "\(range.upperBound)"]
    case .words(let words): words
    }
  }
}
