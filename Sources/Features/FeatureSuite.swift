import Market

/// Features of any kind, computed together: those of expressions in one plan, others one by one.
struct FeatureSuite {
  private let features: [any Feature]
  /// Where each output of the plan belongs.
  private let places: [Int]
  private let plan: FeaturePlan
  /// What the plan's columns are derived from, each once and in order.
  private let derived: [DerivedColumn]

  init(_ features: [any Feature]) {
    self.features = features
    let planned = features.map { $0 as? any PlannedFeature }
    places = planned.indices.filter { planned[$0] != nil }
    plan = FeaturePlan(planned.compactMap { $0?.expression })
    derived = planned.reduce(into: []) { all, feature in
      all += (feature?.derived ?? []).filter { !all.contains($0) }
    }
  }

  /// For each of `bars` a column a feature.
  func columns(over bars: [BarColumns]) throws(FeatureError) -> [[Column<Double>]] {
    var prepared: [BarColumns] = []
    for bars in bars { prepared.append(try bars.adding(derived)) }
    let planned = try plan.columns(over: prepared)
    var all: [[Column<Double>]] = []
    for (bars, planned) in zip(bars, planned) {
      all.append(
        try arranged(planned) { (feature) throws(FeatureError) in try feature.column(over: bars) })
    }
    return all
  }

  func streamed(over bars: BarColumns) throws(FeatureError) -> [Column<Double>] {
    try arranged(try plan.streamed(over: bars.adding(derived))) { $0.streamed(over: bars) }
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
