import Features
import Market
import MarketData
import Runtime

extension Windows {
  /// Samples of a table for a model that is trained: its features by name, no labels.
  ///
  /// - Parameters:
  ///   - isScaled: whether values are on the model's scale already, as those of a training set are
  ///   - place: what errors call the table
  package init(
    _ table: SampleTable, for artefact: Artefact, isScaled: Bool, place: String
  ) throws {
    var columns: [Column<Double>] = []
    for feature in artefact.features {
      guard let column = table.numbers[feature.name] else {
        throw ForecastInputError.missing(
          place, feature.name, nearest: Words.nearest(to: feature.name, among: table.numbers.names))
      }
      columns.append(isScaled ? column : try artefact.scaler.scaled(feature.name, column))
    }
    let order = (0..<table.rowCount).sorted {
      (table.codes[$0], table.datetimes[$0], $0) < (table.codes[$1], table.datetimes[$1], $1)
    }
    let names = artefact.features.map(\.name)
    let matrix = FeatureMatrix(names: names, rows: order.count) { values in
      for (place, column) in columns.enumerated() {
        for (row, from) in order.enumerated() {
          values[row * names.count + place] = Float(column[from])
        }
      }
    }
    let codes = order.map { table.codes[$0] }
    let datetimes = order.map { table.datetimes[$0] }
    let ends = PartRows.ends(
      codes: codes, datetimes: datetimes, steps: artefact.steps,
      gapMax: LearningSet.gapMaxStandard.nanoseconds ?? .max)
    guard !ends.isEmpty else {
      throw LessonError.tooFewRows(
        place: place, part: "given", rows: table.rowCount, steps: artefact.steps)
    }
    self.init(
      matrix: matrix, steps: artefact.steps, horizon: artefact.horizon, target: artefact.target,
      symbols: table.symbols, codes: codes, datetimes: datetimes,
      labels: Array(repeating: .nan, count: order.count), ends: ends)
  }
}

/// Forecasts for rows that come one by one, symbol by symbol: `martinet predict --stream`, and strategies.
package final class ForecastStream {
  package let artefact: Artefact
  private let predictor: any Predictor
  /// The latest rows of each symbol, the oldest first, on the model's scale.
  private var rows: [Symbol: [Float]] = [:]
  private var latest: [Symbol: Int64] = [:]

  package init(_ artefact: Artefact, _ registry: ModelRegistry) throws {
    self.artefact = artefact
    predictor = try artefact.model(registry).predictor()
  }

  /// Takes a row and foresees; nil while there are too few rows of the symbol.
  ///
  /// - Parameters:
  ///   - values: of the model's features, in its order
  ///   - time: when they were known, later than the symbol's row before; UTC nanoseconds
  package func take(
    _ symbol: Symbol, at time: Int64, _ values: [Double], isScaled: Bool
  ) throws -> PredictionOutput? {
    let count = artefact.features.count
    guard values.count == count else {
      throw ForecastInputError.count(symbol.text, values.count, needed: count)
    }
    if let before = latest[symbol] {
      guard time > before else { throw ForecastInputError.order(symbol.text) }
      if time - before > LearningSet.gapMaxStandard.nanoseconds ?? .max { rows[symbol] = [] }
    }
    latest[symbol] = time
    var own = rows[symbol] ?? []
    rows[symbol] = nil  // So that the array grows in place.
    if own.count == artefact.steps * count { own.removeFirst(count) }
    for (place, value) in values.enumerated() {
      own.append(Float(isScaled ? value : artefact.scaler.scales[place].applied(to: value)))
    }
    defer { rows[symbol] = own }
    guard own.count == artefact.steps * count else { return nil }
    return try artefact.forecasts(sample(symbol, time, own), by: predictor)
  }

  private func sample(_ symbol: Symbol, _ time: Int64, _ values: [Float]) -> Windows {
    let steps = artefact.steps
    let matrix = FeatureMatrix(names: artefact.features.map(\.name), rows: steps) { place in
      for index in values.indices { place[index] = values[index] }
    }
    return Windows(
      matrix: matrix, steps: steps, horizon: artefact.horizon, target: artefact.target,
      symbols: [symbol], codes: Array(repeating: 0, count: steps),
      datetimes: Array(repeating: time, count: steps),
      labels: Array(repeating: .nan, count: steps), ends: [Int32(steps - 1)])
  }
}

/// What is wrong with rows that a model is to foresee from.
package enum ForecastInputError: DiagnosedError, Equatable {
  case missing(String, String, nearest: String?)
  case count(String, Int, needed: Int)
  case order(String)
  case line(Int, String)

  package var diagnosis: Diagnosis {
    let (place, finding, remedy) =
      switch self {
      case .missing(let place, let name, let nearest):
        (
          place, "the model's feature \(Excerpt.quoted(name)) is not there",
          nearest.map { "is it \($0)?" }
            ?? "give the columns that the model was trained on: martinet models describe"
        )
      case .count(let place, let found, let needed):
        (
          place, "\(found) values, and the model looks at \(needed)",
          "give them in the model's order"
        )
      case .order(let place):
        (place, "a row is not later than the one before it", "give rows in the order of time")
      case .line(let number, let finding):
        (
          "line \(number)", finding,
          "write lines as {\"symbol\":\"NVDA\",\"time\":\"2026-01-02T21:00:00Z\",\"features\":{…}}"
        )
      }
    return Diagnosis(place: place, finding: finding, remedy: remedy, exitCode: .wrongUsage)
  }
}
