import Runtime
import Trading

/// Which settings a sweep tries, as flags and the ledger write it.
struct SweepPlan {
  let grid: SweepGrid
  let json: JSON

  /// - Parameter text: ranges; values around the defaults where there is none
  init(_ text: String?, _ choice: SweepGrid.Choice, seed: UInt64, _ settings: RunSettings) throws {
    for (key, isGiven) in [
      ("rules", settings.rules != nil), ("plugin", settings.plugin != nil),
      ("process", !settings.process.isEmpty),
    ] where isGiven {
      throw GuestSearch(key: key)
    }
    guard let values = settings.strategy.values,
      let type = StrategyCatalogue.type(settings.strategy.rawValue)
    else { throw NothingToSweep(strategy: settings.strategy.rawValue) }
    let base = settings[keyPath: values]
    grid =
      if let text {
        try SweepGrid(parsing: text, of: type, base: base, choice: choice, seed: seed)
      } else { try SweepGrid(around: base, of: type, seed: seed) }
    json = [
      "grid": JSON(grid.text), "random": JSON(choice.random), "latin": JSON(choice.latin),
      "seed": JSON(String(seed)),
    ]
  }

  /// As the ledger has it.
  init(_ json: JSON, _ settings: RunSettings, _ number: Int) throws {
    let choice: SweepGrid.Choice =
      if let count = json["random"]?.whole {
        .random(Int(count))
      } else if let count = json["latin"]?.whole { .latinHypercube(Int(count)) } else { .all }
    try self.init(
      json["grid"]?.string ?? "", choice, seed: UInt64(json["seed"]?.string ?? "") ?? 0, settings)
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
      place: key, finding: "settings are searched of the program's own strategies only",
      remedy: key == "rules"
        ? "try numbers one by one: martinet backtest --rules FILE --parameters fast=10; the ledger counts them"
        : "leave it out and name one with --strategy, or run martinet backtest",
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
