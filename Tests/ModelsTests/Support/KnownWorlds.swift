import Foundation
import Learning
import Market
import Numerics

/// Sets made by a rule with noise, so that the best accuracy anybody can reach is known.
struct KnownWorld: Sendable {
  let name: String
  /// What decides, from the rows of a symbol up to the last.
  let score: @Sendable (_ rows: [[Float]], _ last: Int) -> Double
  let noise: Double
  let features = 6

  static let linear = KnownWorld(
    name: "linear",
    score: { rows, last in
      let x = rows[last]
      return Double(x[0]) - 0.7 * Double(x[1]) + 0.4 * Double(x[2])
    }, noise: 0.6)

  static let interactions = KnownWorld(
    name: "interactions",
    score: { rows, last in
      let x = rows[last]
      return 1.4 * Double(x[0] * x[1]) + (x[2] > 0 ? 0.8 : -0.8)
    }, noise: 0.5)

  static let memory = KnownWorld(
    name: "memory",
    score: { rows, last in
      (0..<6).reduce(0.0) { $0 + Double(rows[max(0, last - $1)][0]) / 2 }
    }, noise: 0.5)

  struct Sets {
    let train: Windows
    let validation: Windows
    let test: Windows
    /// The accuracy of whoever knows the rule, on the test part.
    let best: Double
    /// The largest share of a class in the test part.
    let chance: Double
  }

  /// - Parameter isShuffled: labels dealt out by chance, so that there is nothing to learn
  func sets(rows count: Int, steps: Int, seed: UInt64, isShuffled: Bool = false) throws -> Sets {
    var stream = RandomStream(seed: seed, purpose: "known world \(name)")
    let rows = (0..<count).map { _ in (0..<features).map { _ in Float(stream.normal()) } }
    let scores = rows.indices.map { score(rows, $0) }
    let sorted = scores.sorted()
    let (low, high) = (sorted[count / 3], sorted[2 * count / 3])
    var labels = scores.map { score -> Double in
      let value = score + noise * stream.normal()
      return value < low ? -1 : value > high ? 1 : 0
    }
    if isShuffled {
      for i in stride(from: count - 1, to: 0, by: -1) {
        labels.swapAt(i, stream.index(below: i + 1))
      }
    }
    let matrix = FeatureMatrix(names: (0..<features).map { "f\($0)" }, rows: count) { target in
      for (row, numbers) in rows.enumerated() {
        for (i, number) in numbers.enumerated() { target[row * features + i] = number }
      }
    }
    guard let symbol = Symbol("WORLD") else { preconditionFailure("a symbol") }
    let ends = (max(60, steps)..<count).map { Int32($0) }
    let all = Windows(
      matrix: matrix, steps: steps, horizon: 5, target: .classes, symbols: [symbol],
      codes: [Int32](repeating: 0, count: count), datetimes: (0..<count).map { Int64($0) },
      labels: labels, ends: ends)
    let (cut, second) = (all.count * 6 / 10, all.count * 8 / 10)
    let test = all.subset(second..<all.count)
    // Whoever knows the rule names the class into which the score with its noise falls most likely.
    let right = test.ends.indices.count { i in
      let score = scores[Int(test.ends[i])]
      let below = Self.normal((low - score) / noise)
      let above = 1 - Self.normal((high - score) / noise)
      let middle = 1 - below - above
      let choice = below > max(middle, above) ? -1.0 : above > middle ? 1 : 0
      return choice == test.label(i)
    }
    let shares = [-1.0, 0, 1].map { value in test.labels.count { $0 == value } }
    return Sets(
      train: all.subset(0..<cut), validation: all.subset(cut..<second), test: test,
      best: Double(right) / Double(test.count),
      chance: Double(shares.max() ?? 0) / Double(test.count))
  }

  private static func normal(_ x: Double) -> Double { 0.5 * erfc(-x / 2.0.squareRoot()) }

  static func accuracy(_ output: PredictionOutput, _ samples: Windows) -> Double {
    let right = (0..<samples.count).count { Double(output.choice($0)) == samples.label($0) }
    return Double(right) / Double(samples.count)
  }
}
