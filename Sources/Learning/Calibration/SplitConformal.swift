import Foundation

/// How far off forecasts have been on samples that the model never saw, and so how far off the next one
/// will be in so many of a hundred cases, whatever the model (Vovk, Gammerman and Shafer, Algorithmic
/// Learning in a Random World, 2005; Lei and others, Distribution-Free Predictive Inference, 2018).
///
/// It holds for samples that could stand in any order; markets are not such samples, and the coverage
/// that the evaluation finds says how much is lost by that.
package struct SplitConformal: Sendable, Equatable {
  /// The part of cases in which the truth is inside.
  package let coverage: Double
  /// Of points, half the width; of classes, the least probability of a class that is inside is
  /// 1 − `radius`. Infinite where there were too few samples for the coverage.
  package let radius: Double
  package let count: Int

  package init(coverage: Double, radius: Double, count: Int) {
    self.coverage = coverage
    self.radius = radius
    self.count = count
  }

  /// - Parameter scores: how far off each forecast was, 0 for none
  package init(coverage: Double, scores: [Double]) {
    self.coverage = coverage
    count = scores.count
    let rank = Int((coverage * Double(scores.count + 1)).rounded(.up))
    radius = rank <= scores.count && rank > 0 ? scores.sorted()[rank - 1] : .infinity
  }

  /// One less the probability of what came.
  package static func scores(probabilities: [Double], classes: [Int]) -> [Double] {
    classes.indices.map { 1 - probabilities[3 * $0 + classes[$0]] }
  }

  package static func scores(points: [Double], truth: [Double]) -> [Double] {
    zip(points, truth).map { abs($0 - $1) }
  }

  /// Which of the three classes are inside.
  package func set(_ three: some Collection<Double>) -> [Bool] { three.map { 1 - $0 <= radius } }

  package func interval(_ point: Double) -> ClosedRange<Double> {
    radius.isFinite ? point - radius...point + radius : -Double.infinity...Double.infinity
  }
}
