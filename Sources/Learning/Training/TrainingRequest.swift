import Runtime

/// What `martinet train` is asked for, as it is kept beside the run, so that the run can go on after an
/// interruption.
package struct TrainingRequest: Sendable, Equatable {
  package var model: String
  package var horizon: Int
  /// The folder of the training set.
  package var data: String
  package var seed: UInt64
  /// Hyper-parameters, all of them.
  package var settings: JSON
  package var budget: FitBudget
  /// On another number of them a network ends in other bytes.
  package var cores: Int
  /// Whether the ladder of sanity is climbed.
  package var climbsLadder: Bool
  package var halfSpread: Double
  package var commission: Double

  package init(
    model: String, horizon: Int, data: String, seed: UInt64 = 42, settings: JSON = .null,
    budget: FitBudget = FitBudget(), cores: Int = 1, climbsLadder: Bool = true,
    halfSpread: Double = 2,
    commission: Double = 1
  ) {
    self.model = model
    self.horizon = horizon
    self.data = data
    self.seed = seed
    self.settings = settings
    self.budget = budget
    self.cores = cores
    self.climbsLadder = climbsLadder
    self.halfSpread = halfSpread
    self.commission = commission
  }

  package var json: JSON {
    [
      "model": JSON(model), "horizon": JSON(horizon), "data": JSON(data), "seed": JSON(seed),
      "settings": settings, "steps_max": JSON(budget.steps), "seconds_max": JSON(budget.seconds),
      "cores": JSON(cores),
      "sanity": JSON(climbsLadder), "half_spread_bps": JSON(halfSpread),
      "commission_bps": JSON(commission),
    ]
  }

  /// Nil where it is none.
  package init?(_ json: JSON) {
    guard let model = json["model"]?.string, let horizon = json["horizon"]?.whole,
      let data = json["data"]?.string, let settings = json["settings"],
      let cores = json["cores"]?.whole, cores > 0, let half = json["half_spread_bps"]?.double,
      let commission = json["commission_bps"]?.double,
      case .bool(let sanity)? = json["sanity"]
    else { return nil }
    // Seeds use all 64 bits, which JSON's integers do not reach.
    guard
      let seed = json["seed"]?.whole.flatMap({ UInt64(exactly: $0) })
        ?? json["seed"]?.string.flatMap({ UInt64($0) })
    else { return nil }
    self.init(
      model: model, horizon: Int(horizon), data: data, seed: seed, settings: settings,
      budget: FitBudget(
        steps: json["steps_max"]?.whole.map { Int($0) }, seconds: json["seconds_max"]?.double),
      cores: Int(cores), climbsLadder: sanity, halfSpread: half, commission: commission)
  }

  /// The file `config.yaml` of the run.
  var yaml: String {
    var text = "# What this run was asked for: martinet train --model \(model)\n"
    for member in json.members ?? [] where member.key != "settings" {
      text += "\(member.key): \(member.value.text())\n"
    }
    text += "settings:\n"
    for member in settings.members ?? [] { text += "  \(member.key): \(member.value.text())\n" }
    return text
  }
}
