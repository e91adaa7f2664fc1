import Features
import Runtime

/// The name of a set of the catalogue.
package struct FeatureSetName: Equatable, Sendable, ConfigurationText {
  package let text: String

  package static var expected: String { "a set of features" }
  package var configurationText: String { text }

  package static func read(text: String) throws(ConfigurationRefusal) -> FeatureSetName {
    let known = Catalogue.sets.map(\.name)
    guard known.contains(text) else {
      throw ConfigurationRefusal(
        finding: "there is no set of features \(Excerpt.quoted(text))",
        remedy: Words.suggestion(for: text, among: known)
          ?? "sets are: \(known.joined(separator: ", "))")
    }
    return FeatureSetName(text: text)
  }
}

extension Scaling: ConfigurationChoice {}
extension TrainingRecipe.MissingRows: ConfigurationChoice {}

/// Whether labels are classes or numbers.
package enum LabelKind: String, CaseIterable, ConfigurationChoice {
  /// −1, 0 or 1.
  case classes = "class"
  /// The change of the close itself.
  case changes = "return"
}

/// What a model is asked to foresee.
package struct LabelSettings: Configured {
  package var horizons = [5, 20]
  package var kind = LabelKind.classes
  package var threshold: Double?
  package var volatilities = 0.5
  package var lookBack = 20
  package init() {}

  package static let schema = Schema<Self>("What a model is asked to foresee") {
    Field("horizons", \.horizons, each: 1...10_000, unit: "bars", "How far labels look forward")
    Field("kind", \.kind, "Classes −1, 0 and 1, or the change of the close itself")
    Field(
      "threshold", \.threshold, in: 0...10,
      "Change from which on a class is 1 or −1, as a ratio; by volatility where nothing is said")
    Field(
      "volatilities", \.volatilities, in: 0.001...100,
      "The same in volatilities over the horizon")
    Field(
      "lookback", \.lookBack, in: 2...10_000, unit: "bars", "What that volatility is taken from")
  }

  package var inconsistency: Inconsistency? {
    if horizons.isEmpty {
      return Inconsistency(
        at: "horizons", finding: "there is no label", remedy: "give one, as in [5, 20]")
    }
    guard Set(horizons).count < horizons.count else { return nil }
    return Inconsistency(
      at: "horizons", finding: "a horizon stands twice", remedy: "leave out one of the two")
  }

  func labels() throws(LabelError) -> [ForwardReturn] {
    let band: ForwardReturn.Band? =
      switch kind {
      case .changes: nil
      case .classes:
        threshold.map { .fixed($0) } ?? .volatility(multiple: volatilities, lookBack: lookBack)
      }
    return try horizons.map { (horizon: Int) throws(LabelError) in
      try ForwardReturn(horizon: horizon, band: band)
    }
  }
}

/// How rows are shared out between training, validation and test.
package struct SplitSettings: Configured {
  package var train = 0.70
  package var validation = 0.15
  package var embargo: Duration = .zero
  package init() {}

  package static let schema = Schema<Self>("How rows are shared out, in the order of time") {
    Field("train", \.train, in: 0.01...0.99, "Part of the time to learn from")
    Field("validation", \.validation, in: 0...0.99, "Part to steer by; what is left is the test")
    Field("embargo", \.embargo, "Least time between a label of one part and the next part")
  }

  package var inconsistency: Inconsistency? {
    guard train + validation > 1 + 1e-12 else { return nil }
    return Inconsistency(
      at: "validation", finding: "\(validation) and train, which is \(train), are more than all",
      remedy: "choose shares that leave something for the test")
  }
}

/// Which features are left out without being named.
package struct SelectionSettings: Configured {
  package var constant = false
  package var duplicate: Double?
  package var unstable: Double?
  package var best: Int?
  package init() {}

  package static let schema = Schema<Self>(
    "Features left out without being named, judged by the training part alone"
  ) {
    Field("constant", \.constant, "Those with one and the same value at every row")
    Field(
      "duplicate", \.duplicate, in: 0.5...1,
      "Those whose rank correlation with a stronger one is at least this")
    Field(
      "unstable", \.unstable, in: 0...100,
      "Those whose stability index between thirds of the time is above this; 0.25 is usual")
    Field("best", \.best, in: 1...100_000, "Keep so many, by rank correlation with the first label")
  }

  var selection: FeatureSelection {
    var selection = FeatureSelection()
    selection.constant = constant
    selection.duplicate = duplicate
    selection.unstable = unstable
    selection.best = best
    return selection
  }
}

extension Loaded<RunSettings> {
  /// The features these settings choose; `set` goes before those of the file.
  func featureChoice(set: String? = nil) throws -> FeatureChoice {
    let settings = value
    let (file, text) = try featureFile()
    return try FeatureChoice(
      sets: set.map { [$0] } ?? settings.sets.map(\.text),
      expressions: set == nil ? settings.features : [], file: file, text: text)
  }

  /// The features that the settings hold, or none.
  func ownFeatures() throws -> [any Feature] {
    guard !value.features.isEmpty else { return [] }
    let (file, text) = try featureFile()
    return try FeatureChoice(expressions: value.features, file: file, text: text).ownFeatures
  }

  /// The file that the expressions stand in, and its text.
  private func featureFile() throws -> (file: String, text: String) {
    var file = "features"
    var text = ""
    if case .file(let name, _) = origin(of: "features") {
      file = name
      text = String(decoding: try SmallFile.read(name, bytesMax: 1 << 20), as: UTF8.self)
    }
    return (file, text)
  }

  /// Everything a training set is made by, but for the bars.
  func recipe(set: String? = nil) throws -> TrainingRecipe {
    let settings = value
    return TrainingRecipe(
      choice: try featureChoice(set: set), labels: try settings.labels.labels(),
      split: try ChronologicalSplit(
        train: settings.split.train, validation: settings.split.validation,
        embargo: settings.split.embargo),
      scaling: settings.scaler, missingRows: settings.missingRows,
      selection: settings.selection.selection)
  }
}
