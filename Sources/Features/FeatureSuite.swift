import Market

/// Features of any kind, computed together: formulas in one plan, others one by one.
struct FeatureSuite {
  private let features: [any Feature]
  /// Where each output of the plan belongs.
  private let places: [Int]
  private let plan: FeaturePlan

  init(_ features: [any Feature]) {
    self.features = features
    places = features.indices.filter { features[$0] is Formula }
    plan = FeaturePlan(features.compactMap { ($0 as? Formula)?.expression })
  }

  /// For each of `bars` a column a feature.
  func columns(over bars: [BarColumns]) throws(FeatureError) -> [[Column<Double>]] {
    let planned = try plan.columns(over: bars)
    var all: [[Column<Double>]] = []
    for (bars, planned) in zip(bars, planned) {
      all.append(
        try arranged(planned) { (feature) throws(FeatureError) in try feature.column(over: bars) })
    }
    return all
  }

  func streamed(over bars: BarColumns) throws(FeatureError) -> [Column<Double>] {
    try arranged(try plan.streamed(over: bars)) { $0.streamed(over: bars) }
  }

  private func arranged(
    _ planned: [Column<Double>], _ other: (any Feature) throws(FeatureError) -> Column<Double>
  ) throws(FeatureError) -> [Column<Double>] {
    var next = 0
    var columns: [Column<Double>] = []
    for (index, feature) in features.enumerated() {
      if next < places.count, places[next] == index {
        columns.append(planned[next])
        next += 1
      } else {
        columns.append(try other(feature))
      }
    }
    return columns
  }
}
