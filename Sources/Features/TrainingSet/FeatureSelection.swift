import Runtime

/// Which features are left out without anybody naming them, judged by the training part alone.
public struct FeatureSelection: Hashable, Sendable {
  /// Leave out features with one and the same value at every row.
  public var constant = false
  /// Leave out a feature whose rank correlation with a stronger one is at least this, either way.
  public var duplicate: Double?
  /// Leave out a feature whose population stability index between thirds of the time is above this.
  public var unstable: Double?
  /// Keep at most so many: those with the largest rank correlation with the first label.
  public var best: Int?

  public init() {}

  /// Why a feature is not in the set.
  public enum Reason: String, Hashable, Sendable {
    /// It needs a column that the bars do not have.
    case absent
    case constant, duplicate, unstable
    /// Others had a larger rank correlation.
    case weaker
  }

  public struct LeftOut: Hashable, Sendable {
    /// Among the features that were looked at; −1 where it was not even computed.
    let place: Int
    public let name: String
    public let reason: Reason
    public let detail: String

    var json: JSON {
      ["name": .string(name), "reason": .string(reason.rawValue), "detail": .string(detail)]
    }
  }

  /// How much a feature that stays counts: its share of all rank correlations, by size.
  struct Weight {
    let name: String
    let rankCorrelation, weight: Double

    var json: JSON {
      [
        "name": .string(name), "rank_ic": .number(rankCorrelation), "weight": .number(weight),
      ]
    }
  }

  var json: JSON {
    [
      "constant": .bool(constant), "duplicate": JSON(duplicate), "unstable": JSON(unstable),
      "best": JSON(best),
    ]
  }

  /// Looks at some rows of the samples.
  func applied(
    to samples: SampleRows, rows: [Int]
  ) throws -> (leftOut: [LeftOut], weights: [Weight]) {
    var leftOut: [LeftOut] = []
    var rest = Array(samples.features.indices)
    func leave(_ place: Int, _ reason: Reason, _ detail: String) {
      leftOut.append(
        LeftOut(place: place, name: samples.names[place], reason: reason, detail: detail))
      rest.removeAll { $0 == place }
    }
    if constant {
      for place in rest where Self.isConstant(samples.values[place], rows) {
        leave(place, .constant, "one value in all \(rows.count) rows of the training part")
      }
    }
    guard duplicate != nil || unstable != nil || best != nil else { return (leftOut, []) }
    let statistics = try SampleStatistics(samples, rows: rows, places: rest)
    if let unstable {
      for feature in statistics.features where feature.stability > unstable {
        leave(
          feature.place, .unstable,
          "stability index \(NumberText.ratio(feature.stability)) between thirds of the time")
      }
    }
    if let duplicate {
      for (follower, leader, correlation) in statistics.followers(
        among: rest, from: duplicate)
      {
        leave(
          follower, .duplicate,
          "rank correlation \(NumberText.ratio(correlation, decimals: 4)) with "
            + samples.names[leader])
      }
    }
    let strongest = statistics.byStrength(among: rest)
    if let best {
      for place in strongest.dropFirst(best) {
        leave(
          place, .weaker,
          "rank correlation \(NumberText.ratio(statistics[place].strength, decimals: 4)), "
            + "not among the \(best) strongest")
      }
    }
    let kept = strongest.filter { rest.contains($0) }
    let total = kept.reduce(0) { $0 + statistics[$1].strength }
    return (
      leftOut,
      kept.map { place in
        let feature = statistics[place]
        return Weight(
          name: samples.names[place], rankCorrelation: feature.outlook[0].mean,
          weight: total > 0 ? feature.strength / total : 0)
      }
    )
  }

  private static func isConstant(_ column: some RandomAccessCollection<Double>, _ rows: [Int])
    -> Bool
  {
    var first: Double?
    for row in rows {
      let value = column[column.index(column.startIndex, offsetBy: row)]
      guard !value.isNaN else { continue }
      if let first, first != value { return false }
      first = value
    }
    return true
  }
}
