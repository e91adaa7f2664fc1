import Foundation
import TestKit

/// Reads a table of `Golden/Statistics`.
func statisticsGolden<Table: Decodable>(_ name: String, as type: Table.Type) throws -> Table {
  let path = Package.path("Tests/NumericsTests/Golden/Statistics/\(name).json")
  return try JSONDecoder().decode(type, from: Data(contentsOf: URL(fileURLWithPath: path)))
}

/// How far a value is from what is expected, relative to it; 0 for a NaN that is expected.
func relativeError(_ value: Double, _ expected: Double) -> Double {
  if value == expected || (value.isNaN && expected.isNaN) { return 0 }
  let error = (value - expected).magnitude / expected.magnitude
  return error.isNaN ? .infinity : error
}

/// The greatest of those of two arrays, infinite where they differ in count.
func greatestRelativeError(_ values: [Double], _ expected: [Double]) -> Double {
  guard values.count == expected.count else { return .infinity }
  return zip(values, expected).map(relativeError).max() ?? 0
}

/// Samples on which plain sums of powers lose their digits.
struct StatisticsSamples: Decodable {
  struct Moments: Decodable { var values, expected: [Double] }
  struct Covariance: Decodable { var first, second, expected: [Double] }
  struct Ranks: Decodable {
    var values, ranks, other: [Double]
    var spearman: Double
  }
  struct Quantiles: Decodable { var probabilities, plain, ties: [Double] }
  struct Shrinkage: Decodable {
    var rows, columns: Int
    var samples, matrix: [Double]
    var shrinkage: Double
  }
  struct Regression: Decodable {
    var response, design, coefficients, classic, chances: [Double]
    var newey_west, corrected: [Double]
    var explained: Double
  }
  var moments: [String: Moments]
  var covariances: [Covariance]
  var ranks: Ranks
  var quantiles: Quantiles
  var averages: [String: [Double?]]
  var autocorrelation: Moments
  var shrinkage: Shrinkage
  var correlation: [Double]
  var regression: Regression

  static func load() throws -> StatisticsSamples {
    try statisticsGolden("samples", as: StatisticsSamples.self)
  }
}
