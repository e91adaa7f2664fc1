import Foundation
import Market
import Numerics

/// The mean rank correlation of a feature with a label.
struct RankCorrelation: Hashable {
  let mean: Double
  /// The mean over its standard error; labels that overlap in time count as one.
  let t: Double
}

/// Labels of some rows, ready to be held against features.
///
/// Where several symbols have bars at the same instants, a correlation is taken at each instant among
/// them and averaged, as a portfolio would use it; else over time.
struct LabelRanks {
  /// Symbols that an instant needs, so that ranks among them mean something.
  static let symbolsMin = 5
  private static let tenths = 10

  let isCrossSectional: Bool
  private let labels: [[Double]]
  /// Over all rows, and of each row among those of its instant.
  private let ranks, ranksOfInstant: [[Double]]
  private let horizons: [Int]
  private let instants: [Range<Int>]

  init(_ samples: SampleRows, rows: [Int]) throws(StatisticsError) {
    labels = samples.labels.map { label in rows.map { label[$0] } }
    var ranks: [[Double]] = []
    for label in labels { ranks.append(try Ranks.averaged(label)) }
    self.ranks = ranks
    horizons = samples.horizons
    var instants: [Range<Int>] = []
    for (index, row) in rows.enumerated() {
      if let last = instants.last, samples.knownAt[rows[last.lowerBound]] == samples.knownAt[row] {
        instants[instants.count - 1] = last.lowerBound..<index + 1
      } else {
        instants.append(index..<index + 1)
      }
    }
    let wide = instants.count { $0.count >= Self.symbolsMin }
    isCrossSectional = wide * 2 > instants.count
    self.instants = instants
    var ranksOfInstant: [[Double]] = []
    for label in labels where isCrossSectional {
      var all: [Double] = []
      for instant in instants { all += try Ranks.averaged(Array(label[instant])) }
      ranksOfInstant.append(all)
    }
    self.ranksOfInstant = ranksOfInstant
  }

  /// With every label.
  func correlations(with values: [Double]) throws(StatisticsError) -> [RankCorrelation] {
    isCrossSectional ? try amongSymbols(values) : try overTime(values)
  }

  private func overTime(_ values: [Double]) throws(StatisticsError) -> [RankCorrelation] {
    let known = values.indices.filter { !values[$0].isNaN }
    guard known.count > 2 else {
      return labels.map { _ in RankCorrelation(mean: .nan, t: .nan) }
    }
    let own = try Ranks.averaged(known.map { values[$0] })
    var all: [RankCorrelation] = []
    for (label, horizon) in zip(labels.indices, horizons) {
      let others =
        known.count == values.count
        ? ranks[label] : try Ranks.averaged(known.map { labels[label][$0] })
      let mean = try Correlation.pearson(own, others)
      let independent = Double(known.count) / Double(max(1, horizon))
      all.append(RankCorrelation(mean: mean, t: mean * independent.squareRoot()))
    }
    return all
  }

  private func amongSymbols(_ values: [Double]) throws(StatisticsError) -> [RankCorrelation] {
    var found = [[Double]](repeating: [], count: labels.count)
    for instant in instants {
      let known = instant.filter { !values[$0].isNaN }
      guard known.count >= Self.symbolsMin else { continue }
      let own = try Ranks.averaged(known.map { values[$0] })
      for label in labels.indices {
        let others =
          known.count == instant.count
          ? Array(ranksOfInstant[label][instant])
          : try Ranks.averaged(known.map { labels[label][$0] })
        if let correlation = Self.correlation(own, others) { found[label].append(correlation) }
      }
    }
    return zip(found, horizons).map { correlations, horizon in
      guard correlations.count > 1 else { return RankCorrelation(mean: .nan, t: .nan) }
      let moments = StreamingMoments(correlations.span)
      let independent = Double(correlations.count) / Double(max(1, horizon))
      let deviation = moments.deviation()
      return RankCorrelation(
        mean: moments.mean,
        t: deviation > 0 ? moments.mean / deviation * independent.squareRoot() : .nan)
    }
  }

  /// Of ranks, whose mean is known; `nil` where one of the two does not vary.
  private static func correlation(_ a: [Double], _ b: [Double]) -> Double? {
    let mean = Double(a.count + 1) / 2
    var (products, squaresOfA, squaresOfB) = (0.0, 0.0, 0.0)
    for index in a.indices {
      let (x, y) = (a[index] - mean, b[index] - mean)
      products += x * y
      squaresOfA += x * x
      squaresOfB += y * y
    }
    guard squaresOfA > 0, squaresOfB > 0 else { return nil }
    return products / (squaresOfA * squaresOfB).squareRoot()
  }

  /// Bits that the values share with a label, from a table of tenths of each, less what
  /// chance alone would show (Miller 1955).
  func sharedBits(with values: [Double], label: Int) throws(StatisticsError) -> Double {
    let known = values.indices.filter { !values[$0].isNaN }
    guard known.count > Self.tenths * Self.tenths else { return .nan }
    let label = labels[label]
    let rows = try Self.tenth(known.map { values[$0] })
    let columns = try Self.tenth(known.map { label[$0] })
    var table = [Int](repeating: 0, count: Self.tenths * Self.tenths)
    var (ofRow, ofColumn) = (
      [Int](repeating: 0, count: Self.tenths), [Int](repeating: 0, count: Self.tenths)
    )
    for (row, column) in zip(rows, columns) {
      table[row * Self.tenths + column] += 1
      ofRow[row] += 1
      ofColumn[column] += 1
    }
    let total = Double(known.count)
    var nats = 0.0
    for (place, count) in table.enumerated() where count > 0 {
      let expected = Double(ofRow[place / Self.tenths]) * Double(ofColumn[place % Self.tenths])
      nats += Double(count) / total * (Double(count) * total / expected).naturalLogarithm
    }
    let freedom = (ofRow.count { $0 > 0 } - 1) * (ofColumn.count { $0 > 0 } - 1)
    return max(0, nats - Double(freedom) / (2 * total)) / 2.0.naturalLogarithm
  }

  private static func tenth(_ values: [Double]) throws(StatisticsError) -> [Int] {
    let count = Double(values.count)
    return try Ranks.averaged(values).map {
      min(tenths - 1, Int(($0 - 0.5) / count * Double(tenths)))
    }
  }
}

extension Double {
  var naturalLogarithm: Double { Foundation.log(self) }
}
