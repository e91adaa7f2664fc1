import Features
import Foundation
import TestKit

extension MadeUpTable {
  /// A column that cheats and what it must be flagged for.
  struct Leak: Sendable {
    let name: String
    let cause: TableFinding.Cause
    let values: @Sendable (MadeUpTable) -> [Double]

    init(
      _ name: String, _ cause: TableFinding.Cause,
      _ values: @escaping @Sendable (MadeUpTable) -> [Double]
    ) {
      self.name = name
      self.cause = cause
      self.values = values
    }
  }

  static let leaks: [Leak] =
    laterPrices + averages + reversed + scalings

  private static let laterPrices: [Leak] = [
    Leak("tomorrow's price", .futurePrices) { $0.shifted(1) },
    Leak("return of tomorrow", .futurePrices) { $0.change($0.price, 0, 1) },
    Leak("return of five days on", .futurePrices) { $0.change($0.price, 0, 5) },
    Leak("return of twenty days on", .futurePrices) { $0.change($0.price, 0, 20) },
    Leak("the wrong way round", .futurePrices) { $0.change($0.price, 10, 0) },
    Leak("sign of tomorrow", .futurePrices) { table in
      table.change(table.price, 0, 1).map { $0.isNaN ? .nan : $0 > 0 ? 1 : -1 }
    },
    Leak("up in ten days", .futurePrices) { table in
      table.change(table.price, 0, 10).map { $0.isNaN ? .nan : $0 > 0 ? 1 : 0 }
    },
    Leak("highest of ten to come", .futurePrices) { table in
      table.window(table.price, from: 1, to: 10) { $0.max() ?? .nan }
    },
    Leak("risk to come", .futurePrices) { table in
      let returns = table.change(table.price, -1, 0).map { log(1 + $0) }
      return table.window(returns, from: 1, to: 20, deviation)
    },
    Leak("half tomorrow, half noise", .futurePrices) { table in
      zip(table.change(table.price, 0, 1), table.change(table.other, -3, -2)).map { $0 + $1 }
    },
    Leak("mean of five around", .futurePrices) { table in
      table.window(table.price, from: -2, to: 2, mean)
    },
    Leak("rounded label", .futurePrices) { table in
      table.change(table.price, 0, 3).map { (100 * $0).rounded() }
    },
  ]

  private static let averages: [Leak] = [
    Leak("ema 10 backwards", .backwardAverage) {
      $0.exponential($0.price.reversed(), 10).reversed()
    },
    Leak("ema 100 backwards", .backwardAverage) {
      $0.exponential($0.price.reversed(), 100).reversed()
    },
    Leak("sma 20 backwards", .backwardAverage) { $0.window($0.price, from: 0, to: 19, mean) },
    Leak("sma 50 backwards", .backwardAverage) { $0.window($0.price, from: 0, to: 49, mean) },
  ]

  private static let reversed: [Leak] = [
    Leak("other market, upside down", .reversedRows) { $0.change($0.other, -1, 0).reversed() },
    Leak("its level, upside down", .reversedRows) { $0.other.reversed() },
    Leak("its range, upside down", .reversedRows) { table in
      zip(table.price, table.open).map { $0 / $1 - 1 }.reversed()
    },
    Leak("its volume, upside down", .reversedRows) { $0.volume.reversed() },
    Leak("the price, upside down", .reversedRows) { $0.price.reversed() },
  ]

  private static let scalings: [Leak] = [
    Leak("volume by least and greatest", .wholeFileScaling) { table in
      let (least, most) = (table.volume.min() ?? 0, table.volume.max() ?? 1)
      return table.volume.map { ($0 - least) / (most - least) }
    },
    Leak("price by least and greatest", .wholeFileScaling) { table in
      let (least, most) = (table.price.min() ?? 0, table.price.max() ?? 1)
      return table.price.map { 2 * ($0 - least) / (most - least) - 1 }
    },
    Leak("price by mean and deviation", .wholeFileScaling) { table in
      let (mean, deviation) = (mean(table.price[...]), deviation(table.price[...]))
      return table.price.map { ($0 - mean) / deviation }
    },
    Leak("volume by median and quartiles", .wholeFileScaling) { table in
      let sorted = table.volume.sorted()
      func quantile(_ share: Double) -> Double {
        let place = share * Double(sorted.count - 1)
        let low = Int(place)
        return sorted[low] + (place - Double(low))
          * (sorted[min(low + 1, sorted.count - 1)] - sorted[low])
      }
      return table.volume.map { ($0 - quantile(0.5)) / (quantile(0.75) - quantile(0.25)) }
    },
    Leak("volume by rank", .wholeFileScaling) { table in
      let order = table.rows.sorted { table.volume[$0] < table.volume[$1] }
      var ranks = [Double](repeating: 0, count: order.count)
      for (rank, row) in order.enumerated() { ranks[row] = Double(rank) / Double(order.count - 1) }
      return ranks
    },
  ]

  /// Columns that a careful person makes, and others that have nothing to do with the price.
  var causal: [(String, [Double])] {
    var columns: [(String, [Double])] = [
      ("open", open), ("high", high), ("low", low), ("volume", volume), ("other", other),
      ("other's return", change(other, -1, 0)), ("other's return before", change(other, -2, -1)),
      ("price of the row before", shifted(-1)), ("return", change(price, -1, 0)),
      ("percent", change(price, -1, 0).map { 100 * $0 }), ("adjusted", price.map { 0.87 * $0 }),
      ("dollars", zip(price, volume).map { $0 * $1 }), ("row", rows.map(Double.init)),
      ("weekday", rows.map { Double($0 % 5) }), ("month", rows.map { Double($0 / 21 % 12) }),
      ("rounded", price.map { ($0 * 100).rounded() / 100 }),
      ("body", zip(price, open).map { ($0 - $1) / $1 }),
      ("place in the bar", rows.map { (price[$0] - low[$0]) / (high[$0] - low[$0]) }),
      ("constant", rows.map { _ in 7 }), ("missing", rows.map { _ in .nan }),
    ]
    for width in [3, 5, 10, 20, 60, 100] {
      columns += [
        ("mean \(width)", window(price, from: 1 - width, to: 0, Self.mean)),
        ("ema \(width)", exponential(price, Double(width))),
        ("roc \(width)", change(price, -width, 0)),
        ("deviation \(width)", window(price, from: 1 - width, to: 0, Self.deviation)),
        ("risk \(width)", window(change(price, -1, 0), from: 1 - width, to: 0, Self.deviation)),
        ("highest \(width)", window(high, from: 1 - width, to: 0) { $0.max() ?? .nan }),
        (
          "place \(width)",
          window(price, from: 1 - width, to: 0) { values in
            let (least, most) = (values.min() ?? 0, values.max() ?? 1)
            return ((values.last ?? .nan) - least) / (most - least)
          }
        ),
        (
          "score \(width)",
          window(price, from: 1 - width, to: 0) {
            (($0.last ?? .nan) - Self.mean($0)) / Self.deviation($0)
          }
        ),
        ("distance \(width)", zip(price, exponential(price, Double(width))).map { $0 / $1 - 1 }),
      ]
    }
    return columns + unrelated
  }

  private var unrelated: [(String, [Double])] {
    var random = SeededGenerator(seed: UInt64(price[price.count - 1].bitPattern))
    func uniform() -> Double { .random(in: 0..<1, using: &random) }
    var columns: [(String, [Double])] = []
    for number in 1...6 {
      var walk = 0.0
      columns.append(
        (
          "walk \(number)",
          rows.map { _ in
            walk += uniform() - 0.5
            return walk
          }
        ))
      columns.append(("noise \(number)", rows.map { _ in uniform() }))
      columns.append(("coin \(number)", rows.map { _ in uniform() < 0.5 ? 0 : 1 }))
      columns.append(("share \(number)", rows.map { _ in (uniform() * 1000).rounded() / 1000 }))
      columns.append(("sparse \(number)", rows.map { _ in uniform() < 0.6 ? .nan : uniform() }))
      var memory = 0.0
      columns.append(
        (
          "memory \(number)",
          rows.map { _ in
            memory = 0.97 * memory + uniform() - 0.5
            return memory
          }
        ))
    }
    return columns
  }
}
