import Market
import Runtime

/// What a model foresees for some rows: probabilities, points and quantiles, whichever it gives, with
/// whose they are and when they were made.
package struct PredictionOutput: Sendable, Equatable {
  /// How many bars ahead.
  package let horizon: Int
  /// The symbols there are, and which of them each row is of.
  package let symbols: [Symbol]
  package let codes: [Int32]
  /// When each forecast could first be acted on; UTC nanoseconds.
  package let datetimes: [Int64]
  /// Three numbers a row, of the classes −1, 0 and 1; empty where the model gives none.
  package var probabilities: [Double] = []
  /// The change of the close; empty where the model gives none.
  package var points: [Double] = []
  package var quantiles: [Quantile] = []

  package struct Quantile: Sendable, Equatable {
    package let level: Double
    package let values: [Double]

    package init(level: Double, values: [Double]) {
      self.level = level
      self.values = values
    }
  }

  package static let classes = [-1, 0, 1]

  /// Of the rows that the samples end with.
  package init(
    _ samples: Windows, probabilities: [Double] = [], points: [Double] = [],
    quantiles: [Quantile] = []
  ) {
    self.init(
      horizon: samples.horizon, symbols: samples.symbols, codes: samples.codes,
      datetimes: samples.datetimes, probabilities: probabilities, points: points,
      quantiles: quantiles)
  }

  package init(
    horizon: Int, symbols: [Symbol], codes: [Int32], datetimes: [Int64],
    probabilities: [Double] = [], points: [Double] = [], quantiles: [Quantile] = []
  ) {
    precondition(codes.count == datetimes.count, "a symbol a row")
    precondition(
      probabilities.isEmpty || probabilities.count == 3 * codes.count, "three classes a row")
    precondition(points.isEmpty || points.count == codes.count, "a point a row")
    precondition(quantiles.allSatisfy { $0.values.count == codes.count }, "a quantile a row")
    self.horizon = horizon
    self.symbols = symbols
    self.codes = codes
    self.datetimes = datetimes
    self.probabilities = probabilities
    self.points = points
    self.quantiles = quantiles
  }

  package var count: Int { codes.count }

  /// How far up a row is seen: P(1) − P(−1), or the point where there are no classes.
  package func score(_ row: Int) -> Double {
    probabilities.isEmpty ? points[row] : probabilities[3 * row + 2] - probabilities[3 * row]
  }

  /// −1, 0 or 1: the likeliest class, of equal ones the lowest; the sign of the point without classes.
  package func choice(_ row: Int) -> Int {
    guard !probabilities.isEmpty else { return points[row] > 0 ? 1 : points[row] < 0 ? -1 : 0 }
    var best = 0
    for c in 1..<3 where probabilities[3 * row + c] > probabilities[3 * row + best] { best = c }
    return best - 1
  }

  /// Refuses what is no forecast: a number that is not finite, or probabilities that are none.
  package func check(of model: String) throws(ForecastError) {
    for row in 0..<count where !probabilities.isEmpty {
      let three = probabilities[3 * row..<3 * row + 3]
      guard three.allSatisfy({ $0 >= 0 }), abs(three.reduce(0, +) - 1) < 1e-4 else {
        throw .probabilities(model: model, row: row, Array(three))
      }
    }
    for (name, values) in [("point", points)] + quantiles.map({ ("quantile", $0.values) }) {
      if let row = values.firstIndex(where: { !$0.isFinite }) {
        throw .notFinite(model: model, row: row, name)
      }
    }
  }
}

/// Why what a model gave is no forecast.
package enum ForecastError: DiagnosedError, Equatable {
  case probabilities(model: String, row: Int, [Double])
  case notFinite(model: String, row: Int, String)

  package var diagnosis: Diagnosis {
    let (model, finding) =
      switch self {
      case .probabilities(let model, let row, let three):
        (model, "row \(row): \(three) are no probabilities of three classes")
      case .notFinite(let model, let row, let what):
        (model, "row \(row): the \(what) is not finite")
      }
    return Diagnosis(
      place: model, finding: finding,
      remedy:
        "the model did not learn: lower its learning rate, or look at the features it was shown")
  }
}
