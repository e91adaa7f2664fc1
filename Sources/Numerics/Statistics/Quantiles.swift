/// Quantiles of a whole sample, exact.
public enum Quantiles {
  /// The quantiles at the probabilities, in their order, linear between neighbours in rank: the
  /// default of NumPy and R (type 7 of Hyndman and Fan, Sample Quantiles in Statistical Packages,
  /// 1996).
  ///
  /// Refuses NaN, with the index of the first. The sample is neither changed nor sorted; all
  /// quantiles are found together.
  /// - Complexity: O(n), for few probabilities.
  public static func exact(
    _ values: Span<Double>, at probabilities: [Double], on pool: Pool = .shared
  ) throws(StatisticsError) -> [Double] {
    guard values.count > 0 else { throw .tooFew(operation: "quantiles", count: 0, needed: 1) }
    for probability in probabilities where !(probability >= 0 && probability <= 1) {
      throw .parameter(
        operation: "quantiles", name: "probability", value: probability,
        allowed: "a number from 0 to 1")
    }
    // Buckets are counted in 32 bits.
    guard values.count <= Int(UInt32.max) else {
      throw .parameter(
        operation: "quantiles", name: "count", value: Double(values.count),
        allowed: "a number below 2³²")
    }
    let positions = probabilities.map { Position($0, count: values.count) }
    let ranks = Array(Set(positions.flatMap { [$0.lower, $0.upper] })).sorted()
    let found = try values.withUnsafeBufferPointer { (values) throws(StatisticsError) in
      try RankSelection.select(ranks, of: values, on: pool)
    }
    let valueOfRank = Dictionary(uniqueKeysWithValues: zip(ranks, found))
    return positions.map { position in
      // Every rank of a position was asked for above.
      between(
        valueOfRank[position.lower, default: .nan], valueOfRank[position.upper, default: .nan],
        share: position.share)
    }
  }

  /// The same of an array.
  public static func exact(
    _ values: [Double], at probabilities: [Double], on pool: Pool = .shared
  ) throws(StatisticsError) -> [Double] {
    try exact(values.span, at: probabilities, on: pool)
  }

  public static func median(
    _ values: [Double], on pool: Pool = .shared
  ) throws(StatisticsError) -> Double {
    try exact(values, at: [0.5], on: pool)[0]
  }

  /// Where a probability falls among the ranks.
  private struct Position {
    let lower, upper: Int
    /// How much of the way from the lower to the upper.
    let share: Double

    init(_ probability: Double, count: Int) {
      let place = probability * Double(count - 1)
      lower = min(Int(place), count - 1)
      upper = min(lower + 1, count - 1)
      share = place - Double(lower)
    }
  }

  /// The place that lies a share of the way from a number to a greater one: from the nearer end, so that
  /// it never leaves the interval.
  static func between(_ a: Double, _ b: Double, share: Double) -> Double {
    if share == 0 || a == b { return a }
    // Also where the distance is too large for a number: all of the way to an infinite end.
    guard (b - a).isFinite else { return a * (1 - share) + b * share }
    return share < 0.5 ? a + (b - a) * share : b - (b - a) * (1 - share)
  }
}
