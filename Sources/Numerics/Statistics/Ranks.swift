/// Places in order.
public enum Ranks {
  /// The rank of each value, from 1; equal values share the average of their ranks. Refuses NaN,
  /// with the index of the first.
  public static func averaged(_ values: Span<Double>) throws(StatisticsError) -> [Double] {
    for index in values.indices where values[index].isNaN {
      throw .notANumber(operation: "ranks", index: index)
    }
    let order = values.withUnsafeBufferPointer { values in
      values.indices.sorted { values[$0] < values[$1] }
    }
    var ranks = [Double](repeating: 0, count: values.count)
    var start = 0
    while start < order.count {
      let value = values[order[start]]
      var end = start + 1
      while end < order.count, values[order[end]] == value { end += 1 }
      for place in start..<end { ranks[order[place]] = Double(start + end + 1) / 2 }
      start = end
    }
    return ranks
  }

  public static func averaged(_ values: [Double]) throws(StatisticsError) -> [Double] {
    try averaged(values.span)
  }
}

extension Correlation {
  /// Pearson's correlation of two samples. NaN where one of them does not vary or holds NaN.
  public static func pearson(
    _ first: [Double], _ second: [Double]
  ) throws(StatisticsError) -> Double {
    let sums = try StreamingCovariance(first.span, second.span)
    guard sums.count >= 2 else {
      throw .tooFew(operation: "correlation", count: sums.count, needed: 2)
    }
    return sums.correlation
  }

  /// Spearman's: Pearson's correlation of the ranks, ties averaged. Refuses NaN.
  public static func spearman(
    _ first: [Double], _ second: [Double]
  ) throws(StatisticsError) -> Double {
    guard first.count == second.count else {
      throw .shapes(
        operation: "spearman", first: Shape(rows: first.count, columns: 1),
        second: Shape(rows: second.count, columns: 1))
    }
    return try pearson(try Ranks.averaged(first), try Ranks.averaged(second))
  }
}
