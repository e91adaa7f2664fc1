import Features
import Foundation
import Market
import MarketData
import TestKit

/// A market drawn by chance, with changing volatility and another market beside it, and columns made
/// from it.
struct MadeUpTable {
  let price, open, high, low, volume, other: [Double]
  let dates: [String]
  var isDescending = false
  private var names: [String] = []
  private var columns: [[Double]] = []

  init(rows: Int, seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    func normal() -> Double { Self.normal(&random) }
    var (level, beside, volatility, move) = (100.0, 50.0, 0.012, 0.0)
    var made: [[Double]] = Array(repeating: [], count: 6)
    // Every third market swings back a little, as quotes of thinly traded shares do.
    let swing = seed % 3 == 0 ? -0.15 : 0
    for _ in 0..<rows {
      volatility = 0.001 + 0.9 * volatility + 0.09 * abs(move)
      let opening = level * (1 + 0.3 * volatility * normal())
      move = volatility * normal() + swing * move
      level *= exp(move)
      beside *= exp(0.6 * move + 0.008 * normal())
      let values = [
        level, opening, max(level, opening) * (1 + 0.2 * volatility * abs(normal())),
        min(level, opening) * (1 - 0.2 * volatility * abs(normal())),
        1e6 * exp(0.4 * normal() + 30 * abs(move)), beside,
      ]
      for (place, value) in values.enumerated() { made[place].append(value) }
    }
    (price, open, high) = (made[0], made[1], made[2])
    (low, volume, other) = (made[3], made[4], made[5])
    dates = (0..<rows).map { "\(1_000_000_000 + $0 * 86_400)" }
  }

  private static func normal(_ random: inout SeededGenerator) -> Double {
    let (a, b) = (
      Double.random(in: 1e-12..<1, using: &random), Double.random(in: 0..<1, using: &random)
    )
    return (-2 * log(a)).squareRoot() * cos(2 * .pi * b)
  }

  var rows: Range<Int> { price.indices }

  mutating func add(_ name: String, _ values: [Double]) {
    names.append(name)
    columns.append(values)
  }

  func audit(price name: String = "price") throws -> TableAudit {
    func ordered<T>(_ values: [T]) -> [T] { isDescending ? values.reversed() : values }
    let table = NumberTable(
      names: ["price"] + names, columns: ([price] + columns).map { Column(ordered($0)) })
    let words = [(name: "date", values: ordered(dates))]
    return try TableAudit(ForeignTable(numbers: table, words: words), price: name, file: "made")
  }

  /// A value for each row from rows that begin at `from` and end at `to` beside it.
  func window(
    _ values: [Double], from: Int, to: Int, _ function: (ArraySlice<Double>) -> Double
  ) -> [Double] {
    rows.map { row in
      guard row + from >= 0, row + to < values.count else { return .nan }
      return function(values[row + from...row + to])
    }
  }

  func shifted(_ ahead: Int) -> [Double] {
    window(price, from: ahead, to: ahead) { $0.first ?? .nan }
  }

  func change(_ values: [Double], _ from: Int, _ to: Int) -> [Double] {
    rows.map { row in
      guard row + min(from, to) >= 0, row + max(from, to) < values.count else { return .nan }
      return values[row + to] / values[row + from] - 1
    }
  }

  static func mean(_ values: ArraySlice<Double>) -> Double {
    values.reduce(0, +) / Double(values.count)
  }

  static func deviation(_ values: ArraySlice<Double>) -> Double {
    let mean = mean(values)
    return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1))
      .squareRoot()
  }

  func exponential(_ values: [Double], _ width: Double) -> [Double] {
    var last = values.first ?? .nan
    return values.map { value in
      last += 2 / (width + 1) * (value - last)
      return last
    }
  }
}
