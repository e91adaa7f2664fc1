import Foundation
import Market
import Runtime

/// Two sources of one series, held against each other.
///
/// Prices are compared as quotients. Where they stand at one constant ratio, that is a split or
/// dividends that one of them does not know, and no error of any bar.
public enum CrossSource {
  /// What differs; findings are about `batch`, `name` is what the other source is called.
  public static func findings(
    of batch: BarBatch, against other: BarBatch, named name: String, in context: QualityContext
  ) -> [Finding] {
    let subject = Subject(batch, context)
    let others = OrderedBars(other, calendar: context.calendar, zone: context.zone)
    let pairs = SharedRows(subject.bars, others)
    guard let comparison = Comparison(subject.bars.batch, others.batch, pairs) else { return [] }
    return comparison.segments(jump: log(1.4)).flatMap { segment in
      findings(segment, comparison, subject, name)
    } + coverage(pairs, subject, name)
  }

  private static func coverage(
    _ pairs: SharedRows, _ subject: Subject, _ name: String
  ) -> [Finding] {
    guard let first = pairs.onlyInOther.first ?? pairs.onlyInOurs.first else { return [] }
    let (here, there) = (pairs.onlyInOurs.count, pairs.onlyInOther.count)
    return [
      subject.finding(
        .sourcesCoverDifferently, at: first, count: here + there,
        "\(FigureText.count(there)) bars are only in \(name), \(FigureText.count(here)) only here; "
          + "\(FigureText.count(pairs.rows.count)) are in both")
    ]
  }

  private static func findings(
    _ segment: Range<Int>, _ comparison: Comparison, _ subject: Subject, _ name: String
  ) -> [Finding] {
    factor(segment, comparison, subject, name) + single(segment, comparison, subject, name)
  }

  /// The ratio at which the two stand throughout.
  private static func factor(
    _ segment: Range<Int>, _ comparison: Comparison, _ subject: Subject, _ name: String
  ) -> [Finding] {
    let quotients = segment.map { comparison.quotients[$0] }
    let middle = median(quotients)
    let tolerance = subject.thresholds.sourceTolerance
    guard abs(middle) > tolerance, segment.count >= Comparison.fewest else { return [] }
    let start = subject.bars.batch.start[comparison.rows[segment.lowerBound].ours]
    let last = subject.bars.batch.start[comparison.rows[segment.upperBound - 1].ours]
    let ordered = quotients.sorted()
    let drift = ordered[ordered.count - 1] - ordered[0]
    let isConstant = median(quotients.map { abs($0 - middle) }) <= tolerance
    let ratio = FigureText.fixed(exp(middle), decimals: 4)
    let place =
      "\(comparison.ourColumn) here is \(ratio) times \(comparison.otherColumn) of \(name) in "
      + "\(FigureText.count(segment.count)) bars from \(subject.time(start)) to \(subject.time(last))"
    // Dividends paid between two adjustments hide the ratio by a few percent.
    if abs(middle) > log(1.4),
      let split = SplitRatio.nearest(toPriceRatio: -middle, within: isConstant ? 0.05 : 0.15)
    {
      let beside = exp(middle - log(split))
      let rest =
        abs(beside - 1) < tolerance
        ? "" : ", and dividends (\(FigureText.fixed(beside, decimals: 4)))"
      return [
        subject.finding(
          .sourcesDifferBySplit, at: start, count: segment.count,
          "\(place): a split of \(SplitRatio.words(split))\(rest) that one of them does not know")
      ]
    }
    return [
      subject.finding(
        .sourcesDifferByFactor, at: start, count: segment.count,
        isConstant
          ? place : "\(place), wandering by \(FindingWords.move(drift)): dividends of one of them")
    ]
  }

  /// Bars whose quotient is not that of the bars around them.
  private static func single(
    _ segment: Range<Int>, _ comparison: Comparison, _ subject: Subject, _ name: String
  ) -> [Finding] {
    var around = RollingMedian(window: 21)
    for index in segment.prefix(21) { around.add(comparison.quotients[index]) }
    var rows: [Int] = []
    var evidence = [String](repeating: "", count: subject.bars.batch.count)
    for index in segment {
      let off = comparison.quotients[index] - around.median
      if abs(off) > subject.thresholds.sourceTolerance {
        let pair = comparison.rows[index]
        rows.append(pair.ours)
        evidence[pair.ours] =
          "\(subject.time(subject.bars.batch.start[pair.ours])): \(comparison.ourColumn) "
          + "\(FindingWords.price(comparison.ours[pair.ours])) here, \(comparison.otherColumn) "
          + "\(FindingWords.price(comparison.others[pair.other])) in \(name), "
          + "\(FindingWords.move(off)) beside their ratio"
      }
      around.add(comparison.quotients[index])
    }
    return subject.findings(.sourcesDisagree, rows: rows, of: subject.bars.batch) { evidence[$0] }
  }

  private static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    guard !sorted.isEmpty else { return .nan }
    return (sorted[sorted.count / 2] + sorted[(sorted.count - 1) / 2]) / 2
  }
}

/// Which rows of two series are the same bar: the same start, or of daily bars the same day.
struct SharedRows {
  private(set) var rows: [(ours: Int, other: Int)] = []
  /// Starts within the time both cover.
  private(set) var onlyInOurs: [Int64] = []
  private(set) var onlyInOther: [Int64] = []

  init(_ ours: OrderedBars, _ other: OrderedBars) {
    let (ourKeys, otherKeys) = (Self.keys(ours), Self.keys(other))
    guard let ourFirst = ourKeys.first, let ourLast = ourKeys.last,
      let otherFirst = otherKeys.first, let otherLast = otherKeys.last
    else { return }
    let shared = max(ourFirst, otherFirst)...max(max(ourFirst, otherFirst), min(ourLast, otherLast))
    var (row, otherRow) = (0, 0)
    while row < ourKeys.count || otherRow < otherKeys.count {
      let key = row < ourKeys.count ? ourKeys[row] : .max
      let otherKey = otherRow < otherKeys.count ? otherKeys[otherRow] : .max
      if key == otherKey {
        rows.append((row, otherRow))
      } else if key < otherKey, shared.contains(key) {
        onlyInOurs.append(ours.batch.start[row])
      } else if otherKey < key, shared.contains(otherKey) {
        onlyInOther.append(other.batch.start[otherRow])
      }
      if key <= otherKey { row += 1 }
      if otherKey <= key { otherRow += 1 }
    }
  }

  private static func keys(_ bars: OrderedBars) -> [Int64] {
    guard !bars.batch.interval.isIntraday else { return Array(bars.batch.start) }
    // Of several rows of one day the last counts, as everywhere.
    return bars.days.map { Int64($0.date.dayNumber) }
  }
}

/// The quotients of two columns, those of all that agree best.
struct Comparison {
  static let fewest = 10

  let ourColumn, otherColumn: String
  let ours, others: Column<Double>
  let rows: [(ours: Int, other: Int)]
  /// Logarithms of our price over the other's.
  let quotients: [Double]

  /// `nil` where there are too few bars in both, or no prices.
  init?(_ batch: BarBatch, _ other: BarBatch, _ shared: SharedRows) {
    let names = ["close", "adj_close"]
    let candidates = names.flatMap { ours in names.map { (ours, $0) } }
      .compactMap { ours, others in
        Self(batch, other, shared, ours, others)
      }
    guard let best = candidates.min(by: { $0.roughness < $1.roughness }) else { return nil }
    self = best
  }

  private init?(
    _ batch: BarBatch, _ other: BarBatch, _ shared: SharedRows, _ ourName: String,
    _ otherName: String
  ) {
    guard let ours = batch[ourName], let others = other[otherName] else { return nil }
    let pairs = shared.rows.filter { ours[$0.ours] > 0 && others[$0.other] > 0 }
      .filter { ours[$0.ours].isFinite && others[$0.other].isFinite }
    guard pairs.count >= Self.fewest else { return nil }
    self.ours = ours
    self.others = others
    ourColumn = ourName
    otherColumn = otherName
    rows = pairs
    quotients = pairs.map { log(ours[$0.ours] / others[$0.other]) }
  }

  /// How much the quotient changes between its ends and its middle, a few stray bars left out.
  private var roughness: Double {
    let sorted = quotients.sorted()
    return sorted[sorted.count * 9 / 10] - sorted[sorted.count / 10]
  }

  /// The rows cut where the quotient changes by more than `jump` and stays: a split that one source
  /// applied to what lies before it and the other did not.
  func segments(jump: Double) -> [Range<Int>] {
    var cuts = [0]
    for index in quotients.indices.dropFirst() {
      let step = quotients[index] - quotients[index - 1]
      guard abs(step) > jump else { continue }
      let stays =
        index + 1 == quotients.count || abs(quotients[index + 1] - quotients[index]) < jump
      let came = index < 2 || abs(quotients[index - 1] - quotients[index - 2]) < jump
      if stays && came { cuts.append(index) }
    }
    cuts.append(quotients.count)
    return zip(cuts, cuts.dropFirst()).map { $0..<$1 }
  }
}
