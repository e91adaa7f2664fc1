import Runtime
import Trading

/// Which settings a sweep tries, as flags and the ledger write it.
struct SweepPlan {
  let grid: SweepGrid
  let json: JSON

  /// - Parameter text: ranges; values around the defaults where there is none
  init(_ text: String?, _ choice: SweepGrid.Choice, seed: UInt64, _ settings: RunSettings) throws {
    let (searched, base) = try settings.searched()
    grid =
      if let text {
        try SweepGrid(parsing: text, of: searched, base: base, choice: choice, seed: seed)
      } else { try SweepGrid(around: base, of: searched, choice: choice, seed: seed) }
    var json: JSON = [
      "grid": JSON(grid.text), "random": JSON(choice.random), "latin": JSON(choice.latin),
      "seed": JSON(String(seed)),
    ]
    if let digest = searched.digest { json.append("rules_sha256", JSON(digest)) }
    self.json = json
  }

  /// As the ledger has it.
  init(_ json: JSON, _ settings: RunSettings, _ number: Int) throws {
    let choice: SweepGrid.Choice =
      if let count = json["random"]?.whole {
        .random(Int(count))
      } else if let count = json["latin"]?.whole { .latinHypercube(Int(count)) } else { .all }
    try self.init(
      json["grid"]?.string ?? "", choice, seed: UInt64(json["seed"]?.string ?? "") ?? 0, settings)
    if let recorded = json["rules_sha256"]?.string, let found = grid.searched.digest,
      recorded != found
    {
      throw RerunError.otherRules(number, file: settings.rules ?? "")
    }
  }
}

extension RunSettings {
  /// What is searched, and what its parameters are set to.
  fileprivate func searched() throws -> (Searchable, StrategyValues) {
    for (key, isGiven) in [("plugin", plugin != nil), ("process", !process.isEmpty)] where isGiven {
      throw GuestSearch(key: key)
    }
    if let rules = try ownRules() {
      let searched = Searchable(rules)
      return (searched, searched.standard)
    }
    guard let values = strategy.values, let type = StrategyCatalogue.type(strategy.rawValue) else {
      throw NothingToSweep(strategy: strategy.rawValue)
    }
    return (Searchable(type), self[keyPath: values])
  }

  /// With what a grid chose.
  mutating func take(_ values: StrategyValues, of searched: Searchable) {
    if rules != nil {
      parameters = searched.numbers(values).sorted { $0.key < $1.key }.map {
        ParameterValue(name: $0.key, value: $0.value)
      }
    } else if let own = strategy.values {
      self[keyPath: own] = values
    }
  }
}

extension SweepGrid.Choice {
  fileprivate var random: Int? { if case .random(let count) = self { count } else { nil } }
  fileprivate var latin: Int? { if case .latinHypercube(let count) = self { count } else { nil } }
}

/// A search over a strategy whose settings it does not know.
private struct GuestSearch: DiagnosedError {
  let key: String

  var diagnosis: Diagnosis {
    Diagnosis(
      place: key,
      finding: "settings are searched of rules and of the program's own strategies only",
      remedy: "leave it out and name one with --strategy or --rules, or run martinet backtest",
      exitCode: .wrongUsage)
  }
}

private struct NothingToSweep: DiagnosedError {
  let strategy: String

  var diagnosis: Diagnosis {
    Diagnosis(
      place: strategy, finding: "this strategy has no parameters to try",
      remedy: "choose one that has: "
        + StrategyCatalogue.all.filter { !$0.parameters.isEmpty }.map { $0.id }
        .joined(separator: ", "), exitCode: .wrongUsage)
  }
}
