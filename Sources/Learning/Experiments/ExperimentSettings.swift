import Runtime

/// The file of an experiment: which models learn which horizons of a set.
package struct ExperimentSettings: Configured, Equatable {
  package var data = "data/splits/scaled"
  /// All kinds where empty.
  package var models: [String] = []
  package var horizons = [5, 20]
  package var seed: UInt64 = 42
  package var parallel = 2
  package var memory = 4096
  package var steps: Int?
  package var seconds: Double?
  package var climbsLadder = true
  /// `lstm.hidden=32`.
  package var settings: [String] = []

  package init() {}

  package static let schema = Schema<Self>("Models side by side on one set") {
    Field("data", \.data, "A training set, as martinet features build wrote it")
    Field("models", \.models, "Kinds of models; all where nothing is said")
    Field("horizons", \.horizons, each: 1...10_000, unit: "bars", "How far ahead they look")
    Field("seed", \.seed, "All chance follows from it")
    Field("parallel", \.parallel, in: 1...256, "Processes at once")
    Field("memory", \.memory, in: 64...16_777_216, unit: "MiB", "For all processes together")
    Field("steps", \.steps, in: 1...1_000_000_000, "Stop each after so many steps")
    Field("seconds", \.seconds, in: 0.1...1e7, "Stop each after so much time")
    Field("sanity", \.climbsLadder, "Each climbs the ladder of sanity")
    Field("settings", \.settings, "Hyper-parameters of one model, as lstm.hidden=32")
  }

  package var inconsistency: Inconsistency? {
    if horizons.isEmpty {
      return Inconsistency(
        at: "horizons", finding: "there is nothing to learn", remedy: "give one, as in [5, 20]")
    }
    let odd = settings.first { setting in
      guard let dot = setting.firstIndex(of: "."), let equals = setting.firstIndex(of: "=") else {
        return true
      }
      return dot > equals
    }
    guard let odd else { return nil }
    return Inconsistency(
      at: "settings", finding: "\(Excerpt.quoted(odd)) is no MODEL.KEY=VALUE",
      remedy: "write it as lstm.hidden=32")
  }

  /// Hyper-parameters of one model, as `key=value`.
  package func assignments(of model: String) -> [String] {
    settings.filter { $0.hasPrefix(model + ".") }.map { String($0.dropFirst(model.count + 1)) }
  }
}
