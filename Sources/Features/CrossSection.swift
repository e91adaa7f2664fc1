import Market

/// What a symbol's bar is beside those of the others that became known at the same instant.
public enum CrossSection {
  /// The columns that are joined to a frame.
  public static let columns: Set<String> = [
    "market_return", "market_dispersion", "return_rank", "turnover_share",
  ]

  /// The frames, each with the columns above: the mean of all symbols' changes over one bar and their
  /// standard deviation (of the population), the symbol's place among them from 0 to 1 (equals share
  /// theirs), and its share of the money that was traded. Only bars known at that very instant count.
  public static func joined(_ frames: [Frame]) throws(FeatureError) -> [Frame] {
    var bars: [Member] = []
    for frame in frames { bars.append(try Member(frame)) }
    var instants: [Int64: [Place]] = [:]
    for (symbol, member) in bars.enumerated() {
      for row in 0..<member.frame.count {
        instants[member.frame.knownAt[row], default: []].append(Place(symbol: symbol, row: row))
      }
    }
    for places in instants.values { fill(&bars, places) }
    return bars.map(\.joined)
  }

  /// The frames with the ranks among symbols that features ask for.
  static func ranked(
    _ frames: [Frame], for features: [any PlannedFeature]
  ) throws(FeatureError) -> [Frame] {
    var joined = frames
    let ranks = features.flatMap(\.derived).filter { $0.making == .amongSymbols }
    for column in ranks where joined.first?[column.name] == nil {
      var values: [Column<Double>] = []
      for frame in joined {
        values.append(
          try FeaturePlan([column.operand]).columns(over: [BarColumns(frame)])[0][0])
      }
      let places = places(of: values, knownAt: joined.map(\.knownAt))
      joined = zip(joined, places).map { $0.adding($1, as: column.name) }
    }
    return joined
  }

  private struct Place {
    let symbol: Int
    let row: Int
  }

  private struct Member {
    let frame: Frame
    /// The change over one bar and the money traded.
    let change, turnover: [Double]
    var mean, dispersion, rank, share: [Double]

    init(_ frame: Frame) throws(FeatureError) {
      let bars = try BarColumns(frame)
      let count = frame.count
      self.frame = frame
      change = (0..<count).map { (row: Int) -> Double in
        if row == 0 { return .nan }
        return (bars.close[row] / bars.close[row - 1] - 1).orMissing
      }
      turnover = (0..<count).map { (row: Int) -> Double in
        (bars.close[row] * bars.volume[row]).orMissing
      }
      let missing = [Double](repeating: .nan, count: count)
      (mean, dispersion, rank, share) = (missing, missing, missing, missing)
    }

    var joined: Frame {
      frame.adding(Column(mean), as: "market_return")
        .adding(Column(dispersion), as: "market_dispersion")
        .adding(Column(rank), as: "return_rank")
        .adding(Column(share), as: "turnover_share")
    }
  }

  /// For each symbol's values their places among all that became known at the same instant, as above.
  static func places(
    of values: [Column<Double>], knownAt: [Column<Int64>]
  ) -> [Column<Double>] {
    var instants: [Int64: [Place]] = [:]
    for (symbol, known) in knownAt.enumerated() {
      for row in known.indices where !values[symbol][row].isNaN {
        instants[known[row], default: []].append(Place(symbol: symbol, row: row))
      }
    }
    var ranks = values.map { [Double](repeating: .nan, count: $0.count) }
    for places in instants.values {
      let known = places.map { values[$0.symbol][$0.row] }
      for (place, value) in zip(places, known) {
        ranks[place.symbol][place.row] = self.place(of: value, among: known)
      }
    }
    return ranks.map { Column($0) }
  }

  /// From 0, the least, to 1; equals share theirs, and one alone stands in the middle.
  static func place(of value: Double, among known: [Double]) -> Double {
    guard known.count > 1 else { return 0.5 }
    let below = Double(known.count { $0 < value })
    let equal = Double(known.count { $0 == value })
    return (below + (equal - 1) / 2) / Double(known.count - 1)
  }

  private static func fill(_ bars: inout [Member], _ places: [Place]) {
    let changes = places.map { bars[$0.symbol].change[$0.row] }
    let turnovers = places.map { bars[$0.symbol].turnover[$0.row] }
    let known = changes.filter { !$0.isNaN }.sorted()
    let count = Double(known.count)
    let mean = known.reduce(0, +) / count
    let squares = known.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let money = turnovers.filter { !$0.isNaN }.sorted().reduce(0, +)
    for (index, place) in places.enumerated() {
      let change = changes[index]
      bars[place.symbol].share[place.row] = turnovers[index] / money
      guard !change.isNaN else { continue }
      bars[place.symbol].mean[place.row] = mean
      bars[place.symbol].dispersion[place.row] = (squares / count).squareRoot()
      bars[place.symbol].rank[place.row] = self.place(of: change, among: known)
    }
  }
}
