import Evidence
import Foundation
import Runtime

/// What a model's forecasts of one part are worth, each figure with its interval and beside forecasts
/// that take no learning.
package struct Evaluation: Sendable {
  package let part: String
  package let count: Int
  package let horizon: Int
  package let classes: ClassScores?
  package let classIntervals: ClassIntervals?
  package let points: PointScores?
  package let ranks: RankScores?
  package let trading: TradingScores?
  /// Why there is no trading, where there is none.
  package let tradingSilence: String?
  package let comparisons: [Comparison]
  package let coverage: [Coverage]
  package let times: [Int64]

  /// What is known besides the forecasts.
  package struct Circumstances: Sendable {
    /// The shares of the classes in training, or their mean change.
    package var naive: [Double]
    package var costs: CostRates
    package var seed: UInt64
    package var calibration: Calibration

    package init(naive: [Double], costs: CostRates, seed: UInt64, calibration: Calibration) {
      self.naive = naive
      self.costs = costs
      self.seed = seed
      self.calibration = calibration
    }
  }

  /// How often the truth was inside what split conformal promised.
  package struct Coverage: Sendable, Equatable {
    package let promised, found: Double
    /// Classes in a set, or the width of an interval.
    package let meanSize: Double
  }

  /// - Parameters:
  ///   - output: calibrated, in the order of time
  ///   - deflation: what all trials on these bars leave of a Sharpe ratio over so many bars
  package init(
    _ output: PredictionOutput, of samples: Windows, part: String, outcomes: Outcomes?,
    in known: Circumstances,
    deflation: (SharpeEstimate, Int) throws -> Deflation? = { _, _ in nil }
  ) throws {
    precondition(output.count == samples.count, "a forecast a sample")
    self.part = part
    count = samples.count
    horizon = samples.horizon
    let instants = Instants(samples.datetimes)
    times = instants.times
    let labels = samples.labels
    let seed = known.seed
    if samples.target == .classes {
      let truth = samples.classes
      classes = ClassScores(output, classes: truth)
      classIntervals = ClassIntervals(
        truth, (0..<output.count).map { output.choice($0) + 1 }, output.probabilities, instants,
        horizon: horizon, seed: seed)
      points = nil
    } else {
      classes = nil
      classIntervals = nil
      points = PointScores(output.points, labels, instants, horizon: horizon, seed: seed)
    }
    ranks = (outcomes?.ahead ?? (samples.target == .returns ? labels : nil)).flatMap {
      RankScores(
        scores: (0..<output.count).map(output.score), outcomes: $0, instants: instants,
        horizon: samples.horizon, seed: seed)
    }
    comparisons = Baselines(output, samples, instants, naive: known.naive).comparisons
    coverage = known.calibration.conformal.map { Self.coverage($0, output, samples) }
    if let next = outcomes?.next, instants.count > 20 {
      trading = try TradingScores(
        output, next: next, instants: instants, costs: known.costs,
        barsPerYear: Self.barsPerYear(instants.times), seed: seed, deflation: deflation)
      tradingSilence = nil
    } else {
      trading = nil
      tradingSilence =
        outcomes == nil
        ? "the set has no column outcome_h1: build it anew" : "fewer than 20 bars to trade"
    }
  }

  /// As many as there were, over the time they took.
  static func barsPerYear(_ times: [Int64]) -> Double {
    guard let first = times.first, let last = times.last, last > first else { return 252 }
    let years = Double(last - first) / Double(Timestamp.nanosecondsPerDay) / 365.25
    return Double(times.count - 1) / years
  }

  private static func coverage(
    _ conformal: SplitConformal, _ output: PredictionOutput, _ samples: Windows
  ) -> Coverage {
    var (inside, size) = (0.0, 0.0)
    for row in 0..<output.count {
      if output.probabilities.isEmpty {
        if conformal.interval(output.points[row]).contains(samples.label(row)) { inside += 1 }
        size += 2 * conformal.radius
      } else {
        let set = conformal.set(output.probabilities[3 * row..<3 * row + 3])
        if set[Int(samples.label(row)) + 1] { inside += 1 }
        size += Double(set.count { $0 })
      }
    }
    let count = Double(max(1, output.count))
    return Coverage(
      promised: conformal.coverage, found: inside / count, meanSize: size / count)
  }

  /// The one sentence to take away.
  package var verdict: String {
    let lost = comparisons.filter { !$0.isBeaten }
    if lost.isEmpty, !comparisons.isEmpty { return "It beats every baseline beyond luck." + traded }
    guard let nearest = lost.first else { return "There is nothing to compare it with." + traded }
    let chance = nearest.chance.map { ", p \(NumberText.ratio($0))" } ?? ""
    let names = lost.reduce(into: [String]()) { names, one in
      if !names.contains(one.baseline) { names.append(one.baseline) }
    }.joined(separator: " and ")
    guard nearest.model >= nearest.other else {
      return "Not better than \(names) beyond luck\(chance)." + traded
    }
    return (nearest.isBeyondLuck ? "Worse than" : "No better than") + " \(names)\(chance)." + traded
  }

  private var traded: String {
    if let day = trading?.lostEverythingAt?.utcDate {
      return " Traded after costs it lost everything by \(day)."
    }
    guard let trading, let estimate = trading.estimate else { return "" }
    let year = NumberText.ratio(estimate.sharpe * trading.run.barsPerYear.squareRoot())
    guard let beats = trading.beatsHolding else {
      return " Traded after costs its Sharpe ratio is \(year)."
    }
    return " Traded after costs its Sharpe ratio is \(year), "
      + (beats
        ? "above those of equal weight and holding."
        : "not beyond luck above those of equal weight and holding.")
  }

  /// Whether every baseline is beaten beyond luck, trading's included where there is any.
  package var beatsBaselines: Bool {
    !comparisons.isEmpty && comparisons.allSatisfy(\.isBeaten)
      && (trading?.beatsHolding ?? true)
  }
}

/// How far off points were.
package struct PointScores: Sendable, Equatable {
  package let meanSquared, meanAbsolute: Double
  package let meanAbsoluteInterval: ClosedRange<Double>?
  /// Rows whose direction was seen, of those that moved.
  package let direction: Double

  init(_ points: [Double], _ truth: [Double], _ instants: Instants, horizon: Int, seed: UInt64) {
    meanSquared = ClassScores.mean(zip(points, truth).map { ($0 - $1) * ($0 - $1) })
    let errors = zip(points, truth).map { abs($0 - $1) }
    meanAbsolute = ClassScores.mean(errors)
    meanAbsoluteInterval = instants.interval(
      ofMean: instants.sums { errors[$0] }, horizon: horizon, seed: seed)
    let moved = zip(points, truth).filter { $1 != 0 }
    direction = ClassScores.mean(moved.map { $0 * $1 > 0 ? 1 : 0 })
  }
}

/// Where figures of classes lie in 95 of 100 histories.
package struct ClassIntervals: Sendable, Equatable {
  package let accuracy, logLoss, brier: ClosedRange<Double>?
  package let precision, recall, f1: [ClosedRange<Double>?]

  init(
    _ truth: [Int], _ choices: [Int], _ probabilities: [Double], _ instants: Instants,
    horizon: Int, seed: UInt64
  ) {
    // Nine counts an instant, so that a history is a sum and not a walk over rows.
    var counts = [Int32](repeating: 0, count: 9 * instants.count)
    for (instant, rows) in instants.rows.enumerated() {
      for row in rows { counts[9 * instant + 3 * truth[row] + choices[row]] += 1 }
    }
    let all = counts
    func interval(_ figure: @escaping @Sendable ([[Int]]) -> Double) -> ClosedRange<Double>? {
      instants.interval(horizon: horizon, seed: seed) { drawn in
        var flat = [Int](repeating: 0, count: 9)
        for place in drawn.indices {
          for cell in 0..<9 { flat[cell] += Int(all[9 * drawn[place] + cell]) }
        }
        return figure([Array(flat[0..<3]), Array(flat[3..<6]), Array(flat[6..<9])])
      }
    }
    accuracy = interval(ClassScores.accuracy)
    precision = (0..<3).map { c in interval { ClassScores.precision($0, c) } }
    recall = (0..<3).map { c in interval { ClassScores.recall($0, c) } }
    f1 = (0..<3).map { c in interval { ClassScores.f1($0, c) } }
    guard !probabilities.isEmpty else {
      (logLoss, brier) = (nil, nil)
      return
    }
    let losses = ClassScores.losses(probabilities, truth)
    let squares = ClassScores.squares(probabilities, truth)
    logLoss = instants.interval(
      ofMean: instants.sums { losses[$0] }, horizon: horizon, seed: seed)
    brier = instants.interval(ofMean: instants.sums { squares[$0] }, horizon: horizon, seed: seed)
  }
}
