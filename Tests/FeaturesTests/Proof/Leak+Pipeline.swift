import Features
import Foundation
import Market
import Runtime

extension Leak {
  /// Cheats between columns, symbols, samples and orders.
  static let ofPipelines: [Leak] =
    timeframes + labels + scalings + splits + flags + decisions + exogenous + crossSections

  /// The last bar of the longer frame that began by then, whether or not it is over.
  private static func unfinished(
    _ name: String, _ thread: Int? = nil, _ interval: BarInterval = .hour,
    _ row: @escaping @Sendable (Frame, Int64) -> Int = { $0.start.firstRow(from: $1 + 1) - 1 }
  ) -> Leak {
    Leak(
      "\(name) of the \(interval) that is under way", .timeframe, thread: thread, on: .minutes,
      Computation([ProvenColumn(name)]) { world in
        try world.frames.map { frame in
          let end = frame.count > 0 ? frame.start[frame.count - 1] + 86_400_000_000_000 : 0
          let longer = try frame.resampled(
            to: interval, calendar: .nyse, completeThrough: Timestamp(nanoseconds: end))
          let column = try longer.numbers(name)
          let values = frame.start.map { instant -> Double in
            let place = row(longer, instant)
            return column.indices.contains(place) ? column[place] : .nan
          }
          return ProvenTable(name: "A", usedAt: frame.knownAt, values: [Column(values)])
        }
      })
  }

  private static let timeframes: [Leak] = [
    unfinished("close", 2), unfinished("high"), unfinished("volume"),
    unfinished("low", nil, BarInterval(count: 5, unit: .minute)),
    unfinished("close", nil, BarInterval(count: 15, unit: .minute)) { longer, instant in
      // The nearest start, before or after.
      let after = longer.start.firstRow(from: instant)
      guard after > 0, after < longer.count else { return min(after, longer.count - 1) }
      return longer.start[after] - instant < instant - longer.start[after - 1] ? after : after - 1
    },
  ]

  /// A label with a value and the row that is said to have settled it.
  private static func label(
    _ name: String, thread: Int? = nil, settled: Int,
    _ value: @escaping @Sendable (Bars, Int) -> Double
  ) -> Leak {
    Leak(
      name, .label, thread: thread,
      used: { bars, row in row + settled < bars.count ? Bars.known(bars, row + settled) : .max },
      value)
  }

  private static let labels: [Leak] = [
    label("five bars declared, six looked at", settled: 5) { $0.at($1 + 6) / $0.at($1) - 1 },
    label("threshold of the file's quantile", settled: 5) { bars, row in
      bars.at(row + 5) > bars.sorted[bars.count / 2] ? 1 : 0
    },
    label("threshold of later volatility", settled: 5) { bars, row in
      let later = (row + 1..<row + 11).map { abs(bars.change($0)) }.filter { !$0.isNaN }
      return bars.at(row + 5) / bars.at(row) - 1 > later.reduce(0, +) / 10 ? 1 : 0
    },
    label("highest of ten, settled after five", settled: 5) {
      $0.around($1, 0, 10).max() ?? .nan
    },
    label("missing filled from the next label", settled: 5) { bars, row in
      bars.at(row + 5) > bars.at(row) * 1.001 ? 1 : bars.at(row + 6) > bars.at(row + 1) ? 1 : 0
    },
    Leak("a future return among the observations", .label, thread: 9) {
      $0.at($1 + 5) / $0.at($1) - 1
    },
  ]

  private static func fold(_ frame: Frame) throws -> Fold {
    let times = SampleTimes(frame, try ForwardReturn(horizon: 5).column(over: frame))
    return try ChronologicalSplit.standard.fold(of: times)
  }

  /// A scale said to be learned from the first forty bars.
  private static func scaling(
    _ name: String, _ scaling: Scaling, thread: Int? = nil,
    _ rows: @escaping @Sendable (Int) -> Range<Int>
  ) -> Leak {
    Leak(
      name, .scaling, thread: thread,
      Computation([ProvenColumn("scaled")]) { world in
        try world.frames.map { frame in
          let column = try frame.numbers("close")
          let scaler = try FittedScaler(
            scaling, columns: [("close", column)], knownAt: frame.knownAt,
            rows: Array(rows(frame.count)))
          let learned = frame.count >= 40 ? frame.knownAt[39] : .max
          return ProvenTable(
            name: "A", usedAt: Column(frame.knownAt.map { max($0, learned) }),
            values: [try scaler.scaled("close", column)])
        }
      })
  }

  private static let scalings: [Leak] =
    Scaling.allCases.map { kind in
      scaling("\(kind.rawValue) before the split", kind, thread: 5) { 0..<$0 }
    } + [
      scaling("learned from training and validation", .standard) { 0..<min($0, 55) },
      scaling("learned from one bar too many", .robust) { 0..<min($0, 41) },
    ]

  /// Rows that training is said to know when bar forty does.
  private static func training(
    _ name: String, _ table: @escaping @Sendable (Bars) throws -> [Double]
  ) -> Leak {
    Leak(
      name, .split,
      Computation([ProvenColumn("training")]) { world in
        try world.frames.map { frame in
          let values = try table(Bars(frame))
          let begins = frame.count > 40 ? frame.knownAt[40] : .max
          return ProvenTable(
            name: "A", usedAt: Column(repeating: begins, count: values.count),
            values: [Column(values)])
        }
      })
  }

  private static let splits: [Leak] = [
    training("labels reach over the boundary") { bars in
      (0..<min(41, bars.count)).map { bars.at($0 + 5) / bars.at($0) }
    },
    training("shuffled rows") { bars in
      (0..<min(41, bars.count)).map { bars.at(($0 * 37) % max(1, bars.count)) }
    },
    training("rows chosen by what came of them") { bars in
      Array(
        bars.rows.filter { bars.at(min($0 + 20, bars.count - 1)) > bars.at($0) }.prefix(30)
          .map { bars.at($0) })
    },
    training("the feature that fits the whole file best") { bars in
      let up = bars.rows.reduce(0) { $0 + (bars.change($1) > 0 ? 1 : -1) }
      return (0..<min(41, bars.count)).map { up > 0 ? bars.at($0) : bars.volume[$0] }
    },
    training("weights by how often later samples overlap") { bars in
      let labels = try ForwardReturn(horizon: 5).column(over: bars.frame)
      return Array(SampleWeights.uniqueness(labels).prefix(36))
    },
  ]

  private static let flags: [Leak] = [
    Leak(
      "limit of the day's change, for an order at the open", .tradability, thread: 6,
      used: Bars.begun
    ) {
      abs($0.change($1)) < 0.015 ? 1 : 0
    },
    Leak("traded if there is a bar tomorrow", .tradability) { $1 + 1 < $0.count ? 1 : 0 },
    Leak("liquid by the file's mean volume", .tradability) { bars, row in
      bars.volume[row] > mean(bars.volume) ? 1 : 0
    },
    Leak(
      "members of the last list", .tradability, on: .universe,
      Computation([ProvenColumn("member")]) { world in
        world.frames.map { frame in
          let spans = world.universe?.spans(of: frame.symbol) ?? []
          let survives = spans.last.map { $0.end == nil } ?? false
          return ProvenTable(
            name: frame.symbol.text, usedAt: frame.knownAt,
            values: [Column(repeating: survives ? 1 : 0, count: frame.count)])
        }
      }),
    Leak(
      "member a day before it becomes one", .tradability, on: .universe,
      Computation([ProvenColumn("member")]) { world in
        world.frames.map { frame in
          let flags = frame.end.map { end -> Double in
            let date = Timestamp(nanoseconds: end).utcDate.advanced(by: 1)
            return world.universe?.isMember(frame.symbol, on: date) == true ? 1 : 0
          }
          return ProvenTable(
            name: frame.symbol.text, usedAt: frame.knownAt, values: [Column(flags)])
        }
      }),
  ]

  private static let decisions: [Leak] = [
    Leak("filled at the close that made the signal", .decision, thread: 7, used: Bars.beforeClose) {
      $0.at($1) > $0.at($1 - 1) ? 1 : 0
    },
    Leak("the day's close in the state, traded at it", .decision, thread: 8, used: Bars.beforeClose)
    {
      $0.at($1)
    },
    Leak("high and low of the day in the state at the open", .decision, used: Bars.begun) {
      $0.high[$1] - $0.low[$1]
    },
    Leak("bought at the day's low", .decision, used: Bars.begun) { $0.low[$1] },
    Leak("sized by the day's own volatility", .decision, used: Bars.begun) {
      1 / ($0.high[$1] / $0.low[$1] - 1)
    },
    Leak("out before the fall", .decision) { $0.change($1 + 1) < -0.01 ? 0 : 1 },
  ]

  /// What a forecaster is shown at a row about the bar `ahead` of it.
  private static func shown(
    _ name: String, _ ahead: Int, thread: Int? = nil,
    _ value: @escaping @Sendable (Bars, Int) -> Double
  ) -> Leak {
    Leak(name, .exogenous, thread: thread) { bars, row in
      row + ahead < bars.count ? value(bars, row + ahead) : .nan
    }
  }

  private static let exogenous: [Leak] = [
    shown("a past-only column in the part to be forecast", 3, thread: 10) { $0.volume[$1] },
    shown("the range of a bar to be forecast", 1) { $0.high[$1] - $0.low[$1] },
    shown("the stamp of the next bar, holidays included", 1) { Double($0.frame.start[$1]) },
    Leak("a figure before it was published", .exogenous) { bars, row in
      mean(bars.around(row, 2, 4))
    },
  ]

  private static func amongSymbols(
    _ name: String, _ value: @escaping @Sendable ([Bars], Int, Int) -> Double
  ) -> Leak {
    Leak(
      name, .crossSection, on: .symbols,
      Computation([ProvenColumn(name)]) { world in
        let all = world.frames.map(Bars.init)
        return all.indices.map { place in
          ProvenTable(
            name: "\(place)", usedAt: all[place].frame.knownAt,
            values: [Column(all[place].rows.map { value(all, place, $0) })])
        }
      })
  }

  private static let crossSections: [Leak] = [
    amongSymbols("rank by the next return") { all, place, row in
      Double(all.count { $0.change(row + 1) < all[place].change(row + 1) })
    },
    amongSymbols("less the others' next close") { all, place, row in
      all[place].at(row) - all[(place + 1) % 3].at(row + 1)
    },
    amongSymbols("over the mean of all symbols and days") { all, place, row in
      all[place].at(row) / mean(all.map(\.mean))
    },
    amongSymbols("the best of all, by hindsight") { all, place, row in
      all.max { $0.at($0.count - 1) / $0.at(0) < $1.at($1.count - 1) / $1.at(0) }?.at(row) ?? .nan
    },
  ]
}
