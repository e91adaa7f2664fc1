import Features
import Foundation
import Learning
import Market
import MarketData
import Runtime
import TestKit

/// Lessons that are made up: rows of normal numbers and labels that follow from them.
enum Lessons {
  static let day: Int64 = 86_400_000_000_000

  /// - Parameter label: from the last rows of a sample, the oldest first
  static func windows(
    rows: Int, features: Int = 3, symbols: Int = 2, steps: Int = 1, seed: UInt64,
    target: Target = .classes, label: ([[Float]]) -> Double
  ) -> Windows {
    var chance = SeededGenerator(seed: seed)
    func normal() -> Float {
      let (u, v) = (
        Double.random(in: 1e-12..<1, using: &chance), Double.random(in: 0..<1, using: &chance)
      )
      return Float((-2 * log(u)).squareRoot() * cos(2 * .pi * v))
    }
    let each = rows / symbols
    let values = (0..<each * symbols).map { _ in (0..<features).map { _ in normal() } }
    let names = (0..<features).map { "x\($0)" }
    let matrix = FeatureMatrix(names: names, rows: values.count) { block in
      for (row, numbers) in values.enumerated() {
        for (column, number) in numbers.enumerated() { block[row * features + column] = number }
      }
    }
    var labels = [Double](repeating: 0, count: values.count)
    var ends: [Int32] = []
    for row in values.indices where row % each >= steps - 1 {
      labels[row] = label(Array(values[row - steps + 1...row]))
      ends.append(Int32(row))
    }
    ends.sort { ($0 % Int32(each), $0) < ($1 % Int32(each), $1) }
    return Windows(
      matrix: matrix, steps: steps, horizon: 1, target: target,
      symbols: (0..<symbols).map { Symbol("S\($0)") ?? placeholder },
      codes: values.indices.map { Int32($0 / each) },
      datetimes: values.indices.map { Int64($0 % each) * day }, labels: labels, ends: ends)
  }

  static var placeholder: Symbol {
    preconditionFailure("S and a number make a symbol")
  }

  static func lesson(
    rows: Int = 900, features: Int = 3, steps: Int = 1, target: Target = .classes,
    label: ([[Float]]) -> Double
  ) -> Lesson {
    Lesson(
      train: windows(
        rows: rows, features: features, steps: steps, seed: 1, target: target, label: label),
      validation: windows(
        rows: rows / 3, features: features, steps: steps, seed: 2, target: target, label: label))
  }

  /// A class that follows from the first feature of the last row.
  static func byFirst(_ rows: [[Float]]) -> Double {
    let x = rows[rows.count - 1][0]
    return x > 0.5 ? 1 : x < -0.5 ? -1 : 0
  }
}

/// Training sets on the disk, of bars that are made up.
enum MadeSets {
  static func frame(_ name: String, bars: Int, seed: UInt64) throws -> Frame {
    var chance = SeededGenerator(seed: seed)
    var close = 100.0
    var (opens, closes, volumes): ([Double], [Double], [Double]) = ([], [], [])
    for _ in 0..<bars {
      opens.append(close)
      close *= 1 + Double.random(in: -0.02...0.02, using: &chance)
      closes.append(close)
      volumes.append(Double.random(in: 1e5...1e6, using: &chance))
    }
    let start = (0..<bars).map { Int64($0) * Lessons.day }
    let end = start.map { $0 + Lessons.day / 2 }
    return Frame(
      symbol: Symbol(name) ?? Lessons.placeholder, interval: .day, start: Column(start),
      end: Column(end), knownAt: Column(end),
      columns: [
        "open": Column(opens), "high": Column(zip(opens, closes).map { max($0, $1) }),
        "low": Column(zip(opens, closes).map { min($0, $1) }), "close": Column(closes),
        "volume": Column(volumes),
      ])
  }

  /// Writes a set and gives its folder.
  static func write(
    to folder: String, bars: Int = 500, symbols: Int = 3,
    expressions: [(String, String)] = [
      ("r1", "close / lag(close, 1) - 1"), ("r5", "close / lag(close, 5) - 1"),
      ("v", "volume / mean(volume, 10)"),
    ], band: ForwardReturn.Band? = .volatility(multiple: 0.5, lookBack: 20),
    missing: TrainingRecipe.MissingRows = .drop
  ) throws {
    let recipe = TrainingRecipe(
      choice: try FeatureChoice(expressions: expressions.map { NamedExpression($0.0, $0.1) }),
      labels: [try ForwardReturn(horizon: 5, band: band)],
      split: try ChronologicalSplit(train: 0.6, validation: 0.2), missingRows: missing)
    let frames = try (0..<symbols).map { try frame("S\($0)", bars: bars, seed: UInt64($0 + 1)) }
    try TrainingSet.build(
      recipe, frames: frames, code: "test", cache: FeatureCache(disk: nil)
    ).write(to: folder)
  }
}
