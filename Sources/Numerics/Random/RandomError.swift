import Runtime

/// Parameters that describe no distribution.
public enum RandomError: DiagnosedError, Equatable {
  /// A shape that is not a finite number, or below the least one.
  case shape(Double)
  case noWeights
  /// The weight at the index is negative, infinite or not a number.
  case weight(Double, index: Int)
  /// All weights are zero, or their sum is infinite.
  case totalWeight(Double)

  /// Below it, logarithms of gamma variables are no longer numbers.
  static let leastShape = 1e-300

  public var diagnosis: Diagnosis {
    switch self {
    case .shape(let value):
      Diagnosis(
        place: "shape", finding: "\(value) is no shape of a distribution",
        remedy: "give a finite number of at least \(Self.leastShape)", exitCode: .wrongUsage)
    case .noWeights:
      Diagnosis(
        place: "weights", finding: "there are none", remedy: "give at least one",
        exitCode: .wrongUsage)
    case .weight(let value, let index):
      Diagnosis(
        place: "weights[\(index)]", finding: "\(value) is no weight",
        remedy: "give finite numbers that are not negative", exitCode: .wrongUsage)
    case .totalWeight(let value):
      Diagnosis(
        place: "weights", finding: "they add up to \(value)",
        remedy: "give at least one above zero, and none so large that the sum overflows",
        exitCode: .wrongUsage)
    }
  }

  /// The sum of weights that describe chances, or what is wrong with them.
  static func total(of weights: [Double]) throws(RandomError) -> Double {
    guard !weights.isEmpty else { throw .noWeights }
    var total = 0.0
    for (index, weight) in weights.enumerated() {
      guard weight >= 0, weight.isFinite else { throw .weight(weight, index: index) }
      total += weight
    }
    guard total > 0, total.isFinite else { throw .totalWeight(total) }
    return total
  }
}
