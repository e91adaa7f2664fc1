import Market
import Numerics
import Runtime

/// A strategy with the settings that were chosen for it, or a model, and the last day that had a part in
/// it: on later days, and on no others, what it earns is out of sample.
public struct FrozenStrategy: Hashable, Sendable {
  /// One that comes with the program, rules with their text, or a model.
  public let recipe: StrategyRecipe
  public let trainedUntil: CivilDate
  /// Account and costs that it was chosen with.
  public let settings: BacktestSettings

  public init(recipe: StrategyRecipe, trainedUntil: CivilDate, settings: BacktestSettings) {
    self.recipe = recipe
    self.trainedUntil = trainedUntil
    self.settings = settings
  }

  public var json: JSON {
    var json: JSON = [
      "format": 1, "program": JSON(Version.number), "strategy": recipe.json,
      "trained_until": JSON(trainedUntil.description), "settings": settings.json,
    ]
    if case .model(let source) = recipe { json.append("model_folder", JSON(source.folder)) }
    return json
  }

  public init(parsing bytes: [UInt8], source: String) throws(RecordingError) {
    let json: JSON
    do { json = try JSON(parsing: bytes, source: source) } catch { throw .json(error) }
    let recipe = try StrategyRecipe(
      json["strategy"], modelFolder: json["model_folder"]?.string
    ) { () throws(RecordingError) in
      throw .malformed(source, "a strategy that is set by parameters alone, or a model")
    }
    guard let day = json["trained_until"]?.string else {
      throw .malformed(source, "strategy and trained_until")
    }
    switch recipe {
    case .shipped, .rules, .model: break
    case .linear, .process, .plugin:
      throw .malformed(source, "a strategy that is set by parameters alone, or a model")
    }
    let trainedUntil: CivilDate
    do { trainedUntil = try CivilDate(parsing: day) } catch {
      throw .malformed(source, "a day in trained_until")
    }
    self.init(
      recipe: recipe, trainedUntil: trainedUntil,
      settings: try BacktestSettings(json["settings"]))
  }

  /// The settings for days that are asked for, which must all be new to it.
  public func settings(for range: TimeRange) throws(BacktestError) -> BacktestSettings {
    var settings = settings
    guard let first = range.first else {
      let after = trainedUntil.advanced(by: 1)
      do { settings.range = try TimeRange(first: after, last: range.last) } catch {
        throw .seenBefore(asked: range.last ?? after, trainedUntil: trainedUntil)
      }
      return settings
    }
    guard first > trainedUntil else {
      throw .seenBefore(asked: first, trainedUntil: trainedUntil)
    }
    settings.range = range
    return settings
  }
}
