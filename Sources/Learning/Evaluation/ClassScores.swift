import Foundation
import Runtime

/// How well classes were told apart, and how honest the probabilities were.
package struct ClassScores: Sendable, Equatable {
  /// Rows that were of class i − 1 and seen as class j − 1.
  package let confusion: [[Int]]
  package let logLoss, brier, calibrationError: Double
  package let reliability: [ReliabilityBin]

  /// Probabilities of one stretch, and what came of them.
  package struct ReliabilityBin: Sendable, Equatable {
    package let count: Int
    package let meanProbability, share: Double
  }

  package static let bins = 15
  /// A probability of zero would cost without end: losses are capped as if it were this.
  static let least = 1e-15

  package init(_ output: PredictionOutput, classes: [Int]) {
    confusion = Self.confusion(classes, (0..<output.count).map { output.choice($0) + 1 })
    guard !output.probabilities.isEmpty else {
      (logLoss, brier, calibrationError, reliability) = (.nan, .nan, .nan, [])
      return
    }
    logLoss = Self.logLoss(output.probabilities, classes)
    brier = Self.brier(output.probabilities, classes)
    reliability = Self.reliability(output.probabilities, classes)
    let count = Double(max(1, classes.count))
    calibrationError = reliability.reduce(0) {
      $0 + Double($1.count) / count * abs($1.meanProbability - $1.share)
    }
  }

  package static func confusion(_ classes: [Int], _ choices: [Int]) -> [[Int]] {
    var confusion = [[Int]](repeating: [0, 0, 0], count: 3)
    for (was, seen) in zip(classes, choices) { confusion[was][seen] += 1 }
    return confusion
  }

  /// The mean of −log of the probability of what came.
  package static func logLoss(_ probabilities: [Double], _ classes: [Int]) -> Double {
    mean(losses(probabilities, classes))
  }

  package static func losses(_ probabilities: [Double], _ classes: [Int]) -> [Double] {
    classes.indices.map { -log(max(least, probabilities[3 * $0 + classes[$0]])) }
  }

  /// The mean over rows of the squared distance from what came, summed over classes (Brier 1950).
  package static func brier(_ probabilities: [Double], _ classes: [Int]) -> Double {
    mean(squares(probabilities, classes))
  }

  static func squares(_ probabilities: [Double], _ classes: [Int]) -> [Double] {
    classes.indices.map { row in
      (0..<3).reduce(0.0) {
        let error = probabilities[3 * row + $1] - (classes[row] == $1 ? 1 : 0)
        return $0 + error * error
      }
    }
  }

  /// Of the likeliest class, in stretches of equal width (Naeini, Cooper and Hauskrecht 2015).
  static func reliability(_ probabilities: [Double], _ classes: [Int]) -> [ReliabilityBin] {
    var counts = [Int](repeating: 0, count: bins)
    var sums = [Double](repeating: 0, count: bins)
    var hits = [Int](repeating: 0, count: bins)
    for row in classes.indices {
      let three = probabilities[3 * row..<3 * row + 3]
      guard let most = three.max(), let place = three.firstIndex(of: most) else { continue }
      let bin = min(bins - 1, max(0, Int(most * Double(bins))))
      counts[bin] += 1
      sums[bin] += most
      if place - 3 * row == classes[row] { hits[bin] += 1 }
    }
    return (0..<bins).map { bin in
      let count = Double(max(1, counts[bin]))
      return ReliabilityBin(
        count: counts[bin], meanProbability: sums[bin] / count, share: Double(hits[bin]) / count)
    }
  }

  static func mean(_ values: [Double]) -> Double {
    values.isEmpty ? .nan : values.reduce(0, +) / Double(values.count)
  }

  package var accuracy: Double { Self.accuracy(confusion) }
  package func precision(_ c: Int) -> Double { Self.precision(confusion, c) }
  package func recall(_ c: Int) -> Double { Self.recall(confusion, c) }
  package func f1(_ c: Int) -> Double { Self.f1(confusion, c) }

  static func accuracy(_ confusion: [[Int]]) -> Double {
    let all = confusion.reduce(0) { $0 + $1.reduce(0, +) }
    guard all > 0 else { return .nan }
    return Double((0..<3).reduce(0) { $0 + confusion[$1][$1] }) / Double(all)
  }

  /// NaN where no row was seen as the class.
  static func precision(_ confusion: [[Int]], _ c: Int) -> Double {
    let seen = (0..<3).reduce(0) { $0 + confusion[$1][c] }
    return seen > 0 ? Double(confusion[c][c]) / Double(seen) : .nan
  }

  /// NaN where no row was of the class.
  static func recall(_ confusion: [[Int]], _ c: Int) -> Double {
    let were = confusion[c].reduce(0, +)
    return were > 0 ? Double(confusion[c][c]) / Double(were) : .nan
  }

  /// 2 hits ÷ (rows seen as the class + rows of it); NaN where there are neither.
  static func f1(_ confusion: [[Int]], _ c: Int) -> Double {
    let seen = (0..<3).reduce(0) { $0 + confusion[$1][c] }
    let were = confusion[c].reduce(0, +)
    return seen + were > 0 ? 2 * Double(confusion[c][c]) / Double(seen + were) : .nan
  }
}
