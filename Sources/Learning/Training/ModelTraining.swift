import Features
import Foundation
import Market
import MarketData
import Runtime

/// How a model is made of bars and of nothing else: features, labels, a fit, a calibration, a card.
///
/// What no bar of these tells is not in it. Whoever cuts the bars off at an instant has a model that knows
/// nothing later, labels included, because a label that later bars would settle is not there.
package struct ModelTraining: Sendable {
  package let model: ConfiguredModel
  package let registry: ModelRegistry
  package let horizon: Int
  package let seed: UInt64
  package let cores: Int
  private let recipe: TrainingRecipe
  /// Of the program, and of the proof that no feature looks ahead.
  private let code: String
  private let certificate: JSON

  /// - Parameter recipe: its labels give the band, its split the shares of training and validation; what it
  ///   keeps for a test is shared out among them, because the test is what comes later
  package init(
    _ model: ConfiguredModel, horizon: Int, recipe: TrainingRecipe, registry: ModelRegistry,
    code: String, certificate: JSON = .null, seed: UInt64 = 42, cores: Int = 1
  ) throws {
    let label =
      try recipe.labels.first { $0.horizon == horizon }
      ?? ForwardReturn(
        horizon: horizon, band: recipe.labels[0].band, gapLimit: recipe.labels[0].gapLimit)
    let (train, validation) = (recipe.split.train, recipe.split.validation)
    let share = validation > 0 ? train / (train + validation) : 0.8
    self.recipe = TrainingRecipe(
      choice: recipe.choice, labels: [label],
      split: try ChronologicalSplit(
        train: share, validation: 1 - share, embargo: recipe.split.embargo),
      scaling: recipe.scaling, missingRows: recipe.missingRows, selection: recipe.selection)
    self.model = model
    self.registry = registry
    self.horizon = horizon
    self.seed = seed
    self.cores = cores
    self.code = code
    self.certificate = certificate
  }

  /// Bars that a feature needs before its first value.
  package var lookBack: Int { recipe.choice.features.map(\.about.lookBack).max() ?? 0 }
  package var label: ForwardReturn { recipe.labels[0] }

  /// What the model's later trials are told apart by.
  package var json: JSON {
    [
      "model": JSON(model.card.name), "settings": model.settings, "horizon": JSON(horizon),
      "features": JSON(recipe.choice.names.map { JSON($0) }), "seed": JSON(seed),
    ]
  }

  /// Trains on all of these bars; the model lies in `folder`, which is made.
  package func train(on frames: [Frame], to folder: String) throws -> Artefact {
    let usable = frames.filter { $0.count > lookBack + horizon }
    guard !usable.isEmpty else {
      let longest = frames.max { $0.count < $1.count }
      throw FeatureError.tooFewBars(
        symbol: longest?.symbol ?? frames[0].symbol, bars: longest?.count ?? 0,
        needed: lookBack + horizon + 1)
    }
    let end = usable.compactMap { $0.knownAt.last }.max() ?? 0
    let set = try learningSet(usable, in: "\(folder).set")
    let lesson = try set.windows(.train, steps: model.steps)
    try set.check(lesson, for: model.card)
    let split = SteeringSplit(try set.windows(.validation, steps: model.steps))
    let taught = Lesson(train: lesson, validation: split.steering)
    let fitted = try model.fit(taught, in: FitSession(seed: seed, cores: cores))
    let calibration = try Calibration(
      split.calibration.isEmpty
        ? PredictionOutput(split.calibration)
        : fitted.predictor().predict(split.calibration), samples: split.calibration)
    try Folder.make(folder)
    try Artefact.write(
      fitted,
      facts: Artefact.facts(
        of: model, seed: seed, on: set, lesson: taught, calibration: calibration,
        trainedTo: Timestamp(nanoseconds: end)), to: folder)
    return try Artefact.open(folder)
  }

  /// The set stays on the disk for as long as it is read; its hash is in the model's card.
  private func learningSet(_ frames: [Frame], in folder: String) throws -> LearningSet {
    var built = try TrainingSet.build(
      recipe, frames: frames, code: code, cache: FeatureCache(disk: nil))
    built.certificate = certificate
    try built.write(to: folder)
    defer { unlink(folder) }
    return try LearningSet(try TrainingSet.open(folder), horizon: horizon)
  }

  private func unlink(_ folder: String) {
    // What is left of it takes room and does no harm.
    do { try FileManager.default.removeItem(atPath: folder) } catch { return }
  }
}
