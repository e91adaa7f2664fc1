import Market
import Numerics
import Runtime

/// What features are like on some rows of samples: how they are distributed, whether they stay so,
/// what they say about labels and about each other.
struct SampleStatistics {
  struct Feature {
    /// Among the samples' features.
    let place: Int
    let distribution: Distribution
    /// The population stability index: the largest between two thirds of the time.
    let stability: Double
    /// What it says about each label.
    let outlook: [RankCorrelation]
    /// Bits it shares with the main label.
    let mutualInformation: Double
    /// The size of its rank correlation with the main label; zero where it has none.
    let strength: Double
  }

  let features: [Feature]
  let isCrossSectional: Bool
  /// Rank correlations of the features with each other, in their order.
  let correlations: Matrix<Double>
  private let positions: [Int: Int]

  /// Correlations of features are taken from so many rows, evenly spread over time: more change no
  /// digit that anybody reads.
  private static let rowsMax = 4_000

  /// - Parameters:
  ///   - rows: of the samples, in order of time.
  ///   - places: of the features that are looked at.
  ///   - main: the label by which features are called strong.
  init(
    _ samples: SampleRows, rows: [Int], places: [Int], main: Int = 0
  ) throws(StatisticsError) {
    let labels = try LabelRanks(samples, rows: rows)
    isCrossSectional = labels.isCrossSectional
    let thirds = Self.thirds(of: rows, knownAt: samples.knownAt)
    var features: [Feature] = []
    for place in places {
      let values = rows.map { samples.values[place][$0] }
      let outlook = try labels.correlations(with: values)
      let strength = abs(outlook[main].mean)
      features.append(
        Feature(
          place: place, distribution: try Distribution(values),
          stability: try Stability.index(of: values, parts: thirds),
          outlook: outlook,
          mutualInformation: try labels.sharedBits(with: values, label: main),
          strength: strength.isNaN ? 0 : strength))
    }
    self.features = features
    positions = Dictionary(
      uniqueKeysWithValues: places.enumerated().map { ($0.element, $0.offset) })
    correlations = try Self.correlations(samples, rows: rows, places: places)
  }

  subscript(place: Int) -> Feature { features[positions[place] ?? 0] }

  func correlation(_ a: Int, _ b: Int) -> Double {
    let value = correlations[positions[a] ?? 0, positions[b] ?? 0]
    return value.isNaN ? 0 : value
  }

  /// The strongest first; of equals the first named.
  func byStrength(among places: [Int]) -> [Int] {
    places.sorted { a, b in (-self[a].strength, a) < (-self[b].strength, b) }
  }

  /// Features that move with a stronger one, and with which.
  func followers(
    among places: [Int], from least: Double
  ) -> [(follower: Int, leader: Int, correlation: Double)] {
    var leaders: [Int] = []
    var followers: [(Int, Int, Double)] = []
    for place in byStrength(among: places) {
      let leader = leaders.first { abs(correlation(place, $0)) >= least }
      if let leader {
        followers.append((place, leader, correlation(place, leader)))
      } else {
        leaders.append(place)
      }
    }
    return followers
  }

  /// Rows of the three thirds of the time; rows of one instant stay together.
  private static func thirds(of rows: [Int], knownAt: [Int64]) -> [Range<Int>] {
    var cuts = [0]
    for share in [1, 2] {
      var cut = rows.count * share / 3
      while cut > 0, cut < rows.count, knownAt[rows[cut]] == knownAt[rows[cut - 1]] { cut += 1 }
      cuts.append(max(cut, cuts[cuts.count - 1]))
    }
    cuts.append(rows.count)
    return zip(cuts, cuts.dropFirst()).map { $0..<$1 }
  }

  private static func correlations(
    _ samples: SampleRows, rows: [Int], places: [Int]
  ) throws(StatisticsError) -> Matrix<Double> {
    guard rows.count > 1, !places.isEmpty else {
      return Matrix(rows: places.count, columns: places.count, repeating: .nan)
    }
    let step = max(1, (rows.count + rowsMax - 1) / rowsMax)
    let chosen = stride(from: 0, to: rows.count, by: step).map { rows[$0] }
    var ranks: [[Double]] = []
    for place in places {
      ranks.append(try PartialRanks.filled(chosen.map { samples.values[place][$0] }))
    }
    return try Correlation.matrix(
      Matrix(rows: chosen.count, columns: places.count) { row, column in ranks[column][row] })
  }
}

/// Ranks of values of which some are missing.
enum PartialRanks {
  /// From 0 to 1 among the values there are; where one is missing, the middle.
  static func filled(_ values: [Double]) throws(StatisticsError) -> [Double] {
    let known = values.filter { !$0.isNaN }
    var ranks = try Ranks.averaged(known).makeIterator()
    let scale = Double(max(1, known.count))
    return values.map { $0.isNaN ? 0.5 : ((ranks.next() ?? 0) - 0.5) / scale }
  }
}

/// How the values of one feature lie.
struct Distribution {
  let count, missing: Int
  let mean, deviation, least, greatest: Double
  /// At 1, 25, 50, 75 and 99 of a hundred.
  let quantiles: [Double]
  /// Values in bins of one width between the outer quantiles; what lies beyond is in the outer bins.
  let bins: [Int]

  private static let binCount = 24

  init(_ values: [Double]) throws(StatisticsError) {
    let known = values.filter { !$0.isNaN }
    count = known.count
    missing = values.count - known.count
    let moments = StreamingMoments(known.span)
    mean = known.isEmpty ? .nan : moments.mean
    deviation = known.count > 1 ? moments.deviation() : .nan
    least = known.min() ?? .nan
    greatest = known.max() ?? .nan
    quantiles =
      known.isEmpty
      ? [Double](repeating: .nan, count: 5)
      : try Quantiles.exact(known, at: [0.01, 0.25, 0.5, 0.75, 0.99])
    let (low, width) = (quantiles[0], quantiles[4] - quantiles[0])
    var bins = [Int](repeating: 0, count: Self.binCount)
    for value in known {
      let share = width > 0 ? (value - low) / width : 0.5
      bins[Int(max(0, min(Double(Self.binCount - 1), share * Double(Self.binCount))))] += 1
    }
    self.bins = known.isEmpty ? [] : bins
  }

  var coverage: Double { Double(count) / Double(max(1, count + missing)) }
}

/// Whether values of later times are distributed as those of earlier ones.
enum Stability {
  /// The population stability index, Σ (p − q) ln (p / q) over tenths of the earlier values: the
  /// largest of all pairs of parts. Below 0.1 is calm, above 0.25 has shifted.
  static func index(of values: [Double], parts: [Range<Int>]) throws(StatisticsError) -> Double {
    var largest = 0.0
    for (number, part) in parts.enumerated() {
      let earlier = values[part].filter { !$0.isNaN }
      guard !earlier.isEmpty else { return .nan }
      let tenths = (1..<10).map { Double($0) / 10 }
      let edges = Array(Set(try Quantiles.exact(earlier, at: tenths))).sorted()
      let expected = shares(earlier, edges)
      for later in parts[(number + 1)...] {
        let found = shares(values[later].filter { !$0.isNaN }, edges)
        let index = zip(expected, found).reduce(0) { sum, pair in
          sum + (pair.0 - pair.1) * (pair.0 / pair.1).naturalLogarithm
        }
        largest = max(largest, index)
      }
    }
    return largest
  }

  private static func shares(_ values: [Double], _ edges: [Double]) -> [Double] {
    var counts = [Int](repeating: 0, count: edges.count + 1)
    for value in values { counts[edges.firstPlace(above: value)] += 1 }
    // An empty tenth would make the index infinite.
    return counts.map { max(1e-4, Double($0) / Double(max(1, values.count))) }
  }
}

extension [Double] {
  /// How many of these ascending numbers are less than the value.
  fileprivate func firstPlace(above value: Double) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if self[middle] < value { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
