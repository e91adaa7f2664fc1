import Market
import MarketData

extension PredictionOutput {
  /// As a Parquet file has it: `datetime`, `symbol`, `p_down`, `p_flat`, `p_up`, `choice`, `score`,
  /// `point` and quantiles, then what came of them where that is known.
  package func table(labels: [Double]? = nil, outcomes: Outcomes? = nil) -> SampleTable {
    var names: [String] = []
    var columns: [Column<Double>] = []
    func add(_ name: String, _ values: [Double]) {
      names.append(name)
      columns.append(Column(values))
    }
    if !probabilities.isEmpty {
      for (place, name) in ["p_down", "p_flat", "p_up"].enumerated() {
        add(name, (0..<count).map { probabilities[3 * $0 + place] })
      }
    }
    if !points.isEmpty { add("point", points) }
    add("choice", (0..<count).map { Double(choice($0)) })
    add("score", (0..<count).map(score))
    for quantile in quantiles { add("q\(quantile.level)", quantile.values) }
    if let labels { add("label", labels) }
    if let outcomes {
      add("outcome", outcomes.ahead)
      add("outcome_next", outcomes.next)
    }
    return SampleTable(
      datetimes: Column(datetimes), symbols: symbols, codes: Column(codes),
      numbers: NumberTable(names: names, columns: columns))
  }
}
