import Foundation
import Market
import MarketData
import Numerics
import Runtime

/// What features are like: distribution, stability, what they say about what comes, and about each
/// other. Of the training part alone, so that whoever chooses by it has not seen the test.
public struct FeatureReport: Sendable {
  /// One feature, as the table and programs have it.
  public struct Line: Sendable {
    public let name: String
    public let family: FeatureDescription.Family
    public let lookBack: Int
    public let coverage, mean, deviation, least, median, greatest: Double
    let bins: [Int]
    let low, high: Double
    public let stability: Double
    /// By horizon.
    public let rankCorrelations, tValues: [Double]
    public let mutualInformation: Double
    /// The strongest feature that it moves with; its own name where it leads.
    public let leader: String
    let coverageByPeriod: [Double]

    public var isRedundant: Bool { leader != name }
  }

  public static let horizons = [1, 2, 5, 10, 20, 60]
  /// The horizon that features are ordered by.
  static let mainHorizon = 2
  static let redundant = 0.95
  public static let shifted = 0.25
  static let periods = 48

  public let lines: [Line]
  let correlations: [[Double]]
  public let isCrossSectional: Bool
  public let rows: Int
  public let symbols: [Symbol]
  public let from, to: Timestamp
  let edges: [Timestamp]
  public let leftOut: [FeatureSelection.LeftOut]
  /// Where the bars come from.
  public let data: String

  public init(
    _ choice: FeatureChoice, frames: [Frame], split: ChronologicalSplit, data: String, code: String
  ) throws {
    let labels = try Self.horizons.map { try ForwardReturn(horizon: $0) }
    // What follows the training part is one: no label of these rows reaches into it.
    let training = try ChronologicalSplit(
      train: split.train, validation: 0, embargo: split.embargo)
    let recipe = TrainingRecipe(
      choice: choice, labels: labels, split: training, missingRows: .keep)
    let samples = try Samples(recipe, frames: frames, code: code, cache: .shared)
    let rows = samples.fold.train
    let places = Array(samples.rows.features.indices)
    let statistics = try SampleStatistics(
      samples.rows, rows: rows, places: places, main: Self.mainHorizon)
    let leaders = Dictionary(
      statistics.followers(among: places, from: Self.redundant).map { ($0.follower, $0.leader) },
      uniquingKeysWith: { first, _ in first })
    let times = rows.map { samples.rows.knownAt[$0] }
    let cuts = (0...Self.periods).map { times.count * $0 / Self.periods }
    let order = statistics.byStrength(among: places)
    lines = order.map { place in
      Line(
        samples.rows.features[place].about, statistics[place],
        leader: samples.rows.names[leaders[place] ?? place],
        coverage: zip(cuts, cuts.dropFirst()).map { from, to in
          let known = rows[from..<to].count { !samples.rows.values[place][$0].isNaN }
          return to > from ? Double(known) / Double(to - from) : .nan
        })
    }
    correlations = order.map { row in order.map { statistics.correlation(row, $0) } }
    isCrossSectional = statistics.isCrossSectional
    self.rows = rows.count
    symbols = samples.rows.symbols
    from = Timestamp(nanoseconds: times.first ?? 0)
    to = Timestamp(nanoseconds: times.last ?? 0)
    edges = cuts.map { Timestamp(nanoseconds: times[min($0, times.count - 1)]) }
    leftOut = samples.leftOut
    self.data = data
  }

  /// From which |t| on a feature says something that chance would not, for having tried so many
  /// (Bonferroni, one error in twenty).
  public var beyondChance: Double {
    let share = 0.05 / Double(2 * max(1, lines.count))
    do { return try NormalDistribution.standard.quantile(1 - share) } catch { return .infinity }
  }

  public var telling: [Line] { lines.filter { abs($0.tValues[Self.mainHorizon]) >= beyondChance } }
  public var unstable: [Line] { lines.filter { $0.stability > Self.shifted } }
  public var redundant: [Line] { lines.filter(\.isRedundant) }

  /// The one sentence to take away.
  public var verdict: String {
    let horizon = Self.horizons[Self.mainHorizon]
    return "Of \(NumberText.count(lines.count)) features \(NumberText.count(telling.count)) say "
      + "something about the next \(horizon) bars that chance would not "
      + "(|t| ≥ \(NumberText.ratio(beyondChance)), for having tried them all); "
      + "\(NumberText.count(redundant.count)) only repeat a stronger one, and "
      + "\(NumberText.count(unstable.count)) changed their distribution on the way."
  }

  public var json: JSON {
    [
      "part": "train", "rows": JSON(rows), "symbols": JSON(symbols.map { .string($0.text) }),
      "from": .string(from.description), "to": .string(to.description),
      "rank_ic_among": .string(isCrossSectional ? "symbols" : "times"),
      "horizons": JSON(Self.horizons.map { JSON($0) }), "beyond_chance_t": .number(beyondChance),
      "features": JSON(lines.map(\.json)),
      "left_out": JSON(leftOut.map(\.json)), "verdict": .string(verdict),
    ]
  }
}

extension FeatureReport.Line {
  fileprivate init(
    _ about: FeatureDescription, _ feature: SampleStatistics.Feature, leader: String,
    coverage: [Double]
  ) {
    let distribution = feature.distribution
    name = about.name
    family = about.family
    lookBack = about.lookBack
    self.coverage = distribution.coverage
    mean = distribution.mean
    deviation = distribution.deviation
    least = distribution.least
    median = distribution.quantiles[2]
    greatest = distribution.greatest
    bins = distribution.bins
    low = distribution.quantiles[0]
    high = distribution.quantiles[4]
    stability = feature.stability
    rankCorrelations = feature.outlook.map(\.mean)
    tValues = feature.outlook.map(\.t)
    mutualInformation = feature.mutualInformation
    self.leader = leader
    coverageByPeriod = coverage
  }

  fileprivate var json: JSON {
    func numbers(_ values: [Double]) -> JSON { JSON(values.map(JSON.number)) }
    return [
      "name": .string(name), "family": .string(family.rawValue), "lookback": JSON(lookBack),
      "coverage": .number(coverage), "mean": .number(mean), "std": .number(deviation),
      "min": .number(least), "median": .number(median), "max": .number(greatest),
      "psi": .number(stability), "rank_ic": numbers(rankCorrelations), "t": numbers(tValues),
      "mutual_information_bits": .number(mutualInformation), "cluster": .string(leader),
    ]
  }
}
