import Runtime

/// Whether rows of rare classes count more while a model learns.
package enum ClassWeighting: String, CaseIterable, ConfigurationChoice, Sendable {
  case none
  /// Every class counts alike, however rare.
  case balanced
}

extension Lesson {
  /// What a row of the classes −1, 0 and 1 counts, on average 1; empty where all count the same.
  package func classWeights(_ weighting: ClassWeighting) -> [Double] {
    guard target == .classes, weighting == .balanced else { return [] }
    let shares = naive
    let present = Double(shares.count { $0 > 0 })
    return shares.map { $0 > 0 ? 1 / (present * $0) : 0 }
  }

  /// The shares of the classes as a model sees them that learns so, or the mean change.
  func naive(_ weighting: ClassWeighting) -> [Double] {
    let weights = classWeights(weighting)
    return weights.isEmpty ? naive : zip(naive, weights).map { $0 * $1 }
  }
}
